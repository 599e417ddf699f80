package web

import (
	"fmt"
	"strings"

	"keyhole/simulator/policy"
	"keyhole/simulator/policy/review"
	"keyhole/web/view"
)

// code is a word of a sentence that is set as code.
type code string

// say puts a sentence together: strings are text, code is set as code.
func say(pieces ...any) review.Sentence {
	var out review.Sentence
	for _, p := range pieces {
		switch p := p.(type) {
		case code:
			out = append(out, review.Span{Text: string(p), Kind: review.Code})
		case string:
			if p != "" {
				out = append(out, review.Span{Text: p, Kind: review.Plain})
			}
		case review.Sentence:
			out = append(out, p...)
		}
	}
	return out
}

// answerOf is the one sentence that answers: it names the line, or what is missing.
func (j *judged) answerOf() review.Sentence {
	d := j.decision()
	var out review.Sentence
	if j.at > 0 {
		out = say("It also needs ", code(d.Request.Action), " on the key. ")
	}
	switch d.Verdict {
	case policy.ExplicitlyDenied:
		return append(out, j.whyDenied(d)...)
	case policy.Allowed:
		out = append(out, j.whyAllowed(d)...)
		if len(j.all) > 1 {
			other := &j.all[1]
			if other.Ref != nil {
				out = append(out, say(fmt.Sprintf(" %s allows ", j.place(1, other, other.Ref, culprit(other, other.Deciding()))), code(other.Request.Action), " on the key as well.")...)
			}
		}
		return out
	}
	return append(out, j.whyMissing(d)...)
}

// culprit is the place in a statement that a sentence speaks of: the condition, else the action.
func culprit(d *policy.Decision, s *policy.StatementTrace) policy.Position {
	if len(s.Conditions) > 0 {
		return s.Conditions[telling(s)].Condition.At
	}
	return s.Why(&d.Request).At
}

// telling is the condition that says most: one that is about a value which was sent, else the first.
func telling(s *policy.StatementTrace) int {
	for i, c := range s.Conditions {
		if c.Because == policy.ByValue && !strings.EqualFold(c.Condition.Key, "aws:PrincipalType") {
			return i
		}
	}
	return 0
}

// place says where: "Line 19", or "Line 6 of the identity policy" when it is not the bucket policy.
func (j *judged) place(pair int, d *policy.Decision, ref *policy.Ref, at policy.Position) string {
	doc := &d.Trace[ref.Layer].Policies[ref.Policy]
	kind := j.kindAt(pair, d.Trace[ref.Layer].Layer)
	known := view.PolicyKindOf(kind)
	switch {
	case kind == "" || j.docs.by[kind] != doc.Document:
		return doc.Name
	case kind == "bucket":
		return fmt.Sprintf("Line %d", j.line(kind, at))
	case kind == "key" && !strings.HasPrefix(d.Request.Resource, "arn:aws:kms"):
		return fmt.Sprintf("Line %d of the trust policy", j.line(kind, at))
	}
	return fmt.Sprintf("Line %d of %s", j.line(kind, at), known.The)
}

// line is where a place of a document is shown.
func (j *judged) line(kind string, at policy.Position) int {
	return view.ShowPolicy(j.Documents[kind]).Line(at)
}

func statementName(s *policy.Statement) string {
	if s.Sid != "" {
		return s.Sid
	}
	return fmt.Sprintf("statement %d", s.Index+1)
}

// keyNames are condition keys as people say them.
var keyNames = map[string]string{
	"s3:x-amz-server-side-encryption": "the encryption header", "aws:sourcevpce": "the VPC endpoint", "aws:sourceip": "the address",
	"aws:principalorgid": "the organization", "aws:currenttime": "the time", "s3:prefix": "the prefix", "aws:principalarn": "the caller's ARN",
	"aws:vpcsourceip": "the address", "aws:sourcevpc": "the VPC", "s3:tlsversion": "the TLS version",
}

func keyName(key string) any {
	if name, ok := keyNames[strings.ToLower(key)]; ok {
		return name
	}
	return code(key)
}

// values writes up to three values of a list.
func values(list []string) review.Sentence {
	const most = 3
	var out review.Sentence
	for i, v := range list {
		if i == most {
			return append(out, say(fmt.Sprintf(" and %d more", len(list)-most))...)
		}
		if i > 0 {
			out = append(out, say(" or ")...)
		}
		out = append(out, say(code(cut(v)))...)
	}
	return out
}

func wanted(c *policy.Condition) []string {
	var out []string
	for _, v := range c.Values {
		out = append(out, v.Text)
	}
	return out
}

// whyDenied names the line that refuses.
func (j *judged) whyDenied(d *policy.Decision) review.Sentence {
	if d.Ref == nil {
		if d.Rule == policy.RestrictPublic {
			return say("No line refuses it: the bucket policy is public, and RestrictPublicBuckets lets in only the owner's account and AWS services.")
		}
		return say(lowerFirst(d.Trace[0].Why))
	}
	s := d.Deciding()
	head := say(j.place(j.at, d, d.Ref, culprit(d, s)) + " refuses it: ")
	name := code(statementName(s.Statement))
	if len(s.Conditions) == 0 {
		return say(head, name, " denies ", j.what(d, s), ".")
	}
	c := &s.Conditions[telling(s)]
	key, operator := c.Condition.Key, strings.ToLower(c.Condition.Operator)
	if i := strings.LastIndexByte(operator, ':'); i >= 0 {
		operator = operator[i+1:]
	}
	want := values(wanted(c.Condition))
	switch {
	case strings.EqualFold(key, "aws:SecureTransport") && c.Present && len(c.Actual) == 1 && c.Actual[0] == "false":
		return say(head, "the request comes over plain HTTP, and ", name, " denies that.")
	case operator == "null" && !c.Present:
		return say(head, "there is no ", keyName(key), " in the request, and ", name, " denies every request without it.")
	case operator == "null":
		return say(head, keyName(key), " is there, and ", name, " denies every request that has it.")
	case strings.Contains(operator, "not") && !c.Present:
		return say(head, "the request has no ", bare(key), ", and ", name, " denies anything but ", want, ".")
	case strings.Contains(operator, "not"):
		return say(head, keyName(key), " is ", values(c.Actual), ", and ", name, " denies anything but ", want, ".")
	case !c.Present:
		return say(head, "the request has no ", bare(key), ", and ", name, " denies that.")
	case strings.HasPrefix(operator, "stringequals"), strings.HasPrefix(operator, "bool"):
		return say(head, keyName(key), " is ", values(c.Actual), ", and ", name, " denies that.")
	}
	return say(head, keyName(key), " is ", values(c.Actual), ", and ", name, " denies what ", code(c.Condition.Operator), " ", want, " covers.")
}

// bareNames are keys whose absence needs more than their name.
var bareNames = map[string]string{
	"aws:sourceip": "public address, because it came through a VPC endpoint", "aws:sourcevpce": "VPC endpoint, because it came over the internet",
}

// bare is a key's name without its article.
func bare(key string) any {
	if name, ok := bareNames[strings.ToLower(key)]; ok {
		return name
	}
	if name, ok := keyName(key).(string); ok {
		return strings.TrimPrefix(name, "the ")
	}
	return code(key)
}

// what a statement speaks of: "`s3:DeleteObject` on `…/*` to everybody".
func (j *judged) what(d *policy.Decision, s *policy.StatementTrace) review.Sentence {
	out := say(entry(s.Statement.Action, s.Action, d.Request.Action))
	if s.Statement.Resource != nil {
		out = append(out, say(" on ", entry(s.Statement.Resource, s.Resource, d.Request.Resource))...)
	}
	return out
}

// entry is the pattern that hit; of a Not-element, what it does not leave out.
func entry(l *policy.PatternList, t policy.ElementTrace, subject string) code {
	if l != nil && !l.Not && t.Entry >= 0 {
		return code(strings.TrimPrefix(cut(l.Entries[t.Entry].Text), "arn:aws:s3:::"))
	}
	return code(strings.TrimPrefix(cut(subject), "arn:aws:s3:::"))
}

// caller is who asks, in a word or two.
func caller(p policy.Principal) string {
	switch p.Kind {
	case policy.Anonymous:
		return "everybody"
	case policy.RootUser:
		return "the root user"
	case policy.Service:
		return p.ARN
	}
	return p.Name
}

// whyAllowed names the line that allows, and what else had to be so.
func (j *judged) whyAllowed(d *policy.Decision) review.Sentence {
	p := d.Request.Principal
	if d.Ref == nil {
		switch d.Rule {
		case policy.RootMayAll:
			return say("No line is needed: " + p.Account + " owns it, its root user may do everything, and nothing denies it.")
		case policy.RootKeepsPolicy:
			return say("No line can take this away: the root user of the bucket's account may always read, write and delete its bucket policy.")
		case policy.GrantAllows:
			return say("A grant on the key allows it.")
		case policy.ACLAllows:
			return say("The access control list allows it.")
		}
		return say("Nothing denies it and nothing it needs is missing.")
	}
	s := d.Deciding()
	at := j.place(j.at, d, d.Ref, s.Why(&d.Request).At)
	lets := say(" allows it: ", code(statementName(s.Statement)), " lets "+caller(p)+" do ", j.what(d, s))
	switch d.Rule {
	case policy.BothSidesAllow:
		if other, ok := j.allowOf(d, policy.Identity); ok {
			if !strings.Contains(at, " of ") {
				at += " of the bucket policy"
			}
			return say("Both accounts allow it: "+lowerFirst(at)+" lets ", code(caller(p)), " in, and "+lowerFirst(other)+" lets it out.")
		}
	case policy.DirectGrant:
		for _, l := range d.Trace {
			if (l.Layer == policy.Session || l.Layer == policy.Boundary) && l.Outcome == policy.SaysNothing {
				return say(at, " allows it: it names the caller itself, so what "+view.PolicyKindOf(j.kindAt(j.at, l.Layer)).The+" leaves out does not matter.")
			}
		}
	case policy.AnonymousNeedsAllow, policy.ServiceNeedsPolicy:
		return say(at, lets, ". No other policy is asked.")
	}
	tail := ", and nothing denies it."
	if len(s.Conditions) > 0 {
		c := &s.Conditions[telling(s)]
		tail = ", and its condition holds: " + lowerKey(strings.TrimSuffix(c.Why(), "."))
		tail = strings.TrimSuffix(tail, ": it holds") + "."
	}
	return say(at, lets, tail)
}

func lowerKey(s string) string { return strings.ReplaceAll(s, "`", "'") }

func lowerFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

// allowOf is the place of the first Allow that matched in a layer.
func (j *judged) allowOf(d *policy.Decision, layer policy.Layer) (string, bool) {
	for li, l := range d.Trace {
		if l.Layer != layer {
			continue
		}
		for pi, doc := range l.Policies {
			for si := range doc.Statements {
				if s := &doc.Statements[si]; s.Matched && s.Statement.Allow {
					return j.place(j.at, d, &policy.Ref{Layer: li, Policy: pi, Statement: si}, s.Why(&d.Request).At), true
				}
			}
		}
	}
	return "", false
}

// nearest is the Allow statement of a layer that came closest, and why it did not match.
func (j *judged) nearest(d *policy.Decision, layers ...policy.Layer) (where string, why policy.Reason, ok bool) {
	best := -1
	for _, layer := range layers {
		for li, l := range d.Trace {
			if l.Layer != layer {
				continue
			}
			for pi, doc := range l.Policies {
				for si := range doc.Statements {
					s := &doc.Statements[si]
					if n := closeness(s, &d.Request); s.Statement.Allow && !s.Matched && n > best {
						best, why, ok = n, s.Why(&d.Request), true
						where = j.place(j.at, d, &policy.Ref{Layer: li, Policy: pi, Statement: si}, why.At)
					}
				}
			}
		}
	}
	return where, why, ok
}

// closeness counts the elements of a statement that matched.
func closeness(s *policy.StatementTrace, r *policy.Request) int {
	n := 0
	for _, reason := range s.Reasons(r) {
		if reason.Matched {
			n++
		}
	}
	return n
}

// but says which statement came closest: " The nearest is line 6: …".
func (j *judged) but(d *policy.Decision, layers ...policy.Layer) string {
	where, why, ok := j.nearest(d, layers...)
	if !ok {
		return ""
	}
	return " The nearest is " + lowerFirst(where) + ": " + lowerKey(why.Say)
}

// whyMissing says which Allow is missing, where it would have to stand, and what came closest.
func (j *judged) whyMissing(d *policy.Decision) review.Sentence {
	p, action := d.Request.Principal, code(d.Request.Action)
	other, allowed := j.allowOf(d, policy.Identity)
	switch d.Rule {
	case policy.BoundaryMustAllow, policy.SessionMustAllow:
		what := view.PolicyKindOf(j.kindAt(j.at, d.By)).The
		out := say(upperFirst(what)+" leaves ", action, " out, which cuts it off")
		if allowed {
			out = append(out, say(", although "+lowerFirst(other)+" allows it")...)
		}
		return append(out, say("."+j.but(d, d.By))...)
	case policy.SCPMustAllow:
		return say("The service control policy does not allow ", action, ", and every level must."+j.but(d, policy.SCP))
	case policy.EndpointMustAllow:
		return say("The policy of the VPC endpoint does not let ", action, " through."+j.but(d, policy.Endpoint))
	case policy.BothSidesNeeded:
		into, in := j.allowOf(d, policy.Resource)
		switch {
		case in:
			return say("Only one side allows it: "+lowerFirst(into)+" lets account "+p.Account+" in, but no policy of ", code(caller(p)), " allows it."+j.but(d, policy.Identity))
		case allowed || p.Kind == policy.RootUser:
			side := "the root user may ask"
			if allowed {
				side = lowerFirst(other) + " lets it out"
			}
			return say("Only one side allows it: " + side + ", but the resource belongs to account " + d.Request.ResourceAccount + ", whose policy does not let it in." + j.but(d, policy.Resource))
		}
		return say("Neither side allows it: the accounts differ, so the owner's policy and the caller's must both." + j.but(d, policy.Resource, policy.Identity))
	case policy.AnonymousNeedsAllow:
		return say("Nothing lets everybody in: an anonymous caller needs an Allow in the bucket policy." + j.but(d, policy.Resource))
	case policy.ServiceNeedsPolicy:
		return say("The bucket policy does not let ", code(p.ARN), " in, and a service has no other policy."+j.but(d, policy.Resource))
	case policy.FederatedNeedsScope:
		return say("A federated user gets nothing from the user's policies without a session policy.")
	case policy.KeyPolicyMustAllow:
		what := "the key policy"
		if strings.HasPrefix(d.Request.Resource, "arn:aws:iam:") {
			what = "the trust policy"
		}
		return say("Nothing in "+what+" lets the caller in, and without it no other policy counts."+j.but(d, policy.Resource), "")
	case policy.BudgetExhausted:
		return say("These policies took more steps to judge than are allowed, and what is not judged to its end is refused.")
	}
	if len(j.docs.by) == 0 {
		return say("Nothing allows it: there is no policy at all.")
	}
	return say("Nothing allows ", action, ": no statement that counts for this caller matches."+j.but(d, policy.Identity, policy.Resource))
}

func upperFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
