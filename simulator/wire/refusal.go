// Package wire is the form of S3's messages: bodies and chunks, checksums, XML, addresses, ranges and conditions.
package wire

// Refusal is an S3 error in this package's words; the exchange makes a Fault of it.
type Refusal struct {
	Status        int
	Code, Message string
	Extra         [][2]string // elements after Message, in order
	Say           string      // our own headline
}

func (r *Refusal) Error() string { return r.Code + ": " + r.Message }
