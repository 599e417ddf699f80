package view

import (
	"strings"
	"testing"
	"time"

	"keyhole/simulator/exchange"
	"keyhole/simulator/lock"
	"keyhole/simulator/sigv4"
	"keyhole/simulator/sse"
)

// walked makes a trace that ended at a stage; "" went through.
func walked(operation, stopped, code string, change func(*exchange.Trace)) *exchange.Trace {
	t := &exchange.Trace{Operation: operation, Stopped: stopped, Authentication: &sigv4.Decision{Scheme: "header"}}
	t.Response.Status = 200
	reached := true
	for _, name := range []string{"route", "authenticate", "inspect", "locate", "authorize", "perform", "answer"} {
		s := exchange.Stage{Name: name, Verdict: exchange.Passed}
		switch {
		case !reached:
			s.Verdict = exchange.Unreached
		case name == stopped:
			s.Verdict, reached = exchange.Stopped, false
		}
		t.Stages = append(t.Stages, s)
	}
	if stopped != "" {
		t.Fault = &exchange.Fault{Status: 403, Code: code, Message: "No. Really."}
		t.Response.Status = 403
	}
	if change != nil {
		change(t)
	}
	return t
}

func drawn(t *exchange.Trace) string {
	var parts []string
	for _, g := range Gates(t) {
		mark := map[State]string{Pass: "+", Skip: "-", Stop: "X", Unreached: "."}[g.State]
		parts = append(parts, mark+g.Name)
	}
	return strings.Join(parts, " ")
}

func TestGates(t *testing.T) {
	sealed := func(blocked bool) func(*exchange.Trace) {
		return func(t *exchange.Trace) {
			t.Seal = &sse.SealDecision{Method: sse.SSEC, Blocked: blocked}
			if blocked {
				t.Seal.Refusal = &sse.Refusal{Status: 403}
			}
		}
	}
	held := func(over bool) func(*exchange.Trace) {
		return func(t *exchange.Trace) {
			now := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
			if over {
				now = now.AddDate(1, 0, 0)
			}
			d := lock.Remove(lock.Protected{Retention: lock.Retention{Mode: lock.Compliance, Until: time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)}}, "remove", now, lock.Bypass{})
			t.Guard = &d
			if p, ok := Deciding(t); t.Stopped != "" && (!ok || p.Want != "nobody before its date, the root user neither") {
				panic(p)
			}
		}
	}
	for _, c := range []struct {
		name  string
		trace *exchange.Trace
		want  string
	}{
		{"a version under COMPLIANCE stays", walked("DeleteObject", "perform", "AccessDenied", held(false)),
			"+Signature -Denied? +Allowed? -Public access -Encryption XObject Lock .Delete"},
		{"a list goes on after what it may not remove", walked("DeleteObjects", "", "", held(false)),
			"+Signature -Denied? +Allowed? -Public access -Encryption +Object Lock +Delete"},
		{"a version whose retention is over may go", walked("DeleteObject", "", "", held(true)),
			"+Signature -Denied? +Allowed? -Public access -Encryption +Object Lock +Delete"},
		{"a write that went through", walked("PutObject", "", "", sealed(false)),
			"+Signature -Denied? +Allowed? -Public access +Encryption -Object Lock +Write"},
		{"a read of a setting consults no encryption", walked("GetBucketVersioning", "", "", nil),
			"+Signature -Denied? +Allowed? -Public access -Encryption -Object Lock +Read"},
		{"an anonymous caller is no valid signature", walked("GetObject", "authorize", "AccessDenied", func(t *exchange.Trace) { t.Authentication.Scheme = "anonymous" }),
			"-Signature -Denied? XAllowed? .Public access .Encryption .Object Lock .Read"},
		{"a bad signature ends it at once", walked("PutObject", "authenticate", "SignatureDoesNotMatch", nil),
			"XSignature .Denied? .Allowed? .Public access .Encryption .Object Lock .Write"},
		{"an unknown operation shows a gate of its own", walked("", "route", "NotImplemented", nil),
			"XOperation .Signature .Denied? .Allowed? .Public access .Encryption .Object Lock .Write"},
		{"a malformed header shows one after the signature", walked("PutObject", "inspect", "InvalidArgument", nil),
			"+Signature XHeaders .Denied? .Allowed? .Public access .Encryption .Object Lock .Write"},
		{"no such bucket", walked("DeleteObject", "locate", "NoSuchBucket", nil),
			"+Signature XBucket .Denied? .Allowed? .Public access .Encryption .Object Lock .Delete"},
		{"SSE-C blocked by the bucket", walked("PutObject", "perform", "AccessDenied", sealed(true)),
			"+Signature -Denied? +Allowed? -Public access XEncryption .Object Lock .Write"},
		{"a KMS key that is disabled", walked("GetObject", "perform", "KMS.DisabledException", func(t *exchange.Trace) {
			t.Open = &sse.OpenDecision{Stored: sse.SSEKMS, KMS: &sse.KeyChoice{}, Refusal: &sse.Refusal{Status: 400}}
		}), "+Signature -Denied? +Allowed? -Public access XEncryption .Object Lock .Read"},
		{"a write under two layers", walked("PutObject", "", "", func(t *exchange.Trace) {
			t.Seal = &sse.SealDecision{Method: sse.DSSE, KMS: &sse.KeyChoice{BucketKey: false}}
		}), "+Signature -Denied? +Allowed? -Public access +Encryption -Object Lock +Write"},
		{"no such key is the deed's own refusal", walked("GetObject", "perform", "NoSuchKey", nil),
			"+Signature -Denied? +Allowed? -Public access -Encryption -Object Lock XRead"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := drawn(c.trace); got != c.want {
				t.Errorf("\n got %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestDeciding(t *testing.T) {
	for _, c := range []struct {
		name      string
		trace     *exchange.Trace
		had, want string
	}{
		{"a key that is another", walked("GetObject", "perform", "AccessDenied", func(t *exchange.Trace) {
			t.Open = &sse.OpenDecision{Stored: sse.SSEC, Checks: []sse.KeyCheck{{Name: "algorithm", Passed: true}, {Name: "stored key", Sent: "md5 aa", Want: "md5 bb"}}}
		}), "md5 aa", "md5 bb"},
		{"a header that is missing says so", walked("GetObject", "perform", "InvalidRequest", func(t *exchange.Trace) {
			t.Open = &sse.OpenDecision{Checks: []sse.KeyCheck{{Name: "algorithm", Want: "AES256"}}}
		}), "(none)", "AES256"},
		{"another account", walked("GetObject", "authorize", "AccessDenied", func(t *exchange.Trace) {
			t.Caller.Account = "999988887777"
			t.Authorization = []exchange.Authorization{{Action: "s3:GetObject", Resource: "arn:aws:s3:::vault/a"}}
		}), "999988887777", "s3:GetObject on arn:aws:s3:::vault/a"},
		{"a request that went through has none", walked("PutObject", "", "", nil), "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, ok := Deciding(c.trace)
			if p.Had != c.had || p.Want != c.want || ok != (c.had != "") {
				t.Errorf("had %q want %q (%v); want %q and %q", p.Had, p.Want, ok, c.had, c.want)
			}
		})
	}
}

func TestHeadline(t *testing.T) {
	if got := Headline(walked("PutObject", "perform", "AccessDenied", nil)); got != "No." {
		t.Errorf("without words of our own the first sentence of the message is the headline, got %q", got)
	}
	told := walked("PutObject", "perform", "AccessDenied", func(t *exchange.Trace) { t.Fault.Say = "That is not the key." })
	if got := Headline(told); got != "That is not the key." {
		t.Errorf("headline %q", got)
	}
	if before, quoted, after := quotation("One idea: “Keys rotate.” So"); before != "One idea: " || quoted != "“Keys rotate.”" || after != " So" {
		t.Errorf("quotation: %q, %q, %q", before, quoted, after)
	}
}
