package sse

import (
	"crypto/md5"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
)

// KeyBytes is the length of a customer key.
const KeyBytes = 32

// CustomerSecret is a key in memory: the customer's, or the data key that KMS opened. Nothing prints it: the bytes sit behind a
// function, because fmt walks into the unexported fields of a struct without asking its String method.
type CustomerSecret struct{ reveal func() []byte }

// NewCustomerSecret holds a copy of key.
func NewCustomerSecret(key []byte) CustomerSecret {
	kept := append([]byte(nil), key...)
	return CustomerSecret{reveal: func() []byte { return kept }}
}

// Present says whether there is a key at all.
func (s CustomerSecret) Present() bool { return s.reveal != nil }

// MD5 is the base64 MD5 of the key, as S3 echoes it; "" without a key.
func (s CustomerSecret) MD5() string {
	if s.reveal == nil {
		return ""
	}
	return md5Of(s.reveal())
}

func (s CustomerSecret) bytes() []byte {
	if s.reveal == nil {
		return nil
	}
	return s.reveal()
}

func md5Of(key []byte) string {
	sum := md5.Sum(key)
	return base64.StdEncoding.EncodeToString(sum[:])
}

// String says what the key is without saying it.
func (s CustomerSecret) String() string {
	if s.reveal == nil {
		return "(no customer key)"
	}
	return describe(s.reveal())
}

// GoString, Format, MarshalJSON, MarshalText and LogValue all say what String says.
func (s CustomerSecret) GoString() string             { return s.String() }
func (s CustomerSecret) Format(f fmt.State, _ rune)   { _, _ = io.WriteString(f, s.String()) }
func (s CustomerSecret) MarshalJSON() ([]byte, error) { return json.Marshal(s.String()) }
func (s CustomerSecret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
func (s CustomerSecret) LogValue() slog.Value         { return slog.StringValue(s.String()) }

func describe(key []byte) string {
	return fmt.Sprintf("(%d bytes, md5 %s…)", len(key), md5Of(key)[:4])
}

// Redact describes the value of a customer key header without showing it: "(32 bytes, md5 JMwg…)".
func Redact(value string) string {
	if value == "" {
		return "(empty)"
	}
	key, err := base64.StdEncoding.DecodeString(value)
	if err != nil {
		return fmt.Sprintf("(%d characters, not base64)", len(value))
	}
	return describe(key)
}
