package policy_test

import (
	"reflect"
	"testing"

	"keyhole/simulator/policy"
)

// What is written and read is the same decision, with every reason, and can be asked again.
func TestADecisionIsKeptAsItsQuestion(t *testing.T) {
	eachCase(t, func(_ string, c *policy.Case) {
		for _, p := range c.Pairs {
			d := policy.Evaluate(p.Request, p.Layers)
			data, err := d.MarshalBinary()
			if err != nil {
				t.Fatalf("%s: %v", c.ID, err)
			}
			var again policy.Decision
			if err := again.UnmarshalBinary(data); err != nil {
				t.Fatalf("%s: %v", c.ID, err)
			}
			if again.Verdict != d.Verdict || again.By != d.By || again.Rule != d.Rule || !reflect.DeepEqual(again.Ref, d.Ref) ||
				again.Text() != d.Text() || !reflect.DeepEqual(again.Trace, d.Trace) {
				t.Errorf("%s: %s by %s became %s by %s", c.ID, d.Verdict, d.Rule, again.Verdict, again.Rule)
			}
		}
	})
}

func TestWhatIsNoKeptDecision(t *testing.T) {
	for _, bad := range []string{"", "[]", `{"On":{"Text":3}}`, `{"On":{"Text":-1}}`, `{"Other":1}`} {
		if err := new(policy.Decision).UnmarshalBinary([]byte(bad)); err == nil {
			t.Errorf("%q is taken for a decision", bad)
		}
	}
	var d policy.Decision
	if err := d.UnmarshalBinary([]byte(`{"Action":"s3:GetObject","Texts":["{"]}`)); err != nil || d.Verdict != "" || d.Request.Action != "s3:GetObject" {
		t.Errorf("a document that is refused by now: %v %+v", err, d)
	}
}
