package simulator

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/s3"
	"keyhole/simulator/wire"
)

// route finds the operation, the bucket and the key.
func route(s *Simulator, v *visit) (string, *exchange.Fault) {
	r := v.request
	if refusal := wire.CheckHeaderSize(r.Method, r.URL.RequestURI(), r.Header); refusal != nil {
		return "", exchange.Refused(refusal)
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return "", exchange.Err(400, "InvalidURI", "Couldn't parse the specified URI.").Told("The query string cannot be read.")
	}
	v.Query = query
	switch service := serviceOf(r, query); {
	case queried[service] != nil:
		return routeForm(v, service)
	case targeted[service].rows != nil:
		return routeJSON(v, service)
	case service == s3control:
		return routeControl(v)
	case service != "":
		return "", notThisService(v, service)
	}
	var refusal *wire.Refusal
	if v.Bucket, v.Key, refusal = wire.Address(hostOf(r), v.path, v.hosts); refusal != nil {
		return "", exchange.Refused(refusal)
	}
	if fault := s.through(v); fault != nil {
		return "", fault
	}
	v.Trace.Bucket, v.Trace.Key, v.Trace.VersionID = v.Bucket, v.Key, query.Get("versionId")
	if v.Asked("x-id") {
		v.Note("x-id is ignored: the path, the query and the headers say which operation it is")
	}
	if r.Method == http.MethodOptions {
		return s.preflight(v)
	}
	op, tied := exchange.Route(s3.Operations(), r.Method, v.scope(), v.path, hostOf(r), query, v.Header)
	switch {
	case op == nil:
		return "", v.noOperation()
	case tied != nil:
		one, other := discriminator(op), discriminator(tied)
		return "", exchange.Invalid(fmt.Sprintf("Conflicting query string parameters: %s, %s", one, other), "ResourceType", one).
			Told("One request cannot mean two operations.")
	}
	if fault := v.refusedByPoint(op); fault != nil {
		return "", fault
	}
	if fault := v.beside(op); fault != nil {
		return "", fault
	}
	return v.operation(op)
}

// operation settles which row it is.
func (v *visit) operation(op *exchange.Operation) (string, *exchange.Fault) {
	v.Op, v.Trace.Operation = op, op.Name
	if op.Handle == nil {
		v.Note("%s is an operation of %s that this simulator knows and does not imitate", op.Name, nameOf[op.Service])
		return op.Name + " is known and not imitated", exchange.Err(501, "NotImplemented", op.Name+" is not imitated by this simulator.").
			Told("This simulator does not imitate that operation.")
	}
	return op.Name, nil
}

func (v *visit) scope() exchange.Scope {
	switch {
	case v.Bucket == "":
		return exchange.Service
	case v.Key == "":
		return exchange.Bucket
	}
	return exchange.Object
}

func discriminator(o *exchange.Operation) string {
	for name := range o.Query {
		return name
	}
	return strings.ToLower(o.Header)
}

// noOperation is the answer to a method that means nothing here.
func (v *visit) noOperation() *exchange.Fault {
	return exchange.Err(405, "MethodNotAllowed", "The specified method is not allowed against this resource.").
		With("Method", v.Method).With("ResourceType", []string{"SERVICE", "BUCKET", "OBJECT"}[v.scope()]).
		Told("S3 does not have this method here.")
}
