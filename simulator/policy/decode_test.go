package policy_test

import (
	"errors"
	"strings"
	"testing"

	"keyhole/simulator/policy"
)

const plain = `"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*"`

func TestMalformedDocumentsAreRefusedInAWSsWords(t *testing.T) {
	for _, row := range []struct{ what, text, message string }{
		{"nothing", ``, "Policies must be valid JSON and the first byte must be '{'"},
		{"a space first", ` {"Statement":[]}`, "Policies must be valid JSON and the first byte must be '{'"},
		{"a byte order mark", "\xef\xbb\xbf{}", "Policies must be valid JSON and the first byte must be '{'"},
		{"an empty object", `{}`, "Missing required field Statement"},
		{"a comma too many", `{"Statement":[{` + plain + `},]}`, "This policy contains invalid Json"},
		{"not UTF-8", "{\"Id\":\"\xff\",\"Statement\":[]}", "This policy contains invalid Json"},
		{"two effects", `{"Statement":[{"Effect":"Deny",` + plain + `}]}`, "This policy contains invalid Json"},
		{"two effects in two spellings", `{"Statement":[{"effect":"Deny",` + plain + `}]}`, "This policy contains invalid Json"},
		{"two keys that differ in case", `{"Statement":[{` + plain + `,"Condition":{"Bool":{"aws:SecureTransport":"true","AWS:securetransport":"false"}}}]}`, "This policy contains invalid Json"},
		{"something after the end", `{"Statement":[{` + plain + `}]} x`, "This policy contains invalid Json"},
		{"nested too deep", `{"Statement":` + strings.Repeat("[", 20) + strings.Repeat("]", 20) + `}`, "This policy contains invalid Json"},
		{"no statements", `{"Statement":[]}`, "Could not parse the policy: Statement is empty!"},
		{"a version of today", `{"Version":"2026-11-23","Statement":[{` + plain + `}]}`, "The policy must contain a valid version string"},
		{"a version that is a number", `{"Version":20121017,"Statement":[{` + plain + `}]}`, "The policy must contain a valid version string"},
		{"an effect in small letters", `{"Statement":[{"Effect":"allow","Principal":"*","Action":"s3:GetObject","Resource":"*"}]}`, "Invalid effect: allow"},
		{"no effect", `{"Statement":[{"Action":"s3:GetObject","Resource":"*"}]}`, "Missing required field Effect"},
		{"no action", `{"Statement":[{"Effect":"Allow","Resource":"*"}]}`, "Missing required field Action"},
		{"action null", `{"Statement":[{"Effect":"Allow","Action":null,"Resource":"*"}]}`, "Invalid policy syntax."},
		{"action and NotAction", `{"Statement":[{` + plain + `,"NotAction":"s3:PutObject"}]}`, "Invalid policy syntax."},
		{"an unknown element", `{"Statement":[{` + plain + `,"Because":"I say so"}]}`, "Invalid policy syntax."},
		{"an unknown element outside", `{"Statement":[{` + plain + `}],"Comment":"x"}`, "Invalid policy syntax."},
		{"a principal in words", `{"Statement":[{"Effect":"Allow","Principal":"everyone","Action":"s3:GetObject","Resource":"*"}]}`, "Invalid principal in policy"},
		{"an empty principal", `{"Statement":[{"Effect":"Allow","Principal":{"AWS":""},"Action":"s3:GetObject","Resource":"*"}]}`, "Invalid principal in policy"},
		{"an empty list of principals", `{"Statement":[{"Effect":"Allow","Principal":{"AWS":[]},"Action":"s3:GetObject","Resource":"*"}]}`, "Invalid principal in policy"},
		{"an operator that is none", `{"Statement":[{` + plain + `,"Condition":{"StringSame":{"aws:username":"a"}}}]}`, "Invalid Condition type : StringSame"},
		{"Null with IfExists", `{"Statement":[{` + plain + `,"Condition":{"NullIfExists":{"aws:username":"true"}}}]}`, "Invalid Condition type : NullIfExists"},
		{"a condition value that is an object", `{"Statement":[{` + plain + `,"Condition":{"Bool":{"aws:username":{}}}}]}`, "Invalid policy syntax."},
		{"longer than 20 KB", `{"Statement":[{"Sid":"` + strings.Repeat("x", 20480) + `",` + plain + `}]}`, "Normalized policy document exceeds the maximum allowed size of 20480 bytes"},
	} {
		t.Run(row.what, func(t *testing.T) {
			_, err := policy.Decode([]byte(row.text))
			m, ok := errors.AsType[*policy.Malformed](err)
			if !ok || m.Message != row.message || m.Line < 1 || m.Column < 1 || !strings.HasSuffix(m.Say, ".") {
				t.Errorf("got %+v, want %q", err, row.message)
			}
		})
	}
}

func TestWhiteSpaceDoesNotCountForTheLength(t *testing.T) {
	text := `{"Statement":[` + strings.Repeat("\n", 30000) + `{` + plain + `}]}`
	d, err := policy.Decode([]byte(text))
	if err != nil || d.Statements[0].From.Line != 30001 {
		t.Errorf("%v, %+v", err, d)
	}
}

func TestPlacesAreLinesAndColumnsInCharacters(t *testing.T) {
	d, err := policy.Decode([]byte("{\"Version\": \"2012-10-17\",\n \"Id\": \"é\", \"Statement\": {\n  \"Effect\": \"Deny\", \"Principal\": \"*\",\n" +
		"  \"Action\": [\"s3:*\", \"kms:*\"],\n  \"Resource\": \"arn:aws:s3:::é/*\", \"Condition\": {\"Bool\": {\"aws:SecureTransport\": \"false\"}}\n }}"))
	if err != nil {
		t.Fatal(err)
	}
	s := d.Statements[0]
	for what, row := range map[string][2]policy.Position{
		"the statement opens":  {s.From, {2, 26}},
		"the statement closes": {s.To, {6, 2}},
		"second action":        {s.Action.Entries[1].At, {4, 22}},
		"condition key":        {s.Conditions[0].At, {5, 58}},
		"condition value":      {s.Conditions[0].Values[0].At, {5, 81}},
	} {
		if row[0] != row[1] {
			t.Errorf("%s at %v, want %v", what, row[0], row[1])
		}
	}
}
