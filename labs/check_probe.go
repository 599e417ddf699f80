package labs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sort"
	"strings"

	"keyhole/labs/call"
	"keyhole/labs/shell"
	"keyhole/simulator"
	"keyhole/simulator/world"
)

// probe asks what a check asks, on the prober's copy, and compares what comes back.
func (res *Result) probe(ctx context.Context, c Check, p prober) {
	err := p.ahead(c.Advance)
	if err == nil {
		switch {
		case c.Kind == LockoutCheck:
			err = res.lockout(ctx, c, p)
		case c.Run != "":
			err = res.run(ctx, c, p)
		default:
			err = res.request(ctx, c, p)
		}
	}
	if err != nil {
		res.OK, res.Got = false, err.Error()
	}
}

// ahead moves the copy's clock.
func (p prober) ahead(by string) error {
	if by == "" {
		return nil
	}
	d, ok := ParseJump(by)
	if !ok {
		return fmt.Errorf("%w: %q", ErrClock, by)
	}
	return p.sim.Advance(d)
}

// way is the connection of a check's probe.
func (c Check) way() way { return way{network: c.Network, tls: c.TLS, plain: c.Transport == "http"} }

// request sends one request and compares status, code and what the answer holds.
func (res *Result) request(ctx context.Context, c Check, p prober) error {
	res.Asked = fmt.Sprintf("%s: %s %s", c.As, c.Do, c.way())
	res.Wanted = strings.TrimSpace(fmt.Sprintf("%d %s", c.Expect.Status, c.Expect.Code))
	in, err := p.values(ctx, c.As, c.In)
	if err != nil {
		return err
	}
	client, err := p.client(ctx, c)
	if err != nil {
		return err
	}
	params, _ := in.(map[string]any)
	before := len(p.sim.Traces())
	out, err := client.Do(ctx, c.Do, params)
	traces := p.sim.Traces()
	if err != nil && len(traces) == before {
		return err
	}
	if len(traces) == 0 {
		return errors.New("the request reached nothing")
	}
	last := traces[len(traces)-1]
	res.Asked = fmt.Sprintf("%s: %s %s", c.As, wireLine(last), c.way())
	res.Got, res.OK = Returned(last), last.Response.Status == c.Expect.Status
	// The code comes from the trace, because an answer to HEAD has no body.
	if c.Expect.Code != "" {
		res.OK = res.OK && last.Fault != nil && last.Fault.Code == c.Expect.Code
	}
	if res.OK && c.Expect.Output != "" && !strings.Contains(string(out.Body), c.Expect.Output) {
		res.OK = false
		res.Wanted += " with " + shown(c.Expect.Output)
		res.Got += " with something else"
	}
	return nil
}

// client signs as a check's principal, over its connection, with its headers.
func (p prober) client(ctx context.Context, c Check) (*call.Client, error) {
	client, err := connectBy(p.sim, p.lab, c.As, shell.Connect{}, c.way())
	if err != nil || len(c.Headers) == 0 {
		return client, err
	}
	names := make([]string, 0, len(c.Headers))
	values := map[string]string{}
	for name, value := range c.Headers {
		filled, err := p.values(ctx, c.As, value)
		if err != nil {
			return nil, err
		}
		names = append(names, name)
		values[name], _ = filled.(string)
	}
	sort.Strings(names)
	client.Edit = func(r *http.Request) {
		for _, name := range names {
			r.Header.Set(name, values[name])
		}
	}
	return client, nil
}

// run plays shell lines and compares how they end. The home folder holds the lab's files as the run got them, and the
// variable id random letters, so that nothing can be prepared for either.
func (res *Result) run(ctx context.Context, c Check, p prober) error {
	first, _, _ := strings.Cut(strings.TrimSpace(c.Run), "\n")
	res.Asked = fmt.Sprintf("%s: `%s`", c.As, first)
	res.Wanted = fmt.Sprintf("exit %d", c.Expect.Exit)
	if c.Expect.Output != "" {
		res.Wanted += " and " + shown(c.Expect.Output)
	}
	home := shell.NewHome(nil)
	for _, f := range p.lab.Files {
		home.Files[f.Name] = given(p.seed, f)
	}
	s := &shell.Session{Home: home, Env: map[string]string{"id": p.letters(12)}, Profile: c.As, Now: p.now, Rand: p.rand,
		Open: func(profile string, o shell.Connect) (*call.Client, error) {
			w := c.way()
			w.plain = false // the line says it by its endpoint
			return connectBy(p.sim, p.lab, profile, o, w)
		}}
	bounded, cancel := context.WithTimeout(ctx, LineTime)
	defer cancel()
	out := s.Run(bounded, c.Run)
	res.OK = out.Code == c.Expect.Exit && strings.Contains(out.Stdout+out.Stderr, c.Expect.Output)
	res.Got = fmt.Sprintf("exit %d", out.Code)
	if said := strings.TrimSpace(either(strings.TrimSpace(out.Stderr), out.Stdout)); said != "" {
		res.Got += " and " + shown(said)
	}
	return nil
}

// lockout asks whether somebody can still repair the bucket: read its policy, and put back what is there.
func (res *Result) lockout(ctx context.Context, c Check, p prober) error {
	res.Asked = fmt.Sprintf("%s: GetBucketPolicy, then PutBucketPolicy of %s %s", c.As, c.Bucket, c.way())
	res.Wanted = "200 or 404 NoSuchBucketPolicy, then 204"
	client, err := p.client(ctx, c)
	if err != nil {
		return err
	}
	out, err := client.Do(ctx, "GetBucketPolicy", map[string]any{"Bucket": c.Bucket})
	if err != nil {
		return err
	}
	policy, _ := out.Fields["Policy"].(string)
	if out.Fault != nil {
		if out.Fault.Code != "NoSuchBucketPolicy" {
			res.Got = fmt.Sprintf("GetBucketPolicy: %d %s", out.Status, out.Fault.Code)
			return nil
		}
		if policy, err = harmless(p.sim, c.Bucket); err != nil {
			return err
		}
	}
	read := out.Status
	if out, err = client.Do(ctx, "PutBucketPolicy", map[string]any{"Bucket": c.Bucket, "Policy": policy}); err != nil {
		return err
	}
	res.OK, res.Got = out.Fault == nil, fmt.Sprintf("%d, then %d", read, out.Status)
	if out.Fault != nil {
		res.Got += " " + out.Fault.Code
	}
	return nil
}

// harmless is a bucket policy that changes nothing: it lets the owner do what the owner may do.
func harmless(sim *simulator.Simulator, bucket string) (string, error) {
	owner := ""
	sim.View(func(w *world.World) {
		if b, ok := w.Bucket(bucket); ok {
			owner = b.Account
		}
	})
	text, err := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": []any{map[string]any{
		"Effect": "Allow", "Principal": map[string]any{"AWS": "arn:aws:iam::" + owner + ":root"},
		"Action": "s3:GetBucketLocation", "Resource": "arn:aws:s3:::" + bucket,
	}}})
	return string(text), err
}

// wireLine is method and path of a request: "PUT /vault/secret.txt".
func wireLine(t *simulator.Trace) string {
	path, _, _ := strings.Cut(t.Request.Target, "?")
	return t.Request.Method + " " + path
}
