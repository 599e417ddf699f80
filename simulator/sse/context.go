package sse

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// MaxContextBytes bounds the JSON of an encryption context. S3 bounds a request's header lines at 8 KB together, so more
// could never arrive.
const MaxContextBytes = 8 << 10

// ArnKey is the pair S3 itself puts into every encryption context: the object's ARN, or the bucket's with a bucket key.
const ArnKey = "aws:s3:arn"

// ParseContext reads x-amz-server-side-encryption-context: base64 of a JSON object whose values are all strings. What it
// refuses has the text recorded in HADOOP-19197; the code InvalidArgument is assumed. (s3-wire 4.3)
func ParseContext(value string) (map[string]string, *Refusal) {
	malformed := func() (map[string]string, *Refusal) {
		return nil, plainInvalid("The header 'x-amz-server-side-encryption-context' shall be Base64-encoded UTF-8 string holding JSON which represents a string-string map",
			"An encryption context maps strings to strings.")
	}
	text, err := base64.StdEncoding.DecodeString(value)
	if err != nil || len(text) > MaxContextBytes || !utf8.Valid(text) {
		return malformed()
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	var pairs map[string]*string // a pointer tells null from ""
	if decoder.Decode(&pairs) != nil || pairs == nil {
		return malformed()
	}
	if _, err := decoder.Token(); err != io.EOF {
		return malformed()
	}
	out := make(map[string]string, len(pairs))
	for name, value := range pairs {
		if value == nil {
			return malformed()
		}
		out[name] = *value
	}
	if _, taken := out[ArnKey]; taken {
		return nil, plainInvalid("The encryption context key "+ArnKey+" is reserved for Amazon S3 and cannot be provided in the request.",
			"S3 writes "+ArnKey+" itself.")
	}
	return out, nil
}

// ContextFor is the whole context a data key is made and opened with: the client's pairs and S3's own.
func ContextFor(client map[string]string, bucketKey bool, bucketARN, objectARN string) map[string]string {
	out := make(map[string]string, len(client)+1)
	maps.Copy(out, client)
	out[ArnKey] = objectARN
	if bucketKey {
		out[ArnKey] = bucketARN
	}
	return out
}

// EncodeContext is a context as response headers carry it: base64 of JSON with sorted names, without S3's own pair.
func EncodeContext(context map[string]string) string {
	shown := maps.Clone(context)
	delete(shown, ArnKey)
	if len(shown) == 0 {
		return ""
	}
	text, err := json.Marshal(shown)
	if err != nil { // strings to strings always have a JSON form
		return ""
	}
	return base64.StdEncoding.EncodeToString(text)
}

// SayContext is a context in words: "aws:s3:arn=arn:aws:s3:::vault, project=x".
func SayContext(context map[string]string) string {
	pairs := make([]string, 0, len(context))
	for _, name := range slices.Sorted(maps.Keys(context)) {
		pairs = append(pairs, name+"="+context[name])
	}
	return strings.Join(pairs, ", ")
}
