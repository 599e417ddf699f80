package content

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"keyhole/labs/call"
	"keyhole/simulator"
)

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
