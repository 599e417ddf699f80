package policy_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"keyhole/simulator/policy"
)

// judged gives the condition's trace for one key with the given values; nil values: the key is absent.
func judged(t *testing.T, version, operator string, wanted any, context map[string]any) policy.ConditionTrace {
	t.Helper()
	text, err := json.Marshal(map[string]any{"Version": version, "Statement": map[string]any{
		"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": map[string]any{operator: map[string]any{"k": wanted}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	d, err := policy.Decode(text)
	if err != nil {
		t.Fatal(err)
	}
	r := policy.Request{Action: "s3:GetObject", Resource: "*"}
	r.Principal, _ = policy.ParsePrincipal("arn:aws:iam::111122223333:user/ana")
	for key, value := range context {
		switch v := value.(type) {
		case string:
			r.Context.Set(key, v)
		case []string:
			r.Context.SetList(key, v)
		}
	}
	trace := policy.Evaluate(r, policy.Layers{Identity: []policy.Attached{{Document: d}}})
	for _, layer := range trace.Trace {
		if layer.Layer == policy.Identity {
			return layer.Policies[0].Statements[0].Conditions[0]
		}
	}
	t.Fatal("no identity layer")
	return policy.ConditionTrace{}
}

type list = []string

func TestOperators(t *testing.T) {
	for _, row := range []struct {
		operator string
		wanted   any
		actual   any // nil: absent
		holds    bool
		because  policy.Because
	}{
		{"StringEquals", "a*", "a*", true, policy.ByValue},
		{"StringEquals", "a*", "ab", false, policy.ByValue},
		{"stringLIKE", "a*c?", "abbcd", true, policy.ByValue},
		{"StringLike", "a?c", "aéc", true, policy.ByValue},
		{"StringLike", "*?*?*x", "aax", true, policy.ByValue},
		{"StringNotLike", list{"a*", "b*"}, "cat", true, policy.ByValue},
		{"StringNotLike", list{"a*", "c*"}, "cat", false, policy.ByValue},
		{"StringEqualsIgnoreCase", "ÄPFEL", "äpfel", true, policy.ByValue},
		{"StringNotEquals", "a", nil, true, policy.ByAbsence},
		{"StringEquals", "a", nil, false, policy.ByAbsence},
		{"StringEqualsIfExists", "a", nil, true, policy.ByIfExists},
		{"StringEquals", list{}, "a", false, policy.ByValue},
		{"NumericEquals", "10", "10.0", true, policy.ByValue},
		{"NumericEquals", "10", "10abc", false, policy.ByType},
		{"NumericLessThan", "9007199254740993", "9007199254740992", true, policy.ByValue},
		{"NumericGreaterThan", "-1.5", "-1.25", true, policy.ByValue},
		{"NumericLessThanEquals", 7, "7", true, policy.ByValue},
		{"NumericGreaterThan", "1e3", "2000", false, policy.ByType},
		{"DateLessThan", "1893456000", "2026-01-01T00:00:00Z", true, policy.ByValue},
		{"DateEquals", "2026-01-01", "2026-01-01T01:00:00+01:00", true, policy.ByValue},
		{"DateGreaterThan", "2026-01-01T00:00:00Z", "soon", false, policy.ByType},
		{"Bool", true, "True", true, policy.ByValue},
		{"Bool", "false", "no", false, policy.ByType},
		{"IpAddress", "0.0.0.0/0", "255.255.255.255", true, policy.ByValue},
		{"IpAddress", "10.1.2.3/8", "10.250.0.1", true, policy.ByValue},
		{"IpAddress", "0.0.0.0/0", "2001:db8::1", false, policy.ByValue},
		{"IpAddress", "2001:DB8:0::/32", "2001:db8::1", true, policy.ByValue},
		{"NotIpAddress", "192.0.2.1", "2001:db8::1", true, policy.ByValue},
		{"IpAddress", "192.0.2.0/40", "192.0.2.1", false, policy.ByType},
		{"ArnLike", "arn:aws:iam::*:role/a*", "arn:aws:iam::111122223333:role/app", true, policy.ByValue},
		{"ArnEquals", "arn:aws:s3*", "arn:aws:s3:::b", false, policy.ByValue},
		{"BinaryEquals", "aGk=", "hi", true, policy.ByValue},
		{"Null", "true", nil, true, policy.ByAbsence},
		{"Null", "false", "", true, policy.ByValue},
		{"ForAllValues:StringEquals", list{"a", "b"}, list{"b", "a"}, true, policy.ByValue},
		{"ForAllValues:StringEquals", list{"a"}, list{"a", "c"}, false, policy.ByValue},
		{"ForAllValues:StringEquals", "a", nil, true, policy.ByEmptySet},
		{"ForAllValues:StringEquals", "a", list{}, true, policy.ByEmptySet},
		{"ForAnyValue:StringEquals", "a", list{"c", "a"}, true, policy.ByValue},
		{"ForAnyValue:StringNotEquals", "a", list{"a", "c"}, true, policy.ByValue},
		{"ForAnyValue:StringNotEquals", "a", nil, false, policy.ByEmptySet},
		{"ForAnyValue:StringEqualsIfExists", "a", nil, true, policy.ByIfExists},
		{"StringEquals", "a", list{"b", "a"}, true, policy.ByManyOfOne},
	} {
		t.Run(fmt.Sprint(row.operator, row.wanted, row.actual), func(t *testing.T) {
			context := map[string]any{}
			if row.actual != nil {
				context["K"] = row.actual
			}
			got := judged(t, "2012-10-17", row.operator, row.wanted, context)
			if got.Result != row.holds || got.Because != row.because {
				t.Errorf("%v because %s, want %v because %s", got.Result, got.Because, row.holds, row.because)
			}
			if got.Why() == "" {
				t.Error("no words")
			}
		})
	}
}

func TestVariablesInConditions(t *testing.T) {
	for _, row := range []struct {
		what, version, operator, wanted, actual string
		holds                                   bool
	}{
		{"a variable stands for its value", "2012-10-17", "StringEquals", "home/${aws:username}/x", "home/ana/x", true},
		{"in the old version it is text", "2008-10-17", "StringEquals", "${aws:username}", "${aws:username}", true},
		{"a star in a value is literal", "2012-10-17", "StringLike", "${stars}", "anything", false},
		{"a default", "2012-10-17", "StringEquals", "${nobody, 'guest'}", "guest", true},
		{"the default waits for absence", "2012-10-17", "StringEquals", "${aws:username, 'guest'}", "guest", false},
		{"${*} is a star", "2012-10-17", "StringLike", "a${*}", "a*", true},
		{"${*} is only a star", "2012-10-17", "StringLike", "a${*}", "ab", false},
		{"no value, positive", "2012-10-17", "StringLike", "*${nobody}", "a", false},
		{"no value, negated", "2012-10-17", "StringNotEquals", "${nobody}", "a", true},
		{"a key of several values has no value", "2012-10-17", "StringEquals", "${many}", "a", false},
		{"a whole ARN", "2012-10-17", "ArnEquals", "${me}", "arn:aws:iam::111122223333:user/ana", true},
		{"a brace that never closes is text", "2012-10-17", "StringEquals", "${aws:username", "${aws:username", true},
	} {
		t.Run(row.what, func(t *testing.T) {
			got := judged(t, row.version, row.operator, row.wanted, map[string]any{
				"k": row.actual, "aws:username": "ana", "stars": "*", "many": list{"a"}, "me": "arn:aws:iam::111122223333:user/ana",
			})
			if got.Result != row.holds {
				t.Errorf("%v because %s, want %v: %s", got.Result, got.Because, row.holds, got.Why())
			}
		})
	}
}
