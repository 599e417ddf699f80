package kmskey

import (
	"bytes"
	"crypto/rand"
	"testing"

	"pgregory.net/rapid"
)

const testARN = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"

func some(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b)
	return b
}

func seal(t interface{ Fatal(...any) }, material, plain []byte, context map[string]string) []byte {
	blob, err := Seal(testARN, "m1", material, context, plain, some)
	if err != nil {
		t.Fatal(err)
	}
	return blob
}

func TestOnlyTheSameKeyAndContextOpen(t *testing.T) {
	pairs := rapid.MapOfN(rapid.StringN(0, 8, 20), rapid.StringN(0, 8, 20), 0, 4)
	rapid.Check(t, func(t *rapid.T) {
		plain := rapid.SliceOfN(rapid.Byte(), 0, MaxPlaintext).Draw(t, "plain")
		context, other := pairs.Draw(t, "context"), pairs.Draw(t, "other context")
		material := some(MaterialBytes)
		b, err := Parse(seal(t, material, plain, context))
		if err != nil || b.KeyARN != testARN || b.MaterialID != "m1" {
			t.Fatal(b, err)
		}
		if got, err := b.Open(material, context); err != nil || !bytes.Equal(got, plain) {
			t.Fatal("the same context has to open it", err)
		}
		if _, err := b.Open(some(MaterialBytes), context); err == nil {
			t.Fatal("another key opened it")
		}
		if _, err := b.Open(material, other); err == nil && !same(context, other) {
			t.Fatal("another context opened it")
		}
	})
}

func same(a, b map[string]string) bool {
	if len(a) != len(b) {
		return false
	}
	for k, v := range a {
		if w, ok := b[k]; !ok || v != w {
			return false
		}
	}
	return true
}

func TestTheContextHasOneFormOnly(t *testing.T) {
	material := some(MaterialBytes)
	b, err := Parse(seal(t, material, []byte("x"), map[string]string{"ab": "c", "d": "e"}))
	if err != nil {
		t.Fatal(err)
	}
	for _, other := range []map[string]string{nil, {"a": "bc", "d": "e"}, {"ab": "cd", "": "e"}, {"ab": "c"}, {"AB": "c", "d": "e"}, {"c": "ab", "d": "e"}} {
		if _, err := b.Open(material, other); err == nil {
			t.Errorf("%v opened it", other)
		}
	}
}

func TestEveryChangedBitIsNoticed(t *testing.T) {
	material := some(MaterialBytes)
	blob := seal(t, material, []byte("secret"), map[string]string{"a": "b"})
	for i := range blob {
		for bit := range 8 {
			changed := bytes.Clone(blob)
			changed[i] ^= 1 << bit
			if b, err := Parse(changed); err == nil {
				if _, err = b.Open(material, map[string]string{"a": "b"}); err == nil {
					t.Fatalf("byte %d, bit %d", i, bit)
				}
			}
		}
	}
	for n := range blob {
		if b, err := Parse(blob[:n]); err == nil {
			if _, err = b.Open(material, map[string]string{"a": "b"}); err == nil {
				t.Fatalf("%d bytes were enough", n)
			}
		}
	}
}

func TestWhatDoesNotFitIsNotSealed(t *testing.T) {
	for _, c := range []struct {
		what, arn, id string
		material      []byte
	}{
		{"no ARN", "", "m", some(32)}, {"a long ARN", string(make([]byte, 256)), "m", some(32)},
		{"no id", testARN, "", some(32)}, {"a short key", testARN, "m", some(16)}, {"no key", testARN, "m", nil},
	} {
		if _, err := Seal(c.arn, c.id, c.material, nil, nil, some); err == nil {
			t.Error(c.what)
		}
	}
}

func FuzzParse(f *testing.F) {
	material := bytes.Repeat([]byte{7}, MaterialBytes)
	blob, err := Seal(testARN, "m1", material, map[string]string{"a": "b"}, []byte("plain"), some)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(blob)
	f.Add([]byte{version, 1, 'a', 1, 'b'})
	f.Add([]byte{version, 255, 'a'})
	f.Fuzz(func(t *testing.T, in []byte) {
		before := bytes.Clone(in)
		b, err := Parse(in)
		if err != nil {
			return
		}
		if len(b.KeyARN) == 0 || len(b.MaterialID) == 0 || len(b.header)+len(b.nonce)+len(b.sealed) != len(in) {
			t.Fatalf("%+v of %x", b, in)
		}
		if plain, err := b.Open(material, map[string]string{"a": "b"}); err == nil && string(plain) != "plain" {
			t.Fatal("a forged blob was opened")
		}
		if !bytes.Equal(in, before) {
			t.Fatal("the input was written to")
		}
	})
}
