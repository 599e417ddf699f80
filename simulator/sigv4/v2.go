package sigv4

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // Signature Version 2 is HMAC-SHA1
	"encoding/base64"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The two forms of Signature Version 2, as Decision.Scheme names them.
const (
	schemeHeaderV2    = "header v2"
	schemePresignedV2 = "presigned v2"
)

// subresources are the query parameters that Signature Version 2 covers; all others are not signed.
// (S3 developer guide, "Signing and authenticating REST requests", and what botocore and s3cmd sign)
var subresources = []string{
	"accelerate", "acl", "analytics", "cors", "defaultObjectAcl", "delete", "encryption", "inventory", "legal-hold", "lifecycle",
	"location", "logging", "metrics", "notification", "object-lock", "partNumber", "policy", "policyStatus", "publicAccessBlock",
	"replication", "requestPayment", "restore", "retention", "select", "select-type", "storageClass", "tagging", "torrent",
	"uploadId", "uploads", "versionId", "versioning", "versions", "website",
	"response-cache-control", "response-content-disposition", "response-content-encoding", "response-content-language",
	"response-content-type", "response-expires",
}

// signV2 is the base64 of HMAC-SHA1.
func signV2(secret, text string) string {
	h := hmac.New(sha1.New, []byte(secret))
	h.Write([]byte(text))
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}

// stringsToSignV2 are the texts a Version 2 signature may be made of: method, Content-MD5, Content-Type, date, x-amz-*
// lines, resource. Clients differ on whether a prefix of the path and the slash after a bucket belong to the resource.
func stringsToSignV2(r Request, ps []parameter, date string, link bool) (texts []string) {
	value := func(name string) string {
		if sent := r.Header.Values(name); len(sent) > 0 || !link {
			return joined(sent)
		}
		for _, p := range ps {
			if strings.EqualFold(p.name, name) {
				return fold(p.value)
			}
		}
		return ""
	}
	head := r.Method + "\n" + value("Content-MD5") + "\n" + value("Content-Type") + "\n" + date + "\n" + amzLines(r, ps, link)
	query := resourceQuery(ps)
	for _, path := range resources(r) {
		texts = append(texts, head+path+query)
	}
	return texts
}

// amzLines are the x-amz-* headers, of a link also those of its query, as "name:value\n" in order.
func amzLines(r Request, ps []parameter, link bool) string {
	lines := map[string]string{}
	for name, values := range r.Header {
		if lower := strings.ToLower(name); strings.HasPrefix(lower, "x-amz-") {
			lines[lower] = joined(values)
		}
	}
	if link {
		for _, p := range ps {
			lower := strings.ToLower(p.name)
			if _, sent := lines[lower]; strings.HasPrefix(lower, "x-amz-") && !sent {
				lines[lower] = fold(p.value)
			}
		}
	}
	names := make([]string, 0, len(lines))
	for name := range lines {
		names = append(names, name)
	}
	slices.Sort(names)
	var b strings.Builder
	for _, name := range names {
		b.WriteString(name + ":" + lines[name] + "\n")
	}
	return b.String()
}

// resourceQuery is the part of the query that is signed: subresources in order, their values decoded.
func resourceQuery(ps []parameter) string {
	var pairs []string
	for _, p := range ps {
		if !slices.Contains(subresources, p.name) {
			continue
		}
		pair := p.name
		if p.assigned {
			value := p.value
			if plain, err := url.PathUnescape(p.raw); err == nil { // a plus sign is itself here
				value = plain
			}
			pair += "=" + value
		}
		pairs = append(pairs, pair)
	}
	if len(pairs) == 0 {
		return ""
	}
	slices.SortStableFunc(pairs, func(a, b string) int {
		nameA, _, _ := strings.Cut(a, "=")
		nameB, _, _ := strings.Cut(b, "=")
		return strings.Compare(nameA, nameB)
	})
	return "?" + strings.Join(pairs, "&")
}

// resources are the spellings of the resource: path as on the wire, after the bucket that the host names.
func resources(r Request) (out []string) {
	bucket := ""
	if r.Bucket != "" {
		bucket = "/" + r.Bucket
	}
	add := func(path string) {
		if path == "" {
			path = "/"
		}
		if path = bucket + path; !slices.Contains(out, path) {
			out = append(out, path)
		}
	}
	bare := strings.TrimPrefix(r.Path, r.Prefix)
	add(bare)
	add(r.Path)
	if strings.Count(bare, "/") == 1 && bucket == "" && bare != "/" {
		add(bare + "/")
	}
	return out
}

func verifyHeaderV2(r Request, ps []parameter, authorization string, o Options) Decision {
	d := Decision{Scheme: schemeHeaderV2, Service: "s3"}
	rest := strings.TrimPrefix(authorization, "AWS ")
	colon := strings.LastIndexByte(rest, ':')
	if o.Service != "s3" || o.NoV2 {
		d.Refusal = unsupportedV2()
		return d
	}
	if colon <= 0 || colon == len(rest)-1 {
		d.Refusal = badAuthorization("AWS authorization header is invalid.  Expected AwsAccessKeyId:signature", authorization)
		return d
	}
	d.AccessKey, d.Signature = rest[:colon], rest[colon+1:]
	date, text, ok := headerDate(r.Header)
	if !ok {
		d.Refusal = denied("AWS authentication requires a valid Date or x-amz-date header.", "The request does not say when it was signed.")
		return d
	}
	d.Date = date
	if o.Now.Sub(date).Abs() > MaxSkew {
		d.Refusal = skewed(text, o.Now)
		return d
	}
	line := r.Header.Get("Date")
	if r.Header.Get("X-Amz-Date") != "" {
		line = "" // it is among the x-amz-* lines
	}
	d.settleV2(r, ps, line, r.Header.Get(tokenParameter), o)
	return d
}

func verifyLinkV2(r Request, ps []parameter, o Options) Decision {
	d := Decision{Scheme: schemePresignedV2, Service: "s3"}
	d.AccessKey, _ = first(ps, "AWSAccessKeyId")
	d.Signature, _ = first(ps, "Signature")
	for _, name := range []string{"Signature", "Expires", "AWSAccessKeyId"} {
		if value, ok := first(ps, name); !ok || value == "" {
			d.Refusal = denied("Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters",
				"The link lacks a signing parameter.")
			return d
		}
	}
	if o.NoV2 || o.Service != "s3" {
		d.Refusal = unsupportedV2()
		return d
	}
	text, _ := first(ps, "Expires")
	seconds, err := strconv.ParseInt(text, 10, 64)
	if err != nil || seconds < 0 || seconds > maxEpoch {
		d.Refusal = denied("Invalid date (should be seconds since epoch): "+text, "The link's end is no time.")
		return d
	}
	d.Date = time.Unix(seconds, 0).UTC() // the only date such a link has is that of its end
	if o.Now.After(d.Date) {
		d.Refusal = denied("Request has expired", "The link has expired.",
			[2]string{"Expires", d.Date.Format(isoSeconds)}, [2]string{"ServerTime", o.Now.UTC().Format(isoSeconds)})
		return d
	}
	token := ""
	for _, p := range ps {
		if strings.EqualFold(p.name, tokenParameter) {
			token = p.value
		}
	}
	d.settleV2(r, ps, text, token, o)
	return d
}

// maxEpoch is the last second of the year 9999, beyond which no date is printed in four digits.
const maxEpoch = 253402300799

// settleV2 finds the key and compares the signature.
func (d *Decision) settleV2(r Request, ps []parameter, date, token string, o Options) {
	secret, refusal := o.Lookup(d.AccessKey, token, d)
	if refusal != nil {
		d.Refusal = refusal
		return
	}
	link := d.Scheme == schemePresignedV2
	right := false
	for i, text := range stringsToSignV2(r, ps, date, link) {
		signature := signV2(secret, text)
		if right = equal(signature, d.Signature); right || i == 0 {
			d.StringToSign, d.Calculated = text, signature
		}
		if right {
			break
		}
	}
	d.StringToSign = hideLines(d.StringToSign)
	if !right {
		d.Refusal = mismatch(*d)
		return
	}
	if sent := EffectiveHeader(r).Get("X-Amz-Content-Sha256"); sent == "STREAMING-UNSIGNED-PAYLOAD-TRAILER" {
		d.PayloadHash = sent
	}
}

// hideLines replaces what must not be seen in a Version 2 text: customer keys and session tokens are lines of it.
func hideLines(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if name, value, ok := strings.Cut(line, ":"); ok && Confidential(name) {
			lines[i] = name + ":" + redacted(value)
		}
	}
	return strings.Join(lines, "\n")
}

func unsupportedV2() *Refusal {
	return &Refusal{
		Status: 400, Code: "InvalidRequest",
		Message: "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.",
		Say:     "Only Signature Version 4 is taken here.",
	}
}

// V4Only says whether a Region takes Signature Version 4 alone, as every Region does that opened after January 2014.
func V4Only(region string) bool { return !slices.Contains(oldRegions, region) }

// oldRegions opened before 2014 and still take Signature Version 2. (S3 developer guide)
var oldRegions = []string{
	"us-east-1", "us-west-1", "us-west-2", "eu-west-1", "ap-southeast-1", "ap-southeast-2", "ap-northeast-1", "sa-east-1",
}
