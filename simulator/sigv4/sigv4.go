// Package sigv4 verifies signatures of Version 4 and Version 2: who signed a request, and whether what arrived is what was signed.
package sigv4

import "time"

// Decision is the outcome of authentication, with the evidence.
type Decision struct {
	Scheme           string // "header", "presigned", "post", each also with " v2" behind it; "anonymous"
	AccessKey        string
	Date             time.Time     // as signed
	Expires          time.Duration // presigned only
	Region, Service  string
	SignedHeaders    []string
	PayloadHash      string // the x-amz-content-sha256 value, or UNSIGNED-PAYLOAD
	Signature        string // as sent
	Calculated       string // as computed; "" when it never came to that
	CanonicalRequest string // redacted: customer keys and tokens replaced; "" of Version 2 and of a form
	StringToSign     string
	Refusal          *Refusal
}

// Refusal is an S3 error in this package's words; the exchange makes a Fault of it.
type Refusal struct {
	Status        int
	Code, Message string
	Extra         [][2]string
	Say           string
}
