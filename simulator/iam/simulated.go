package iam

import (
	"regexp"
	"slices"
	"strings"

	"keyhole/simulator/policy"
	"keyhole/simulator/query"
)

// What a simulation answers. (botocore iam 2010-05-08; values and places: public answers of SimulatePrincipalPolicy)
type (
	resultShape struct {
		EvalActionName                    string
		EvalResourceName                  string
		EvalDecision                      string
		MatchedStatements                 query.Members[matchShape]
		MissingContextValues              query.Members[string]
		OrganizationsDecisionDetail       *organizationsShape
		PermissionsBoundaryDecisionDetail *boundaryDecisionShape
		EvalDecisionDetails               *struct{}
		ResourceSpecificResults           *query.Members[specificShape]
	}
	specificShape struct {
		EvalResourceName                  string
		EvalResourceDecision              string
		MatchedStatements                 query.Members[matchShape]
		MissingContextValues              query.Members[string]
		PermissionsBoundaryDecisionDetail *boundaryDecisionShape
	}
	matchShape struct {
		SourcePolicyID   string `xml:"SourcePolicyId"`
		SourcePolicyType string
		StartPosition    placeShape
		EndPosition      placeShape
	}
	placeShape            struct{ Line, Column int }
	organizationsShape    struct{ AllowedByOrganizations bool }
	boundaryDecisionShape struct{ AllowedByPermissionsBoundary bool }
)

var verdicts = map[policy.Verdict]string{policy.Allowed: "allowed", policy.ExplicitlyDenied: "explicitDeny", policy.ImplicitlyDenied: "implicitDeny"}

// shape is a decision as the answer tells it.
func (s *simulation) shape(d *policy.Decision, action, resource string, named bool) resultShape {
	r := resultShape{EvalActionName: action, EvalResourceName: resource, EvalDecision: verdicts[d.Verdict]}
	r.MatchedStatements.Member = matches(d)
	documents := slices.Clone(s.layers.Identity)
	for _, one := range []*policy.Attached{s.layers.Boundary, s.layers.Resource} {
		if one != nil {
			documents = append(documents, *one)
		}
	}
	for _, key := range tested(documents) {
		if _, given := s.context.Get(key); !given {
			r.MissingContextValues.Member = append(r.MissingContextValues.Member, key)
		}
	}
	if s.organized {
		r.OrganizationsDecisionDetail = &organizationsShape{allow(d, policy.SCP)}
	}
	if s.bounded {
		r.PermissionsBoundaryDecisionDetail = &boundaryDecisionShape{allow(d, policy.Boundary)}
	}
	if named {
		r.EvalDecisionDetails = &struct{}{}
		r.ResourceSpecificResults = &query.Members[specificShape]{Member: []specificShape{{
			resource, r.EvalDecision, r.MatchedStatements, r.MissingContextValues, r.PermissionsBoundaryDecisionDetail,
		}}}
	}
	return r
}

// allow says whether every level of a layer allows.
func allow(d *policy.Decision, layer policy.Layer) bool {
	for _, l := range d.Trace {
		if l.Layer == layer && l.Outcome != policy.SaysAllow && l.Outcome != policy.SaysSkip {
			return false
		}
	}
	return true
}

// matches are the statements that made the decision: the Denies when one of them did, else the Allows of what allowed.
func matches(d *policy.Decision) []matchShape {
	var out []matchShape
	for _, l := range d.Trace {
		for _, p := range l.Policies {
			for _, s := range p.Statements {
				denies := d.Verdict == policy.ExplicitlyDenied && !s.Statement.Allow
				allows := d.Verdict == policy.Allowed && s.Statement.Allow && (l.Layer == policy.Identity || l.Layer == policy.Resource)
				if s.Matched && (denies || allows) {
					out = append(out, match(l.Layer, p.Attached, s.Statement))
				}
			}
		}
	}
	return out
}

func match(layer policy.Layer, of policy.Attached, s *policy.Statement) matchShape {
	kind := "IAM Policy"
	if layer == policy.Resource {
		kind = "Resource Policy"
	}
	from := before(of.Document.Text, s.From)
	return matchShape{of.Name, kind, placeShape{from.Line, from.Column}, placeShape{s.To.Line, s.To.Column + 1}}
}

// before is where AWS says a statement begins: behind the bracket, colon or brace before it, which may be lines above.
func before(text string, at policy.Position) policy.Position {
	end := offset(text, at)
	cut := strings.TrimRight(strings.TrimSuffix(strings.TrimRight(text[:end], " \t\r\n"), ","), " \t\r\n")
	line := strings.Count(cut, "\n") + 1
	return policy.Position{Line: line, Column: len([]rune(cut[strings.LastIndexByte(cut, '\n')+1:])) + 1}
}

// offset is where a position is in the text, in bytes.
func offset(text string, at policy.Position) int {
	start := 0
	for range at.Line - 1 {
		start += strings.IndexByte(text[start:], '\n') + 1
	}
	for i := range text[start:] {
		if at.Column--; at.Column == 0 {
			return start + i
		}
	}
	return len(text)
}

var variable = regexp.MustCompile(`\$\{([^*?$},][^},]*)`)

// tested are the condition keys that documents look at, in conditions and in variables, by name.
func tested(documents []policy.Attached) []string {
	seen := map[string]string{}
	see := func(key string) {
		if key = strings.TrimSpace(key); seen[strings.ToLower(key)] == "" {
			seen[strings.ToLower(key)] = key
		}
	}
	variables := func(d *policy.Document, text string) {
		if d.Variables {
			for _, m := range variable.FindAllStringSubmatch(text, -1) {
				see(m[1])
			}
		}
	}
	for _, of := range documents {
		for i := range of.Document.Statements {
			s := &of.Document.Statements[i]
			if s.Resource != nil {
				for _, r := range s.Resource.Entries {
					variables(of.Document, r.Text)
				}
			}
			for _, c := range s.Conditions {
				see(c.Key)
				for _, v := range c.Values {
					variables(of.Document, v.Text)
				}
			}
		}
	}
	var out []string
	for _, key := range seen {
		out = append(out, key)
	}
	slices.Sort(out)
	return out
}
