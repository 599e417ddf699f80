package sse

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
)

// Open decides whether a read may have the bytes: GetObject, HeadObject, GetObjectAttributes, and with copySource
// the source of a copy (a is then of ReadCopySource). What the request says by itself is judged before it is
// compared with the object. The secret is set only when the object is SSE-C and the key is right.
func Open(a Asked, stored Sealed, secure, copySource bool) (OpenDecision, CustomerSecret) {
	dec := OpenDecision{Stored: stored.Method, KeyMD5: a.secret.MD5(), KMS: ChoiceOf(stored)}
	if !copySource {
		if dec.Refusal = RefuseOnRead(a); dec.Refusal != nil {
			return dec, CustomerSecret{}
		}
	}
	if !a.Customer() {
		if stored.Method == SSEC {
			dec.Checks = []KeyCheck{{Name: "stored key", Sent: "absent", Want: "md5 " + stored.Customer.MD5}}
			dec.Refusal = needsKey()
		}
		return dec, CustomerSecret{}
	}
	if dec.Checks, dec.Refusal = checkKey(a, secure, false); dec.Refusal != nil {
		return dec, CustomerSecret{}
	}
	if stored.Method != SSEC {
		want := string(stored.Method)
		if stored.Method == None {
			want = "no encryption"
		}
		dec.Checks = append(dec.Checks, KeyCheck{Name: "stored key", Sent: "md5 " + dec.KeyMD5, Want: "no key: stored with " + want})
		dec.Refusal = notApplicable()
		return dec, CustomerSecret{}
	}
	right := stored.Customer.Matches(a.secret)
	dec.Checks = append(dec.Checks, KeyCheck{Name: "stored key", Passed: right, Sent: "md5 " + dec.KeyMD5, Want: "md5 " + stored.Customer.MD5})
	if !right {
		dec.Refusal = wrongKey()
		return dec, CustomerSecret{}
	}
	return dec, a.secret
}

// MatchUpload decides about a part (or the end) of an upload that was begun with method and, for SSE-C, the kept key.
// The bucket's block is not looked at here: see CheckBlocked.
func MatchUpload(a Asked, method Method, kept CustomerKey, secure bool) (SealDecision, CustomerSecret) {
	dec := Continued(method, kept)
	dec.KeyMD5 = a.secret.MD5()
	if dec.Refusal = RefuseOnRead(a); dec.Refusal != nil {
		return dec, CustomerSecret{}
	}
	if a.Customer() != (method == SSEC) {
		dec.Refusal = partUnlikeUpload()
		return dec, CustomerSecret{}
	}
	if method != SSEC {
		return dec, CustomerSecret{}
	}
	if dec.Checks, dec.Refusal = checkKey(a, secure, true); dec.Refusal != nil {
		return dec, CustomerSecret{}
	}
	same := kept.Matches(a.secret)
	dec.Checks = append(dec.Checks, KeyCheck{Name: "stored key", Passed: same, Sent: "md5 " + dec.KeyMD5, Want: "md5 " + kept.MD5})
	if !same {
		dec.Refusal = partOtherKey()
		return dec, CustomerSecret{}
	}
	return dec, a.secret
}

// Continued is the decision about what belongs to an upload, as far as the request has no say in it.
func Continued(method Method, kept CustomerKey) SealDecision {
	value := string(method)
	if method == SSEC {
		value = "SSE-C with key md5 " + kept.MD5[:min(4, len(kept.MD5))] + "…"
	}
	return SealDecision{Method: method, Because: rungUpload,
		Ladder: []Rung{{rungUpload, value, true, "every part is encrypted as the upload was begun"}}}
}

// Keep makes what is kept of a customer key; the key cannot be had back from it. random gives n random bytes.
func Keep(key CustomerSecret, random func(n int) []byte) CustomerKey {
	salt := random(saltBytes)
	return CustomerKey{Salt: salt, HMAC: salted(salt, key), MD5: key.MD5()}
}

// Matches compares in constant time.
func (k CustomerKey) Matches(key CustomerSecret) bool {
	return key.Present() && len(k.HMAC) > 0 && subtle.ConstantTimeCompare(salted(k.Salt, key), k.HMAC) == 1
}

const saltBytes = 16

func salted(salt []byte, key CustomerSecret) []byte {
	h := hmac.New(sha256.New, salt)
	h.Write(key.bytes())
	return h.Sum(nil)
}
