package exchange

import "strconv"

// Err is an S3 error without extra elements. The texts are those on the wire (s3-wire.md section 2).
func Err(status int, code, message string) *Fault {
	return &Fault{Status: status, Code: code, Message: message}
}

// With adds an element after Message.
func (f *Fault) With(name, value string) *Fault {
	f.Extra = append(f.Extra, Element{name, value})
	return f
}

// Told adds our own headline, at most nine words.
func (f *Fault) Told(say string) *Fault { f.Say = say; return f }

// Carry adds a response header that goes with the error.
func (f *Fault) Carry(name, value string) *Fault {
	if f.Header == nil {
		f.Header = map[string]string{}
	}
	f.Header[name] = value
	return f
}

// Denied is the plain 403.
func Denied() *Fault { return Err(403, "AccessDenied", "Access Denied") }

// Invalid is a 400 InvalidArgument that names the argument.
func Invalid(message, name, value string) *Fault {
	return Err(400, "InvalidArgument", message).With("ArgumentName", name).With("ArgumentValue", value)
}

// BadRequest is a 400 InvalidRequest.
func BadRequest(message string) *Fault { return Err(400, "InvalidRequest", message) }

// MalformedXML is S3's answer to a body it cannot use.
func MalformedXML() *Fault {
	return Err(400, "MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema").
		Told("The body is not the XML that was expected.")
}

// NotImitated refuses a header whose feature this simulator does not have, as S3 refuses one it does not have.
func NotImitated(header string) *Fault {
	return Err(501, "NotImplemented", "A header you provided implies functionality that is not implemented").
		With("Header", header).Told("This simulator does not imitate that header.")
}

// TooLarge is S3's answer to an object above the limit, both in bytes.
func TooLarge(proposed, most int64) *Fault {
	return Err(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size").
		With("ProposedSize", strconv.FormatInt(proposed, 10)).With("MaxSizeAllowed", strconv.FormatInt(most, 10)).
		Told("That is more than this sandbox keeps.")
}

// Internal is a failure of ours. It never carries the cause: that stays in the trace.
func Internal() *Fault {
	return Err(500, "InternalError", "We encountered an internal error. Please try again.").Told("The simulator failed; this is a bug.")
}

// NoSuchBucket, NoSuchKey, NoSuchVersion and NoSuchUpload are the four kinds of nothing there.
func NoSuchBucket(bucket string) *Fault {
	return Err(404, "NoSuchBucket", "The specified bucket does not exist").With("BucketName", bucket).Told("There is no such bucket.")
}

// NoSuchKey is for a key without a current version.
func NoSuchKey(key string) *Fault {
	return Err(404, "NoSuchKey", "The specified key does not exist.").With("Key", key).Told("There is no object under this key.")
}

// NoSuchVersion is for a version id that could have been.
func NoSuchVersion(key, version string) *Fault {
	return Err(404, "NoSuchVersion", "The specified version does not exist.").With("Key", key).With("VersionId", version).
		Told("There is no such version.")
}

// NoSuchUpload is for an upload id that is unknown, or known under another key.
func NoSuchUpload(id string) *Fault {
	return Err(404, "NoSuchUpload", "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.").
		With("UploadId", id).Told("There is no such upload.")
}
