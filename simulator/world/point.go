package world

// pointAlphabet is what the drawn part of an alias consists of.
const pointAlphabet = "abcdefghijklmnopqrstuvwxyz0123456789"

// An alias stands where a bucket's name does, so it has at most 63 characters: the beginning of the point's name, what
// was drawn, and the ending that no bucket may have. (s3-wire 5.10)
const (
	aliasDrawn  = 34
	aliasName   = 20
	aliasEnding = "-s3alias"
)

// ARN names an access point in policies and in the place of a bucket.
func (p AccessPoint) ARN() string {
	return "arn:aws:s3:" + p.Region + ":" + p.Account + ":accesspoint/" + p.Name
}

// NewPointAlias draws the alias of a new access point.
func (w *World) NewPointAlias(name string) string {
	for {
		alias := name[:min(len(name), aliasName)] + "-" + letters(w.draw(aliasDrawn), pointAlphabet) + aliasEnding
		if _, taken := w.AccessPointAlias(alias); !taken {
			return alias
		}
	}
}

// PointPublic is the Block Public Access that holds for requests through an access point: a setting is on when the point,
// its account, the bucket or the bucket's account has it on. (s3-wire 5.6)
func (w *World) PointPublic(p AccessPoint) PublicBlock {
	out := p.Public
	blocks := []PublicBlock{}
	if a, ok := w.Account(p.Account); ok && a.Public != nil {
		blocks = append(blocks, *a.Public)
	}
	if b, ok := w.Bucket(p.Bucket); ok {
		blocks = append(blocks, w.PublicAccess(b))
	}
	for _, b := range blocks {
		out.BlockPublicACLs = out.BlockPublicACLs || b.BlockPublicACLs
		out.IgnorePublicACLs = out.IgnorePublicACLs || b.IgnorePublicACLs
		out.BlockPublicPolicy = out.BlockPublicPolicy || b.BlockPublicPolicy
		out.RestrictPublicBuckets = out.RestrictPublicBuckets || b.RestrictPublicBuckets
	}
	return out
}
