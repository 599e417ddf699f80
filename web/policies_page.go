package web

import (
	"slices"
	"sort"
	"strings"

	"keyhole/content"
	"keyhole/labs/situation"
	"keyhole/simulator"
	"keyhole/simulator/policy"
	"keyhole/simulator/policy/review"
	"keyhole/web/view"
)

// maxFindings is how many findings are told: whoever has more will mend the first ones first.
const maxFindings = 12

// policyPage answers a question: everything the screen shows, but the request that was sent.
func policyPage(l *content.Library, q view.PolicyQuestion) (view.PolicyPage, *judged) {
	v := view.PolicyPage{Question: q, Long: len(q.Query().Encode()) > maxAddressBytes, Actions: policyActions(), Callers: callersOf(q)}
	for _, e := range policyExamples {
		v.Examples = append(v.Examples, view.PolicyExample{Slug: e.Slug, Title: e.Title})
	}
	a, faults := understand(q)
	docs := decodeAll(q, a.resource)
	v.Faults = faults
	var j *judged
	if len(faults) == 0 && len(docs.faults) == 0 {
		done := judge(a, docs)
		j = &done
		v.Answer = &view.PolicyAnswer{Verdict: j.decision().Verdict, Say: j.answerOf()}
		v.Context = a.context.Keys()
		for i := range j.all {
			v.Pairs = append(v.Pairs, view.PolicyPair{Why: j.needs[i].why, Decision: j.all[i], Decides: i == j.at})
		}
		v.Notes = remarks(j)
		v.Edits = editsOf(j)
	}
	main := mainKind(q, j)
	for _, k := range view.PolicyKinds {
		d := policyDoc(k, q.Documents[k.ID], docs, j)
		if k.ID == main {
			v.Main = d
		} else {
			v.Others = append(v.Others, d)
		}
	}
	v.Findings = findingsOf(l, a, docs, main)
	if n := len(v.Findings); n > maxFindings {
		v.Findings, v.FindingsMore = v.Findings[:maxFindings], n-maxFindings
	}
	return v, j
}

// mainKind is the document beside the statements: the bucket policy, unless there is none and another decides.
func mainKind(q view.PolicyQuestion, j *judged) string {
	has := func(id string) bool { return strings.TrimSpace(q.Documents[id]) != "" }
	if has("bucket") {
		return "bucket"
	}
	if j != nil && j.decision().Ref != nil {
		if kind := j.kindAt(j.at, j.decision().Trace[j.decision().Ref.Layer].Layer); has(kind) {
			return kind
		}
	}
	for _, k := range view.PolicyKinds {
		if has(k.ID) {
			return k.ID
		}
	}
	return "bucket"
}

// policyDoc is one document with its statements judged, as far as there is a judgement.
func policyDoc(k view.PolicyKind, text string, docs documents, j *judged) view.PolicyDoc {
	d := view.PolicyDoc{Kind: k, Text: text, Doc: docs.by[k.ID], Fault: docs.faults[k.ID]}
	shown := view.ShowPolicy(text)
	if d.Fault != nil {
		line := min(max(shown.Line(d.Fault.Position), 1), len(shown.Lines))
		d.Hits = []view.Hit{{From: line, To: line, Kind: "culprit"}}
		return d
	}
	if d.Doc == nil {
		return d
	}
	trace, pair, place := traceOf(k.ID, docs, j)
	for i := range d.Doc.Statements {
		s := &d.Doc.Statements[i]
		one := view.PolicyStatement{
			Name: statementName(s), Allow: s.Allow, From: shown.Line(s.From), To: shown.Line(s.To), Reading: review.Reading(s),
		}
		if trace != nil {
			st, decision := &trace.Statements[i], &j.all[pair]
			one.Matched = st.Matched
			one.Decides = pair == j.at && decision.Ref != nil && *decision.Ref == policy.Ref{Layer: place.Layer, Policy: place.Policy, Statement: i}
			one.Parts = review.Parts(st, &decision.Request)
			one.Outcome = review.Outcome(st, one.Decides)
			if one.Decides {
				d.Decides = true
				_, kind := effectOf(s.Allow)
				line := shown.Line(culprit(decision, st))
				if s.Allow {
					line = shown.Line(st.Why(&decision.Request).At)
				}
				d.Hits = []view.Hit{{From: one.From, To: one.To, Kind: kind}, {From: line, To: line, Kind: "culprit"}}
			}
		}
		if one.Matched && !one.Decides && s.Allow && j.decision().Rule == policy.BothSidesAllow {
			d.Hits = append(d.Hits, view.Hit{From: one.From, To: one.To, Kind: "allow"}) // the other side, which was needed too
		}
		d.Statements = append(d.Statements, one)
	}
	d.Said = saidOf(k, j, pair, place)
	return d
}

func effectOf(allow bool) (string, string) {
	if allow {
		return "Allow", "allow"
	}
	return "Deny", "deny"
}

// traceOf finds the judgement of a document; nil when it was not asked.
func traceOf(kind string, docs documents, j *judged) (trace *policy.PolicyTrace, pair int, place policy.Ref) {
	if j == nil {
		return nil, 0, policy.Ref{}
	}
	order := []int{j.at}
	for i := range j.all {
		if i != j.at {
			order = append(order, i)
		}
	}
	for _, i := range order {
		for li, l := range j.all[i].Trace {
			if j.kindAt(i, l.Layer) != kind {
				continue
			}
			for pi := range l.Policies {
				if l.Policies[pi].Document == docs.by[kind] {
					return &l.Policies[pi], i, policy.Ref{Layer: li, Policy: pi}
				}
			}
		}
	}
	return nil, 0, policy.Ref{}
}

// saidOf is what a document's layer said, in words.
func saidOf(k view.PolicyKind, j *judged, pair int, place policy.Ref) string {
	if j == nil {
		return ""
	}
	l := j.all[pair].Trace
	if place.Layer >= len(l) || j.kindAt(pair, l[place.Layer].Layer) != k.ID {
		return "is not asked for this request"
	}
	return view.SaidWords(l[place.Layer].Outcome)
}

// findingsOf are what the documents miss, the main one first.
func findingsOf(lib *content.Library, a asked, docs documents, main string) []view.PolicyFinding {
	kinds := slices.Clone(view.PolicyKinds)
	sort.SliceStable(kinds, func(i, k int) bool { return kinds[i].ID == main && kinds[k].ID != main })
	var out []view.PolicyFinding
	for _, k := range kinds {
		for i, f := range reviewOf(k, a, docs) {
			out = append(out, view.PolicyFinding{
				Finding: f, Kind: k, Place: i, Note: noteOf(lib, f.Fact), Line: view.ShowPolicy(a.Documents[k.ID]).Line(f.At),
			})
		}
	}
	return out
}

func reviewOf(k view.PolicyKind, a asked, docs documents) []review.Finding {
	doc := docs.by[k.ID]
	if doc == nil {
		return nil
	}
	o := review.Options{Kind: k.Review, Owner: a.Owner}
	switch k.ID {
	case "bucket":
		o.Bucket = bucketOf(a.resource)
	case "key":
		if strings.HasPrefix(a.resource, "arn:aws:iam:") {
			o.Kind = review.TrustPolicyKind
		}
	}
	return review.Findings(doc, o)
}

// noteOf is the address of the note that teaches a fact, else of the page it rests on; "" when there is no such fact.
func noteOf(l *content.Library, fact string) string {
	if fact == "" || l == nil {
		return ""
	}
	for _, n := range l.Notes {
		if slices.Contains(n.Facts, fact) {
			return "/notes/" + n.Slug
		}
	}
	if f, ok := l.Fact(fact); ok {
		return f.Source.URL
	}
	return ""
}

// editsOf are the counterfactuals. What they say of the world around is what the question names.
func editsOf(j *judged) []simulator.Edit {
	all := make([]*policy.Decision, len(j.all))
	for i := range j.all {
		all[i] = &j.all[i]
	}
	return simulator.Counterfactuals(all, simulator.Alternatives{})
}

// remarks are traps in the question itself.
func remarks(j *judged) []string {
	var out []string
	onObject, onBucket, known := situation.ActsOn(j.Action)
	bucket, _, object := strings.Cut(strings.TrimPrefix(j.resource, "arn:aws:s3:::"), "/")
	if known && strings.HasPrefix(j.resource, "arn:aws:s3:::") && bucketOf(j.resource) != "" {
		switch {
		case onBucket && object:
			out = append(out, "`"+j.Action+"` acts on a bucket, and you asked about an object. A real request would ask on `"+cut(bucket)+"`.")
		case onObject && !object:
			out = append(out, "`"+j.Action+"` acts on an object, and you asked about the bucket itself. A real request would ask on `"+cut(bucket)+"/KEY`.")
		}
	}
	if j.Documents["vpce"] != "" && j.From != "vpce" {
		out = append(out, "The VPC endpoint policy does not count: the request comes from the internet.")
	}
	if j.Sending != "" && !strings.EqualFold(j.Action, "s3:PutObject") {
		out = append(out, "An encryption header is read when something is written, so it has no say here.")
	}
	return out
}

// callersOf are principals the documents name, to choose from.
func callersOf(q view.PolicyQuestion) []string {
	out := []string{"dev-ana", "role/ledger-writer", "root", "anonymous"}
	if q.Who != "" && !slices.Contains(out, q.Who) {
		out = append([]string{q.Who}, out...)
	}
	return out
}
