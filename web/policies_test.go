package web_test

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"keyhole/simulator/policy"
)

// Every example is explained: the verdict, the words of the answer, the line that is marked, and what the wire says.
func TestPolicyExamples(t *testing.T) {
	v := start(t).visit("")
	for _, c := range []struct {
		slug string
		id   string // of the case it tells
		yes  bool
		say  string // in the answer
		in   string // the document with the marked line; "" when no line decides
		line string
		sent string // in what is said of the real request
	}{
		{"kms-only", "", false, "Line 19 refuses it: the encryption header is AES256, and KmsOnly denies anything but aws:kms.", "bucket", "19", "The wire says the same: 403 AccessDenied"},
		{"default-encryption", "", false, "Line 19 refuses it: the request has no encryption header, and MustEncrypt denies anything but AES256.", "bucket", "19", "The wire says the same: 403 AccessDenied"},
		{"tls-misses-the-bucket", "", true, "Line 7 of the identity policy allows it: Analysts lets dev-ana do s3:ListBucket on ledger-prod, and nothing denies it.", "identity", "7", "The wire says the same: 200 OK"},
		{"both-accounts", "", true, "Both accounts allow it: line 8 of the bucket policy lets bob in, and line 7 of the identity policy lets it out.", "bucket", "8", "The wire says the same: 200 OK"},
		{"one-account-only", "tb-042", false, "Only one side allows it: line 7 of the identity policy lets it out, but the resource belongs to account 111122223333", "", "", "The wire says the same: 403 AccessDenied"},
		{"boundary-cut", "tb-052", false, "The permissions boundary leaves s3:DeleteObject out, which cuts it off, although line 7 of the identity policy allows it.", "", "", "The wire says the same: 403 AccessDenied"},
		{"list-all-buckets", "tb-030", true, "Line 6 of the identity policy allows it: statement 1 lets alice do s3:ListAllMyBuckets", "identity", "6", "The wire says the same: 200 OK"},
		{"session-named", "tb-064", true, "Line 8 allows it: it names the caller itself, so what the session policy leaves out does not matter.", "bucket", "8", "The wire says the same: 200 OK"},
		{"root-user", "tb-081", true, "No line is needed: 111122223333 owns it, its root user may do everything", "", "", "The wire says the same: 200 OK"},
		{"epoch-seconds", "tb-117", true, `Line 10 of the identity policy allows it: Until2030 lets alice do s3:* on *, and its condition holds: aws:CurrentTime is "2026-01-01T00:00:00Z"`, "identity", "10", "The wire says the same: 200 OK"},
		{"old-version", "tb-145", false, "Nothing allows s3:GetObject: no statement that counts for this caller matches. The nearest is line 8 of the identity policy: arn:aws:s3:::ledger-prod/home/${aws:username}/* does not cover", "", "", "The wire says the same: 403 AccessDenied"},
		{"access-points", "tb-165", true, "Both accounts allow it: line 12 of the bucket policy lets bob in, and line 6 of the identity policy lets it out.", "bucket", "12", "no request that can be sent here carries s3:DataAccessPointAccount"},
		{"endpoint-only", "tb-163", false, "Line 11 refuses it: the request has no VPC endpoint, because it came over the internet, and OnlyOurEndpoint denies anything but vpce-0a1b2c3d4e5f60718.", "bucket", "11", "The wire says the same: 403 AccessDenied"},
		{"address-and-endpoint", "tb-123", false, "Line 11 refuses it: the request has no public address, because it came through a VPC endpoint, and OfficeOnly denies anything but 203.0.113.0/24.", "bucket", "11", "The wire says the same: 403 AccessDenied"},
		{"public-bucket", "tb-092", false, "No line refuses it: the bucket policy is public, and RestrictPublicBuckets lets in only the owner's account and AWS services.", "", "", "The wire says the same: 403 AccessDenied"},
		{"resource-control", "tb-075", false, "Line 11 of the resource control policy refuses it: aws:PrincipalAccount is 444455556666, and OwnAccountOnly denies anything but 111122223333.", "rcp", "11", "The wire says the same: 403 AccessDenied"},
		{"key-policy", "", false, "It also needs kms:GenerateDataKey on the key. Nothing in the key policy lets the caller in", "", "", "a situation brings no KMS key along"},
	} {
		t.Run(c.slug, func(t *testing.T) {
			p := v.get("/policies?example=" + c.slug + "&send=1")
			if p.status != http.StatusOK {
				t.Fatalf("status %d", p.status)
			}
			headers(t, p.header)
			wellFormed(t, p)
			nothingInline(t, p.Document)
			want := "No."
			if c.yes {
				want = "Yes."
			}
			p.says(t, "[role=status] .ask__no", want)
			p.says(t, "[role=status] .ask__why", c.say)
			p.says(t, "#part-sent", c.sent)
			marked := p.Find("[id^=part-code-] .ln[data-hit=culprit]")
			if c.in == "" {
				if marked.Length() != 0 || p.Find(".stmt[data-verdict=deny], .stmt[data-verdict=allow]").Length() != 0 {
					t.Errorf("a line is marked, and none decides")
				}
			} else if got := p.Find("#part-code-" + c.in + " .ln[data-hit=culprit]"); marked.Length() != 1 || got.AttrOr("data-n", "") != c.line {
				t.Errorf("line %s of %s is marked (%d marks), want %s", got.AttrOr("data-n", ""), c.in, marked.Length(), c.line)
			} else if p.Find("#part-says-"+c.in+" .stmt[data-verdict=deny], #part-says-"+c.in+" .stmt[data-verdict=allow]").Length() != 1 {
				t.Error("the statement that decides is not outlined")
			}
			if c.in != "" && c.in != "bucket" {
				if open := p.Find("#other-"+c.in+"[open]").Length() + p.Find("#policies[data-main="+c.in+"]").Length(); open == 0 {
					t.Error("the document that decides is folded away")
				}
			}
			if c.id != "" {
				if got := verdictOf(t, c.id); (got == policy.Allowed) != c.yes {
					t.Errorf("case %s is %s", c.id, got)
				}
			}
		})
	}
}

// verdictOf is what the engine says of a line of the case files.
func verdictOf(t *testing.T, id string) policy.Verdict {
	t.Helper()
	files, err := filepath.Glob("../simulator/policy/testdata/cases-textbook.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatalf("no case files: %v", err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(data)) {
			if !strings.Contains(line, `"id":"`+id+`"`) {
				continue
			}
			c, err := policy.ParseCase([]byte(line))
			if err != nil {
				t.Fatal(err)
			}
			got, _, _ := c.Evaluate()
			if got != c.Expected {
				t.Errorf("case %s: %s, expected %s", id, got, c.Expected)
			}
			return got
		}
	}
	t.Fatalf("no case %s", id)
	return ""
}

// A document that AWS refuses: its text, our sentence, the line marked, and nothing else is claimed.
func TestMalformedPolicy(t *testing.T) {
	v := start(t).visit("")
	p := v.get("/policies?example=malformed&send=1")
	wellFormed(t, p)
	p.says(t, "[role=status]", "Not judged.")
	p.says(t, "[role=status]", "Line 6 of the bucket policy is not valid, so nothing is decided.")
	p.says(t, ".pol [role=alert]", "MalformedPolicy: Invalid effect: Permit")
	if got := p.Find("#part-code-bucket .ln[data-hit=culprit]").AttrOr("data-n", ""); got != "6" {
		t.Errorf("line %s is marked, want 6", got)
	}
	if n := p.Find(".stmt, .find, .edit, .pol__layer, #part-sent section").Length(); n != 0 {
		t.Errorf("%d claims beside the refusal", n)
	}
	if p.Find("#edit-bucket[open] textarea[aria-invalid=true][data-fault-line='6']").Length() != 1 {
		t.Error("the field is not open and marked")
	}
}

const readAll = `{"Version":"2012-10-17","Statement":[{"Sid":"Read","Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::ledger-prod/*"}]}`

func ask(more ...string) url.Values {
	q := url.Values{"who": {"dev-ana"}, "do": {"s3:GetObject"}, "on": {"ledger-prod/a.csv"}, "bucket": {readAll}}
	for i := 0; i+1 < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	return q
}

func TestPolicyQuestions(t *testing.T) {
	v := start(t).visit("")
	for _, c := range []struct {
		name   string
		ask    url.Values
		status int
		say    string // in the answer bar
	}{
		{"a short name is a user of the owner's account", ask(), 200, "Line 8 allows it: Read lets dev-ana do s3:GetObject on ledger-prod/*, and nothing denies it."},
		{"an ARN of a role means a session of it", ask("who", "arn:aws:iam::111122223333:role/app"), 200, "Yes. Line"},
		{"another account by its number", ask("who", "444455556666:bob"), 200, "No. Only one side allows it: line"},
		{"nobody", ask("who", "anonymous"), 200, "lets everybody do s3:GetObject on ledger-prod/*. No other policy is asked."},
		{"a service", ask("who", "cloudtrail.amazonaws.com"), 200, "Yes."},
		{"no caller", ask("who", ""), 422, "Not judged. Say who asks"},
		{"no action", ask("do", ""), 422, "An action is a service and a name"},
		{"an action with a wildcard", ask("do", "s3:Get*"), 422, "It has no wildcard"},
		{"no resource", ask("on", ""), 422, "Say on what"},
		{"a transport that is none", ask("over", "gopher"), 422, "no choice of the form"},
		{"a principal with a script in it", ask("who", `<script>alert(1)</script>`), 422, "<script>alert(1)</script> is no principal"},
		{"bytes that are no text", ask("who", "a\xff\xfe"), 422, "bytes in it that are no text"},
		{"eleven digits", ask("owner", "11112222333"), 422, "12 digits"},
		{"a line without a value", ask("conditions", "aws:SourceIp"), 422, "Context, line 1:"},
		{"a list that is none", ask("conditions", `aws:TagKeys = ["a"`), 422, "a list is written"},
		{"41 context keys", ask("conditions", strings.Repeat("aws:a = b\n", 41)), 422, "Context, line 41: at most 40 keys."},
		{"a context line of 600 characters", ask("conditions", "aws:a = "+strings.Repeat("b", 600)), 422, "at most 512 characters"},
		{"a document of 21 KB", ask("bucket", `{"Id":"`+strings.Repeat("a", 21000)+`"}`), 422, "Bucket policy has 21009 bytes, and no policy has more than 20480."},
		{"a document of brackets", ask("bucket", strings.Repeat("[", 20000)), 200, "Not judged. Line 1 of the bucket policy is not valid"},
		{"a document that is no JSON", ask("session", "hello"), 200, "Line 1 of the session policy is not valid"},
		{"invalid UTF-8 in a document", ask("bucket", "{\"Id\":\"\xff\"}"), 200, "Not judged."},
		{"20 stars", ask("bucket", strings.Replace(readAll, "ledger-prod/*", "ledger-prod/"+strings.Repeat("*a", 20), 1)), 200, "No."},
		{"an action on the wrong thing", ask("do", "s3:ListBucket"), 200, "s3:ListBucket acts on a bucket, and you asked about an object."},
		{"an endpoint policy from the internet", ask("vpce", `{"Version":"2012-10-17","Statement":[]}`), 200, "endpoint policy"},
		{"a key left out", ask("conditions", "no aws:PrincipalArn"), 200, "Yes."},
		{"an unknown field", ask("nonsense", "x"), 200, "Yes."},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, p := range []page{v.get("/policies?" + c.ask.Encode()), v.post("/policies", c.ask)} {
				if p.status != c.status {
					t.Errorf("status %d, want %d", p.status, c.status)
				}
				wellFormed(t, p)
				nothingInline(t, p.Document)
				p.says(t, "#part-answer", c.say)
				if got := p.Find("#doc-bucket").Text(); strings.TrimPrefix(got, "\n") != strings.ToValidUTF8(strings.TrimRight(c.ask.Get("bucket"), "\n"), "\uFFFD") && c.name != "invalid UTF-8 in a document" {
					t.Errorf("the field holds %.60q", got)
				}
			}
		})
	}
	for _, path := range []string{"/policies?example=none"} {
		if p := v.get(path); p.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, p.status)
		}
	}
	for _, fix := range []string{"bucket:99", "bucket:-1", "nonsense:0", "bucket", "::"} {
		if p := v.get("/policies?" + ask("fix", fix).Encode()); p.status != http.StatusUnprocessableEntity {
			t.Errorf("fix %q: %d", fix, p.status)
		}
	}
}

// An address holds the whole question, and the form sends it back as it was.
func TestPolicyAddress(t *testing.T) {
	v := start(t).visit("")
	first := v.get("/policies?example=both-accounts")
	_, form := first.form(t, "#ask")
	first.Find("textarea[name]").Each(func(_ int, s *goquery.Selection) {
		form.Set(s.AttrOr("name", ""), strings.TrimPrefix(s.Text(), "\n"))
	})
	again := v.get("/policies?" + form.Encode())
	if a, b := first.Find("[role=status]").Text(), again.Find("[role=status]").Text(); a != b {
		t.Errorf("%q, and by its address %q", a, b)
	}
	if m := again.Find("#ask").AttrOr("method", ""); m != "get" {
		t.Errorf("a short question is sent by %s", m)
	}
	long := ask("identity", `{"Version":"2012-10-17","Id":"`+strings.Repeat("x", 7000)+`","Statement":[]}`)
	if m := v.post("/policies", long).Find("#ask").AttrOr("method", ""); m != "post" {
		t.Errorf("a long question is sent by %s", m)
	}
}

func TestPolicyFix(t *testing.T) {
	v := start(t).visit("")
	p := v.get("/policies?example=tls-misses-the-bucket")
	p.says(t, "#part-findings h2", "One thing this policy misses")
	p.says(t, ".find[data-rule=missing-bucket-arn] h3", "TlsOnly leaves the bucket itself open to HTTP")
	button := p.Find(".find[data-rule=missing-bucket-arn] button[name=fix]")
	_, form := p.form(t, "#ask")
	p.Find("textarea[name]").Each(func(_ int, s *goquery.Selection) {
		form.Set(s.AttrOr("name", ""), strings.TrimPrefix(s.Text(), "\n"))
	})
	form.Set("fix", button.AttrOr("value", ""))
	fixed := v.post("/policies", form)
	fixed.says(t, "#part-findings [role=status]", "Applied: ")
	fixed.says(t, "[role=status] .ask__no", "No.")
	fixed.says(t, "[role=status] .ask__why", "the request comes over plain HTTP, and TlsOnly denies that.")
}

func TestPolicyPageParts(t *testing.T) {
	v := start(t).visit("")
	p := v.get("/policies")
	p.says(t, "h1", "Policy explainer")
	if got := p.Find("nav a[aria-current=page]").AttrOr("href", ""); got != "/policies" {
		t.Errorf("the navigation is at %q", got)
	}
	for selector, n := range map[string]int{
		"textarea[data-json][form=ask]": 8, ".pol__layer": 10, ".pol__layer[data-decides]": 1, "#part-says-bucket .stmt": 3,
		"script[src*='codemirror']": 0, "link[href*='codemirror']": 0, "#policies[data-editor*='codemirror']": 1,
	} {
		if got := p.Find(selector).Length(); got != n {
			t.Errorf("%d × %s, want %d", got, selector, n)
		}
	}
	if got := p.Find("#example option[selected]").AttrOr("value", ""); got != "kms-only" {
		t.Errorf("the menu is at %q", got)
	}
	v.get("/policies?"+ask().Encode()).says(t, "#example option[selected]", "your own question")
	v.get("/policies?example=").says(t, "#example option[selected]", "The wrong encryption header")
	wide := v.get("/policies?" + ask().Encode()) // one long line, laid out anew to be read
	if got := wide.Find("#part-code-bucket .ln[data-hit=culprit]").AttrOr("data-n", ""); got == "1" || got == "" {
		t.Errorf("line %q is marked", got)
	}
}
