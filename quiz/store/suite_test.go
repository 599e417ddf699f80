package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"keyhole/quiz/progress"
)

func TestAppendIsKeptAndReadBack(t *testing.T) {
	each(t, func(t *testing.T, s *Store, reopen func() *Store) {
		want := answer("ann", "k1")
		want.At = time.Date(2026, 11, 23, 12, 0, 0, 123456789, time.FixedZone("east", 3600))
		got, again, err := s.Append(t.Context(), want)
		must(t, err)
		if got.ID == "" || again || got.At != time.Date(2026, 11, 23, 11, 0, 0, 123e6, time.UTC) {
			t.Errorf("stored %+v again %v", got, again)
		}
		now, _, err := s.Append(t.Context(), progress.Entry{Learner: "ann", Key: "k2", Kind: progress.NoteRead, Item: "note/x"})
		must(t, err)
		if time.Since(now.At).Abs() > time.Minute {
			t.Errorf("an entry without time gets %v", now.At)
		}
		entries, err := reopen().Entries(t.Context(), progress.Filter{Learner: "ann"})
		must(t, err)
		if !reflect.DeepEqual(entries, []progress.Entry{got, now}) {
			t.Errorf("read back %+v\nwant %+v", entries, []progress.Entry{got, now})
		}
	})
}

func TestTheSameKeyStoresOnce(t *testing.T) {
	each(t, func(t *testing.T, s *Store, _ func() *Store) {
		const tries = 50
		var wg sync.WaitGroup
		ids, repeats := make([]string, tries), make([]bool, tries)
		for i := range tries {
			wg.Go(func() {
				e, again, err := s.Append(t.Context(), answer("ann", "same"))
				if err != nil {
					t.Error(err)
				}
				ids[i], repeats[i] = e.ID, again
			})
		}
		wg.Wait()
		first := 0
		for i := range tries {
			if ids[i] != ids[0] {
				t.Fatalf("two entries came back: %s and %s", ids[0], ids[i])
			}
			if !repeats[i] {
				first++
			}
		}
		if first != 1 || keys(t, s, progress.Filter{Learner: "ann"}) != "same" {
			t.Errorf("%d of %d say they were first", first, tries)
		}
		if _, again, err := s.Append(t.Context(), answer("bob", "same")); err != nil || again {
			t.Errorf("another learner's same key: again %v, %v", again, err)
		}
	})
}

func TestEntriesAreFiltered(t *testing.T) {
	each(t, func(t *testing.T, s *Store, _ func() *Store) {
		early := answer("ann", "c")
		early.At = early.At.Add(-time.Hour) // the clock went back: the order stays
		read := answer("ann", "d")
		read.Kind = progress.NoteRead
		for _, e := range []progress.Entry{answer("ann", "a"), answer("ann", "b"), early, read, answer("bob", "x")} {
			_, _, err := s.Append(t.Context(), e)
			must(t, err)
		}
		for _, c := range []struct {
			name   string
			filter progress.Filter
			want   string
		}{
			{"all of ann", progress.Filter{Learner: "ann"}, "a b c d"},
			{"answers only", progress.Filter{Learner: "ann", Kind: progress.Answered}, "a b c"},
			{"one question", progress.Filter{Learner: "ann", Item: "q/b"}, "b"},
			{"the newest two, oldest first", progress.Filter{Learner: "ann", Limit: 2}, "c d"},
			{"bob sees his own", progress.Filter{Learner: "bob"}, "x"},
			{"bob and ann's question", progress.Filter{Learner: "bob", Item: "q/a"}, ""},
			{"nobody named", progress.Filter{}, ""},
			{"a quote in the name", progress.Filter{Learner: "ann' OR '1'='1"}, ""},
		} {
			if got := keys(t, s, c.filter); got != c.want {
				t.Errorf("%s: %q, want %q", c.name, got, c.want)
			}
		}
	})
}

func TestAppendRefusesWhatCannotBeKept(t *testing.T) {
	each(t, func(t *testing.T, s *Store, _ func() *Store) {
		for _, c := range []struct {
			name  string
			spoil func(*progress.Entry)
		}{
			{"no key", func(e *progress.Entry) { e.Key = "" }},
			{"no learner", func(e *progress.Entry) { e.Learner = "" }},
			{"a learner nobody knows", func(e *progress.Entry) { e.Learner = "eve" }},
			{"a zero byte", func(e *progress.Entry) { e.Item = "q/\x00" }},
			{"broken UTF-8", func(e *progress.Entry) { e.Key = "\xff" }},
			{"a key of a kilobyte", func(e *progress.Entry) { e.Key = strings.Repeat("k", 1024) }},
			{"a detail that is not JSON", func(e *progress.Entry) { e.Detail = []byte("{") }},
			{"a huge detail", func(e *progress.Entry) { e.Detail = []byte(`"` + strings.Repeat("x", maxDetail) + `"`) }},
		} {
			e := answer("ann", "k")
			c.spoil(&e)
			if _, _, err := s.Append(t.Context(), e); err == nil {
				t.Errorf("%s is kept", c.name)
			}
		}
		e := answer("eve", "k")
		if _, _, err := s.Append(t.Context(), e); !errors.Is(err, progress.ErrNotFound) {
			t.Errorf("an unknown learner gives %v", err)
		}
		if got := keys(t, s, progress.Filter{Learner: "ann"}); got != "" {
			t.Errorf("kept: %q", got)
		}
	})
}

// One batch holds changes that fail and panic beside good ones: only they fail.
func TestAFailureStaysInItsChange(t *testing.T) {
	each(t, func(t *testing.T, s *Store, reopen func() *Store) {
		gate := make(chan struct{})
		var wg sync.WaitGroup
		wg.Go(func() { // holds the writer, so that the others queue up into one batch
			must(t, s.apply(t.Context(), func(*tx) error { <-gate; return nil }))
		})
		time.Sleep(20 * time.Millisecond)
		errs := make([]error, 40)
		for i := range errs {
			wg.Go(func() {
				switch i % 4 {
				case 1:
					_, _, errs[i] = s.Append(t.Context(), answer("eve", fmt.Sprint("k", i)))
				case 2:
					errs[i] = s.apply(t.Context(), func(x *tx) error {
						if _, err := x.exec(`INSERT INTO settings (learner, name, value, at) VALUES ($1, $2, $3, $4)`, "ann", "half", "done", 1); err != nil {
							return err
						}
						panic("in the middle")
					})
				default:
					_, _, errs[i] = s.Append(t.Context(), answer("ann", fmt.Sprint("k", i)))
				}
			})
		}
		time.Sleep(50 * time.Millisecond)
		close(gate)
		wg.Wait()
		for i, err := range errs {
			if bad := i%4 == 1 || i%4 == 2; bad != (err != nil) {
				t.Errorf("change %d: %v", i, err)
			}
		}
		s = reopen()
		if n := len(strings.Fields(keys(t, s, progress.Filter{Learner: "ann"}))); n != 20 {
			t.Errorf("%d entries kept, want 20", n)
		}
		if v, _ := s.Setting(t.Context(), "ann", "half"); v != "" {
			t.Errorf("half a change was kept: %q", v)
		}
	})
}

func TestACallerWhoLeftIsNotWritten(t *testing.T) {
	each(t, func(t *testing.T, s *Store, _ func() *Store) {
		gate := make(chan struct{})
		var wg sync.WaitGroup
		wg.Go(func() { must(t, s.apply(t.Context(), func(*tx) error { <-gate; return nil })) })
		time.Sleep(20 * time.Millisecond)
		ctx, leave := context.WithTimeout(t.Context(), 10*time.Millisecond)
		defer leave()
		if _, _, err := s.Append(ctx, answer("ann", "left")); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a caller who left gets %v", err)
		}
		close(gate)
		wg.Wait()
		_, _, err := s.Append(t.Context(), answer("ann", "stayed"))
		must(t, err)
		if got := keys(t, s, progress.Filter{Learner: "ann"}); got != "stayed" {
			t.Errorf("kept %q", got)
		}
	})
}

func TestClosedAndReadOnly(t *testing.T) {
	each(t, func(t *testing.T, s *Store, _ func() *Store) {
		must(t, s.Close())
		if _, _, err := s.Append(t.Context(), answer("ann", "k")); !errors.Is(err, ErrClosed) {
			t.Errorf("after Close: %v", err)
		}
		must(t, s.Close())
	})
}

func TestLearnersAndSettings(t *testing.T) {
	each(t, func(t *testing.T, s *Store, reopen func() *Store) {
		if _, err := s.Learner(t.Context(), "eve"); !errors.Is(err, progress.ErrNotFound) {
			t.Errorf("an unknown learner: %v", err)
		}
		if err := s.CreateLearner(t.Context(), progress.Learner{ID: "ann", Name: "other"}); !errors.Is(err, progress.ErrExists) {
			t.Errorf("ann again: %v", err)
		}
		must(t, s.SetSetting(t.Context(), "ann", "theme", "dark"))
		must(t, s.SetSetting(t.Context(), "ann", "theme", "light ☼"))
		must(t, s.SetSetting(t.Context(), "bob", "theme", ""))
		if err := s.SetSetting(t.Context(), "eve", "theme", "dark"); !errors.Is(err, progress.ErrNotFound) {
			t.Errorf("a setting of nobody: %v", err)
		}
		s = reopen()
		for _, c := range [][3]string{{"ann", "theme", "light ☼"}, {"bob", "theme", ""}, {"ann", "other", ""}} {
			if v, err := s.Setting(t.Context(), c[0], c[1]); err != nil || v != c[2] {
				t.Errorf("%s of %s: %q, %v; want %q", c[1], c[0], v, err, c[2])
			}
		}
		ann, err := s.Learner(t.Context(), "ann")
		all, err2 := s.Learners(t.Context())
		if err != nil || err2 != nil || ann.Name != "ANN" || ann.Created.IsZero() || len(all) != 2 {
			t.Errorf("ann %+v %v, all %v %v", ann, err, all, err2)
		}
	})
}

func hashOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// awkward bytes: what a database with types by value might turn into a number, a text or NULL.
var awkward = map[string][]byte{
	"nothing":     {},
	"a zero byte": {0},
	"digits only": []byte("0012345678901234567890"),
	"a number":    []byte("1e3"),
	"broken text": {0xff, 0xfe, 0, 0x80},
	"all bytes": func() []byte {
		b := make([]byte, 256)
		for i := range b {
			b[i] = byte(i)
		}
		return b
	}(),
}

func TestBytesComeBackAsTheyWere(t *testing.T) {
	each(t, func(t *testing.T, s *Store, reopen func() *Store) {
		blobs := map[string][]byte{}
		for name, data := range awkward {
			run := "run " + name
			must(t, s.SaveRun(t.Context(), "ann", run, name, data, time.UnixMilli(5)))
			must(t, s.AppendEffects(t.Context(), "ann", run, 1, data, nil))
			must(t, s.SaveSnapshot(t.Context(), "ann", "snap "+name, 3, data))
			blobs[hashOf(data)] = data
		}
		must(t, s.AppendEffects(t.Context(), "ann", "blobs", 1, nil, blobs))
		s = reopen()
		for name, data := range awkward {
			run, doc, found, err := s.Run(t.Context(), "ann", name)
			if err != nil || !found || run != "run "+name || !bytes.Equal(doc, data) {
				t.Errorf("%s: document %q %v, %v", name, doc, found, err)
			}
			_, _, effects, err := s.Sandbox(t.Context(), "ann", "run "+name)
			if err != nil || len(effects) != 1 || !bytes.Equal(effects[0], data) {
				t.Errorf("%s: effects %q, %v", name, effects, err)
			}
			snapshot, seq, _, err := s.Sandbox(t.Context(), "ann", "snap "+name)
			if err != nil || seq != 3 || !bytes.Equal(snapshot, data) {
				t.Errorf("%s: snapshot %q %d, %v", name, snapshot, seq, err)
			}
			if got, err := s.Blob(t.Context(), "ann", "blobs", hashOf(data)); err != nil || !bytes.Equal(got, data) {
				t.Errorf("%s: blob %q, %v", name, got, err)
			}
		}
	})
}

func TestSandbox(t *testing.T) {
	each(t, func(t *testing.T, s *Store, reopen func() *Store) {
		ctx := t.Context()
		if snapshot, seq, effects, err := s.Sandbox(ctx, "ann", "r"); err != nil || snapshot != nil || seq != 0 || effects != nil {
			t.Errorf("a sandbox nobody stored: %q %d %q %v", snapshot, seq, effects, err)
		}
		one, two := []byte("one"), []byte("two")
		must(t, s.AppendEffects(ctx, "ann", "r", 1, []byte("e1"), map[string][]byte{hashOf(one): one}))
		must(t, s.SaveRun(ctx, "ann", "r", "lg05", []byte("doc"), time.UnixMilli(1)))
		for seq := int64(2); seq <= 12; seq++ { // beyond 9: numbers, not text, give the order
			must(t, s.AppendEffects(ctx, "ann", "r", seq, fmt.Appendf(nil, "e%d", seq), map[string][]byte{hashOf(one): one}))
		}
		if err := s.AppendEffects(ctx, "ann", "r", 12, []byte("other"), map[string][]byte{hashOf(two): two}); !errors.Is(err, progress.ErrExists) {
			t.Errorf("a number again: %v", err)
		}
		if _, err := s.Blob(ctx, "ann", "r", hashOf(two)); !errors.Is(err, progress.ErrNotFound) {
			t.Errorf("a blob of a refused batch: %v", err)
		}
		must(t, s.SaveSnapshot(ctx, "ann", "r", 10, []byte("world")))
		must(t, s.SaveSnapshot(ctx, "ann", "r", 4, []byte("an older world")))
		if err := s.AppendEffects(ctx, "ann", "r", 9, []byte("late"), nil); !errors.Is(err, progress.ErrExists) {
			t.Errorf("effects from before the snapshot: %v", err)
		}
		s = reopen()
		snapshot, seq, effects, err := s.Sandbox(ctx, "ann", "r")
		if err != nil || string(snapshot) != "world" || seq != 10 || fmt.Sprintf("%s", effects) != "[e11 e12]" {
			t.Errorf("%q %d %s %v", snapshot, seq, effects, err)
		}
		must(t, s.CloseRun(ctx, "ann", "r"))
		for name, err := range map[string]error{
			"effects after the end": s.AppendEffects(ctx, "ann", "r", 20, []byte("e"), nil),
			"a snapshot after it":   s.SaveSnapshot(ctx, "ann", "r", 20, []byte("w")),
			"saving the run":        s.SaveRun(ctx, "ann", "r", "lg05", []byte("doc"), time.UnixMilli(2)),
			"closing it again":      s.CloseRun(ctx, "ann", "r"),
			"a blob of the old run": second(s.Blob(ctx, "ann", "r", hashOf(one))),
		} {
			if !errors.Is(err, progress.ErrNotFound) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if snapshot, _, effects, err := s.Sandbox(ctx, "ann", "r"); err != nil || snapshot != nil || effects != nil {
			t.Errorf("the sandbox of a closed run: %q %q %v", snapshot, effects, err)
		}
	})
}

func second[T any](_ T, err error) error { return err }

func TestRuns(t *testing.T) {
	each(t, func(t *testing.T, s *Store, _ func() *Store) {
		ctx := t.Context()
		must(t, s.SaveRun(ctx, "ann", "r1", "lg05", []byte("1"), time.UnixMilli(1)))
		must(t, s.SaveRun(ctx, "ann", "r2", "lg05", []byte("2"), time.UnixMilli(2)))
		must(t, s.SaveRun(ctx, "ann", "r1", "lg05", []byte("1b"), time.UnixMilli(3))) // saved later, opened earlier
		must(t, s.SaveRun(ctx, "bob", "r3", "lg05", []byte("3"), time.UnixMilli(4)))
		if run, doc, found, err := s.Run(ctx, "ann", "lg05"); err != nil || !found || run != "r2" || string(doc) != "2" {
			t.Errorf("the newest open run: %s %q %v %v", run, doc, found, err)
		}
		must(t, s.CloseRun(ctx, "ann", "r2"))
		if run, doc, _, _ := s.Run(ctx, "ann", "lg05"); run != "r1" || string(doc) != "1b" {
			t.Errorf("after closing r2: %s %q", run, doc)
		}
		if _, _, found, err := s.Run(ctx, "ann", "lg06"); found || err != nil {
			t.Errorf("a lab never opened: %v %v", found, err)
		}
		if ids, err := s.RunIDs(ctx); err != nil || fmt.Sprint(ids) != "[[r1 ann lg05] [r3 bob lg05]]" {
			t.Errorf("open runs: %v %v", ids, err)
		}
	})
}

// Two learners in one store: whatever bob asks with ann's names, he gets his own or nothing, and changes nothing.
func TestNeitherLearnerSeesTheOther(t *testing.T) {
	each(t, func(t *testing.T, s *Store, _ func() *Store) {
		ctx := t.Context()
		secret := []byte("ann's ciphertext")
		_, _, err := s.Append(ctx, answer("ann", "k"))
		must(t, err)
		must(t, s.SetSetting(ctx, "ann", "exam", "2026-12-24"))
		must(t, s.SaveRun(ctx, "ann", "r", "lg05", []byte("ann's run"), time.UnixMilli(1)))
		must(t, s.SaveSnapshot(ctx, "ann", "r", 1, []byte("ann's world")))
		must(t, s.AppendEffects(ctx, "ann", "r", 2, []byte("ann's effect"), map[string][]byte{hashOf(secret): secret}))

		if got := keys(t, s, progress.Filter{Learner: "bob"}); got != "" {
			t.Errorf("bob reads ann's journal: %q", got)
		}
		if v, _ := s.Setting(ctx, "bob", "exam"); v != "" {
			t.Errorf("bob reads ann's setting: %q", v)
		}
		if _, doc, found, _ := s.Run(ctx, "bob", "lg05"); found {
			t.Errorf("bob reads ann's run: %q", doc)
		}
		if snapshot, _, effects, _ := s.Sandbox(ctx, "bob", "r"); snapshot != nil || effects != nil {
			t.Errorf("bob reads ann's sandbox: %q %q", snapshot, effects)
		}
		for name, err := range map[string]error{
			"reads ann's blob":        second(s.Blob(ctx, "bob", "r", hashOf(secret))),
			"overwrites ann's run":    s.SaveRun(ctx, "bob", "r", "lg05", []byte("bob's"), time.UnixMilli(2)),
			"closes ann's run":        s.CloseRun(ctx, "bob", "r"),
			"adds to ann's sandbox":   s.AppendEffects(ctx, "bob", "r", 3, []byte("bob's"), nil),
			"replaces ann's snapshot": s.SaveSnapshot(ctx, "bob", "r", 9, []byte("bob's")),
		} {
			if !errors.Is(err, progress.ErrNotFound) {
				t.Errorf("bob %s: %v", name, err)
			}
		}
		must(t, s.SetSetting(ctx, "bob", "exam", "never"))
		_, doc, _, _ := s.Run(ctx, "ann", "lg05")
		snapshot, seq, effects, _ := s.Sandbox(ctx, "ann", "r")
		exam, _ := s.Setting(ctx, "ann", "exam")
		if string(doc) != "ann's run" || string(snapshot) != "ann's world" || seq != 1 || fmt.Sprintf("%s", effects) != "[ann's effect]" || exam != "2026-12-24" {
			t.Errorf("bob changed what is ann's: %q %q %d %q %q", doc, snapshot, seq, effects, exam)
		}
	})
}

// A statement may name its parameters in any order and more than once, on both databases.
func TestParametersGoByNumber(t *testing.T) {
	each(t, func(t *testing.T, s *Store, _ func() *Store) {
		var a, b, c string
		must(t, s.askOne(t.Context(), `SELECT CAST($2 AS text), CAST($1 AS text), CAST($2 AS text)`, []any{"one", "two"}, &a, &b, &c))
		if a != "two" || b != "one" || c != "two" {
			t.Errorf("got %s %s %s", a, b, c)
		}
	})
}

func TestTheReadPoolCannotWrite(t *testing.T) {
	each(t, func(t *testing.T, s *Store, _ func() *Store) {
		if _, err := s.read.ExecContext(t.Context(), `DELETE FROM learners`); err == nil {
			t.Error("a write went through the read pool")
		}
	})
}

// Serialization failures and two nodes counting the same journal number are tried again, not handed to the learner.
func TestTwoNodesOnePostgres(t *testing.T) {
	o := Options{Now: time.Now, DSN: postgresDatabase(t)}
	s := open(t, o)
	people(t, s, "ann")
	other := open(t, o)
	var wg sync.WaitGroup
	for i := range 200 {
		node := []*Store{s, other}[i%2]
		wg.Go(func() {
			if _, _, err := node.Append(t.Context(), answer("ann", fmt.Sprint("k", i/4))); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := len(strings.Fields(keys(t, s, progress.Filter{Learner: "ann"}))); n != 50 {
		t.Errorf("%d entries, want 50", n)
	}
}
