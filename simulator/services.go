package simulator

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/iam"
	"keyhole/simulator/s3"
	"keyhole/simulator/sts"
)

// s3control is signed as "s3"; only its paths tell it apart.
const (
	s3control     = "s3control"
	s3controlPath = "/v20180820/"
)

// queried are the services of the query protocol: a form whose Action names the operation.
var queried = map[string]func() []exchange.Operation{"iam": iam.Operations, "sts": sts.Operations}

// nameOf are the services in words, by their signing name. Those without rows may be called here because a client was given
// one endpoint for all.
var nameOf = map[string]string{
	"s3": "S3", "iam": "IAM", "sts": "STS", s3control: "S3 Control",
	"kms": "AWS KMS", "cloudtrail": "CloudTrail", "organizations": "AWS Organizations",
	"ec2": "EC2", "access-analyzer": "IAM Access Analyzer", "s3express": "S3 Express One Zone", "s3tables": "S3 Tables",
	"s3vectors": "S3 Vectors", "s3-object-lambda": "S3 Object Lambda", "s3-outposts": "S3 on Outposts",
}

// serviceOf is the service a request is for, by the scope of its signature, its host or its path; "" for S3.
func serviceOf(r *http.Request, query url.Values) string {
	if parts := scopeOf(r.Header, query); len(parts) >= 5 {
		if name := parts[len(parts)-2]; name != "s3" && nameOf[name] != "" {
			return name
		}
	} else if host := hostOf(r); strings.Contains(host, ".amazonaws.com") {
		if name, _, _ := strings.Cut(host, "."); queried[name] != nil || targeted[name].rows != nil {
			return name
		}
	} else if name := targetOf(r.Header); name != "" {
		return name
	}
	if strings.HasPrefix(r.URL.Path, s3controlPath) {
		return s3control
	}
	return ""
}

// scopeOf are the parts of a signature's credential: access key, date, region, service, "aws4_request".
func scopeOf(header http.Header, query url.Values) []string {
	credential := query.Get("X-Amz-Credential")
	if _, after, ok := strings.Cut(header.Get("Authorization"), "Credential="); ok {
		credential, _, _ = strings.Cut(after, ",")
	}
	return strings.Split(strings.TrimSpace(credential), "/")
}

func notThisService(v *visit, service string) *exchange.Fault {
	v.Trace.Service = service
	v.Note("%s is not imitated: S3, S3 Control, KMS, IAM, STS and CloudTrail answer here", nameOf[service])
	return exchange.Err(501, "NotImplemented", nameOf[service]+" is not imitated by this simulator.").Told("That service is not imitated here.")
}

// routeControl finds an operation of S3 Control, which has an account instead of a bucket.
func routeControl(v *visit) (string, *exchange.Fault) {
	op, _ := exchange.Route(s3.ControlOperations(), v.Method, exchange.Service, v.path, hostOf(v.request), v.Query, v.Header)
	if op == nil {
		return "", notThisService(v, s3control)
	}
	v.Trace.Service, v.Named = s3control, op.Segments(v.path)
	return v.operation(op)
}

// routeForm reads the form of a query service and finds the row of its Action.
func routeForm(v *visit, service string) (string, *exchange.Fault) {
	v.Trace.Service, v.Form = service, url.Values{}
	for name, values := range v.Query {
		v.Form[name] = values
	}
	if v.Method == http.MethodPost && v.request.Body != nil {
		body, err := io.ReadAll(http.MaxBytesReader(nil, io.NopCloser(v.request.Body), exchange.FormBytes))
		if err != nil {
			var large *http.MaxBytesError
			if errors.As(err, &large) {
				return "", exchange.Err(413, "RequestEntityTooLarge", "Request Entity Too Large").Told("The form is longer than this service reads.")
			}
			return "", exchange.Err(400, "IncompleteBody", "The request body terminated unexpectedly").Told("The form did not arrive whole.")
		}
		sent, err := url.ParseQuery(string(body))
		if err != nil {
			return "", exchange.Err(400, "MalformedQueryString", "The query string is malformed").Told("The form cannot be read.")
		}
		for name, values := range sent {
			v.Form[name] = values
		}
		v.form = body
		v.Trace.Request.Body, v.Trace.Request.Size = shown(body), int64(len(body))
	}
	action, version := v.Form.Get("Action"), v.Form.Get("Version")
	if action == "" {
		return "", exchange.Err(400, "MissingAction", "Missing Action").Told("The form names no Action.")
	}
	op := exchange.Named(queried[service](), action)
	if op == nil {
		return "", exchange.Err(400, "InvalidAction", "Could not find operation "+action+" for version "+version).
			Told(nameOf[service] + " has no such operation.")
	}
	return v.operation(op)
}
