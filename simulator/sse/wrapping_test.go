package sse

import (
	"bytes"
	"testing"
)

// Whoever reads a snapshot holds salt, HMAC and MD5 of a customer key; none of them may be what opens the data key.
func TestWhatIsKeptDoesNotOpenTheDataKey(t *testing.T) {
	key := NewCustomerSecret(bytes.Repeat([]byte{9}, KeyBytes))
	random := func(n int) []byte { return bytes.Repeat([]byte{5}, n) }
	s, _ := Encrypt([]byte("plain"), SSEC, nil, key, random)
	right, err := wrapping(s, nil, key)
	if err != nil {
		t.Fatal(err)
	}
	open := func(with []byte) error {
		_, err := gcm(with).Open(nil, s.WrappedKey[:nonceBytes], s.WrappedKey[nonceBytes:], context(SSEC, "data key"))
		return err
	}
	if open(right) != nil {
		t.Fatal("the wrapping key does not open it: this test tests nothing")
	}
	for name, kept := range map[string][]byte{
		"HMAC": s.Customer.HMAC, "salt": append(bytes.Clone(s.Customer.Salt), s.Customer.Salt...), "MD5 and padding": []byte(s.Customer.MD5 + "12345678"), "the key itself": key.bytes(),
	} {
		if len(kept) == KeyBytes && open(kept) == nil {
			t.Errorf("%s opens it", name)
		}
	}
}
