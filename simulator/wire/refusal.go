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

func refuse(status int, code, message, say string, extra ...[2]string) *Refusal {
	return &Refusal{Status: status, Code: code, Message: message, Extra: extra, Say: say}
}

func badRequest(message, say string) *Refusal { return refuse(400, "InvalidRequest", message, say) }

func badArgument(name, value, message, say string) *Refusal {
	return refuse(400, "InvalidArgument", message, say, [2]string{"ArgumentName", name}, [2]string{"ArgumentValue", value})
}

func notImplemented(header, additional, say string) *Refusal {
	return refuse(501, "NotImplemented", "A header you provided implies functionality that is not implemented", say,
		[2]string{"Header", header}, [2]string{"additionalMessage", additional})
}
