package wire_test

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"keyhole/simulator/wire"
)

const formType = "multipart/form-data; boundary=x"

// formText is a form of parts, each "headers\n\nvalue".
func formText(parts ...string) string {
	var b strings.Builder
	for _, p := range parts {
		head, value, _ := strings.Cut(p, "\n\n")
		b.WriteString("--x\r\nContent-Disposition: form-data; " + strings.ReplaceAll(head, "\n", "\r\n") + "\r\n\r\n" + value + "\r\n")
	}
	return b.String() + "--x--\r\n"
}

func TestReadingAForm(t *testing.T) {
	file := "name=\"file\"; filename=\"C:\\docs\\tax form.pdf\"\nContent-Type: application/pdf\n\nDATA"
	for _, c := range []struct {
		name, kind, body string
		code             string
		key, data        string
	}{
		{"a file and its key", formType, formText("name=\"key\"\n\nk", file), "", "k", "DATA"},
		{"the file's name in the key, without its folder", formType, formText("name=\"key\"\n\nup/${filename}", file), "", "up/tax form.pdf", "DATA"},
		{"a file without a name", formType, formText("name=\"key\"\n\nup/${filename}", "name=\"file\"\n\nDATA"), "", "up/${filename}", "DATA"},
		{"a field that carries a filename is a field", formType, formText("name=\"key\"; filename=\"key.txt\"\n\nk", file), "", "k", "DATA"},
		{"names in any case", formType, formText("name=\"KEY\"\n\nk", strings.Replace(file, `"file"`, `"File"`, 1)), "", "k", "DATA"},
		{"what follows the file is ignored", formType, formText("name=\"key\"\n\nk", file, "name=\"key\"\n\nother"), "", "k", "DATA"},
		{"a file that ends in the middle", formType, strings.TrimSuffix(formText("name=\"key\"\n\nk", file), "\r\n--x--\r\n"), "MalformedPOSTRequest", "", ""},
		{"the key after the file", formType, formText(file, "name=\"key\"\n\nk"), "InvalidArgument", "", ""},
		{"no file", formType, formText("name=\"key\"\n\nk"), "InvalidArgument", "", ""},
		{"no boundary", "multipart/form-data", formText(file), "MalformedPOSTRequest", "", ""},
		{"another boundary", "multipart/form-data; boundary=y", formText(file), "InvalidArgument", "", ""},
		{"no form", "application/x-www-form-urlencoded", "key=k", "PreconditionFailed", "", ""},
		{"fields beyond 20 KB", formType, formText("name=\"x-ignore-a\"\n\n"+strings.Repeat("a", 20480), file), "MaxPostPreDataLengthExceeded", "", ""},
		{"a file above the limit", formType, formText("name=\"key\"\n\nk", "name=\"file\"\n\n"+strings.Repeat("a", 65)), "EntityTooLarge", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, refusal := wire.ReadForm(strings.NewReader(c.body), c.kind, 64)
			if refusal == nil {
				refusal = f.NeedKey()
			}
			code := ""
			if refusal != nil {
				code = refusal.Code
			}
			if code != c.code {
				t.Fatalf("%q, want %q", code, c.code)
			}
			if code == "" && (f.Fields["key"] != c.key || string(f.File) != c.data) {
				t.Errorf("key %q, file %q", f.Fields["key"], f.File)
			}
		})
	}
}

func TestWhatAFormsPolicySays(t *testing.T) {
	const end = `"expiration": "2026-06-01T12:00:00.000Z"`
	now := time.Date(2026, 6, 1, 11, 0, 0, 0, time.UTC)
	form := &wire.Form{Names: []string{"key", "Content-Type", "x-ignore-this", "policy", "x-amz-signature"}, File: []byte("12345"),
		Fields: map[string]string{"key": "user/a\"b", "content-type": "image/png", "x-ignore-this": "1", "policy": "p", "x-amz-signature": "s"}}
	const covered = `{"key": "user/a\"b"}, ["starts-with", "$Content-Type", "image/"]`
	with := func(more string) string { return `{` + end + `, "conditions": [` + covered + more + `]}` }
	for _, c := range []struct{ name, policy, want string }{
		{"all is covered", with(``), ""},
		{"the bucket", with(`, {"bucket": "vault"}`), ""},
		{"another bucket", with(`, {"bucket": "other"}`), `Invalid according to Policy: Policy Condition failed: ["eq", "$bucket", "other"]`},
		{"a dollar sign written as policies may", with(`, ["starts-with", "\$key", ""]`), ""},
		{"an object is reprinted as a list", `{` + end + `, "conditions": [{"key": "a\"<b>"}]}`, `Invalid according to Policy: Policy Condition failed: ["eq", "$key", "a\"<b>"]`},
		{"values are case-sensitive", with(`, ["eq", "$content-type", "Image/png"]`), `Invalid according to Policy: Policy Condition failed: ["eq", "$content-type", "Image/png"]`},
		{"a field without its dollar sign", with(`, ["eq", "key", "user/a\"b"]`), `Invalid according to Policy: Policy Condition failed: ["eq", "key", "user/a\"b"]`},
		{"starts-with nothing, of a field that is not there", with(`, ["starts-with", "$acl", ""]`), `Invalid according to Policy: Policy Condition failed: ["starts-with", "$acl", ""]`},
		{"a field nobody spoke of", `{` + end + `, "conditions": [{"key": "user/a\"b"}]}`, "Invalid according to Policy: Extra input fields: content-type"},
		{"over", strings.Replace(with(``), "12:00", "10:59", 1), "Invalid according to Policy: Policy expired."},
		{"exactly as long as allowed", with(`, ["content-length-range", "5", 5]`), ""},
		{"too long", with(`, ["content-length-range", 0, 4]`), "Your proposed upload exceeds the maximum allowed size"},
		{"too short", with(`, ["content-length-range", 6, 9]`), "Your proposed upload is smaller than the minimum allowed size"},
		{"a range of words", with(`, ["content-length-range", "a", 9]`), `Invalid according to Policy: Policy Condition failed: ["content-length-range", "a", 9]`},
		{"no JSON", `{`, "Invalid Policy: Invalid JSON."},
		{"two documents", with(``) + `{}`, "Invalid Policy: Invalid JSON."},
		{"null", `null`, "Invalid Policy: Invalid JSON."},
		{"another member", `{` + end + `, "statement": []}`, "Invalid Policy: Unexpected: 'statement'"},
		{"no end", `{"conditions": []}`, "Invalid Policy: Policy missing expiration."},
		{"an end with an offset", `{"expiration": "2026-06-01T12:00:00+02:00", "conditions": []}`, "Invalid Policy: Invalid 'expiration' value: '2026-06-01T12:00:00+02:00'"},
		{"no conditions", `{` + end + `}`, "Invalid Policy: Policy missing conditions."},
		{"conditions that are no list", `{` + end + `, "conditions": {}}`, "Invalid Policy: Invalid 'conditions' value: must be a List."},
		{"a condition that is a string", with(`, "a"`), "Invalid Policy: Invalid condition test: must be a List or Object."},
		{"two in one object", with(`, {"a": "b", "c": "d"}`), "Invalid Policy: Invalid Simple-Condition: Simple-Conditions must have exactly one property specified."},
		{"a number for a value", with(`, {"a": 1}`), "Invalid Policy: Invalid Simple-Condition: value must be a string."},
		{"an empty list", with(`, []`), "Invalid Policy: Invalid Condition: missing operation identifier."},
		{"another operator", with(`, ["ne", "$key", "a"]`), "Invalid Policy: Invalid Condition: unknown operation 'ne'."},
		{"two arguments", with(`, ["eq", "$key"]`), "Invalid Policy: Invalid eq: wrong number of arguments."},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, refusal := wire.ParseFormPolicy(base64.StdEncoding.EncodeToString([]byte(c.policy)))
			if refusal == nil {
				refusal = p.Check(form, "vault", now)
			}
			got := ""
			if refusal != nil {
				got = refusal.Message
			}
			if got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
	if _, refusal := wire.ParseFormPolicy("%"); refusal == nil || refusal.Message != "Invalid Policy: invalid Base64 encoding." {
		t.Errorf("%+v", refusal)
	}
}

// A foreign form is read within its limits or refused; it never panics.
func FuzzForm(f *testing.F) {
	f.Add(formText("name=\"key\"\n\n${filename}", "name=\"file\"; filename=\"a/b\"\n\nDATA"), formType)
	f.Add(formText("name=\"file\"; filename*=UTF-8''%ff\n\nx"), formType)
	f.Add("--x\r\n\r\n\r\n--x--", formType)
	f.Add("", "multipart/form-data; boundary=\"\"")
	f.Fuzz(func(t *testing.T, body, kind string) {
		form, refusal := wire.ReadForm(strings.NewReader(body), kind, 64)
		switch {
		case refusal == nil && (len(form.File) > 64 || len(form.Names) < len(form.Fields)):
			t.Fatalf("%+v", form)
		case refusal != nil && (refusal.Status < 400 || refusal.Status > 412):
			t.Fatal(refusal)
		case refusal == nil:
			form.NeedKey()
		}
	})
}

// A foreign policy is read or refused, and one that holds for a form covers each of its fields.
func FuzzFormPolicy(f *testing.F) {
	for _, seed := range []string{
		`{"expiration": "2027-01-01T00:00:00Z", "conditions": [{"bucket": "b"}, ["starts-with", "$key", ""], ["content-length-range", 1, "9"]]}`,
		`{"expiration": "\$", "conditions": [[], {}, null]}`, `[`, `{"expiration": 1}`, `{"expiration":"2027-01-01T00:00:00Z","conditions":[null]}`,
	} {
		f.Add(seed, "k")
	}
	f.Fuzz(func(t *testing.T, text, key string) {
		p, refusal := wire.ParseFormPolicy(base64.StdEncoding.EncodeToString([]byte(text)))
		if refusal == nil {
			form := &wire.Form{Names: []string{"key"}, Fields: map[string]string{"key": key}}
			if refusal = p.Check(form, "b", time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)); refusal == nil && !strings.Contains(strings.ToLower(text), "key") && !strings.Contains(text, `\`) {
				t.Fatalf("%s covers the key", text)
			}
		}
		if refusal != nil && (refusal.Status != 400 && refusal.Status != 403) {
			t.Fatal(refusal)
		}
	})
}
