package sse

import (
	"fmt"
	"slices"
)

// argumentName is what S3 calls the culprit in every one of these errors, also when it is a copy-source header.
const argumentName = "x-amz-server-side-encryption"

func invalid(code, message, say string, value *string) *Refusal {
	r := &Refusal{Status: 400, Code: code, Message: message, Say: say,
		Extra: [][2]string{{"ArgumentName", argumentName}}}
	if value != nil {
		r.Extra = append(r.Extra, [2]string{"ArgumentValue", *value})
	}
	return r
}

// plainInvalid is an InvalidArgument that names no argument.
func plainInvalid(message, say string) *Refusal {
	return &Refusal{Status: 400, Code: "InvalidArgument", Message: message, Say: say}
}

// notImitated is the answer to a method that AWS has and this package does not.
func notImitated(header, value string) *Refusal {
	return &Refusal{
		Status: 501, Code: "NotImplemented",
		Message: "A header you provided implies functionality that is not implemented",
		Extra: [][2]string{{"Header", header},
			{"additionalMessage", "Keyhole does not imitate " + value + " yet"}},
		Say: "Encryption with " + value + " is not imitated yet.",
	}
}

// RefuseOnRead is the answer to x-amz-server-side-encryption on a read or a part; nil when it was not sent.
func RefuseOnRead(a Asked) *Refusal {
	if !a.MethodSent {
		return nil
	}
	return invalid("InvalidArgument", "x-amz-server-side-encryption header is not supported for this operation.",
		"This header is for writes only.", &a.Method)
}

// CheckBlocked refuses a customer key where the bucket blocks SSE-C, before the key is looked at. customer: the request
// sends one, or the upload it continues was begun with one.
func CheckBlocked(customer bool, d Default, s Subject) *Refusal {
	if !customer || !slices.Contains(d.Blocked, string(SSEC)) {
		return nil
	}
	r := &Refusal{Status: 403, Code: "AccessDenied", Message: "Access Denied",
		Say: "This bucket refuses SSE-C uploads."}
	if s.PrincipalARN != "" {
		r.Message = fmt.Sprintf(`User: %s is not authorized to perform: %s on resource: "%s" because this bucket has blocked upload requests that specify Server Side Encryption with Customer provided keys (SSE-C). Please specify a different server-side encryption type`,
			s.PrincipalARN, s.Action, s.ResourceARN)
	}
	return r
}

func wrongKey() *Refusal {
	return &Refusal{Status: 403, Code: "AccessDenied",
		Message: "Requests specifying Server Side Encryption with Customer provided keys must provide the correct secret key.",
		Say:     "That is not the key it was stored with."}
}

func needsKey() *Refusal {
	return &Refusal{Status: 400, Code: "InvalidRequest",
		Message: "The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.",
		Say:     "This object needs its own key to be read."}
}

func notApplicable() *Refusal {
	return &Refusal{Status: 400, Code: "InvalidRequest",
		Message: "The encryption parameters are not applicable to this object.",
		Say:     "This object was not stored with a customer key."}
}

func partUnlikeUpload() *Refusal {
	return &Refusal{Status: 400, Code: "InvalidRequest",
		Message: "The multipart upload initiate requested encryption. Subsequent part requests must include the appropriate encryption parameters.",
		Say:     "Part and upload do not agree on a key."}
}

func partOtherKey() *Refusal {
	return &Refusal{Status: 400, Code: "InvalidRequest",
		Message: "The provided encryption parameters did not match the ones used originally.",
		Say:     "The upload was begun with another key."}
}
