package sigv4

import (
	"net/http"
	"strconv"
	"time"
)

// SignV2 signs a request in its header with Signature Version 2, for tests. bucket is the one the host names, or "".
func SignV2(r *http.Request, k Keys, bucket string, at time.Time) {
	r.Header.Set("Date", at.UTC().Format(http.TimeFormat))
	if k.Token != "" {
		r.Header.Set(tokenParameter, k.Token)
	}
	in := FromHTTP(r)
	in.Bucket = bucket
	text := stringsToSignV2(in, parameters(in.RawQuery), r.Header.Get("Date"), false)[0]
	r.Header.Set("Authorization", "AWS "+k.AccessKey+":"+signV2(k.Secret, text))
}

// PresignV2 signs a request in its query with Signature Version 2 until a moment, for tests. As boto3 does, the x-amz-*
// headers that are set on r move to the query.
func PresignV2(r *http.Request, k Keys, bucket string, until time.Time) {
	if k.Token != "" {
		r.Header.Set(tokenParameter, k.Token)
	}
	in := FromHTTP(r)
	in.Bucket = bucket
	ends := strconv.FormatInt(until.Unix(), 10)
	text := stringsToSignV2(in, parameters(in.RawQuery), ends, false)[0]
	q := r.URL.RawQuery
	add := func(name, value string) {
		if q != "" {
			q += "&"
		}
		q += name + "=" + encode(value, false)
	}
	for name := range r.Header {
		if lower := http.CanonicalHeaderKey(name); len(lower) > 6 && lower[:6] == "X-Amz-" {
			add(name, joined(r.Header.Values(name)))
			r.Header.Del(name)
		}
	}
	add("AWSAccessKeyId", k.AccessKey)
	add("Signature", signV2(k.Secret, text))
	add("Expires", ends)
	r.URL.RawQuery = q
}

// SignForm is the signature of a form's policy field (base64 text), for tests.
func SignForm(policy string, k Keys, region string, at time.Time) string {
	return hexMAC(signingKey(k.Secret, at.UTC().Format(scopeLayout), region, "s3"), policy)
}

// SignFormV2 is SignForm with Signature Version 2.
func SignFormV2(policy string, k Keys) string { return signV2(k.Secret, policy) }
