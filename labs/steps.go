package labs

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"keyhole/simulator"
	"keyhole/simulator/exchange"
	"keyhole/simulator/world"
)

// settle takes in the requests made since, marks the steps that are done, checks the lab once all of them are, and
// saves. The caller holds sb.mu.
func (sb *sandbox) settle(ctx context.Context) error {
	sb.pull()
	fresh, before := sb.fresh, len(sb.doc.Steps)
	for _, t := range fresh {
		sb.note(t)
	}
	sb.fresh = nil
	for more := true; more; {
		more = false
		for _, s := range sb.lab.Steps {
			if _, done := sb.doc.Steps[s.ID]; done || !sb.met(ctx, s) {
				continue
			}
			if err := sb.pass(ctx, s); err != nil {
				return err
			}
			more = true
		}
	}
	if len(sb.doc.Steps) == len(sb.lab.Steps) && sb.doc.Passed.IsZero() && (len(fresh) > 0 || len(sb.doc.Steps) > before) {
		if _, err := sb.check(ctx); err != nil {
			return err
		}
	}
	if err := sb.takeSnapshot(ctx, snapshotEvery); err != nil {
		return fmt.Errorf("labs: snapshot of run %s: %w", sb.id, err)
	}
	return sb.save(ctx)
}

// pass marks a step, after the journal has it.
func (sb *sandbox) pass(ctx context.Context, s Step) error {
	m := mark{At: sb.now()}
	if n := len(sb.doc.Log); n > 0 {
		last := sb.doc.Log[n-1]
		m.Request, m.Returned = last.Number, Returned(last)
	}
	score := 1 - float64(sb.cost(s))/100
	detail := map[string]any{"request": m.Request, "hints": sb.doc.Hints[s.ID]}
	if err := sb.record(ctx, kindStepPassed, s.ID, sb.id+"/step/"+s.ID, true, max(score, 0), detail); err != nil {
		return err
	}
	sb.doc.Steps[s.ID] = m
	return nil
}

// cost is what the first n hints cost together, percent.
func (s Step) cost(n int) (sum int) {
	for _, h := range s.Hints[:min(n, len(s.Hints))] {
		sum += h.Cost
	}
	return sum
}

// Returned is the answer of a request in short: "200" or "403 AccessDenied".
func Returned(t *simulator.Trace) string {
	if t.Fault != nil && t.Fault.Code != "" {
		return strconv.Itoa(t.Response.Status) + " " + t.Fault.Code
	}
	return strconv.Itoa(t.Response.Status)
}

// conditionKey names a request condition in the document.
func conditionKey(step string, i int) string { return step + "/" + strconv.Itoa(i) }

// note counts a request for every condition it fits. Counting as requests come makes the log's limit no limit here.
func (sb *sandbox) note(t *simulator.Trace) {
	for _, s := range sb.lab.Steps {
		for i, c := range s.When {
			if c.Request == nil || !sb.fits(c.Request, t) {
				continue
			}
			key, seen := conditionKey(s.ID, i), strconv.Itoa(t.Number)
			if c.Request.Distinct == distinctKeys {
				seen = customerKey(t)
			}
			have := sb.doc.Seen[key]
			if seen != "" && !slices.Contains(have, seen) && len(have) < c.Request.need() {
				sb.doc.Seen[key] = append(have, seen)
			}
		}
	}
}

// distinctKeys makes a request condition count customer keys.
const distinctKeys = "customer-key"

func (c *RequestCondition) need() int { return max(c.AtLeast, 1) }

// customerKey is the MD5 of the customer key a request was about; "" when there was none.
func customerKey(t *simulator.Trace) string {
	if t.Open != nil && t.Open.KeyMD5 != "" {
		return t.Open.KeyMD5
	}
	if t.Seal != nil {
		return t.Seal.KeyMD5
	}
	return ""
}

// named says whether a trace is of an operation: "GetObject" of S3, or "kms:Decrypt".
func named(operation string, t *simulator.Trace) bool {
	service, name, ok := strings.Cut(operation, ":")
	if !ok {
		service, name = "s3", operation
	}
	return name == t.Operation && service == t.Service
}

func (sb *sandbox) fits(c *RequestCondition, t *simulator.Trace) bool {
	switch {
	case len(c.Operations) > 0 && !slices.ContainsFunc(c.Operations, func(name string) bool { return named(name, t) }),
		c.Bucket != "" && c.Bucket != t.Bucket,
		c.Key != "" && c.Key != t.Key,
		c.Status != 0 && c.Status != t.Response.Status,
		c.Code != "" && (t.Fault == nil || t.Fault.Code != c.Code),
		c.Blocked && (t.Seal == nil || !t.Seal.Blocked),
		c.Network != "" && c.Network != either(t.Transport.Network, internet),
		c.Transport != "" && (c.Transport == "https") != t.Transport.Secure,
		c.Message != "" && (t.Fault == nil || !strings.Contains(t.Fault.Message, c.Message)),
		c.Presigned && (t.Authentication == nil || !strings.HasPrefix(t.Authentication.Scheme, "presigned")):
		return false
	}
	if c.As == "" {
		return true
	}
	p, ok := sb.lab.Principal(c.As)
	if p.Kind == "anonymous" {
		return ok && t.Caller.Kind == p.Kind
	}
	return ok && t.Caller.Kind == p.Kind && t.Caller.Name == p.Name && t.Caller.Account == p.Account
}

// met says whether every condition of a step holds now.
func (sb *sandbox) met(ctx context.Context, s Step) bool {
	for _, before := range s.After {
		if _, done := sb.doc.Steps[before]; !done {
			return false
		}
	}
	for i, c := range s.When {
		if c.Request != nil {
			if len(sb.doc.Seen[conditionKey(s.ID, i)]) < c.Request.need() {
				return false
			}
			continue
		}
		if c.Answered != "" {
			if !sb.doc.Answers[c.Answered].Right {
				return false
			}
			continue
		}
		if holds, _ := stateHolds(ctx, sb.prober(sb.sim), c); !holds {
			return false
		}
	}
	return true
}

func (c *BucketCondition) holds(w *world.World) (bool, string) {
	b, ok := w.Bucket(c.Name)
	if !ok {
		return false, "there is no bucket " + c.Name
	}
	blocked := "nothing is blocked"
	if len(b.Encryption.Blocked) > 0 {
		blocked = fmt.Sprint("blocked: ", b.Encryption.Blocked)
	}
	switch {
	case c.Blocks != "" && !slices.Contains(b.Encryption.Blocked, c.Blocks), c.Accepts != "" && slices.Contains(b.Encryption.Blocked, c.Accepts):
		return false, blocked
	case c.Algorithm != "" && b.Encryption.Algorithm != c.Algorithm:
		return false, "default encryption " + b.Encryption.Algorithm
	case c.Versioning != "" && b.Versioning != c.Versioning:
		return false, "versioning is " + either(b.Versioning, "off")
	}
	return true, blocked
}

func (c *ObjectCondition) holds(w *world.World, l *Lab, seed []byte) (bool, string) {
	b, ok := w.Bucket(c.Bucket)
	if !ok {
		return false, "there is no bucket " + c.Bucket
	}
	current, ok := b.Current(c.Key)
	if !ok {
		return false, "there is no " + c.Key
	}
	if current.DeleteMarker {
		return false, c.Key + " is hidden by a delete marker"
	}
	if c.Encryption != "" && c.Versions == 0 && string(current.Sealed.Method) != c.Encryption {
		return false, c.Key + " is stored under " + methodWord(current.Sealed.Method)
	}
	n, keys := 0, map[string]bool{}
	for _, v := range b.Objects.Get(c.Key) {
		if v.DeleteMarker || (c.Encryption != "" && string(v.Sealed.Method) != c.Encryption) {
			continue
		}
		n++
		if v.Sealed.Customer.MD5 != "" {
			keys[v.Sealed.Customer.MD5] = true
		}
	}
	got := fmt.Sprintf("%s has %s, %s", c.Key, count(n, "version"), count(len(keys), "customer key"))
	if n < c.Versions || len(keys) < c.DistinctKeys {
		return false, got
	}
	for _, name := range c.SealedWith {
		data, _ := l.givenFile(seed, name)
		if !keys[keyMD5(data)] {
			return false, got + ", none of them " + name
		}
	}
	if c.Versions == 0 {
		got = c.Key + " is stored under " + methodWord(current.Sealed.Method)
	}
	return true, got
}

func methodWord(m exchange.Method) string {
	if m == exchange.SSES3 {
		return "SSE-S3"
	}
	return either(string(m), "no encryption")
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func either(s, fallback string) string {
	if s == "" {
		return fallback
	}
	return s
}
