package review

import (
	"slices"
	"strings"

	"keyhole/simulator/policy"
)

// On says whether the action acts on a resource of one of these types.
func (a *ActionInfo) On(types ...string) bool {
	return slices.ContainsFunc(a.Types, func(t string) bool { return slices.Contains(types, t) })
}

// anyType stands for every type of resource.
const anyType = "*"

// Covers says whether the action acts on something that the resource pattern may cover.
func (a *ActionInfo) Covers(pattern string) bool {
	types := TypesOf(pattern)
	if slices.Contains(types, anyType) {
		return true
	}
	if len(a.Types) == 0 {
		return pattern == "arn:aws:"+a.Service+":::*"
	}
	return a.On(types...)
}

// reach is what the resources of a statement may cover, taken together once: documents of strangers may list thousands.
type reach struct {
	types map[string]bool
	none  map[string]bool // services whose actions without a resource are covered: arn:aws:s3:::*
}

func reachOf(l *policy.PatternList) reach {
	r := reach{map[string]bool{}, map[string]bool{}}
	for _, p := range l.Entries {
		for _, t := range TypesOf(p.Text) {
			r.types[t] = true
		}
		for _, service := range services {
			r.none[service] = r.none[service] || p.Text == "arn:aws:"+service+":::*"
		}
	}
	return r
}

func (r reach) covers(a *ActionInfo) bool {
	if r.types[anyType] {
		return true
	}
	if len(a.Types) == 0 {
		return r.none[a.Service]
	}
	return slices.ContainsFunc(a.Types, func(t string) bool { return r.types[t] })
}

// TypesOf are the types of resources that a Resource pattern may cover: "bucket", "object", "key"…; "*" alone means all.
func TypesOf(pattern string) []string {
	part := strings.SplitN(pattern, ":", 6)
	if len(part) < 6 || part[0] != "arn" || wild(part[2]) || strings.Contains(part[2], "${") {
		return []string{anyType}
	}
	switch rest := part[5]; part[2] {
	case "s3":
		return s3Types(rest)
	case "kms", "iam", "sts":
		return prefixTypes(rest)
	}
	return nil
}

// s3Prefixes are the resources with a region and an account in their ARN.
var s3Prefixes = []struct{ prefix, kind string }{
	{"access-grants/default/grant/", "accessgrant"}, {"access-grants/default/location/", "accessgrantslocation"},
	{"access-grants/", "accessgrantsinstance"}, {"job/", "job"}, {"storage-lens-group/", "storagelensgroup"}, {"storage-lens/", "storagelensconfiguration"},
}

func s3Types(rest string) []string {
	if after, ok := strings.CutPrefix(rest, "accesspoint/"); ok {
		switch {
		case strings.Contains(after, "/object/"):
			return []string{"accesspointobject"}
		case wild(after):
			return []string{"accesspoint", "accesspointobject", "multiregionaccesspoint"}
		}
		return []string{"accesspoint", "multiregionaccesspoint"}
	}
	for _, p := range s3Prefixes {
		if strings.HasPrefix(rest, p.prefix) {
			return []string{p.kind}
		}
	}
	switch slash := strings.IndexByte(rest, '/'); {
	case rest == "*":
		return []string{anyType}
	case slash >= 0:
		return []string{"object"}
	case wild(rest), strings.Contains(rest, "${"):
		return []string{"bucket", "object"}
	}
	return []string{"bucket"}
}

// prefixTypes are those whose ARN begins with the type's name: role/app, key/…, root.
func prefixTypes(rest string) []string {
	kind, _, _ := strings.Cut(rest, "/")
	switch {
	case wild(kind), strings.Contains(kind, "${"):
		return []string{anyType}
	case kind == "root":
		return []string{"root-user", "user"}
	}
	return []string{kind}
}

// bucketARN and objectsARN are a bucket's two ARNs in a policy.
func bucketARN(bucket string) string  { return "arn:aws:s3:::" + bucket }
func objectsARN(bucket string) string { return "arn:aws:s3:::" + bucket + "/*" }
