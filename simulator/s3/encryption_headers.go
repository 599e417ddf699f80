package s3

import (
	"keyhole/simulator/exchange"
	"keyhole/simulator/sse"
	"keyhole/simulator/world"
)

// encryptionHeaders says in the answer how a version is encrypted. Nothing else writes these lines.
func encryptionHeaders(x *exchange.Exchange, v *world.Version) { sealedHeaders(x, v.Sealed) }

// sealedHeaders is encryptionHeaders for what is not a version yet: an upload, or a part of it.
func sealedHeaders(x *exchange.Exchange, sealed sse.Sealed) {
	for _, line := range sse.ResponseHeaders(sealed, tellsContext[x.Op.Name]) {
		x.Set(line[0], line[1])
	}
}

// tellsContext are the operations whose answer has x-amz-server-side-encryption-context. (s3-wire 4.1)
var tellsContext = map[string]bool{"PutObject": true, "CopyObject": true, "CreateMultipartUpload": true}

// sealingWords says how something is encrypted, for the list of what was done.
func sealingWords(s sse.Sealed) string {
	switch s.Method {
	case sse.None:
		return "not encrypted"
	case sse.SSEC:
		return "encrypted with the customer key md5 " + s.Customer.MD5
	case sse.SSEKMS:
		if s.BucketKey {
			return "encrypted with a bucket key of the KMS key " + s.KeyARN
		}
		return "encrypted with the KMS key " + s.KeyARN
	case sse.DSSE:
		return "encrypted twice, first with the KMS key " + s.KeyARN
	}
	return "encrypted with keys S3 manages"
}

// sealedAs is how the object of an upload is encrypted. Uploads of snapshots from before KMS keep only method and key.
func sealedAs(u *world.Upload) sse.Sealed {
	if u.Template.Sealed.Method == u.Method {
		return u.Template.Sealed
	}
	return sse.Sealed{Method: u.Method, Customer: u.Customer}
}
