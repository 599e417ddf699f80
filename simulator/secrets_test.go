package simulator

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"keyhole/simulator/sigv4"
	"keyhole/simulator/world"
)

// After a session with several customer keys, right and wrong, sent in headers and in links, nothing that is kept or
// shown holds one of them, nor a secret key, nor a session token.
func TestNoSecretIsKept(t *testing.T) {
	keys := []string{"1234567890abcdef1234567890abcdef", "abcdef1234567890abcdef1234567890", "ZYXWVUTSRQPONMLKJIHGFEDCBA987654", "too short a key"}
	s := newScript(t, "2022")
	var kept bytes.Buffer
	s.simulator.persist = func(effects []byte, blobs map[string][]byte) error {
		kept.Write(effects)
		for _, b := range blobs {
			kept.Write(b)
		}
		return nil
	}
	s.simulator.Watch(func(trace *Trace) { fmt.Fprintf(&kept, "%+v %#v", trace, trace) })
	var b strings.Builder
	b.WriteString("-- request: a --\nPUT /vault\n-- request: b --\nPUT /other\n")
	for i, k := range keys {
		for _, other := range keys {
			fmt.Fprintf(&b, "-- request: put --\nPUT /vault/k%d\n@key %s\nIf-None-Match: \n\nbody %d\n", i, k, i)
			fmt.Fprintf(&b, "-- request: get --\nGET /vault/k%d\n@key %s\n", i, other)
			fmt.Fprintf(&b, "-- request: head --\nHEAD /vault/k%d\n@plain\n@key %s\n", i, other)
			fmt.Fprintf(&b, "-- request: copy --\nPUT /other/k%d\nx-amz-copy-source: vault/k%d\n@key %s\n@source-key %s\n", i, i, k, other)
			fmt.Fprintf(&b, "-- request: link --\nPUT /vault/l%d\n@presign 60\n@key %s\n\nbody\n", i, other)
			fmt.Fprintf(&b, "-- request: spoilt signature --\nPUT /vault/l%d\n@key %s\n@then x-amz-date: 20260601T000001Z\n\nbody\n", i, other)
			fmt.Fprintf(&b, "-- request: link of Version 2 --\nPUT /vault/l%d\n@v2\n@presign 60\n@key %s\n\nbody\n", i, other)
			fmt.Fprintf(&b, "-- request: spoilt link of Version 2 --\nPUT /vault/l%d\n@v2\n@presign 60\n@key %s\n@then Content-Type: a/b\n\nbody\n", i, other)
			sent := base64.StdEncoding.EncodeToString([]byte(other))
			for _, spoilt := range []string{"", "@field x-amz-signature: 00\n", "@field x-amz-server-side-encryption-customer-key: " + base64.StdEncoding.EncodeToString([]byte(k)) + "\n"} {
				fmt.Fprintf(&b, "-- request: form --\nPOST /vault\n@form {\"expiration\": \"2027-01-01T00:00:00Z\", \"conditions\": [{\"bucket\": \"vault\"}, {\"key\": \"f\"}, "+
					"{\"x-amz-server-side-encryption-customer-algorithm\": \"AES256\"}, {\"x-amz-server-side-encryption-customer-key\": \"%s\"}]}\n%s\n"+
					"key: f\nx-amz-server-side-encryption-customer-algorithm: AES256\nx-amz-server-side-encryption-customer-key: %s\nfile a: text\n", sent, spoilt, sent)
			}
			fmt.Fprintf(&b, "-- request: in the query --\nGET /vault/k%d?x-amz-server-side-encryption-customer-key=%s\n", i,
				url.QueryEscape(base64.StdEncoding.EncodeToString([]byte(other))))
		}
	}
	fmt.Fprintf(&b, "-- request: upload --\nPOST /vault/m?uploads\n@key %s\n-- want --\n200\nsave U element UploadId\n", keys[0])
	fmt.Fprintf(&b, "-- request: part --\nPUT /vault/m?uploadId=$U&partNumber=1\n@key %s\n\npart\n", keys[0])
	fmt.Fprintf(&b, "-- request: wrong part --\nPUT /vault/m?uploadId=$U&partNumber=2\n@key %s\n\npart\n", keys[1])
	s.play(txtar.Parse([]byte(b.String())))

	var session world.Session
	s.simulator.View(func(w *World) {
		var err error
		if session, err = w.RoleSession("111122223333", "app", "lesson", time.Hour, world.BaseSimulated); err != nil {
			t.Fatal(err)
		}
	})
	s.requestAs(sigv4.Keys{AccessKey: session.AccessKey, Secret: session.Secret, Token: session.Token}, "GET", "/vault/k0")
	if s.answer.StatusCode != 400 {
		t.Errorf("a role session reading an SSE-C object without its key: %s", s.answer.Status)
	}
	for _, trace := range s.simulator.Traces() {
		doc, err := json.Marshal(trace)
		if err != nil {
			t.Fatal(err)
		}
		kept.Write(doc)
	}
	s.simulator.View(func(w *World) {
		snapshot, err := w.Snapshot()
		if err != nil {
			t.Fatal(err)
		}
		// The seed makes the world's own access keys anew, so a snapshot needs none of them.
		for _, k := range keys {
			search(t, "the snapshot", snapshot, k)
		}
		search(t, "the snapshot", snapshot, session.Token)
	})
	for _, secret := range append(keys, session.Token, session.Secret, s.keys("alice").Secret, s.keys("root").Secret) {
		search(t, "what is kept", kept.Bytes(), secret)
	}
	if kept.Len() < 100_000 {
		t.Errorf("only %d bytes were searched", kept.Len())
	}
	if n := len(s.simulator.Traces()); n < 100 {
		t.Errorf("only %d requests were made", n)
	}
}

// search looks for a secret as it is, in base64 (with and without padding), in hex and in URL encoding.
func search(t *testing.T, where string, text []byte, secret string) {
	t.Helper()
	encoded := base64.StdEncoding.EncodeToString([]byte(secret))
	for _, form := range []string{secret, encoded, strings.TrimRight(encoded, "="), base64.URLEncoding.EncodeToString([]byte(secret)),
		hex.EncodeToString([]byte(secret)), strings.ToUpper(hex.EncodeToString([]byte(secret))), url.QueryEscape(encoded), fmt.Sprintf("%d", []byte(secret))} {
		if i := bytes.Index(text, []byte(form)); i >= 0 {
			t.Errorf("%s holds a secret: …%s…", where, text[max(0, i-120):min(len(text), i+20)])
		}
	}
}
