package sigv4

import "time"

// Scope is "20130524/us-east-1/s3/aws4_request".
func (d Decision) Scope() string {
	return d.Date.UTC().Format(scopeLayout) + "/" + d.Region + "/" + d.Service + "/" + terminal
}

// ChunkSigner continues the seed signature of a streaming upload: each signature covers the one before.
type ChunkSigner struct {
	derived      func() []byte // the signing key, where no formatting verb reaches it
	date         time.Time
	scope        string
	previous     string
	accessKey    string
	stringToSign string
}

// ChunkSigner starts from the verified signature of the request's headers.
func (d Decision) ChunkSigner(secret string) *ChunkSigner {
	key := signingKey(secret, d.Date.UTC().Format(scopeLayout), d.Region, d.Service)
	return &ChunkSigner{
		derived: func() []byte { return key },
		date:    d.Date, scope: d.Scope(), previous: d.Signature, accessKey: d.AccessKey,
	}
}

// Next is the signature of the next chunk of data (64 hex digits); the last chunk is empty.
func (c *ChunkSigner) Next(chunk []byte) string {
	return c.sign("AWS4-HMAC-SHA256-PAYLOAD", hexSum(nil)+"\n"+hexSum(chunk))
}

// Trailer is the signature of the trailer lines, each "name:value\n".
func (c *ChunkSigner) Trailer(lines []byte) string {
	return c.sign("AWS4-HMAC-SHA256-TRAILER", hexSum(lines))
}

func (c *ChunkSigner) sign(kind, hashes string) string {
	c.stringToSign = kind + "\n" + c.date.UTC().Format(dateLayout) + "\n" + c.scope + "\n" + c.previous + "\n" + hashes
	c.previous = hexMAC(c.derived(), c.stringToSign)
	return c.previous
}

// StringToSign is what the latest signature was made of.
func (c *ChunkSigner) StringToSign() string { return c.stringToSign }

// AccessKey is whose signature it is.
func (c *ChunkSigner) AccessKey() string { return c.accessKey }
