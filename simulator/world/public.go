package world

// PublicAccess is the Block Public Access that holds for a bucket: each setting is on when the bucket or its account has it
// on.
func (w *World) PublicAccess(b *Bucket) PublicBlock {
	p := b.Public
	if a, _ := w.Account(b.Account); a.Public != nil {
		p.BlockPublicACLs = p.BlockPublicACLs || a.Public.BlockPublicACLs
		p.IgnorePublicACLs = p.IgnorePublicACLs || a.Public.IgnorePublicACLs
		p.BlockPublicPolicy = p.BlockPublicPolicy || a.Public.BlockPublicPolicy
		p.RestrictPublicBuckets = p.RestrictPublicBuckets || a.Public.RestrictPublicBuckets
	}
	return p
}
