package view

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"

	"keyhole/simulator"
	"keyhole/simulator/exchange"
	"keyhole/simulator/policy"
)

const kmsOnly = `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "KmsOnly",
      "Effect": "Deny",
      "Principal": "*",
      "Action": "s3:PutObject",
      "Resource": "arn:aws:s3:::vault/*",
      "Condition": {
        "StringNotEquals": {
          "s3:x-amz-server-side-encryption": "aws:kms"
        }
      }
    }
  ]
}`

const (
	mayAll   = `{"Version":"2012-10-17","Statement":[{"Sid":"All","Effect":"Allow","Action":"s3:*","Resource":"*"}]}`
	mayGet   = `{"Version":"2012-10-17","Statement":[{"Sid":"Get","Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}`
	withTLS  = `{"Version":"2012-10-17","Statement":[{"Sid":"Tls","Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"}}}]}`
	everyone = `{"Version":"2012-10-17","Statement":[{"Sid":"Open","Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::vault/*"}]}`
)

func attached(t *testing.T, name, text string) *policy.Attached {
	t.Helper()
	doc, err := policy.Decode([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return &policy.Attached{Name: name, Source: "user alice", Document: doc}
}

// asking is alice of 1111… putting an object into vault.
func asking(owner string, change func(*policy.Request)) policy.Request {
	r := policy.Request{Action: "s3:PutObject", Resource: "arn:aws:s3:::vault/a", ResourceAccount: owner}
	r.Principal = policy.Principal{Kind: policy.User, ARN: "arn:aws:iam::111122223333:user/alice", Account: "111122223333", Name: "alice"}
	r.Context.Set("aws:SecureTransport", "false")
	if change != nil {
		change(&r)
	}
	return r
}

// stopped is a trace that ended at authorize with these decisions.
func stopped(all ...policy.Decision) *exchange.Trace {
	code := "authorize"
	for _, d := range all {
		if d.Verdict == policy.Allowed && len(all) == 1 {
			code = ""
		}
	}
	return walked("PutObject", code, "AccessDenied", func(t *exchange.Trace) {
		for i := range all {
			t.Authorization = append(t.Authorization, exchange.Authorization{
				Action: all[i].Request.Action, Resource: all[i].Request.Resource, Allowed: all[i].Verdict == policy.Allowed, Decision: &all[i],
			})
		}
		t.Shadow = &exchange.Shadow{Stages: []exchange.Stage{{Name: "perform", Verdict: exchange.Passed}}}
	})
}

func rendered(t *testing.T, c templ.Component) *goquery.Document {
	t.Helper()
	var b strings.Builder
	if err := c.Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func wordsOf(s *goquery.Selection) string { return strings.Join(strings.Fields(s.Text()), " ") }

func TestTheDecidingLineIsMarked(t *testing.T) {
	oneLine := strings.Join(strings.Fields(kmsOnly), "")
	for name, text := range map[string]string{"as it was written": kmsOnly, "of one line": oneLine} {
		d := policy.Evaluate(asking("111122223333", nil), policy.Layers{Resource: attached(t, "", text), Identity: []policy.Attached{*attached(t, "s3", mayAll)}})
		trace := stopped(d)
		page := rendered(t, WhyWith(trace, simulator.CounterfactualsOf(&d)))
		for selector, want := range map[string]string{
			".verdict__say":                          "A Deny in the bucket policy stopped this.",
			".culprit__where":                        "The deciding line: bucket policy, line 12, statement KmsOnly",
			".culprit > .code .ln[data-hit=culprit]": `the deciding line: "s3:x-amz-server-side-encryption": "aws:kms"`,
			".culprit > .pair [data-side=had]":       "You sentnothing",
			".culprit > .pair [data-side=want]":      "Denied unless it isaws:kms",
			".flip:first-child":                      "Send x-amz-server-side-encryption: aws:kms: allowed.",
			".gate[data-state=stop] .gate__result":   "KmsOnly",
		} {
			if got := wordsOf(page.Find(selector)); got != want {
				t.Errorf("%s: %s says %q, want %q", name, selector, got, want)
			}
		}
		if got := page.Find(".culprit > .code .ln[data-hit=culprit]").AttrOr("data-n", ""); got != "12" {
			t.Errorf("%s: line number %s", name, got)
		}
		if from, to := page.Find(".culprit details .ln[data-hit]").First().AttrOr("data-n", ""), page.Find(".culprit details .ln[data-hit]").Last().AttrOr("data-n", ""); from != "4" || to != "15" {
			t.Errorf("%s: the statement is marked from %s to %s", name, from, to)
		}
		if n := page.Find(".gate[data-would=pass]").Length(); n != 5 {
			t.Errorf("%s: %d gates would pass", name, n)
		}
		if page.Find("[data-advice=no]").Length() != 1 || page.Find("[data-advice=avoid] .sr").Length() == 0 {
			t.Errorf("%s: a tempting edit and one with caution are shown, got %q", name, wordsOf(page.Find(".flips")))
		}
	}
}

func TestTheHeadlineAndItsEvidence(t *testing.T) {
	other := "444455556666"
	for _, row := range []struct {
		name             string
		d                policy.Decision
		gates            string
		headline         string
		selector, expect string
	}{
		{"nothing allows it", policy.Evaluate(asking("111122223333", nil), policy.Layers{Identity: []policy.Attached{*attached(t, "read", mayGet)}}),
			"+Signature +Denied? XAllowed? .Public access .Encryption .Object Lock .Write", "Nothing allows this.",
			".misses li", "s3:GetObject does not cover s3:PutObject. Get, line 7 of read of user alice"},
		{"an Allow missed by its condition", policy.Evaluate(asking("111122223333", nil), policy.Layers{Identity: []policy.Attached{*attached(t, "tls", withTLS)}}),
			"+Signature +Denied? XAllowed? .Public access .Encryption .Object Lock .Write", "Nothing allows this.",
			".pair [data-side=want]", "Allowed only if it istrue"},
		{"the other account says nothing", policy.Evaluate(asking(other, nil), policy.Layers{Identity: []policy.Attached{*attached(t, "all", mayAll)}}),
			"+Signature +Denied? XAllowed? .Public access .Encryption .Object Lock .Write", "Both accounts must allow this; only one does.",
			".side[data-allows=false]", "The owner's account 444455556666 Does not allow itThe resource has no policy of its own."},
		{"nobody signed it", policy.Evaluate(asking(other, func(r *policy.Request) { r.Principal = policy.Principal{Kind: policy.Anonymous} }), policy.Layers{}),
			"+Signature +Denied? XAllowed? .Public access .Encryption .Object Lock .Write", "Anonymous callers are not allowed.",
			".misses li:first-child", "The request has no Authorization header, so nobody signed it."},
		{"the public switch", policy.Evaluate(asking(other, nil), policy.Layers{RestrictPublicBuckets: true, Resource: attached(t, "", everyone), Identity: []policy.Attached{*attached(t, "all", mayAll)}}),
			"+Signature +Denied? +Allowed? XPublic access .Encryption .Object Lock .Write", "Public access is blocked on this bucket.",
			".pair [data-side=had]", "The switch that is onRestrictPublicBuckets"},
		{"why it was allowed", policy.Evaluate(asking("111122223333", nil), policy.Layers{Identity: []policy.Attached{*attached(t, "all", mayAll)}}),
			"+Signature +Denied? +Allowed? -Public access -Encryption -Object Lock +Write", "Every gate opened.",
			".ln[data-hit=culprit]", `the deciding line: "Action": "s3:*",`},
	} {
		t.Run(row.name, func(t *testing.T) {
			trace := stopped(row.d)
			if got := drawn(trace); got != row.gates {
				t.Errorf("\n got %s\nwant %s", got, row.gates)
			}
			page := rendered(t, WhyWith(trace, simulator.CounterfactualsOf(&row.d)))
			if got := wordsOf(page.Find(".verdict__say")); got != row.headline {
				t.Errorf("headline %q, want %q", got, row.headline)
			}
			if got := wordsOf(page.Find(row.selector).First()); got != row.expect {
				t.Errorf("%s: %q, want %q", row.selector, got, row.expect)
			}
		})
	}
}

func TestSeveralPermissions(t *testing.T) {
	l := policy.Layers{Identity: []policy.Attached{*attached(t, "s3", strings.Replace(mayGet, "s3:GetObject", "s3:PutObject", 1))}}
	put := policy.Evaluate(asking("111122223333", nil), l)
	tag := policy.Evaluate(asking("111122223333", func(r *policy.Request) { r.Action = "s3:PutObjectTagging" }), l)
	trace := stopped(put, tag)
	page := rendered(t, WhyWith(trace, nil))
	if got := wordsOf(page.Find(".needs").Parent().Find("p")); got != "This PutObject needed 2 permissions; the second failed." {
		t.Errorf("%q", got)
	}
	if page.Find(".need[data-ok=true]").Length() != 1 || !strings.Contains(wordsOf(page.Find(".need[data-ok=false]")), "refused") {
		t.Errorf("chips %q", wordsOf(page.Find(".needs")))
	}
	if d := Decisive(trace); d == nil || d.Request.Action != "s3:PutObjectTagging" {
		t.Error("the first that was refused decides")
	}
	trace.Authorization[1].Asked = true // it only chose between two answers
	trace.Stopped, trace.Fault.Say = "perform", "There is no such key, or you may not know."
	if got := Headline(trace); got != trace.Fault.Say {
		t.Errorf("headline %q", got)
	}
	trace.Fault, trace.Stopped, trace.Response.Status = nil, "", http.StatusOK
	if d := Decisive(trace); d == nil || d.Request.Action != "s3:PutObject" {
		t.Error("what was only asked decides nothing")
	}
}

func TestTheLane(t *testing.T) {
	d := policy.Evaluate(asking("111122223333", nil), policy.Layers{
		SCPs:     [][]policy.Attached{{*attached(t, "FullAWSAccess", strings.Replace(mayAll, "s3:*", "*", 1))}},
		Resource: attached(t, "", kmsOnly), Identity: []policy.Attached{*attached(t, "s3", mayAll), *attached(t, "read", mayGet)},
	})
	page := rendered(t, Lane(&d))
	var titles []string
	page.Find(".lane > li").Each(func(_ int, s *goquery.Selection) {
		titles = append(titles, wordsOf(s.Find(".node__row").First()))
	})
	want := []string{
		"Service control policies, level 1 1 statement Allow", "Bucket policy 1 statement Deny", "Identity policies 2 policies, 2 statements Allow, outranked",
		"Resource control policies, VPC endpoint policy, Grants on the key, Access control list, Permissions boundary, Session policy, Block Public Access skipped",
	}
	if strings.Join(titles, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(titles, "\n"), strings.Join(want, "\n"))
	}
	if open := page.Find(".lane > li > details[open]"); open.Length() != 1 || !strings.Contains(wordsOf(open), "KmsOnly") {
		t.Error("the layer that decided is open, and no other")
	}
	culprit := page.Find("[data-culprit]")
	if culprit.Length() != 1 || culprit.Find(".parts li").Length() != 5 {
		t.Errorf("%d culprits with %d parts", culprit.Length(), culprit.Find(".parts li").Length())
	}
	if got := wordsOf(culprit.Find("tbody tr")); got != "StringNotEqualss3:x-amz-server-side-encryptionaws:kmsabsentholds" {
		t.Errorf("condition %q", got)
	}
	keys := rendered(t, ContextKeys(&d))
	if got := wordsOf(keys.Find("tr[data-used]")); got != "s3:x-amz-server-side-encryptionabsentyes" {
		t.Errorf("keys that were asked for: %q", got)
	}
}

// Long documents stay readable, and foreign text is text.
func TestALongForeignPolicy(t *testing.T) {
	var list []string
	for i := range 60 {
		list = append(list, fmt.Sprintf(`{"Sid":"S%d","Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:Get*","Resource":"arn:aws:s3:::vault/<script>%d"}`, i, i))
	}
	d := policy.Evaluate(asking("111122223333", nil), policy.Layers{Resource: attached(t, "", `{"Version":"2012-10-17","Statement":[`+strings.Join(list, ",")+`]}`)})
	page := rendered(t, WhyWith(stopped(d), nil))
	if page.Find(".misses li").Length() != shownMisses || !strings.Contains(page.Text(), "And 56 more") {
		t.Errorf("%d misses", page.Find(".misses li").Length())
	}
	lane := rendered(t, Lane(&d))
	if n := lane.Find(".lane .trace > li").Length(); n != shownStatements || lane.Find("script").Length() != 0 {
		t.Errorf("%d statements", n)
	}
	code := rendered(t, PolicyCode(d.Layers.Resource.Document, Marks{Label: "it", Hits: []Hit{{3, 3, "deny"}}}))
	if code.Find("script").Length() != 0 || code.Find(".ln[data-hit=deny]").Length() != 1 {
		t.Error("the text of a policy is markup")
	}
}
