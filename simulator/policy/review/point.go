package review

import (
	"strings"

	"keyhole/simulator/policy"
)

// PointPolicy is why S3 Control refuses d as the policy of the access point with an ARN; nil when it accepts it. known is
// that of BucketPolicy. modelled: the checks and their words are those of bucket policies.
func PointPolicy(d *policy.Document, arn string, known func(principal string) bool) *policy.Malformed {
	for i := range d.Statements {
		s := &d.Statements[i]
		if m := checkPrincipal(s, known); m != nil {
			return m
		}
		if m := checkPointResource(s, arn); m != nil {
			return m
		}
		if m := checkConditions(s); m != nil {
			return m
		}
		if m := checkBucketActions(s); m != nil {
			return m
		}
	}
	return nil
}

func checkPointResource(s *policy.Statement, arn string) *policy.Malformed {
	if s.Resource == nil {
		return refuse(s.From, missingResource, "A statement of an access point's policy needs a Resource.")
	}
	for _, r := range s.Resource.Entries {
		rest, ok := strings.CutPrefix(r.Text, arn)
		if !ok || rest != "" && strings.IndexByte("/*?", rest[0]) < 0 {
			return refuse(r.At, invalidResource, "The resource must be this access point or objects through it: "+arn+" or "+arn+"/object/*.")
		}
	}
	return nil
}
