package sigv4

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Keys is what a client signs with.
type Keys struct{ AccessKey, Secret, Token string }

// Sign signs a request in its header, for tests and measurements: host, content-type, content-md5, range
// and every x-amz-* header. payloadHash is the x-amz-content-sha256 value.
func Sign(r *http.Request, k Keys, region, service, payloadHash string, at time.Time) {
	SignOnly(r, k, region, service, payloadHash, at)
}

// SignOnly is Sign for the named headers only (lower case, sorted); without names, for all that Sign covers.
func SignOnly(r *http.Request, k Keys, region, service, payloadHash string, at time.Time, names ...string) {
	r.Header.Set("X-Amz-Date", at.UTC().Format(dateLayout))
	r.Header.Set("X-Amz-Content-Sha256", payloadHash)
	if k.Token != "" {
		r.Header.Set(tokenParameter, k.Token)
	}
	if len(names) == 0 {
		names = signable(r)
	}
	d := Decision{Date: at.UTC(), Region: region, Service: service}
	signature := d.seal(r, k.Secret, names, payloadHash)
	r.Header.Set("Authorization", algorithm+" Credential="+k.AccessKey+"/"+d.Scope()+
		", SignedHeaders="+strings.Join(names, ";")+", Signature="+signature)
}

// Presign signs a request in its query, for tests. Headers that are set on r must be sent with the link.
func Presign(r *http.Request, k Keys, region, service string, at time.Time, life time.Duration) {
	signed := signable(r)
	d := Decision{Date: at.UTC(), Region: region, Service: service}
	q := []string{
		"X-Amz-Algorithm=" + algorithm,
		"X-Amz-Credential=" + encode(k.AccessKey+"/"+d.Scope(), false),
		"X-Amz-Date=" + d.Date.Format(dateLayout),
		"X-Amz-Expires=" + strconv.FormatInt(int64(life/time.Second), 10),
		"X-Amz-SignedHeaders=" + encode(strings.Join(signed, ";"), false),
	}
	if k.Token != "" {
		q = append(q, tokenParameter+"="+encode(k.Token, false))
	}
	if r.URL.RawQuery != "" {
		q = append([]string{r.URL.RawQuery}, q...)
	}
	r.URL.RawQuery = strings.Join(q, "&")
	r.URL.RawQuery += "&X-Amz-Signature=" + d.seal(r, k.Secret, signed, "UNSIGNED-PAYLOAD")
}

func (d Decision) seal(r *http.Request, secret string, signed []string, payload string) string {
	in := FromHTTP(r)
	text := canonical(in, parameters(in.RawQuery), signed, payload, in.Host, false)
	key := signingKey(secret, d.Date.Format(scopeLayout), d.Region, d.Service)
	return hexMAC(key, stringToSign(d.Date.Format(dateLayout), d.Scope(), text))
}

func signable(r *http.Request) []string {
	signed := []string{"host"}
	for name := range r.Header {
		lower := strings.ToLower(name)
		switch {
		case lower == "content-type", lower == "content-md5", lower == "range", lower == "date", strings.HasPrefix(lower, "x-amz-"):
			signed = append(signed, lower)
		}
	}
	slices.Sort(signed)
	return signed
}

// FromHTTP reads a request as a server or an in-process client holds it.
func FromHTTP(r *http.Request) Request {
	host := r.Host
	if host == "" {
		host = r.URL.Host
	}
	path := r.URL.EscapedPath()
	// A server keeps the request line, which is what was signed.
	if target, _, _ := strings.Cut(r.RequestURI, "?"); strings.HasPrefix(target, "/") {
		path = target
	}
	return Request{Method: r.Method, Path: path, RawQuery: r.URL.RawQuery, Header: r.Header, Host: host, ContentLength: r.ContentLength}
}
