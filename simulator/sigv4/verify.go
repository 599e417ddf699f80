package sigv4

import (
	"crypto/subtle"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Options is what the verifier needs to know of the endpoint.
type Options struct {
	Region  string    // "" accepts any
	Service string    // "s3"
	Now     time.Time // in the base of the signature: see Peek
	// Lookup finds the secret of an access key, or says why there is none. token is the session token, "" without.
	Lookup func(accessKey, token string, d *Decision) (secret string, refusal *Refusal)
	// Payload is the SHA-256 of the body in hex, for services that take it from the body and not from a header; "" for S3.
	Payload string
	NoV2    bool      // Signature Version 2 is refused: see V4Only
	Keys    *KeyCache // nil: every signing key is derived anew
}

// Verify authenticates a request that is signed in its header, by a presigned URL, or not at all.
// The checks run in S3's order: form, date, key, payload value, signature, unsigned headers;
// the first that fails is the decision's refusal.
func Verify(r Request, o Options) Decision {
	ps := parameters(r.RawQuery)
	authorization := strings.Join(r.Header.Values("Authorization"), ",")
	link := presigned(ps)
	switch {
	case authorization != "" && (link || presignedV2(ps)):
		return Decision{Scheme: schemeHeader, Refusal: badAuthorization("Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified", authorization)}
	case strings.HasPrefix(authorization, "AWS "):
		return verifyHeaderV2(r, ps, authorization, o)
	case authorization != "":
		return verifyHeader(r, ps, authorization, o)
	case link:
		return verifyLink(r, ps, o)
	case presignedV2(ps):
		return verifyLinkV2(r, ps, o)
	}
	return Decision{Scheme: schemeAnonymous}
}

// Peek reads the signing date and the access key without judging them, so that a caller can tell which clock
// the signer used. ok is false when either is missing or unreadable.
func Peek(r Request) (date time.Time, accessKey string, ok bool) {
	var cred string
	if authorization := r.Header.Get("Authorization"); authorization != "" {
		if rest, older := strings.CutPrefix(authorization, "AWS "); older {
			accessKey, _, _ = strings.Cut(rest, ":")
			date, _, ok = headerDate(r.Header)
			return date, accessKey, ok && accessKey != ""
		}
		c, refusal := parseAuthorization(authorization)
		if refusal != nil {
			return date, "", false
		}
		cred = c.credential
		date, _, ok = headerDate(r.Header)
	} else {
		ps := parameters(r.RawQuery)
		if !presigned(ps) && presignedV2(ps) { // such a link only says when it ends
			accessKey, _ = first(ps, "AWSAccessKeyId")
			text, _ := first(ps, "Expires")
			seconds, err := strconv.ParseInt(text, 10, 64)
			return time.Unix(seconds, 0).UTC(), accessKey, err == nil && accessKey != ""
		}
		cred, _ = first(ps, "X-Amz-Credential")
		text, _ := first(ps, "X-Amz-Date")
		var err error
		date, err = time.Parse(dateLayout, text)
		ok = err == nil
	}
	c, good := parseCredential(cred)
	return date, c.accessKey, ok && good
}

func verifyHeader(r Request, ps []parameter, authorization string, o Options) Decision {
	d := Decision{Scheme: schemeHeader}
	parts, refusal := parseAuthorization(authorization)
	if refusal != nil {
		d.Refusal = refusal
		return d
	}
	cred, ok := parseCredential(parts.credential)
	if !ok {
		d.Refusal = malformedHeader("the Credential is mal-formed; " + expectedCredential)
		return d
	}
	d.describe(cred, parts.signedHeaders, parts.signature)
	if d.Refusal = cred.judge(o, malformedHeader); d.Refusal != nil {
		return d
	}
	date, text, ok := headerDate(r.Header)
	switch {
	case !ok:
		d.Refusal = denied("AWS authentication requires a valid Date or x-amz-date header.", "The request does not say when it was signed.")
		return d
	case date.Format(scopeLayout) != cred.day:
		d.Refusal = malformedHeader("Invalid credential date. Date is not the same as X-Amz-Date.")
		return d
	}
	d.Date = date
	if o.Now.Sub(date).Abs() > MaxSkew {
		d.Refusal = skewed(text, o.Now)
		return d
	}
	secret, refusal := o.Lookup(d.AccessKey, r.Header.Get(tokenParameter), &d)
	if refusal != nil {
		d.Refusal = refusal
		return d
	}
	d.PayloadHash = r.Header.Get("X-Amz-Content-Sha256")
	if d.PayloadHash == "" {
		d.PayloadHash = o.Payload
	}
	if d.PayloadHash == "" {
		d.Refusal = &Refusal{Status: 400, Code: "InvalidRequest",
			Message: "Missing required header for this request: x-amz-content-sha256",
			Say:     "The request does not say what its body is."}
		return d
	}
	d.settle(r, ps, secret, o.Keys)
	return d
}

func verifyLink(r Request, ps []parameter, o Options) Decision {
	d := Decision{Scheme: schemePresigned}
	l, refusal := parseLink(ps, o)
	d.describe(l.credential, l.signedHeaders, l.signature)
	d.Date, d.Expires = l.date, l.expires
	if refusal != nil {
		d.Refusal = refusal
		return d
	}
	end := l.date.Add(l.expires)
	switch {
	case l.date.Sub(o.Now) > MaxSkew:
		d.Refusal = denied("Request is not valid yet", "The link starts in the future.")
		return d
	case o.Now.After(end):
		d.Refusal = denied("Request has expired", "The link has expired.",
			[2]string{"X-Amz-Expires", strconv.FormatInt(int64(l.expires/time.Second), 10)},
			[2]string{"Expires", end.UTC().Format(isoSeconds)},
			[2]string{"ServerTime", o.Now.UTC().Format(isoSeconds)})
		return d
	}
	token, _ := first(ps, tokenParameter)
	secret, refusal := o.Lookup(d.AccessKey, token, &d)
	if refusal != nil {
		d.Refusal = refusal
		return d
	}
	d.PayloadHash = "UNSIGNED-PAYLOAD"
	if o.Payload != "" {
		d.PayloadHash = o.Payload
	}
	if sent := EffectiveHeader(r).Get("X-Amz-Content-Sha256"); sent != "" {
		d.PayloadHash = sent
	}
	d.settle(r, ps, secret, o.Keys)
	return d
}

// describe fills in what the request says of its signature.
func (d *Decision) describe(c credential, signedHeaders, signature string) {
	d.AccessKey, d.Region, d.Service, d.Signature = c.accessKey, c.region, c.service, signature
	if signedHeaders != "" {
		d.SignedHeaders = strings.Split(signedHeaders, ";")
	}
}

// settle judges payload value, signature and unsigned headers, once the secret is known.
func (d *Decision) settle(r Request, ps []parameter, secret string, keys *KeyCache) {
	if !validPayloadHash(d.PayloadHash) {
		d.Refusal = &Refusal{
			Status: 400, Code: "InvalidArgument",
			Message: "x-amz-content-sha256 must be " + strings.Join(payloadWords, ", ") + " or a valid sha256 value.",
			Extra:   [][2]string{{"ArgumentName", "x-amz-content-sha256"}, {"ArgumentValue", d.PayloadHash}},
			Say:     "x-amz-content-sha256 is neither a hash nor a known word.",
		}
		return
	}
	key := keys.get(secret, d.Date.UTC().Format(scopeLayout), d.Region, d.Service)
	host := r.Host
	for _, candidate := range hosts(r.Host) {
		text := canonical(r, ps, d.SignedHeaders, d.PayloadHash, candidate, false)
		toSign := stringToSign(d.Date.UTC().Format(dateLayout), d.Scope(), text)
		signature := hexMAC(key, toSign)
		right := equal(signature, d.Signature)
		if d.Calculated == "" || right {
			host, d.CanonicalRequest, d.StringToSign, d.Calculated = candidate, text, toSign, signature
		}
		if right {
			break
		}
	}
	if secretive(ps, d.SignedHeaders) {
		d.CanonicalRequest = canonical(r, ps, d.SignedHeaders, d.PayloadHash, host, true)
	}
	if !equal(d.Calculated, d.Signature) {
		d.Refusal = mismatch(*d)
		return
	}
	if missing := unsigned(r, ps, d.SignedHeaders); len(missing) > 0 {
		d.Refusal = denied("There were headers present in the request which were not signed",
			"Some headers are not covered by the signature.",
			[2]string{"HeadersNotSigned", strings.Join(missing, ", ")})
	}
}

// secretive says whether the canonical request holds something that must not be shown.
func secretive(ps []parameter, signed []string) bool {
	return slices.ContainsFunc(signed, Confidential) || slices.ContainsFunc(ps, func(p parameter) bool { return Confidential(p.name) })
}

func equal(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// hosts are the spellings of a host that mean the same: clients differ on whether a default port is signed.
func hosts(sent string) []string {
	for _, port := range []string{":80", ":443"} {
		if bare, ok := strings.CutSuffix(sent, port); ok {
			return []string{sent, bare}
		}
	}
	if strings.LastIndexByte(sent, ':') > strings.LastIndexByte(sent, ']') {
		return []string{sent}
	}
	return []string{sent, sent + ":443", sent + ":80"}
}

// unsigned lists what had to be signed and was not: host and every x-amz-* header. A header that repeats what
// a presigned URL's query says is covered by the query.
func unsigned(r Request, ps []parameter, signed []string) []string {
	covered := func(name string) bool {
		return slices.ContainsFunc(signed, func(s string) bool { return strings.EqualFold(s, name) })
	}
	var missing []string
	if !covered("host") {
		missing = append(missing, "host")
	}
	link := presigned(ps)
	for name := range r.Header {
		lower := strings.ToLower(name)
		if !strings.HasPrefix(lower, "x-amz-") || covered(lower) {
			continue
		}
		if link && slices.ContainsFunc(ps, func(p parameter) bool { return hoisted(p.name) == lower }) {
			continue
		}
		missing = append(missing, lower)
	}
	slices.Sort(missing)
	return missing
}

// payloadWords are the values of x-amz-content-sha256 that are not a hash.
var payloadWords = []string{
	"UNSIGNED-PAYLOAD",
	"STREAMING-UNSIGNED-PAYLOAD-TRAILER",
	"STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
	"STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
	"STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD",
	"STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER",
}

func validPayloadHash(s string) bool {
	return slices.Contains(payloadWords, s) || len(s) == 64 && strings.Trim(s, "0123456789abcdef") == ""
}
