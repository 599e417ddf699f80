package s3

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/policy"
	"keyhole/simulator/policy/review"
	"keyhole/simulator/world"
)

type pointPolicy struct {
	XMLName struct{} `xml:"PutAccessPointPolicyRequest"`
	Policy  string   `xml:"Policy"`
}

func putAccessPointPolicy(x *exchange.Exchange) *exchange.Fault {
	p, fault := addressedPoint(x)
	if fault != nil {
		return fault
	}
	var sent pointPolicy
	if fault := controlXML(x, &sent); fault != nil {
		return fault
	}
	text := normalized([]byte(strings.TrimSpace(sent.Policy)))
	doc, err := policy.Decode(text)
	var bad *policy.Malformed
	if errors.As(err, &bad) {
		return malformedPolicy(x, bad)
	}
	if bad = review.PointPolicy(doc, p.ARN(), func(principal string) bool { return known(x.World, principal) }); bad != nil {
		return malformedPolicy(x, bad)
	}
	if public, by := publicPoint(p, doc); public {
		x.Note("%s makes the policy public", named(by))
		if x.World.PointPublic(p).BlockPublicPolicy {
			f := exchange.Denied().Told("Block Public Access refuses public policies.")
			f.Message = fmt.Sprintf(`User: %s is not authorized to perform: s3:PutAccessPointPolicy on resource: "%s" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.`,
				x.Caller.ARN, p.ARN())
			return f
		}
	}
	p.Policy = json.RawMessage(slices.Clone(text))
	if err := x.World.Apply(world.AccessPointPut(p)); err != nil {
		return x.Failed(err)
	}
	x.Did("access point %s has a policy of %d statements", p.Name, len(doc.Statements))
	return nil
}

// publicPoint says whether the policy of an access point is public, and by which statement. That of a point that takes
// requests from one VPC only never is. (S3 User Guide, block public access: "public" for access points)
func publicPoint(p world.AccessPoint, doc *policy.Document) (bool, *policy.Statement) {
	if p.VPC != "" {
		return false, nil
	}
	return policy.IsPublic(doc)
}

// policied is the access point of a request when it has a policy.
func policied(x *exchange.Exchange) (world.AccessPoint, *exchange.Fault) {
	p, fault := addressedPoint(x)
	if fault == nil && len(p.Policy) == 0 {
		x.Note("modelled: the words of this refusal were never recorded")
		fault = exchange.Err(404, "NoSuchAccessPointPolicy", "The specified accesspoint policy does not exist").
			With("AccessPointName", p.Name).Told("The access point has no policy.")
	}
	return p, fault
}

func getAccessPointPolicy(x *exchange.Exchange) *exchange.Fault {
	p, fault := policied(x)
	if fault != nil {
		return fault
	}
	controlDocument(x, "GetAccessPointPolicyResult", struct {
		Policy string `xml:"Policy"`
	}{string(p.Policy)})
	return nil
}

func getAccessPointPolicyStatus(x *exchange.Exchange) *exchange.Fault {
	p, fault := policied(x)
	if fault != nil {
		return fault
	}
	public := false
	if attached := x.World.PointPolicy(p); attached != nil {
		var by *policy.Statement
		if public, by = publicPoint(p, attached.Document); public {
			x.Note("%s makes the policy public", named(by))
		}
	}
	controlDocument(x, "GetAccessPointPolicyStatusResult", struct {
		IsPublic bool `xml:"PolicyStatus>IsPublic"`
	}{public})
	return nil
}

func deleteAccessPointPolicy(x *exchange.Exchange) *exchange.Fault {
	p, fault := addressedPoint(x)
	if fault != nil {
		return fault
	}
	if len(p.Policy) > 0 {
		p.Policy = nil
		if err := x.World.Apply(world.AccessPointPut(p)); err != nil {
			return x.Failed(err)
		}
		x.Did("removed the policy of access point %s", p.Name)
	}
	x.Answer.Status = http.StatusNoContent
	return nil
}
