package content

import (
	"context"
	"crypto/md5"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"keyhole/labs/call"
	"keyhole/simulator"
)

// Runner runs proofs, each in a fresh sandbox of its own. The zero Runner is ready.
type Runner struct {
	Now func() time.Time // real time; nil: it stands still at ProofClock, so that traces are the same each time
}

// ProofRun is what happened.
type ProofRun struct {
	Proof    Proof
	Steps    []StepRun
	Deciding int      // from 1
	Edited   bool     // an edit was made, so the expectations are those of the unedited proof
	Holds    bool     // every step met its expectation
	Problems []string // in words, one for each step that did not
}

// StepRun is one request of a run.
type StepRun struct {
	Step    Step             // as it was sent: edits made
	Command string           // the AWS CLI line that sends the same
	Trace   *simulator.Trace // nil when nothing was sent
	Skipped bool
	Met     bool
	Want    string // "403 AccessDenied"
	Got     string // "200"
}

// Run runs a proof with a learner's edits, if any. Errors: ErrEdit with a sentence for the learner, the context's, or
// that the sandbox could not be made.
func (r Runner) Run(ctx context.Context, p Proof, edits ...Edit) (ProofRun, error) {
	if len(edits) > EditsOfOneTrial {
		return ProofRun{}, fmt.Errorf("%w: at most %d edits at once", ErrEdit, EditsOfOneTrial)
	}
	for _, e := range edits {
		if err := e.Check(p); err != nil {
			return ProofRun{}, err
		}
	}
	return r.run(ctx, p, edits...)
}

// Control runs the proof with its own edit and holds when the deciding step answers as the control says.
func (r Runner) Control(ctx context.Context, p Proof) (ProofRun, error) {
	edited := p
	edited.Steps = slices.Clone(p.Steps)
	edited.Steps[p.Deciding-1].Expect = &p.Control.Expect
	run, err := r.run(ctx, edited, p.Edit())
	if err != nil {
		return run, err
	}
	decided := run.Steps[p.Deciding-1]
	run.Holds, run.Problems = decided.Met, nil
	if !decided.Met {
		run.Problems = []string{fmt.Sprintf("control, step %d: want %s, got %s", p.Deciding, decided.Want, decided.Got)}
	}
	return run, nil
}

func (r Runner) run(ctx context.Context, p Proof, edits ...Edit) (ProofRun, error) {
	box, err := r.sandbox(ctx, p)
	if err != nil {
		return ProofRun{}, fmt.Errorf("proof %s: %w", p.ID, err)
	}
	out := ProofRun{Proof: p, Deciding: p.Deciding, Edited: len(edits) > 0, Holds: true}
	for i, step := range p.Steps {
		skip := false
		for _, e := range edits {
			if e.Step == i+1 {
				step = e.apply(step)
				skip = skip || e.Skip
			}
		}
		if skip {
			out.Steps = append(out.Steps, StepRun{Step: step, Skipped: true, Met: true, Got: "left out"})
			continue
		}
		done, err := box.do(ctx, step)
		if err != nil {
			return out, fmt.Errorf("proof %s, step %d: %w", p.ID, i+1, err)
		}
		if !done.Met {
			out.Holds = false
			out.Problems = append(out.Problems, fmt.Sprintf("step %d: want %s, got %s", i+1, done.Want, done.Got))
		}
		out.Steps = append(out.Steps, done)
	}
	return out, nil
}

// sandbox is the private cloud of one run.
type sandbox struct {
	sim   *simulator.Simulator
	now   func() time.Time
	proof string
	saved map[string]string
}

func (r Runner) sandbox(ctx context.Context, p Proof) (*sandbox, error) {
	now := r.Now
	if now == nil {
		now = func() time.Time { return ProofClock }
	}
	file, err := worldFile(p)
	if err != nil {
		return nil, err
	}
	world, err := simulator.ParseWorld(file, simulator.WorldOptions{Now: now})
	if err != nil {
		return nil, err
	}
	box := &sandbox{sim: simulator.New(simulator.Options{World: world}), proof: p.ID, saved: map[string]string{}}
	box.now = func() (t time.Time) {
		box.sim.View(func(w *simulator.World) { t = w.Now() })
		return t
	}
	for _, g := range p.Given {
		if g.Unblock == "" {
			continue
		}
		if err := box.unblock(ctx, g); err != nil {
			return nil, err
		}
	}
	return box, nil
}

// unblock lifts the block on SSE-C as the bucket's owner does it.
func (b *sandbox) unblock(ctx context.Context, g Given) error {
	owner := map[string]string{"": "admin", "acme": "admin", "audit": "audit-admin", "partner": "partner", "mallory": "mallory"}
	done, err := b.do(ctx, Step{As: owner[g.Account], Do: "PutBucketEncryption", In: map[string]any{
		"Bucket": g.Bucket,
		"ServerSideEncryptionConfiguration": map[string]any{"Rules": []any{map[string]any{
			"BlockedEncryptionTypes": map[string]any{"EncryptionType": []any{"NONE"}},
		}}},
	}})
	if err == nil && !done.Met {
		err = errors.New("given: SSE-C could not be unblocked: " + done.Got)
	}
	return err
}

// Endpoints under which a proof's client knows the simulator; nothing is ever resolved.
const (
	secureEndpoint = "https://localhost:9443"
	plainEndpoint  = "http://localhost:9000"
)

// do sends one step.
func (b *sandbox) do(ctx context.Context, s Step) (StepRun, error) {
	if err := ctx.Err(); err != nil {
		return StepRun{}, err
	}
	out := StepRun{Step: s, Command: command(s), Want: s.Expect.words()}
	params, err := b.params(s.In)
	if err != nil {
		return out, err
	}
	var keys call.Credentials
	b.sim.View(func(w *simulator.World) { keys, err = credentials(w, s.As) })
	if err != nil {
		return out, err
	}
	transport := simulator.Transport{Secure: true, TLS: "1.3", Network: "internet", SourceIP: "203.0.113.7"}
	endpoint := secureEndpoint
	if s.Over == "http" {
		transport.Secure, transport.TLS, endpoint = false, "", plainEndpoint
	}
	client := call.Client{
		Transport: b.sim.Client(transport), Endpoint: endpoint, Region: "us-east-1", Credentials: keys, Now: b.now,
		Edit: func(r *http.Request) { b.edit(r, s) },
	}
	before := b.last()
	answer, err := client.Do(ctx, s.Do, params)
	if t := b.last(); t != before {
		out.Trace = t
	}
	var wrong *call.ParamError
	switch {
	case errors.As(err, &wrong):
		out.Got = "nothing was sent: " + strings.Join(wrong.Problems, "; ")
		return out, nil
	case err != nil && out.Trace == nil:
		return out, err
	case err != nil: // the answer came, but the SDK did not like it
		out.Got = err.Error()
		return out, nil
	}
	out.Met, out.Got = s.Expect.meets(answer, out.Trace)
	for _, name := range slices.Sorted(maps.Keys(s.Save)) {
		value, ok := field(answer.Fields, s.Save[name])
		if !ok && answer.Fault == nil {
			out.Met, out.Got = false, fmt.Sprintf("%s, but no %s to save", out.Got, s.Save[name])
		}
		b.saved[name] = value
	}
	return out, nil
}

// last is the newest trace.
func (b *sandbox) last() *simulator.Trace {
	all := b.sim.Traces()
	if len(all) == 0 {
		return nil
	}
	return all[len(all)-1]
}

// edit changes the request before it is signed.
func (b *sandbox) edit(r *http.Request, s Step) {
	for _, name := range s.Drop {
		r.Header.Del(name)
	}
	for _, name := range slices.Sorted(maps.Keys(s.Set)) {
		text, err := b.text(s.Set[name])
		if err == nil {
			r.Header.Set(name, text)
		}
	}
}

// params turns a step's parameters into those of the call: customer keys named, saved values filled in, bodies as bytes.
func (b *sandbox) params(in map[string]any) (map[string]any, error) {
	out := make(map[string]any, len(in)+1)
	for name, v := range in {
		switch name {
		case "ssec":
			out["SSECustomerAlgorithm"], out["SSECustomerKey"] = "AES256", customerKey(b.proof, fmt.Sprint(v))
			continue
		case "source_ssec":
			out["CopySourceSSECustomerAlgorithm"], out["CopySourceSSECustomerKey"] = "AES256", customerKey(b.proof, fmt.Sprint(v))
			continue
		}
		filled, err := b.fill(v)
		if err != nil {
			return nil, err
		}
		if text, ok := filled.(string); ok && name == "Body" {
			filled = []byte(text)
		}
		out[name] = filled
	}
	return out, nil
}

// fill replaces ${…} in a value. A text that is one customer key becomes its bytes.
func (b *sandbox) fill(v any) (any, error) {
	switch v := v.(type) {
	case string:
		if m := savedRef.FindStringSubmatch(v); m != nil && m[0] == v && strings.HasPrefix(m[1], "key:") {
			return b.key(m[1])
		}
		return b.text(v)
	case []any:
		out := make([]any, len(v))
		for i := range v {
			filled, err := b.fill(v[i])
			if err != nil {
				return nil, err
			}
			out[i] = filled
		}
		return out, nil
	case map[string]any:
		out := make(map[string]any, len(v))
		for name := range v {
			filled, err := b.fill(v[name])
			if err != nil {
				return nil, err
			}
			out[name] = filled
		}
		return out, nil
	}
	return v, nil
}

// text replaces ${name} by what was saved, ${key:k1} by a key in base64, ${md5:k1} by its MD5.
func (b *sandbox) text(s string) (string, error) {
	var failed error
	out := savedRef.ReplaceAllStringFunc(s, func(mark string) string {
		name := savedRef.FindStringSubmatch(mark)[1]
		if strings.HasPrefix(name, "key:") || strings.HasPrefix(name, "md5:") {
			key, err := b.key(name)
			if err != nil {
				failed = err
				return ""
			}
			if strings.HasPrefix(name, "md5:") {
				sum := md5.Sum(key)
				key = sum[:]
			}
			return base64.StdEncoding.EncodeToString(key)
		}
		return b.saved[name]
	})
	return out, failed
}

// key reads "key:k1" or, for a key of the wrong length, "key:k1:24".
func (b *sandbox) key(ref string) ([]byte, error) {
	parts := strings.Split(ref, ":")
	if len(parts) < 2 || len(parts) > 3 || !keyName.MatchString(parts[1]) {
		return nil, fmt.Errorf("${%s} is not a customer key", ref)
	}
	key := customerKey(b.proof, parts[1])
	if len(parts) == 3 {
		n, err := strconv.Atoi(parts[2])
		if err != nil || n < 1 || n > len(key) {
			return nil, fmt.Errorf("${%s} asks for a part of a key that does not exist", ref)
		}
		key = key[:n]
	}
	return key, nil
}

// customerKey derives the key of a name: the same in every run of one proof, another in every other proof.
func customerKey(proof, name string) []byte {
	sum := sha256.Sum256([]byte("keyhole proof " + proof + " customer key " + name))
	return sum[:]
}

// field reads "VersionId" or "CopyObjectResult.ETag" from an answer.
func field(fields map[string]any, name string) (string, bool) {
	var v any = fields
	for part := range strings.SplitSeq(name, ".") {
		m, ok := v.(map[string]any)
		if !ok {
			return "", false
		}
		if v, ok = m[part]; !ok {
			return "", false
		}
	}
	return fmt.Sprint(v), true
}
