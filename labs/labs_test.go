package labs

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
)

// theLab reads LG05 from its folder, as content does.
func theLab(t testing.TB) Lab {
	t.Helper()
	data, err := os.ReadFile("../content/labs/lg05/lab.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var l Lab
	if err := yaml.UnmarshalWithOptions(data, &l, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	if problems := l.ReadFolder(os.DirFS("../content/labs"), "lg05"); len(problems) > 0 {
		t.Fatal(problems)
	}
	return l
}

// memory is a Store that keeps everything in maps and refuses other learners, as the real one does.
type memory struct {
	mu     sync.Mutex
	runs   map[string]*memoryRun
	broken error // returned by AppendEffects when set
}

type memoryRun struct {
	learner, lab string
	doc          []byte
	snapshot     []byte
	at           int64
	effects      [][]byte
	blobs        map[string][]byte
	closed       bool
}

func newMemory() *memory { return &memory{runs: map[string]*memoryRun{}} }

func (m *memory) get(learner, run string) (*memoryRun, error) {
	r := m.runs[run]
	if r == nil || r.learner != learner || r.closed {
		return nil, fmt.Errorf("no run %s of %s", run, learner)
	}
	return r, nil
}

func (m *memory) SaveRun(_ context.Context, learner, run, lab string, doc []byte, _ time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.runs[run] == nil {
		m.runs[run] = &memoryRun{learner: learner, lab: lab, blobs: map[string][]byte{}}
	}
	r, err := m.get(learner, run)
	if err == nil {
		r.doc = slices.Clone(doc)
	}
	return err
}

func (m *memory) Run(_ context.Context, learner, lab string) (string, []byte, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for id, r := range m.runs {
		if r.learner == learner && r.lab == lab && !r.closed {
			return id, r.doc, true, nil
		}
	}
	return "", nil, false, nil
}

func (m *memory) RunIDs(context.Context) (rows [][3]string, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for id, r := range m.runs {
		if !r.closed {
			rows = append(rows, [3]string{id, r.learner, r.lab})
		}
	}
	return rows, nil
}

func (m *memory) CloseRun(_ context.Context, learner, run string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, err := m.get(learner, run)
	if err == nil {
		r.closed = true
	}
	return err
}

func (m *memory) AppendEffects(_ context.Context, learner, run string, seq int64, effects []byte, blobs map[string][]byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.broken != nil {
		return m.broken
	}
	r, err := m.get(learner, run)
	if err != nil {
		return err
	}
	if want := r.at + int64(len(r.effects)) + 1; seq != want {
		return fmt.Errorf("batch %d, want %d", seq, want)
	}
	r.effects = append(r.effects, slices.Clone(effects))
	for hash, data := range blobs {
		r.blobs[hash] = slices.Clone(data)
	}
	return nil
}

func (m *memory) SaveSnapshot(_ context.Context, learner, run string, seq int64, snapshot []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, err := m.get(learner, run)
	if err != nil {
		return err
	}
	r.effects = r.effects[min(int(seq-r.at), len(r.effects)):]
	r.snapshot, r.at = slices.Clone(snapshot), seq
	return nil
}

func (m *memory) Sandbox(_ context.Context, learner, run string) ([]byte, int64, [][]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, err := m.get(learner, run)
	if err != nil {
		return nil, 0, nil, err
	}
	return r.snapshot, r.at, slices.Clone(r.effects), nil
}

func (m *memory) Blob(_ context.Context, learner, run, hash string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, err := m.get(learner, run)
	if err != nil {
		return nil, err
	}
	return r.blobs[hash], nil
}

// entry is what the journal was told.
type entry struct {
	learner, kind, item, key string
	right                    bool
	score                    float64
}

// bench is a Runs over a memory store with a journal and a clock that stands still.
type bench struct {
	t       testing.TB
	store   *memory
	now     time.Time
	journal []entry
	options Options
	runs    *Runs
}

func newBench(t testing.TB) *bench {
	b := &bench{t: t, store: newMemory(), now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	draws := uint64(0)
	b.options = Options{
		Labs: []Lab{theLab(t)}, Store: b.store, Now: func() time.Time { return b.now },
		Rand: func(n int) []byte {
			var out []byte
			for len(out) < n {
				draws++
				sum := sha256.Sum256(binary.BigEndian.AppendUint64(nil, draws))
				out = append(out, sum[:]...)
			}
			return out[:n]
		},
		Record: func(_ context.Context, learner, kind, item, key string, right bool, score float64, _ any) error {
			for _, e := range b.journal {
				if e.learner == learner && e.key == key {
					return nil
				}
			}
			b.journal = append(b.journal, entry{learner, kind, item, key, right, score})
			return nil
		},
		Endpoints: func() Endpoints {
			return Endpoints{HTTP: "http://127.0.0.1:9000", TLS: "https://127.0.0.1:9443", CA: "/data/tls/ca.pem", Data: "/data", Binary: "/bin/keyhole"}
		},
	}
	b.start()
	return b
}

// start is what a server does when it begins; calling it again without Close is what kill -9 leaves.
func (b *bench) start() {
	b.t.Helper()
	runs, err := NewRuns(context.Background(), b.options)
	if err != nil {
		b.t.Fatal(err)
	}
	b.runs = runs
}

func (b *bench) open(learner string) *Run {
	b.t.Helper()
	r, err := b.runs.Open(context.Background(), learner, "lg05")
	if err != nil {
		b.t.Fatal(err)
	}
	return r
}

func (b *bench) state(r *Run) State {
	b.t.Helper()
	st, err := r.State(context.Background())
	if err != nil {
		b.t.Fatal(err)
	}
	return st
}

// play runs a script line by line, as a learner would.
func (b *bench) play(r *Run, script string) []Block {
	b.t.Helper()
	var blocks []Block
	for line := range strings.Lines(script) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		block, err := r.Exec(context.Background(), line, "")
		if err != nil {
			b.t.Fatalf("%s: %v", line, err)
		}
		blocks = append(blocks, block)
	}
	return blocks
}

func (b *bench) check(r *Run) Report {
	b.t.Helper()
	rep, err := r.Check(context.Background())
	if err != nil {
		b.t.Fatal(err)
	}
	return rep
}

func (b *bench) keys(kind string) (items []string) {
	for _, e := range b.journal {
		if e.kind == kind {
			items = append(items, e.learner+" "+e.item)
		}
	}
	return items
}

func done(st State) (ids []string) {
	for _, s := range st.Steps {
		if s.Done {
			ids = append(ids, s.ID)
		}
	}
	return ids
}

func open(rep Report) (ids []string) {
	for _, r := range rep.Results {
		if !r.OK {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

func TestLabIsValid(t *testing.T) {
	l := theLab(t)
	for _, p := range l.Validate() {
		t.Error(p)
	}
}

func TestValidateFindsMistakes(t *testing.T) {
	rows := []struct {
		name, path string
		spoil      func(l *Lab)
	}{
		{"two right predictions", "steps[0].predict.options", func(l *Lab) { l.Steps[0].Predict.Options[0].Right = true }},
		{"a hint is missing", "steps[1].hints", func(l *Lab) { l.Steps[1].Hints = l.Steps[1].Hints[:2] }},
		{"a step after a later one", "steps[1].after", func(l *Lab) { l.Steps[1].After = []string{"hand-over"} }},
		{"a condition about nothing", "steps[0].when[0]", func(l *Lab) { l.Steps[0].When = []Condition{{}} }},
		{"an unknown principal", "checks[3].as", func(l *Lab) { l.Checks[3].As = "mallory" }},
		{"an unknown operation", "checks[3].do", func(l *Lab) { l.Checks[3].Do = "ReadObject" }},
		{"a wrong solution without its check", "wrong[0].fails", func(l *Lab) { l.Wrong[0].Fails = "" }},
		{"a start that is no world", "start.json", func(l *Lab) { l.Start = []byte(`{"buckets":[{"nme":"x"}]}`) }},
		{"a bucket that is not there", "bucket", func(l *Lab) { l.Bucket = "vaults" }},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			l := theLab(t)
			row.spoil(&l)
			found := l.Validate()
			if !slices.ContainsFunc(found, func(p Problem) bool { return p.Path == row.path }) {
				t.Errorf("no problem at %s, only %v", row.path, found)
			}
		})
	}
}

// Everything a run stores is searched for the bytes and the base64 of its keys.
func (m *memory) stored(run string) (sandbox [][]byte, doc []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.runs[run]
	sandbox = append(sandbox, r.snapshot)
	sandbox = append(sandbox, r.effects...)
	for _, blob := range r.blobs {
		sandbox = append(sandbox, blob)
	}
	return sandbox, r.doc
}

func contains(haystack [][]byte, needle []byte) bool {
	return slices.ContainsFunc(haystack, func(h []byte) bool { return bytes.Contains(h, needle) })
}
