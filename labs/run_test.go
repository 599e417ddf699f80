package labs

import (
	"context"
	"encoding/base64"
	"errors"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"keyhole/labs/shell"
)

var everyStep = []string{"refused", "unblock", "two-keys", "read-both", "two-errors", "hand-over", "block-again"}

func TestNothingIsPassedAtTheStart(t *testing.T) {
	b := newBench(t)
	r := b.open("ana")
	if got := done(b.state(r)); got != nil {
		t.Errorf("steps done at the start: %v", got)
	}
	want := []string{"two-versions", "plain-copy", "read-first", "read-second", "no-key", "older-key", "stranger-key", "over-http", "plain-read"}
	if got := open(b.check(r)); !slices.Equal(got, want) {
		t.Errorf("checks that fail at the start:\n got %v\nwant %v", got, want)
	}
}

func TestSolutionPassesStepByStep(t *testing.T) {
	b := newBench(t)
	r := b.open("ana")
	b.play(r, r.Lab().Solution)
	st := b.state(r)
	if got := done(st); !slices.Equal(got, everyStep) {
		t.Fatalf("steps done: %v", got)
	}
	if st.Passed.IsZero() || st.Report == nil || !st.Report.Passed {
		t.Fatalf("not passed; open: %v", open(b.check(r)))
	}
	if got := len(b.keys(kindStepPassed)); got != len(everyStep) {
		t.Errorf("%d steps in the journal", got)
	}
	if got := b.keys(kindLabPassed); !slices.Equal(got, []string{"ana lab/lg05"}) {
		t.Errorf("labs passed in the journal: %v", got)
	}
	b.check(r)
	b.play(r, r.Lab().Solution)
	if got := b.keys(kindLabPassed); len(got) != 1 {
		t.Errorf("passed again: %v", got)
	}
}

func TestStepsTurnGreenInOrder(t *testing.T) {
	b := newBench(t)
	r := b.open("ana")
	var seen []string
	for line := range strings.Lines(r.Lab().Solution) {
		b.play(r, line)
		for _, id := range done(b.state(r)) {
			if !slices.Contains(seen, id) {
				seen = append(seen, id)
			}
		}
	}
	if !slices.Equal(seen, everyStep) {
		t.Errorf("order %v", seen)
	}
}

func TestWrongSolutionsFailAtTheNamedCheck(t *testing.T) {
	l := theLab(t)
	for _, w := range l.Wrong {
		t.Run(w.File, func(t *testing.T) {
			if !strings.Contains(w.Script, "Must fail at: "+w.Fails) {
				t.Errorf("the script does not name %s", w.Fails)
			}
			b := newBench(t)
			r := b.open("ana")
			b.play(r, w.Script)
			rep := b.check(r)
			if rep.Passed || !slices.Contains(open(rep), w.Fails) {
				t.Fatalf("fails at %v, want %s among them", open(rep), w.Fails)
			}
			res, _ := rep.Result(w.Fails)
			if res.Asked == "" || res.Got == "" || res.Say == "" {
				t.Errorf("the report says too little: %+v", res)
			}
			if len(b.keys(kindLabPassed)) != 0 {
				t.Error("the journal says that it passed")
			}
		})
	}
}

func TestChecksLeaveNothingBehind(t *testing.T) {
	b := newBench(t)
	r := b.open("ana")
	b.play(r, r.Lab().Solution)
	before := b.state(r)
	b.check(r)
	after := b.state(r)
	if !reflect.DeepEqual(before.Buckets, after.Buckets) || before.Total != after.Total {
		t.Error("a check changed the sandbox or its log")
	}
}

func TestKilledInTheMiddle(t *testing.T) {
	b := newBench(t)
	r := b.open("ana")
	lines := strings.Split(strings.TrimSpace(r.Lab().Solution), "\n")
	half := len(lines) / 2
	b.play(r, strings.Join(lines[:half], "\n"))
	before := b.state(r)

	b.start() // nothing was closed or flushed
	r2 := b.open("ana")
	after := b.state(r2)
	if r2.ID() != r.ID() {
		t.Fatal("another run was started")
	}
	if !reflect.DeepEqual(before.Buckets, after.Buckets) {
		t.Errorf("buckets differ:\n%+v\n%+v", before.Buckets, after.Buckets)
	}
	if !slices.Equal(done(before), done(after)) || !reflect.DeepEqual(before.Files, after.Files) || len(before.Blocks) != len(after.Blocks) {
		t.Error("steps, files or console lines were lost")
	}
	if len(after.Requests) != len(before.Requests) || after.Requests[0].Number != 1 {
		t.Errorf("%d of %d requests", len(after.Requests), len(before.Requests))
	}
	blocks := b.play(r2, strings.Join(lines[half:], "\n"))
	st := b.state(r2)
	if st.Passed.IsZero() {
		t.Errorf("not passed after the restart: %v, %v", done(st), open(b.check(r2)))
	}
	ids := map[string]int{}
	for _, one := range st.Requests {
		if first, again := ids[one.ID]; again {
			t.Errorf("requests %d and %d share the id %s", first, one.Number, one.ID)
		}
		ids[one.ID] = one.Number
	}
	if first := blocks[0].Requests; len(first) > 0 && first[0] != before.Total+1 {
		t.Errorf("numbering goes on with %d after %d", first[0], before.Total)
	}
}

// Many clients at once end in another order than they began: every request is in the log all the same, in its place.
func TestRequestsOfManyClientsAreAllInTheLog(t *testing.T) {
	b := newBench(t)
	r := b.open("ana")
	sb, release, err := b.runs.acquire(t.Context(), r.ID())
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			c, err := connect(sb.sim, r.Lab(), "app", shell.Connect{})
			if err != nil {
				t.Error(err)
				return
			}
			for range 25 {
				if _, err := c.Do(context.Background(), "HeadBucket", map[string]any{"Bucket": "vault"}); err != nil {
					t.Error(err)
				}
				sb.mu.Lock()
				err := sb.settle(context.Background())
				sb.mu.Unlock()
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	st := b.state(r)
	if len(st.Requests) != 200 || st.Total != 200 {
		t.Fatalf("%d of 200 requests are in the log, %d counted", len(st.Requests), st.Total)
	}
	for i, one := range st.Requests {
		if one.Number != i+1 {
			t.Fatalf("place %d holds request %d", i+1, one.Number)
		}
	}
}

func TestKilledAfterManyRequests(t *testing.T) {
	b := newBench(t)
	r := b.open("ana")
	for range snapshotEvery + 10 {
		b.play(r, "aws s3api put-object --bucket vault --key many.txt --body one.txt")
	}
	before := b.state(r)
	if b.store.runs[r.ID()].at == 0 {
		t.Error("no snapshot was taken")
	}
	b.start()
	if after := b.state(b.open("ana")); !reflect.DeepEqual(before.Buckets, after.Buckets) {
		t.Error("buckets differ after the restart")
	}
}

func TestTwoLearners(t *testing.T) {
	b := newBench(t)
	ana, ben := b.open("ana"), b.open("ben")
	if ana.ID() == ben.ID() {
		t.Fatal("one run for two learners")
	}
	b.play(ana, ana.Lab().Solution)
	st := b.state(ben)
	if len(st.Buckets[0].Keys) != 0 || len(done(st)) != 0 || st.Total != 0 || len(st.Blocks) != 0 {
		t.Errorf("ben sees what ana did: %+v", st)
	}
	for _, e := range b.journal {
		if e.learner != "ana" {
			t.Errorf("the journal of %s has %s", e.learner, e.item)
		}
	}
	one, _ := ana.Lab().givenFile(b.runs.live[ana.ID()].doc.Seed, "k1.bin")
	two, _ := ben.Lab().givenFile(b.runs.live[ben.ID()].doc.Seed, "k1.bin")
	if slices.Equal(one, two) || len(one) != 32 {
		t.Error("the learners have one key, or none")
	}
	if _, err := RoleSession(context.Background(), b.store, b.options.Labs, "ben", ana.ID(), "app", time.Hour, b.options.Now); !errors.Is(err, ErrNoRun) {
		t.Errorf("ben gets credentials of ana's run: %v", err)
	}
}

func TestResetMakesAnotherSandbox(t *testing.T) {
	b := newBench(t)
	r := b.open("ana")
	b.play(r, r.Lab().Solution)
	fresh, err := r.Reset(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if fresh.ID() == r.ID() {
		t.Error("the same run")
	}
	if st := b.state(fresh); len(done(st)) != 0 || len(st.Buckets[0].Keys) != 0 {
		t.Error("something was left")
	}
	if _, err := r.State(context.Background()); !errors.Is(err, ErrNoRun) {
		t.Errorf("the old run answers: %v", err)
	}
	if again := b.open("ana"); again.ID() != fresh.ID() {
		t.Error("opening does not resume the new run")
	}
}

func TestPredictionsAndHints(t *testing.T) {
	b := newBench(t)
	ctx := context.Background()
	r := b.open("ana")
	for _, option := range []string{"blocked", "stored"} { // only the first counts
		if err := r.Predict(ctx, "refused", option); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Predict(ctx, "refused", "nonsense"); !errors.Is(err, ErrNoOption) {
		t.Errorf("nonsense: %v", err)
	}
	for range 3 {
		if _, err := r.Hint(ctx, "refused"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := r.Hint(ctx, "refused"); !errors.Is(err, ErrNoHint) {
		t.Errorf("a fourth hint: %v", err)
	}
	b.play(r, r.Lab().Solution)
	if st := b.state(r); st.Steps[0].Predicted == nil || st.Steps[0].Predicted.ID != "blocked" || st.Steps[0].Taken != 3 {
		t.Errorf("%+v", st.Steps[0])
	}
	if st := b.state(r); st.Steps[0].Returned != "403 AccessDenied" || st.Steps[0].Request != 1 {
		t.Errorf("what it returned: %+v", st.Steps[0])
	}
	for _, e := range b.journal {
		switch {
		case e.kind == kindPredicted && (!e.right || e.item != "lab/lg05#refused"),
			e.kind == kindStepPassed && e.item == "lab/lg05#refused" && e.score != 0.6,
			e.kind == kindLabPassed && e.score != 0.6:
			t.Errorf("%+v", e)
		}
	}
}

func TestClockGoesForwardOnly(t *testing.T) {
	b := newBench(t)
	ctx := context.Background()
	r := b.open("ana")
	if got := b.state(r).Now; !got.Equal(time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)) {
		t.Fatalf("the clock starts at %s", got)
	}
	b.now = b.now.Add(90 * time.Second)
	if err := r.Advance(ctx, 24*time.Hour); err != nil {
		t.Fatal(err)
	}
	want := time.Date(2026, 6, 2, 0, 1, 30, 0, time.UTC)
	if got := b.state(r).Now; !got.Equal(want) {
		t.Errorf("%s, want %s", got, want)
	}
	for _, d := range []time.Duration{0, -time.Hour, MaxJump + 1} {
		if err := r.Advance(ctx, d); !errors.Is(err, ErrClock) {
			t.Errorf("%s: %v", d, err)
		}
	}
	b.start()
	if got := b.state(b.open("ana")).Now; !got.Equal(want) {
		t.Errorf("after a restart %s, want %s", got, want)
	}
	b.play(b.open("ana"), "clock +30d")
	if got := b.state(b.open("ana")).Now; !got.Equal(want.Add(30 * 24 * time.Hour)) {
		t.Errorf("after the verb: %s", got)
	}
}

func TestOnlySoManySandboxesStayInMemory(t *testing.T) {
	b := newBench(t)
	b.options.Limits.Live = 2
	b.start()
	for _, learner := range []string{"ana", "ben", "cem", "dee"} {
		b.play(b.open(learner), "aws s3api put-object --bucket vault --key "+learner+".txt --body one.txt")
	}
	if got := b.runs.Live(); got > 2 {
		t.Errorf("%d in memory", got)
	}
	if st := b.state(b.open("ana")); len(st.Buckets[0].Keys) != 1 || st.Buckets[0].Keys[0].Key != "ana.txt" || len(st.Blocks) != 1 {
		t.Errorf("ana's sandbox came back as %+v", st.Buckets[0])
	}
}

func TestWhatCannotBeStoredDidNotHappen(t *testing.T) {
	b := newBench(t)
	r := b.open("ana")
	b.store.broken = errors.New("disk full")
	block := b.play(r, "aws s3api put-object --bucket vault --key x.txt --body one.txt")[0]
	if block.Code == 0 || !strings.Contains(block.Stderr, "InternalError") {
		t.Errorf("%+v", block)
	}
	b.store.broken = nil
	if st := b.state(r); len(st.Buckets[0].Keys) != 0 {
		t.Error("the object is there")
	}
	if block := b.play(r, "aws s3api put-object --bucket vault --key x.txt --body one.txt")[0]; block.Code != 0 {
		t.Errorf("afterwards: %+v", block)
	}
}

func TestKeysStayInTheHomeFolder(t *testing.T) {
	b := newBench(t)
	r := b.open("ana")
	b.play(r, r.Lab().Solution)
	b.check(r)
	if err := b.runs.Close(); err != nil {
		t.Fatal(err)
	}
	sandbox, raw := b.store.stored(r.ID())
	d, err := decodeDocument(raw)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"k1.bin", "k2.bin"} {
		key := d.Home.Files[name]
		encoded := []byte(base64.StdEncoding.EncodeToString(key))
		if len(key) != 32 || contains(sandbox, key) || contains(sandbox, encoded) {
			t.Errorf("%s is in the sandbox", name)
		}
		delete(d.Home.Files, name)
		rest, err := d.encode()
		if err != nil {
			t.Fatal(err)
		}
		if contains([][]byte{rest}, key) || contains([][]byte{rest}, encoded) {
			t.Errorf("%s is in the run beside the home folder", name)
		}
	}
}

func TestGhostsUntilTheNextSuccess(t *testing.T) {
	b := newBench(t)
	r := b.open("ana")
	b.play(r, "aws s3api put-object --bucket vault --key secret.txt --body one.txt --sse-customer-algorithm AES256 --sse-customer-key fileb://k1.bin")
	if got := b.state(r).Buckets[0].Ghosts; !reflect.DeepEqual(got, []Ghost{{1, "secret.txt"}}) {
		t.Errorf("%+v", got)
	}
	b.play(r, "aws s3api put-object --bucket vault --key secret.txt --body one.txt")
	if got := b.state(r).Buckets[0].Ghosts; got != nil {
		t.Errorf("still %+v", got)
	}
}

func TestActingAs(t *testing.T) {
	b := newBench(t)
	ctx := context.Background()
	r := b.open("ana")
	if err := r.Act(ctx, "mallory"); !errors.Is(err, ErrPrincipal) {
		t.Errorf("mallory: %v", err)
	}
	if err := r.Act(ctx, "analyst"); err != nil {
		t.Fatal(err)
	}
	b.play(r, "aws s3api get-bucket-encryption --bucket vault")
	if _, err := r.Exec(ctx, "aws s3api get-bucket-encryption --bucket vault", "admin"); err != nil {
		t.Fatal(err)
	}
	b.play(r, "as app\naws s3api get-bucket-encryption --bucket vault\naws s3api get-object --bucket vault --key x x --no-sign-request\naws s3api head-bucket --bucket vault --profile nobody")
	st := b.state(r)
	var callers []string
	for _, q := range st.Requests {
		callers = append(callers, q.Caller.Kind+" "+q.Caller.Name)
	}
	if want := []string{"user analyst", "role admin", "role app-uploader", "anonymous "}; !slices.Equal(callers, want) {
		t.Errorf("callers %q", callers)
	}
	if st.Acting.Profile != "app" {
		t.Errorf("acting as %s", st.Acting.Profile)
	}
	if last := st.Blocks[len(st.Blocks)-1]; last.Code == 0 || !strings.Contains(last.Stderr, "could not be found") {
		t.Errorf("an unknown profile: %+v", last)
	}
}
