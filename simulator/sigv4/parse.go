package sigv4

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// credential is AKID/yyyymmdd/region/service/aws4_request, not yet judged.
type credential struct{ accessKey, day, region, service, terminal string }

func parseCredential(s string) (credential, bool) {
	parts := strings.Split(s, "/")
	if len(parts) != 5 {
		return credential{}, false
	}
	for _, p := range parts {
		if p == "" {
			return credential{}, false
		}
	}
	return credential{parts[0], parts[1], parts[2], parts[3], parts[4]}, true
}

// judge checks terminal, service, region and the form of the day; malformed words the refusal for header or query.
func (c credential) judge(o Options, malformed func(detail string) *Refusal) *Refusal {
	switch {
	case c.terminal != terminal:
		return malformed(`incorrect terminal "` + c.terminal + `". This endpoint uses "aws4_request".`)
	case c.service != o.Service:
		return malformed(`incorrect service "` + c.service + `". This endpoint belongs to "` + o.Service + `".`)
	case o.Region != "" && c.region != o.Region:
		r := malformed("the region '" + c.region + "' is wrong; expecting '" + o.Region + "'")
		r.Extra = [][2]string{{"Region", o.Region}}
		r.Say = "Signed for another Region."
		return r
	}
	if _, err := time.Parse(scopeLayout, c.day); err != nil {
		return malformed(`incorrect date format "` + c.day + `". This date in the credential must be in the format "yyyyMMdd".`)
	}
	return nil
}

// components are the three parts of an Authorization header.
type components struct{ credential, signedHeaders, signature string }

// parseAuthorization reads an Authorization header as far as its three components.
func parseAuthorization(value string) (components, *Refusal) {
	var c components
	scheme, rest, ok := strings.Cut(value, " ")
	switch {
	case !ok:
		return c, badAuthorization("Authorization header is invalid -- one and only one ' ' (space) required.", value)
	case scheme == "AWS4-ECDSA-P256-SHA256":
		refusal := unsupportedV2()
		refusal.Say = "Signature Version 4A is for Multi-Region Access Points."
		return c, refusal
	case scheme != algorithm:
		return c, badAuthorization("Unsupported Authorization Type", value)
	}
	parts := strings.Split(rest, ",")
	if len(parts) != 3 {
		return c, malformedHeader("the authorization header requires three components: Credential, SignedHeaders, and Signature.")
	}
	found := map[string]string{}
	for _, part := range parts {
		part = strings.TrimSpace(part)
		name, value, ok := strings.Cut(part, "=")
		if !ok || strings.Contains(value, "=") {
			return c, malformedHeader(`the authorization component "` + part + `" is malformed.`)
		}
		found[name] = value
	}
	for _, want := range []struct {
		name string
		to   *string
	}{{"Credential", &c.credential}, {"SignedHeaders", &c.signedHeaders}, {"Signature", &c.signature}} {
		value, ok := found[want.name]
		if !ok {
			return c, malformedHeader("missing " + want.name + ".")
		}
		*want.to = value
	}
	return c, nil
}

// headerDate is the signing date of a header: x-amz-date, else Date. text is what the refusal for skew prints.
func headerDate(h http.Header) (date time.Time, text string, ok bool) {
	if text = h.Get("X-Amz-Date"); text != "" {
		date, err := time.Parse(dateLayout, text)
		return date, text, err == nil
	}
	text = h.Get("Date")
	for _, layout := range []string{dateLayout, time.RFC1123Z} {
		if date, err := time.Parse(layout, text); err == nil {
			return date.UTC(), text, true
		}
	}
	date, err := http.ParseTime(text)
	return date.UTC(), text, err == nil
}

// link is a presigned URL's parameters, judged.
type link struct {
	credential    credential
	signedHeaders string
	signature     string
	date          time.Time
	expires       time.Duration
}

// parseLink reads the six parameters of a presigned URL.
func parseLink(ps []parameter, o Options) (link, *Refusal) {
	var l link
	values := map[string]string{}
	for _, name := range authParameters {
		value, ok := first(ps, name)
		if !ok {
			return l, badQuery("Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.")
		}
		values[name] = value
	}
	l.signedHeaders, l.signature = values["X-Amz-SignedHeaders"], values["X-Amz-Signature"]
	// The text names both algorithms, as S3's does; the second, for Multi-Region Access Points, is not imitated.
	if values["X-Amz-Algorithm"] != algorithm {
		return l, badQuery(`X-Amz-Algorithm only supports "AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256"`)
	}
	var ok bool
	if l.credential, ok = parseCredential(values["X-Amz-Credential"]); !ok {
		return l, badCredentialQuery("the Credential is mal-formed; " + expectedCredential)
	}
	if refusal := l.credential.judge(o, badCredentialQuery); refusal != nil {
		return l, refusal
	}
	date, err := time.Parse(dateLayout, values["X-Amz-Date"])
	if err != nil {
		return l, badQuery(`X-Amz-Date must be in the ISO8601 Long Format "yyyyMMdd'T'HHmmss'Z'"`)
	}
	l.date = date
	if day := date.Format(scopeLayout); day != l.credential.day {
		return l, badQuery(`Invalid credential date "` + l.credential.day + `". This date is not the same as X-Amz-Date: "` + day + `".`)
	}
	var refusal *Refusal
	l.expires, refusal = parseExpires(values["X-Amz-Expires"])
	return l, refusal
}

func parseExpires(s string) (time.Duration, *Refusal) {
	seconds, err := strconv.ParseInt(s, 10, 64)
	switch {
	case err != nil && isNumber(s) && !strings.HasPrefix(s, "-"), seconds > int64(MaxExpires/time.Second):
		return 0, badQuery("X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds")
	case seconds < 0 || err != nil && isNumber(s):
		return 0, badQuery("X-Amz-Expires must be non-negative")
	case err != nil:
		return 0, badQuery("X-Amz-Expires should be a number")
	}
	return time.Duration(seconds) * time.Second, nil
}

// isNumber tells a number too large for an int64 from a text that is none.
func isNumber(s string) bool {
	digits := strings.TrimPrefix(s, "-")
	return digits != "" && strings.Trim(digits, "0123456789") == ""
}
