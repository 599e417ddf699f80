package labs

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/jmespath/go-jmespath"

	"keyhole/labs/call"
	"keyhole/simulator"
	"keyhole/simulator/world"
)

// observe makes a call as somebody whom no policy can refuse, on a copy of the sandbox. account "" is that of the lab's
// first principal that has one.
func (p prober) observe(ctx context.Context, account, do string, in map[string]any) (call.Output, error) {
	if account == "" {
		account = p.lab.account()
	}
	values, err := p.values(ctx, "", in)
	if err != nil {
		return call.Output{}, err
	}
	sim, key, err := p.sim.Observer(account)
	if err != nil {
		return call.Output{}, err
	}
	client, err := reach(sim, way{})
	if err != nil {
		return call.Output{}, err
	}
	client.Credentials = call.Credentials{AccessKey: key.ID, Secret: key.Secret}
	params, _ := values.(map[string]any)
	return client.Do(ctx, do, params)
}

// account is the account that an observer reads when a lab names none.
func (l *Lab) account() string {
	for _, p := range l.Principals {
		if p.Account != "" {
			return p.Account
		}
	}
	return ""
}

// seen is an answer as conditions look at it: JSON values, and the content of an object as the text Body.
func seen(out call.Output) (map[string]any, error) {
	fields := map[string]any{}
	data, err := json.Marshal(out.Fields)
	if err == nil {
		err = json.Unmarshal(data, &fields)
	}
	if err != nil {
		return nil, fmt.Errorf("the answer is no JSON: %w", err)
	}
	if fields == nil {
		fields = map[string]any{}
	}
	if _, there := fields["Body"]; !there && out.Fault == nil && out.Header.Get("Accept-Ranges") != "" {
		fields["Body"] = string(out.Body)
	}
	return fields, nil
}

// find evaluates a JMESPath over an answer; "" is all of it.
func find(path string, fields map[string]any) (any, error) {
	if path == "" {
		return fields, nil
	}
	return jmespath.Search(path, fields)
}

// read is what an observer finds at a path.
func (p prober) read(ctx context.Context, account, do string, in map[string]any, path string) (any, error) {
	out, err := p.observe(ctx, account, do, in)
	if err != nil {
		return nil, err
	}
	if out.Fault != nil {
		return nil, fmt.Errorf("%s: %d %s", do, out.Status, out.Fault.Code)
	}
	fields, err := seen(out)
	if err != nil {
		return nil, err
	}
	found, err := find(path, fields)
	if err == nil && found == nil {
		err = fmt.Errorf("%s has no %s", do, path)
	}
	return found, err
}

// holds says whether the observer's answer is as the condition asks, and what it was instead.
func (c *ReadCondition) holds(ctx context.Context, p prober) (bool, string) {
	out, err := p.observe(ctx, c.Account, c.Do, c.In)
	if err != nil {
		return false, err.Error()
	}
	got := fmt.Sprintf("%s: %d", c.Do, out.Status)
	code := ""
	if out.Fault != nil {
		code = out.Fault.Code
		got += " " + code
	}
	switch {
	case c.Code != "" && c.Code != code,
		c.Status != 0 && c.Status != out.Status,
		c.Status == 0 && c.Code == "" && out.Fault != nil:
		return false, got
	}
	fields, err := seen(out)
	if err != nil {
		return false, err.Error()
	}
	found, err := find(c.Path, fields)
	if err != nil {
		return false, fmt.Sprintf("%s: %v", c.Path, err)
	}
	if c.Path != "" {
		got = fmt.Sprintf("%s: %s is %s", c.Do, c.Path, shown(found))
	}
	switch {
	case c.Absent:
		return found == nil, got
	case c.Equals != nil:
		return reflect.DeepEqual(found, asJSON(c.Equals)), got
	case c.Contains != nil:
		return holdsValue(found, asJSON(c.Contains)), got
	case c.AtLeast != nil:
		n, ok := found.(float64)
		return ok && n >= *c.AtLeast, got
	}
	return c.Path == "" || found != nil, got
}

// holdsValue says whether a text holds a text, or a list a value.
func holdsValue(in, what any) bool {
	switch in := in.(type) {
	case string:
		text, ok := what.(string)
		return ok && strings.Contains(in, text)
	case []any:
		for _, one := range in {
			if reflect.DeepEqual(one, what) {
				return true
			}
		}
	}
	return false
}

// asJSON is a value of YAML or CBOR as JSON has it, so that it can be compared with an answer.
func asJSON(v any) any {
	switch v := v.(type) {
	case map[string]any, map[any]any:
		fields := asMap(v)
		out := make(map[string]any, len(fields))
		for name, inner := range fields {
			out[name] = asJSON(inner)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = asJSON(v[i])
		}
		return out
	}
	var out any
	data, err := json.Marshal(v)
	if err != nil || json.Unmarshal(data, &out) != nil {
		return v
	}
	return out
}

// maxShown is how much of a value a report shows, bytes.
const maxShown = 400

// shown is a value as a report prints it.
func shown(v any) string {
	if v == nil {
		return "absent"
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return fmt.Sprint(v)
	}
	text := strings.TrimSpace(b.String())
	if len(text) > maxShown {
		text = text[:maxShown] + "…"
	}
	return text
}

// stateHolds answers a condition about the state, and says what is there instead.
func stateHolds(ctx context.Context, p prober, c Condition) (holds bool, got string) {
	if c.Read != nil {
		return c.Read.holds(ctx, p)
	}
	p.sim.View(func(w *world.World) {
		switch {
		case c.Bucket != nil:
			holds, got = c.Bucket.holds(w)
		case c.Object != nil:
			holds, got = c.Object.holds(w, p.lab, p.seed)
		}
	})
	return holds, got
}

// prober looks at a simulator for this run.
func (sb *sandbox) prober(sim *simulator.Simulator) prober {
	return prober{sim: sim, lab: sb.lab, seed: sb.doc.Seed, rand: sb.rs.o.Rand}
}
