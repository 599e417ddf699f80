package labs

import (
	"context"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"keyhole/labs/shell"
	"keyhole/simulator"
	"keyhole/simulator/world"
)

// prober fills in the parameters of a probe. Instead of a value there may be a map with one key:
//
//	$file: k1.bin                                  the bytes of that file as the run got it
//	$random: 32                                    so many fresh random bytes
//	$text: 24                                      so many fresh random letters
//	$version: {bucket: vault, key: secret.txt, sealed_with: k1.bin}
//	                                               the id of the newest version whose customer key is that file
//	$answer: {do: GetBucketEncryption, in: {Bucket: vault}, field: ServerSideEncryptionConfiguration}
//	                                               a field of the answer to another call by the same principal
//	$read: {account: "111122223333", do: ListObjectVersions, in: {Bucket: vault}, path: "Versions[0].VersionId"}
//	                                               what an observer reads whom no policy can refuse; see ReadCondition
//
// and "$id" within a text stands for fresh random letters, so that nobody can prepare for a probe's key.
type prober struct {
	sim  *simulator.Simulator
	lab  *Lab
	seed []byte
	rand func(n int) []byte
}

func (p prober) values(ctx context.Context, as string, v any) (any, error) {
	switch v := v.(type) {
	case string:
		return strings.ReplaceAll(v, "$id", p.letters(12)), nil
	case []any:
		out := make([]any, len(v))
		for i := range v {
			var err error
			if out[i], err = p.values(ctx, as, v[i]); err != nil {
				return nil, err
			}
		}
		return out, nil
	case map[any]any: // how CBOR decodes a map of a compiled library
		return p.values(ctx, as, asMap(v))
	case map[string]any:
		if len(v) == 1 {
			for name, arg := range v {
				if strings.HasPrefix(name, "$") {
					return p.value(ctx, as, name, arg)
				}
			}
		}
		out := make(map[string]any, len(v))
		for name := range v {
			var err error
			if out[name], err = p.values(ctx, as, v[name]); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	return v, nil
}

func (p prober) value(ctx context.Context, as, name string, arg any) (any, error) {
	fields := asMap(arg)
	text := func(field string) string { s, _ := fields[field].(string); return s }
	switch name {
	case "$file":
		file, _ := arg.(string)
		data, ok := p.lab.givenFile(p.seed, file)
		if !ok {
			return nil, fmt.Errorf("the lab has no file %q", file)
		}
		return data, nil
	case "$random":
		return p.rand(number(arg)), nil
	case "$text":
		return p.letters(number(arg)), nil
	case "$version":
		return p.version(text("bucket"), text("key"), text("sealed_with"))
	case "$read":
		return p.read(ctx, text("account"), text("do"), asMap(fields["in"]), text("path"))
	case "$answer":
		return p.answer(ctx, as, text("do"), asMap(fields["in"]), text("field"))
	}
	return nil, fmt.Errorf("%s is not a value a probe knows", name)
}

func (p prober) version(bucket, key, file string) (id string, err error) {
	data, _ := p.lab.givenFile(p.seed, file)
	want := keyMD5(data)
	p.sim.View(func(w *world.World) {
		b, ok := w.Bucket(bucket)
		if !ok {
			return
		}
		for _, v := range b.Objects.Get(key) {
			if id == "" && v.Sealed.Customer.MD5 == want {
				id = v.ID
			}
		}
	})
	if id == "" {
		return "", fmt.Errorf("no version of %s/%s is stored with %s", bucket, key, file)
	}
	return id, nil
}

func (p prober) answer(ctx context.Context, as, do string, in map[string]any, field string) (any, error) {
	client, err := connect(p.sim, p.lab, as, shell.Connect{})
	if err != nil {
		return nil, err
	}
	out, err := client.Do(ctx, do, in)
	if err != nil {
		return nil, err
	}
	if out.Fault != nil {
		return nil, fmt.Errorf("%s: %d %s", do, out.Status, out.Fault.Code)
	}
	return out.Fields[field], nil
}

func (p prober) now() (t time.Time) {
	p.sim.View(func(w *world.World) { t = w.Now() })
	return t
}

func (p prober) letters(n int) string { return hex.EncodeToString(p.rand((n + 1) / 2))[:n] }

// number reads a number as YAML or CBOR decoded it.
func number(v any) int {
	switch n := v.(type) {
	case int:
		return n
	case int64:
		return int(n)
	case uint64:
		return int(n)
	}
	return 0
}

// asMap reads a map as YAML or CBOR decoded it; nil when it is none.
func asMap(v any) map[string]any {
	switch m := v.(type) {
	case map[string]any:
		return m
	case map[any]any:
		out := make(map[string]any, len(m))
		for k, one := range m {
			if name, ok := k.(string); ok {
				out[name] = one
			}
		}
		return out
	}
	return nil
}
