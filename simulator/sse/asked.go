package sse

import (
	"encoding/base64"
	"net/http"
)

// The request headers of encryption, in canonical form.
const (
	headerMethod    = "X-Amz-Server-Side-Encryption"
	headerKMSKey    = headerMethod + "-Aws-Kms-Key-Id"
	headerContext   = headerMethod + "-Context"
	headerBucketKey = headerMethod + "-Bucket-Key-Enabled"

	customerPrefix = headerMethod + "-Customer-"
	copyPrefix     = "X-Amz-Copy-Source-Server-Side-Encryption-Customer-"
)

// Asked is what one request says about encryption. It holds the customer key where no formatting verb reaches it.
type Asked struct {
	Method        string // x-amz-server-side-encryption
	MethodSent    bool
	KMSKeyID      string // x-amz-server-side-encryption-aws-kms-key-id
	KMSKeySent    bool
	Context       string // x-amz-server-side-encryption-context: base64 of JSON
	ContextSent   bool
	BucketKey     string // x-amz-server-side-encryption-bucket-key-enabled
	BucketKeySent bool

	Algorithm     string // …-customer-algorithm
	AlgorithmSent bool
	KeyMD5        string // …-customer-key-MD5
	MD5Sent       bool
	KeySent       bool
	NotBase64     bool // the key was sent, but not in base64
	secret        CustomerSecret
}

// Read parses the x-amz-server-side-encryption* headers.
func Read(h http.Header) Asked {
	a := readCustomer(h, customerPrefix)
	a.Method, a.MethodSent = get(h, headerMethod)
	a.KMSKeyID, a.KMSKeySent = get(h, headerKMSKey)
	a.Context, a.ContextSent = get(h, headerContext)
	a.BucketKey, a.BucketKeySent = get(h, headerBucketKey)
	return a
}

// ReadCopySource parses the three customer key headers for the source of a copy.
func ReadCopySource(h http.Header) Asked { return readCustomer(h, copyPrefix) }

func readCustomer(h http.Header, prefix string) Asked {
	var a Asked
	var key string
	a.Algorithm, a.AlgorithmSent = get(h, prefix+"Algorithm")
	a.KeyMD5, a.MD5Sent = get(h, prefix+"Key-Md5")
	if key, a.KeySent = get(h, prefix+"Key"); !a.KeySent {
		return a
	}
	raw, err := base64.StdEncoding.DecodeString(key)
	if err != nil {
		a.NotBase64 = true
		return a
	}
	a.secret = NewCustomerSecret(raw)
	return a
}

func get(h http.Header, name string) (value string, sent bool) {
	values := h.Values(name)
	if len(values) == 0 {
		return "", false
	}
	return values[0], true
}

// Customer says whether any of the three customer key headers was sent.
func (a Asked) Customer() bool { return a.AlgorithmSent || a.KeySent || a.MD5Sent }

// Secret is the customer key as sent; it may be of any length.
func (a Asked) Secret() CustomerSecret { return a.secret }
