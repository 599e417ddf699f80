package s3

import (
	"bytes"
	"strings"
	"testing"

	"keyhole/simulator/policy"
)

func TestSerialized(t *testing.T) {
	for name, row := range map[string]struct{ sent, got string }{
		"elements get an order": {
			`{"Statement": [{"Resource": "r", "Action": "a", "Principal": "*", "Effect": "Allow", "Sid": "s"}], "Id": "i", "Version": "v"}`,
			`{"Version":"v","Id":"i","Statement":[{"Sid":"s","Effect":"Allow","Principal":"*","Action":"a","Resource":"r"}]}`},
		"negated elements stand where the others do": {
			`{"Statement": [{"Condition": {}, "NotResource": "r", "NotAction": "a", "NotPrincipal": {"AWS": "*"}, "Effect": "Deny"}]}`,
			`{"Statement":[{"Effect":"Deny","NotPrincipal":{"AWS":"*"},"NotAction":"a","NotResource":"r","Condition":{}}]}`},
		"one statement becomes a list": {
			`{"Statement": {"Effect": "Deny"}}`, `{"Statement":[{"Effect":"Deny"}]}`},
		"a list of one stays a list, and a text a text": {
			`{"Statement": [{"Resource": ["r"], "Action": "a"}]}`, `{"Statement":[{"Action":"a","Resource":["r"]}]}`},
		"values stay as they were sent": {
			`{"Statement": [{"Condition": {"Bool": {"k": true}, "NumericLess": {"n": 1.50e3}, "Null": {"z": [false, "<&>", "é\n\""]}}}]}`,
			`{"Statement":[{"Condition":{"Bool":{"k":true},"NumericLess":{"n":1.50e3},"Null":{"z":[false,"<&>","é\n\""]}}}]}`},
	} {
		got, err := serialized([]byte(row.sent))
		if err != nil || string(got) != row.got {
			t.Errorf("%s: %s, want %s (%v)", name, got, row.got, err)
		}
	}
	if _, err := serialized([]byte(`{"Statement"`)); err == nil {
		t.Error("half a document was printed")
	}
}

func TestSpacesDoNotCountInTheSizeOfAPolicy(t *testing.T) {
	short := []byte("{\n  \"Version\": \"2012-10-17\"\n}")
	if got := normalized(short); !bytes.Equal(got, short) {
		t.Errorf("a short document was changed: %s", got)
	}
	if got := normalized([]byte(`{"a":` + strings.Repeat(" ", policy.MaxDocumentBytes) + `"b c"}`)); string(got) != `{"a":"b c"}` {
		t.Errorf("%.60s", got)
	}
	broken := bytes.Repeat([]byte(" "), policy.MaxDocumentBytes+1)
	if got := normalized(broken); len(got) != len(broken) {
		t.Error("what is not JSON was changed")
	}
}

// What S3 prints is the same policy: it decodes, has the same statements, and is printed the same again.
func FuzzSerialized(f *testing.F) {
	f.Add(`{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}}`)
	f.Add(`{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": {"AWS": ["1", "*"]}, "NotAction": ["a", "b"], "Resource": "*",
 "Condition": {"StringLike": {"aws:Referer": ["a*", "\u0000"]}}}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		before, err := policy.Decode([]byte(text))
		if err != nil {
			return
		}
		printed, err := serialized([]byte(text))
		if err != nil {
			t.Fatalf("a policy that decodes cannot be printed: %v", err)
		}
		if len(printed) > policy.MaxDocumentBytes {
			return // an escape can be longer than the character
		}
		after, err := policy.Decode(printed)
		if err != nil || len(after.Statements) != len(before.Statements) || after.Version != before.Version {
			t.Fatalf("%q became %q (%v)", text, printed, err)
		}
		for i := range after.Statements {
			if a, b := after.Statements[i], before.Statements[i]; a.Sid != b.Sid || a.Allow != b.Allow || len(a.Conditions) != len(b.Conditions) {
				t.Fatalf("statement %d of %q became another: %q", i+1, text, printed)
			}
		}
		if again, err := serialized(printed); err != nil || !bytes.Equal(again, printed) {
			t.Fatalf("%q is printed %q the second time (%v)", printed, again, err)
		}
	})
}
