package review

import (
	"slices"
	"strings"

	"keyhole/simulator/policy"
)

func unknownAction(j *judge, s *policy.Statement) []hit {
	nothing := " matches nothing, and IAM does not complain. "
	if j.o.Kind == BucketPolicyKind {
		nothing = " matches nothing, and S3 refuses a policy with it. "
	}
	var out []hit
	for _, p := range s.Action.Entries {
		service, _, _ := strings.Cut(strings.ToLower(p.Text), ":")
		if !slices.Contains(services, service) || len(Expand(p.Text)) > 0 {
			continue
		}
		h := hit{at: p.At, title: "names " + clip(p.Text) + ", which is no action",
			text: code(p.Text) + nothing + "API operations and actions often have different names: look it up."}
		if a := meant(p.Text); a != "" {
			h.text = code(p.Text) + nothing + "The action is called " + code(a) + "."
			h.label = "Write " + a
			h.edit = func(d *draft) { d.swap(d.element(s.Index, "Action"), p.Text, a) }
		}
		out = append(out, h)
	}
	return out
}

func notActionAllow(_ *judge, s *policy.Statement) []hit {
	if !s.Allow || !s.Action.Not {
		return nil
	}
	return []hit{{at: s.Action.At, title: "allows every action it does not name",
		text: "`NotAction` with Allow grants all the rest, `s3:PutBucketPolicy` and whatever AWS adds later included. List what is needed as `Action`."}}
}

func notResourceAllow(_ *judge, s *policy.Statement) []hit {
	if !s.Allow || s.Resource == nil || !s.Resource.Not {
		return nil
	}
	return []hit{{at: s.Resource.At, title: "allows every resource it does not name",
		text: "`NotResource` with Allow grants everything else, other buckets and resources that do not exist yet included. List what is needed as `Resource`."}}
}

// bucketOf is the only bucket a statement's resources name, all of one type; "" otherwise.
func bucketOf(s *policy.Statement, kind string) string {
	if s.Resource == nil || s.Resource.Not {
		return ""
	}
	bucket := ""
	for _, p := range s.Resource.Entries {
		types := TypesOf(p.Text)
		if len(types) != 1 || types[0] != kind || !strings.HasPrefix(p.Text, "arn:aws:s3:::") {
			return ""
		}
		name, _, _ := strings.Cut(strings.TrimPrefix(p.Text, "arn:aws:s3:::"), "/")
		if bucket != "" && bucket != name || wild(name) || strings.Contains(name, "$") {
			return ""
		}
		bucket = name
	}
	return bucket
}

// all says that a statement means every action of S3.
func allActions(s *policy.Statement) bool {
	return !s.Action.Not && slices.ContainsFunc(s.Action.Entries, func(p policy.Pattern) bool { return p.Text == "*" || strings.EqualFold(p.Text, "s3:*") })
}

// elsewhere says whether another statement says the same of a resource of the other kind.
func (j *judge) elsewhere(s *policy.Statement, arn, kind string) bool {
	for i := range j.d.Statements {
		o := &j.d.Statements[i]
		if o.Index == s.Index || o.Allow != s.Allow || o.Resource == nil || o.Resource.Not || !allActions(o) || !sameConditions(o, s) || everybody(o.Principal) != everybody(s.Principal) {
			continue
		}
		if slices.ContainsFunc(o.Resource.Entries, func(p policy.Pattern) bool {
			types := TypesOf(p.Text)
			return (slices.Contains(types, kind) || slices.Contains(types, anyType)) && (kind == "object" || p.Text == anyType || matches(p.Text, arn))
		}) {
			return true
		}
	}
	return false
}

func sameConditions(a, b *policy.Statement) bool {
	return slices.EqualFunc(a.Conditions, b.Conditions, func(x, y policy.Condition) bool {
		return strings.EqualFold(x.Operator, y.Operator) && strings.EqualFold(x.Key, y.Key) &&
			slices.EqualFunc(x.Values, y.Values, func(v, w policy.ConditionValue) bool { return v.Text == w.Text })
	})
}

// carriesAll says whether requests for an action may carry all keys that the statement tests.
func carriesAll(s *policy.Statement, action string) bool {
	a, _ := Action(action)
	return !slices.ContainsFunc(s.Conditions, func(c policy.Condition) bool { return !a.Carries(c.Key) })
}

// overHTTP says that a Deny is against plain HTTP.
func overHTTP(s *policy.Statement) bool {
	c := condition(s, "aws:SecureTransport")
	return c != nil && !isBase(c, "Null") && holdsValue(c, "false")
}

func missingBucketARN(j *judge, s *policy.Statement) []hit {
	bucket := bucketOf(s, "object")
	if s.Allow || bucket == "" || !allActions(s) || !carriesAll(s, "s3:ListBucket") || j.elsewhere(s, bucketARN(bucket), "bucket") {
		return nil
	}
	covers := "Its resource is " + code(bare(s.Resource.Entries[0].Text)) + ", which covers objects only. `s3:ListBucket` acts on the bucket, so "
	if !overHTTP(s) { // no fix: to deny all actions on the bucket may lock its administrators out
		return []hit{{at: valueAt(s.Resource), title: "leaves the bucket itself out", mild: Trap,
			text: covers + "a listing is not denied. Name " + code(bucketARN(bucket)) + " too if that is meant, and spare those who change the policy."}}
	}
	return []hit{{at: valueAt(s.Resource), title: "leaves the bucket itself open to HTTP",
		text:  covers + "a listing over HTTP is not denied. Name both ARNs.",
		label: "Name both ARNs", edit: func(d *draft) { d.also(d.statement(s.Index), "Resource", bucketARN(bucket)) },
		probe: j.newProbe("A listing over HTTP", "s3:ListBucket", bucketARN(bucket)).with("aws:SecureTransport", "false")}}
}

func missingObjectARN(j *judge, s *policy.Statement) []hit {
	bucket := bucketOf(s, "bucket")
	if s.Allow || bucket == "" || !allActions(s) || !carriesAll(s, "s3:GetObject") || j.elsewhere(s, objectsARN(bucket), "object") {
		return nil
	}
	covers := "Its resource is " + code(bucket) + ", which is the bucket and none of its objects. `s3:GetObject` acts on an object, so "
	if !overHTTP(s) {
		return []hit{{at: valueAt(s.Resource), title: "leaves the objects out", mild: Trap,
			text: covers + "a download is not denied. Name " + code(objectsARN(bucket)) + " too if that is meant."}}
	}
	return []hit{{at: valueAt(s.Resource), title: "leaves the objects open to HTTP",
		text:  covers + "a download over HTTP is not denied. Name both ARNs.",
		label: "Name both ARNs", edit: func(d *draft) { d.also(d.statement(s.Index), "Resource", objectsARN(bucket)) },
		probe: j.newProbe("A download over HTTP", "s3:GetObject", bucketARN(bucket)+"/probe.txt").with("aws:SecureTransport", "false")}}
}

// bucketLeftOut is about an Allow: adding the other ARN would widen it, so there is no fix.
func bucketLeftOut(j *judge, s *policy.Statement) []hit {
	if !s.Allow || !allActions(s) {
		return nil
	}
	if bucket := bucketOf(s, "object"); bucket != "" && !j.elsewhere(s, bucketARN(bucket), "bucket") {
		return []hit{{at: valueAt(s.Resource), title: "does not let anybody list the bucket",
			text: "`s3:*` on " + code(bucket+"/*") + " is every action on objects; `s3:ListBucket` acts on " + code(bucketARN(bucket)) + ". Without it a missing object answers 403 instead of 404."}}
	}
	if bucket := bucketOf(s, "bucket"); bucket != "" && !j.elsewhere(s, objectsARN(bucket), "object") {
		return []hit{{at: valueAt(s.Resource), title: "does not let anybody read an object",
			text: "`s3:*` on " + code(bucketARN(bucket)) + " is every action on the bucket itself; `s3:GetObject` acts on " + code(objectsARN(bucket)) + ". Name that too if it is meant."}}
	}
	return nil
}

// mismatch finds actions that act on none of the resources.
func mismatch(_ *judge, s *policy.Statement) []hit {
	if s.Action.Not || s.Resource == nil || s.Resource.Not {
		return nil
	}
	var out []hit
	reached := reachOf(s.Resource)
	objects, itself := bucketOf(s, "object"), bucketOf(s, "bucket")
	for _, p := range s.Action.Entries {
		actions := Expand(p.Text)
		if len(actions) == 0 || slices.ContainsFunc(actions, func(a ActionInfo) bool { return reached.covers(&a) }) {
			continue
		}
		h := hit{at: p.At, title: "names " + clip(p.Text) + " on a resource it does not act on"}
		a := &actions[0]
		switch {
		case len(a.Types) == 0:
			h.text = code(a.Name) + " acts on no resource at all, so it matches only `\"Resource\": \"*\"`. Give it a statement of its own."
		case a.On("bucket") && objects != "":
			h.text = code(a.Name) + " acts on the bucket, " + code(bucketARN(objects)) + ", and the statement names objects only. Name the bucket too."
			h.label, h.edit = "Name the bucket too", addResource(s, bucketARN(objects))
		case a.On("object") && itself != "":
			h.text = code(a.Name) + " acts on objects, " + code(objectsARN(itself)) + ", and the statement names the bucket itself only. Name the objects too."
			h.label, h.edit = "Name the objects too", addResource(s, objectsARN(itself))
		default:
			h.text = code(p.Text) + " acts on a " + strings.Join(a.Types, " or ") + ", which no Resource of the statement is. The action is without effect here."
		}
		out = append(out, h)
	}
	return out
}

// addResource names a further ARN; nil when an action with a wildcard would be widened by it.
func addResource(s *policy.Statement, arn string) func(*draft) {
	if slices.ContainsFunc(s.Action.Entries, func(p policy.Pattern) bool { return wild(p.Text) }) {
		return nil
	}
	return func(d *draft) { d.also(d.statement(s.Index), "Resource", arn) }
}
