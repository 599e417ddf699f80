package simulator

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/s3"
)

// subresources are the names that choose an operation of S3 by being in the query.
var subresources = func() map[string]bool {
	names := map[string]bool{}
	for _, o := range s3.Operations() {
		for name, value := range o.Query {
			if value == exchange.Any {
				names[name] = true
			}
		}
	}
	for _, name := range []string{"id", "partNumber", "annotationName"} { // these say which one, not what
		delete(names, name)
	}
	return names
}()

// ordinary is what may stand in the query of a request that changes something without choosing its operation.
var ordinary = []string{"versionId", "x-id", "id", "partNumber", "AWSAccessKeyId", "Signature", "Expires"}

// beside refuses a query that asks for something the chosen row does not do, so that nothing falls through to the bare
// operation: DELETE /bucket?thing must not delete the bucket. A name S3 has for other methods is 405; a name nobody knows,
// without a value, is 501 where something would be changed. What has a value, and what is only read, is ignored as S3
// ignores it.
func (v *visit) beside(op *exchange.Operation) *exchange.Fault {
	changes := v.Method != http.MethodGet && v.Method != http.MethodHead
	for _, name := range slices.Sorted(maps.Keys(v.Query)) {
		if _, chosen := op.Query[name]; chosen {
			continue
		}
		lower := strings.ToLower(name)
		switch {
		case len(op.Query) == 0 && subresources[name]:
			v.Note("modelled: what S3 answers to ?%s with this method was never recorded", name)
			return exchange.Err(405, "MethodNotAllowed", "The specified method is not allowed against this resource.").
				With("Method", v.Method).With("ResourceType", strings.ToUpper(name)).Told("S3 does not have this method for that.")
		case changes && name == "partNumber" && len(op.Query) == 0:
			return exchange.Invalid("This operation does not accept partNumber without uploadId", "partNumber", v.Query.Get(name)).
				Told("A part belongs to an upload.")
		case slices.Contains(ordinary, name), strings.HasPrefix(lower, "x-amz-"), strings.HasPrefix(lower, "response-"):
		case len(op.Query) > 0:
		case changes && strings.Join(v.Query[name], "") == "":
			v.Note("modelled: S3 was never recorded with ?%s; nothing is done, because the request may mean something else than %s", name, op.Name)
			return exchange.Err(501, "NotImplemented", fmt.Sprintf("The sub-resource %q is not known to this simulator.", name)).
				Told("Nobody knows that sub-resource.")
		case changes:
			v.Note("the query parameter %s is ignored: %s does not have it", name, op.Name)
		}
	}
	return nil
}
