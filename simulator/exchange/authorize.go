package exchange

import "strings"

// Judge sets who answers Authorize. The pipeline does, once for every request.
func (x *Exchange) Judge(judge func(action, resource, why string) Authorization) { x.judge = judge }

// Authorize decides one (action, resource) pair that the operation's Needs do not name, and adds it to the trace.
// resource is an ARN, or "*"; why ends "it was needed …": "because the list names this key".
func (x *Exchange) Authorize(action, resource, why string) Authorization {
	a := x.judge(action, resource, why)
	x.Trace.Authorization = append(x.Trace.Authorization, a)
	return a
}

// Ask is Authorize for a pair that only chooses between two answers, as s3:ListBucket does between 404 and 403.
func (x *Exchange) Ask(action, resource, why string) Authorization {
	a := x.judge(action, resource, why)
	a.Asked = true
	x.Trace.Authorization = append(x.Trace.Authorization, a)
	return a
}

// Refuse is the 403 for a pair that was denied: AWS's sentence for callers of the owner's account or organization,
// the plain one for everybody else. (s3-wire 5.7)
func (x *Exchange) Refuse(a Authorization) *Fault {
	f := Denied().Told("Not allowed: " + strings.TrimPrefix(a.Action, x.Op.Service+":") + ".")
	return f
}
