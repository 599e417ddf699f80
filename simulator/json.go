package simulator

import (
	"errors"
	"io"
	"net/http"
	"regexp"
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/kms"
	"keyhole/simulator/trail"
)

// A target is a service of the JSON protocol, whose operations stand in X-Amz-Target.
type target struct {
	prefix string // of X-Amz-Target, before the operation's name (botocore: targetPrefix)
	rows   func() []exchange.Operation
}

// targeted are the services of the JSON protocol, by their signing name.
var targeted = map[string]target{
	"kms":        {"TrentService.", kms.Operations},
	"cloudtrail": {"com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.", trail.Operations},
}

// called says whether a request is for a service that names the operation in its body or a header, not in the path: its
// body is read before the signature, which covers it.
func (v *visit) called() bool {
	return queried[v.Trace.Service] != nil || targeted[v.Trace.Service].rows != nil
}

// targetOf is the JSON service that a header X-Amz-Target means; "" when it means none.
func targetOf(header http.Header) string {
	for name, t := range targeted {
		if _, ours := t.operation(header); ours {
			return name
		}
	}
	return ""
}

// operation is what X-Amz-Target names, when it is of this service. The SDK for Go leaves out the package before the name of
// the service, the SDKs on botocore's model do not.
func (t target) operation(header http.Header) (name string, ours bool) {
	asked := header.Get("X-Amz-Target")
	if name, ours = strings.CutPrefix(asked, t.prefix); ours {
		return name, true
	}
	short := t.prefix[strings.LastIndex(strings.TrimSuffix(t.prefix, "."), ".")+1:]
	return strings.CutPrefix(asked, short)
}

// routeJSON reads the body of a JSON service and finds the row that X-Amz-Target names.
func routeJSON(v *visit, service string) (string, *exchange.Fault) {
	v.Trace.Service = service
	if v.request.Body != nil {
		body, err := io.ReadAll(http.MaxBytesReader(nil, io.NopCloser(v.request.Body), exchange.JSONBytes))
		if err != nil {
			var large *http.MaxBytesError
			if errors.As(err, &large) {
				return "", exchange.Err(413, "RequestEntityTooLargeException", "Request Entity Too Large").Told("The body is longer than this service reads.")
			}
			return "", exchange.Err(400, "SerializationException", "").Told("The body did not arrive whole.")
		}
		v.form = body
		v.Trace.Request.Body, v.Trace.Request.Size = shown(hidden(service, body)), int64(len(body))
	}
	name, ours := targeted[service].operation(v.Header)
	op := exchange.Named(targeted[service].rows(), name)
	if !ours || op == nil || v.Method != http.MethodPost {
		return "", exchange.Err(400, "UnknownOperationException", "").Told(nameOf[service] + " has no such operation.")
	}
	return v.operation(op)
}

// secretMembers are what the bodies of JSON services hold and no trace may.
var secretMembers = regexp.MustCompile(`"(Plaintext|PrivateKeyPlaintext)"(\s*):(\s*)"[^"]*"`)

// regionPattern is what a region looks like.
var regionPattern = regexp.MustCompile(`^([a-z]+-){2,3}\d+$`)

// regionOf is the region a JSON service is asked in: that of its own host, else that of the signature.
func (v *visit) regionOf(host string, scope []string) (region string, ok bool) {
	labels := strings.Split(host, ".")
	if len(labels) > 3 && labels[0] == v.Trace.Service && regionPattern.MatchString(labels[1]) {
		return labels[1], true
	}
	if len(scope) >= 5 && regionPattern.MatchString(scope[len(scope)-3]) {
		return scope[len(scope)-3], true
	}
	return "", false
}

// refusedJSON is what is wrong with a signature in the words of the JSON services. Their status is always 400.
func refusedJSON(f *exchange.Fault) *exchange.Fault {
	for _, row := range []struct{ code, Code, text string }{ // S3's code, theirs, their text; "": S3's
		{"InvalidAccessKeyId", "UnrecognizedClientException", "The security token included in the request is invalid."},
		{"InvalidToken", "UnrecognizedClientException", "The security token included in the request is invalid."},
		{"ExpiredToken", "ExpiredTokenException", "The security token included in the request is expired"},
		{"SignatureDoesNotMatch", "InvalidSignatureException", "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details."},
		{"RequestTimeTooSkewed", "InvalidSignatureException", "Signature expired or not yet current: it was made more than 15 minutes from the time of this service."},
		{"AccessDenied", "InvalidSignatureException", ""},
	} {
		if row.code == f.Code {
			if row.text == "" {
				row.text = f.Message
			}
			return exchange.Err(400, row.Code, row.text).Told(f.Say)
		}
	}
	if len(f.Extra) == 1 && f.Extra[0].Name == "Region" {
		return exchange.Err(400, "InvalidSignatureException", "Credential should be scoped to a valid region.").Told(f.Say)
	}
	return exchange.Err(400, "IncompleteSignatureException", f.Message).Told(f.Say)
}
