package world

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"
)

func TestNothingPrintsASecret(t *testing.T) {
	w, _ := cloud(t, Limits{})
	key, _ := w.KeyOf(acct, "alice")
	s := mint(t, w, time.Hour, BaseReal)
	id, err := w.Identity(s.AccessKey, s.Token, BaseReal)
	if err != nil {
		t.Fatal(err)
	}
	device := MFADevice{Account: acct, Name: "phone", Seed: []byte("seed of a phone")}
	secrets := []string{key.Secret, s.Secret, s.Token, "my seed", "seed of a phone", "c2VlZCBvZiBhIHBob25l"}
	values := []any{
		key, &key, []AccessKey{key}, map[string]AccessKey{"k": key}, struct{ K AccessKey }{key},
		device, &device, []MFADevice{device}, MFAPut(device), AccessKeyPut(key),
		s, &s, id, &id, w, Options{Seed: "my seed"}, &Options{Seed: "my seed"},
	}
	for _, v := range values {
		var out bytes.Buffer
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
			fmt.Fprintf(&out, verb+"\n", v)
		}
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		out.Write(text)
		slog.New(slog.NewTextHandler(&out, nil)).Info("x", "v", v)
		slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "v", v)
		for _, secret := range secrets {
			if strings.Contains(out.String(), secret) || strings.Contains(out.String(), fmt.Sprintf("%x", secret)) {
				t.Errorf("%T prints a secret", v)
			}
		}
	}
}

func TestNoErrorQuotesASecret(t *testing.T) {
	_, err := Parse([]byte(`{"accounts":[{"root":{"access_key":"hush hush","secret_key":"hush hush"},"id":"hush hush"}]}`), Options{})
	if err == nil || strings.Contains(err.Error(), "hush") {
		t.Errorf("the file error is %v", err)
	}
	w, _ := cloud(t, Limits{})
	snapshot, _ := w.Snapshot()
	key, _ := w.KeyOf(acct, "alice")
	for cut := range len(snapshot) {
		_, err := Restore(snapshot[:cut], nil, nil, Options{})
		if err == nil || strings.Contains(err.Error(), key.Secret) {
			t.Fatalf("a snapshot cut at %d: %v", cut, err)
		}
	}
}
