package simulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"keyhole/simulator/kmskey"
	"keyhole/simulator/sse"
)

// After objects of every encryption were written, read, copied and refused, nothing that is kept or shown holds a data key
// of KMS, a customer key or what a KMS key is made of; only the snapshot has the last, because a world is not one without.
func TestNoDataKeyIsKept(t *testing.T) {
	var kept bytes.Buffer
	s, key := encrypting(t)
	s.simulator.Watch(func(trace *Trace) { fmt.Fprintf(&kept, "%+v %#v", trace, trace) })
	for i, w := range sealings {
		ask := strings.ReplaceAll(w.ask, "KEY", key)
		s.send(fmt.Sprintf("PUT /vault/o%d\n%s\nhello", i, ask))
		s.must(t, 200)
		s.send(fmt.Sprintf("GET /vault/o%d\n%s", i, w.read))
		s.must(t, 200)
		s.send(fmt.Sprintf("GET /vault/o%d\n@key %s\n", i, keyB))
		s.send(fmt.Sprintf("PUT /archive/c%d\nx-amz-copy-source: vault/o%d\n%s%s", i, i, strings.ReplaceAll(w.read, "@key", "@source-key"), ask))
		s.must(t, 200)
		s.send(fmt.Sprintf("POST /vault/m%d?uploads\n%s", i, ask))
		s.must(t, 200)
	}
	s.send("POST /\n@kms DisableKey\n\n{\"KeyId\":\"" + key + "\"}")
	s.must(t, 200)
	for i := range sealings {
		s.send(fmt.Sprintf("GET /vault/o%d", i))
	}
	for _, trace := range s.simulator.Traces() {
		doc, err := json.Marshal(trace)
		if err != nil {
			t.Fatal(err)
		}
		kept.Write(doc)
	}
	var secrets, materials []string
	var snapshot []byte
	s.simulator.View(func(w *World) {
		var err error
		if snapshot, err = w.Snapshot(); err != nil {
			t.Fatal(err)
		}
		open := func(sealed sse.Sealed) {
			if !sealed.Method.KMS() {
				return
			}
			blob, err := kmskey.Parse(sealed.WrappedKey)
			if err != nil {
				t.Fatal(err)
			}
			k, _ := w.KMSKey(sealed.KeyARN)
			for _, m := range k.Material {
				if plain, err := blob.Open(m.Bytes, sealed.Context); err == nil {
					secrets = append(secrets, string(plain))
				}
				materials = append(materials, string(m.Bytes))
			}
		}
		for _, name := range []string{"vault", "archive"} {
			b, _ := w.Bucket(name)
			for _, versions := range b.Objects.All() {
				for _, v := range versions {
					open(v.Sealed)
				}
			}
			for _, u := range b.Uploads.All() {
				open(u.Template.Sealed)
			}
		}
	})
	if len(secrets) < 12 {
		t.Fatalf("only %d data keys were found", len(secrets))
	}
	for _, secret := range append(secrets, keyA, keyB) {
		search(t, "the snapshot", snapshot, secret)
	}
	for _, secret := range append(append(secrets, materials...), keyA, keyB) {
		search(t, "what is shown", kept.Bytes(), secret)
	}
}
