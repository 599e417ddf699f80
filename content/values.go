package content

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
)

// params turns a step's parameters into those of the call: customer keys named, saved values filled in, bodies as bytes.
func (b *sandbox) params(in map[string]any) (map[string]any, error) {
	out := make(map[string]any, len(in)+1)
	for name, v := range in {
		switch name {
		case "ssec":
			out["SSECustomerAlgorithm"], out["SSECustomerKey"] = "AES256", customerKey(b.proof, fmt.Sprint(v))
			continue
		case "source_ssec":
			out["CopySourceSSECustomerAlgorithm"], out["CopySourceSSECustomerKey"] = "AES256", customerKey(b.proof, fmt.Sprint(v))
			continue
		}
		filled, err := b.fill(v)
		if err != nil {
			return nil, err
		}
		if text, ok := filled.(string); ok && name == "Body" {
			filled = []byte(text)
		}
		out[name] = filled
	}
	return out, nil
}

// fill replaces ${…} in a value. A text that is one customer key becomes its bytes.
func (b *sandbox) fill(v any) (any, error) {
	switch v := v.(type) {
	case string:
		if m := savedRef.FindStringSubmatch(v); m != nil && m[0] == v && strings.HasPrefix(m[1], "key:") {
			return b.key(m[1])
		}
		return b.text(v)
	case []any:
		out := make([]any, len(v))
		for i := range v {
			filled, err := b.fill(v[i])
			if err != nil {
				return nil, err
			}
			out[i] = filled
		}
		return out, nil
	case map[string]any:
		out := make(map[string]any, len(v))
		for name := range v {
			filled, err := b.fill(v[name])
			if err != nil {
				return nil, err
			}
			out[name] = filled
		}
		return out, nil
	}
	return v, nil
}

// text replaces ${name} by what was saved, ${key:k1} by a key in base64, ${md5:k1} by its MD5.
func (b *sandbox) text(s string) (string, error) {
	var failed error
	out := savedRef.ReplaceAllStringFunc(s, func(mark string) string {
		name := savedRef.FindStringSubmatch(mark)[1]
		if strings.HasPrefix(name, "key:") || strings.HasPrefix(name, "md5:") {
			key, err := b.key(name)
			if err != nil {
				failed = err
				return ""
			}
			if strings.HasPrefix(name, "md5:") {
				sum := md5.Sum(key)
				key = sum[:]
			}
			return base64.StdEncoding.EncodeToString(key)
		}
		return b.saved[name]
	})
	return out, failed
}

// key reads "key:k1" or, for a key of the wrong length, "key:k1:24".
func (b *sandbox) key(ref string) ([]byte, error) {
	parts := strings.Split(ref, ":")
	if len(parts) < 2 || len(parts) > 3 || !keyName.MatchString(parts[1]) {
		return nil, fmt.Errorf("${%s} is not a customer key", ref)
	}
	key := customerKey(b.proof, parts[1])
	if len(parts) == 3 {
		n, err := strconv.Atoi(parts[2])
		if err != nil || n < 1 || n > len(key) {
			return nil, fmt.Errorf("${%s} asks for a part of a key that does not exist", ref)
		}
		key = key[:n]
	}
	return key, nil
}

// customerKey derives the key of a name: the same in every run of one proof, another in every other proof.
func customerKey(proof, name string) []byte {
	sum := sha256.Sum256([]byte("keyhole proof " + proof + " customer key " + name))
	return sum[:]
}

// field reads "VersionId" or "CopyObjectResult.ETag" from an answer.
func field(fields map[string]any, name string) (string, bool) {
	var v any = fields
	for part := range strings.SplitSeq(name, ".") {
		m, ok := v.(map[string]any)
		if !ok {
			return "", false
		}
		if v, ok = m[part]; !ok {
			return "", false
		}
	}
	return fmt.Sprint(v), true
}
