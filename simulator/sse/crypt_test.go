package sse_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"keyhole/simulator/sse"
)

var master = bytes.Repeat([]byte{7}, 32)

// counter gives different bytes every time and the same in every run.
func counter() func(int) []byte {
	n := byte(0)
	return func(size int) []byte {
		out := make([]byte, size)
		for i := range out {
			n++
			out[i] = n
		}
		n++
		return out
	}
}

func seal(t *testing.T, m sse.Method, key, plain string) (sse.Sealed, []byte) {
	t.Helper()
	var secret sse.CustomerSecret
	if key != "" {
		secret = sse.NewCustomerSecret([]byte(key))
	}
	return sse.Encrypt([]byte(plain), m, master, secret, counter())
}

var anyKey = rapid.SliceOfN(rapid.Byte(), 32, 32)

func drawRandom(t *rapid.T) func(int) []byte {
	return func(n int) []byte { return rapid.SliceOfN(rapid.Byte(), n, n).Draw(t, "random") }
}

func TestWhatIsSealedOpensWithItsKeyAndNoOther(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		plain := rapid.SliceOfN(rapid.Byte(), 0, 300).Draw(t, "plain")
		key, other, m2 := anyKey.Draw(t, "key"), anyKey.Draw(t, "other key"), anyKey.Draw(t, "other master")
		method := rapid.SampledFrom([]sse.Method{sse.SSES3, sse.SSEC}).Draw(t, "method")
		secret := sse.NewCustomerSecret(key)
		s, c := sse.Encrypt(plain, method, master, secret, drawRandom(t))
		got, err := sse.Decrypt(s, c, master, secret)
		if err != nil || !bytes.Equal(got, plain) {
			t.Fatalf("does not come back: %v", err)
		}
		if len(plain) > 8 && bytes.Contains(c, plain) {
			t.Fatal("the ciphertext holds the plaintext")
		}
		switch method {
		case sse.SSEC:
			if bytes.Equal(key, other) {
				return
			}
			if got, err := sse.Decrypt(s, c, master, sse.NewCustomerSecret(other)); !errors.Is(err, sse.ErrWrongKey) || got != nil {
				t.Fatalf("another key gives %q, %v", got, err)
			}
			if got, err := sse.Decrypt(s, c, master, sse.CustomerSecret{}); !errors.Is(err, sse.ErrWrongKey) || got != nil {
				t.Fatalf("no key gives %q, %v", got, err)
			}
			// Somebody who holds everything that is kept, and replaces the comparison value by one of his own key.
			forged := s
			forged.Customer = sse.CustomerKey{Salt: s.Customer.Salt, HMAC: sse.Keep(sse.NewCustomerSecret(other), func(int) []byte { return s.Customer.Salt }).HMAC}
			if got, err := sse.Decrypt(forged, c, master, sse.NewCustomerSecret(other)); err == nil || got != nil {
				t.Fatalf("a forged comparison gives %q", got)
			}
		case sse.SSES3:
			if bytes.Equal(m2, master) {
				return
			}
			if got, err := sse.Decrypt(s, c, m2, sse.CustomerSecret{}); err == nil || got != nil {
				t.Fatalf("another master key gives %q", got)
			}
		}
		if len(c) > 0 {
			c = bytes.Clone(c)
			c[rapid.IntRange(0, len(c)-1).Draw(t, "flip")] ^= 1
			if got, err := sse.Decrypt(s, c, master, secret); !errors.Is(err, sse.ErrDamaged) || got != nil {
				t.Fatalf("a changed byte gives %q, %v", got, err)
			}
		}
	})
}

func TestWhatIsKeptOfAKeyIsNotTheKey(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := anyKey.Draw(t, "key")
		s, _ := sse.Encrypt([]byte("plain"), sse.SSEC, nil, sse.NewCustomerSecret(key), drawRandom(t))
		for name, kept := range map[string][]byte{"salt": s.Customer.Salt, "HMAC": s.Customer.HMAC, "wrapped key": s.WrappedKey, "nonce": s.Nonce} {
			if bytes.Contains(kept, key) {
				t.Fatalf("%s holds the key", name)
			}
		}
		if again := sse.Keep(sse.NewCustomerSecret(key), drawRandom(t)); !again.Matches(sse.NewCustomerSecret(key)) {
			t.Fatal("the key does not match what is kept of it")
		}
		if (sse.CustomerKey{}).Matches(sse.NewCustomerSecret(key)) || s.Customer.Matches(sse.CustomerSecret{}) {
			t.Fatal("nothing matches")
		}
	})
}

func TestAnUnencryptedVersionIsItself(t *testing.T) {
	s, c := seal(t, sse.None, "", "plain")
	if string(c) != "plain" || len(s.WrappedKey) > 0 {
		t.Fatalf("%q, %+v", c, s)
	}
	if got, err := sse.Decrypt(s, c, nil, sse.CustomerSecret{}); err != nil || string(got) != "plain" {
		t.Fatalf("%q, %v", got, err)
	}
	if _, err := sse.Decrypt(s, []byte("other"), nil, sse.CustomerSecret{}); !errors.Is(err, sse.ErrDamaged) {
		t.Fatalf("changed: %v", err)
	}
	if _, err := sse.Decrypt(sse.Sealed{Method: "aws:fsx"}, nil, master, sse.CustomerSecret{}); err == nil {
		t.Fatal("a method that does not exist opens")
	}
}

func TestTheETagIsTheMD5OnlyUnderSSES3(t *testing.T) {
	random := counter()
	if got := sse.ETag(sse.SSES3, []byte("hello"), random); got != "5d41402abc4b2a76b9719d911017c592" {
		t.Errorf("SSE-S3: %s", got)
	}
	first, second := sse.ETag(sse.SSEC, []byte("hello"), random), sse.ETag(sse.SSEC, []byte("hello"), random)
	if len(first) != 32 || first == "5d41402abc4b2a76b9719d911017c592" || first == second {
		t.Errorf("SSE-C: %s, %s", first, second)
	}
}

func TestNoWayOfPrintingShowsTheKey(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := rapid.SliceOfN(rapid.ByteRange('a', 'z'), 32, 32).Draw(t, "key")
		secret := sse.NewCustomerSecret(key)
		asked := sse.Read(sends(trio(string(key))))
		holder := struct {
			Name   string
			Secret sse.CustomerSecret
			hidden sse.CustomerSecret
			asked  *sse.Asked
			Asked  sse.Asked
		}{"x", secret, secret, &asked, asked}
		sealed, opened := sse.Seal(asked, unblocked, true, who)
		var out strings.Builder
		for _, v := range []any{secret, &secret, asked, &asked, holder, &holder, []any{secret, asked}, map[string]any{"k": secret}, sealed, opened, fmt.Errorf("wrapped: %v", secret)} {
			for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%c", "%U", "%b", "%o", "%t", "%T", "%p"} {
				fmt.Fprintf(&out, verb+"\n", v)
			}
			j, _ := json.Marshal(v)
			out.Write(j)
			slog.New(slog.NewTextHandler(&out, nil)).LogAttrs(context.Background(), slog.LevelInfo, "m", slog.Any("v", v))
			slog.New(slog.NewJSONHandler(&out, nil)).LogAttrs(context.Background(), slog.LevelInfo, "m", slog.Any("v", v))
		}
		text := strings.ToLower(out.String())
		decimal := strings.Trim(fmt.Sprintf("%d", key), "[]")
		for form, shown := range map[string]string{
			"itself": string(key), "hex": fmt.Sprintf("%x", key), "spaced": decimal, "base64": strings.ToLower(b64(string(key))),
			"half": string(key[:16]), "half hex": fmt.Sprintf("%x", key[:16]), "Go": strings.ToLower(fmt.Sprintf("%#v", key)),
		} {
			if strings.Contains(text, shown) {
				t.Fatalf("the key shows (%s)", form)
			}
		}
		if !strings.Contains(text, "(32 bytes, md5 ") {
			t.Fatal("nothing says that there is a key")
		}
	})
}

func TestAKeyHeaderIsDescribed(t *testing.T) {
	for value, want := range map[string]string{
		b64(key32): "(32 bytes, md5 JMwg…)", "": "(empty)", "not base64": "(10 characters, not base64)",
	} {
		if got := sse.Redact(value); got != want {
			t.Errorf("%q is shown as %q, want %q", value, got, want)
		}
	}
	if got := (sse.CustomerSecret{}).String(); got != "(no customer key)" {
		t.Error(got)
	}
}
