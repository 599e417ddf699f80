package simulator

import (
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"keyhole/simulator/exchange"
)

// refused are requests that authorize stops, and what would have come next.
var refused = []struct{ name, request, perform, say string }{
	{"a write that would work", "PUT /vault/b\n@as bob\n\nmine now\n", "pass", "PutObject would be done"},
	{"a write over what is there", "PUT /vault/a\n@as bob\n\nmine now\n", "pass", "PutObject would be done"},
	{"a removal", "DELETE /vault/a\n@as bob\n", "pass", "DeleteObject would be done"},
	{"a removal by nobody", "DELETE /vault/a\n@as nobody\n", "pass", "DeleteObject would be done"},
	{"a read of what is there", "GET /vault/a\n@as bob\n", "pass", "GetObject would be done"},
	{"a read of what is not", "GET /vault/zz\n@as bob\n", "stop", ""},
	{"an upload begun", "POST /vault/u?uploads\n@as bob\n", "pass", "CreateMultipartUpload would be done"},
	{"a customer key on a bucket that blocks them", "PUT /vault/k\n@as bob\n@key 1234567890abcdef1234567890abcdef\n\nx\n", "stop", ""},
	{"a setting", "PUT /vault?versioning\n@as bob\n\n<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>\n", "pass", "PutBucketVersioning would be done"},
}

func shadowed(t *testing.T) *script {
	s := newScript(t, "2026")
	s.run("-- request: a bucket --\nPUT /vault\n-- request: an object --\nPUT /vault/a\n\nhello\n")
	return s
}

func TestTheShadowRunSaysWhatWaits(t *testing.T) {
	for _, row := range refused {
		t.Run(row.name, func(t *testing.T) {
			s := shadowed(t)
			s.run("-- request: refused --\n" + row.request)
			trace := s.last()
			if trace.Stopped != "authorize" || trace.Shadow == nil {
				t.Fatalf("stopped at %q, shadow %v", trace.Stopped, trace.Shadow)
			}
			got := trace.Shadow.Stages[0]
			if string(got.Verdict) != row.perform || row.say != "" && got.Say != row.say || got.Say == "" {
				t.Errorf("perform %+v", got)
			}
			if trace.Seal != nil || trace.Open != nil || len(trace.Effects) > 0 {
				t.Error("the shadow run left something in the real trace")
			}
			if len(trace.Stages) != len(pipeline) || trace.Stages[5].Verdict != exchange.Unreached {
				t.Errorf("stages %v", trace.Stages)
			}
		})
	}
	s := shadowed(t)
	s.run("-- request: refused --\nPUT /vault/b\n@as bob\n\nmine\n")
	if seal := s.last().Shadow.Seal; seal == nil || seal.Method != "AES256" {
		t.Errorf("the encryption it would have had: %+v", seal)
	}
	if len(s.last().Shadow.Would) != 1 {
		t.Errorf("it would have done %q", s.last().Shadow.Would)
	}
}

// A refused request leaves no effect and takes nothing from the generator: the next request is answered as if it had not been.
func TestTheShadowRunLeavesNothing(t *testing.T) {
	s := shadowed(t)
	s.run("-- request: versions --\nPUT /vault?versioning\n\n<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>\n")
	hash := func(sim *Simulator) (h string) { // of everything but what CloudTrail wrote down, refusals too
		sim.View(func(w *World) {
			text, err := json.Marshal([]any{w.Buckets("111122223333"), w.Principals(), w.Usage(), w.AccessPoints(""), w.KMSKeys("111122223333", "")})
			if err != nil {
				t.Fatal(err)
			}
			h = string(text)
		})
		return h
	}
	before := s.simulator
	rapid.Check(t, func(r *rapid.T) {
		s.simulator = before.Clone()
		start := hash(s.simulator)
		for range rapid.IntRange(1, 4).Draw(r, "refusals") {
			row := rapid.SampledFrom(refused).Draw(r, "refused")
			s.run("-- request: refused --\n" + row.request)
			if s.last().Stopped != "authorize" {
				r.Fatalf("%s: not refused", row.name)
			}
		}
		if hash(s.simulator) != start {
			r.Fatal("a refused request changed the world")
		}
		s.run("-- request: allowed --\nPUT /vault/next\n\nnext\n")
		after := s.answer.Header.Get("X-Amz-Version-Id")
		s.simulator = before.Clone()
		s.run("-- request: allowed --\nPUT /vault/next\n\nnext\n")
		if want := s.answer.Header.Get("X-Amz-Version-Id"); after != want || want == "" {
			r.Fatalf("version %q after refusals, %q without", after, want)
		}
	})
	// What was kept before stays: the last batch is not taken back with the shadow.
	s.simulator = before
	s.run("-- request: stored --\nPUT /vault/kept\n\nkept\n-- request: refused --\nPUT /vault/kept\n@as bob\n\nno\n-- request: still there --\nGET /vault/kept\n-- want --\n200\nbody kept\n")
	if strings.Contains(strings.Join(s.last().Notes, " "), "panic") {
		t.Error(s.last().Notes)
	}
}
