package web

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"

	"keyhole/web/view"
)

//go:embed policies_examples.json
var examplesFile []byte

// example is one situation to begin with. Case is the line of the case files that it tells, "" when it is our own.
type example struct {
	Slug, Title, About, Case string
	Who, Do, On              string
	Over, From, Sending      string
	Conditions               string
	Restrict                 bool
	Documents                map[string]json.RawMessage
}

// policyExamples are the situations of the menu; the first is what the page shows before anything is asked.
var policyExamples = readExamples()

func readExamples() []example {
	var out []example
	if err := json.Unmarshal(examplesFile, &out); err != nil {
		panic("web: policies_examples.json: " + err.Error())
	}
	if len(out) == 0 {
		panic("web: policies_examples.json holds nothing")
	}
	return out
}

func exampleOf(slug string) (example, bool) {
	i := slices.IndexFunc(policyExamples, func(e example) bool { return e.Slug == slug })
	if i < 0 {
		return example{}, false
	}
	return policyExamples[i], true
}

// Question is the situation as the form shows it.
func (e example) Question() view.PolicyQuestion {
	q := view.PolicyQuestion{
		Who: e.Who, Action: e.Do, On: e.On, Over: e.Over, From: e.From, Sending: e.Sending, Owner: theirAccount,
		Restrict: e.Restrict, Conditions: e.Conditions, Documents: map[string]string{},
	}
	if q.Over == "" {
		q.Over = "https"
	}
	if q.From == "" {
		q.From = "internet"
	}
	for id, doc := range e.Documents {
		text, err := view.LayOut(string(doc))
		if err != nil {
			panic(fmt.Sprintf("web: example %s, %s: %v", e.Slug, id, err))
		}
		q.Documents[id] = text
	}
	return q
}
