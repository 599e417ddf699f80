package s3

import (
	"encoding/xml"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/wire"
	"keyhole/simulator/world"
)

// Limits of a CORS configuration. (user guide)
const (
	maxCORSRules = 100
	maxCORSBytes = 64 << 10
)

// corsConfiguration is the document of PutBucketCors.
type corsConfiguration struct {
	XMLName xml.Name   `xml:"CORSConfiguration"`
	Rules   []corsRule `xml:"CORSRule"`
}

type corsRule struct {
	ID      string   `xml:"ID,omitempty"`
	Headers []string `xml:"AllowedHeader"`
	Methods []string `xml:"AllowedMethod"`
	Origins []string `xml:"AllowedOrigin"`
	Expose  []string `xml:"ExposeHeader"`
	MaxAge  *int     `xml:"MaxAgeSeconds"`
}

// corsName is the document's name among a bucket's configurations.
const corsName = "cors"

func putBucketCORS(x *exchange.Exchange) *exchange.Fault {
	if refusal := wire.NeedDigest(x.Header); refusal != nil {
		return exchange.Refused(refusal)
	}
	if body, fault := x.Payload(); fault == nil && len(body.Data) > maxCORSBytes {
		return exchange.MalformedXML()
	}
	var doc corsConfiguration
	if fault := x.XML(&doc); fault != nil {
		return fault
	}
	if fault := doc.check(); fault != nil {
		return fault
	}
	text, err := xml.Marshal(doc)
	if err != nil {
		return x.Failed(err)
	}
	if err := x.World.Apply(world.ConfigSet(x.Bucket, corsName, text)); err != nil {
		return x.Failed(err)
	}
	x.Did("bucket %s now answers browsers of other sites by %d CORS rules", x.Bucket, len(doc.Rules))
	return nil
}

// check judges what the schema cannot say.
func (c corsConfiguration) check() *exchange.Fault {
	if len(c.Rules) == 0 {
		return exchange.MalformedXML()
	}
	if len(c.Rules) > maxCORSRules {
		return exchange.BadRequest("The number of CORS rules should not exceed allowed limit of 100 rules.").Told("A bucket has at most 100 CORS rules.")
	}
	for _, rule := range c.Rules {
		if len(rule.Methods) == 0 || len(rule.Origins) == 0 || len(rule.ID) > 255 {
			return exchange.MalformedXML()
		}
		for _, method := range rule.Methods {
			if !slices.Contains([]string{"GET", "PUT", "HEAD", "POST", "DELETE"}, method) {
				return exchange.BadRequest("Found unsupported HTTP method in CORS config. Unsupported method is " + method).Told("CORS knows five methods.")
			}
		}
		for _, origin := range rule.Origins {
			if strings.Count(origin, "*") > 1 {
				return exchange.BadRequest(`AllowedOrigin "` + origin + `" can not have more than one wildcard.`).Told("An origin has one wildcard at most.")
			}
		}
		for _, header := range rule.Headers {
			if strings.Count(header, "*") > 1 {
				return exchange.BadRequest(`AllowedHeader "` + header + `" can not have more than one wildcard.`).Told("A header has one wildcard at most.")
			}
		}
		for _, header := range rule.Expose {
			if strings.Contains(header, "*") {
				return exchange.BadRequest(`ExposeHeader "` + header + `" contains wildcard. We currently do not support wildcard for ExposeHeader.`).
					Told("Exposed headers have no wildcards.")
			}
		}
	}
	return nil
}

func getBucketCORS(x *exchange.Exchange) *exchange.Fault {
	doc, ok := corsOf(x.At)
	if !ok {
		return exchange.Err(404, "NoSuchCORSConfiguration", "The CORS configuration does not exist").With("BucketName", x.Bucket).
			Told("This bucket has no CORS configuration.")
	}
	x.Document("CORSConfiguration", struct {
		Rules []corsRule `xml:"CORSRule"`
	}{doc.Rules})
	return nil
}

func deleteBucketCORS(x *exchange.Exchange) *exchange.Fault {
	x.Answer.Status = http.StatusNoContent
	if _, ok := corsOf(x.At); !ok {
		return nil
	}
	if err := x.World.Apply(world.ConfigSet(x.Bucket, corsName, nil)); err != nil {
		return x.Failed(err)
	}
	x.Did("bucket %s has no CORS configuration any more", x.Bucket)
	return nil
}

func corsOf(b *world.Bucket) (c corsConfiguration, ok bool) {
	text := b.Config[corsName]
	return c, len(text) > 0 && xml.Unmarshal(text, &c) == nil
}

// CORS finds the first rule of a bucket that allows an origin, a method and headers, and gives the answer's headers.
// configured says whether the bucket has any rule.
func CORS(b *world.Bucket, origin, method string, headers []string) (answer http.Header, configured bool) {
	doc, ok := corsOf(b)
	if !ok {
		return nil, false
	}
	for _, rule := range doc.Rules {
		allowed, ok := rule.allows(origin, method, headers)
		if !ok {
			continue
		}
		answer = http.Header{}
		answer.Set("Access-Control-Allow-Origin", allowed)
		answer.Set("Access-Control-Allow-Methods", strings.Join(rule.Methods, ", "))
		if allowed != "*" {
			answer.Set("Access-Control-Allow-Credentials", "true")
		}
		if len(headers) > 0 {
			answer.Set("Access-Control-Allow-Headers", strings.Join(headers, ", "))
		}
		if len(rule.Expose) > 0 {
			answer.Set("Access-Control-Expose-Headers", strings.Join(rule.Expose, ", "))
		}
		if rule.MaxAge != nil {
			answer.Set("Access-Control-Max-Age", strconv.Itoa(*rule.MaxAge))
		}
		answer.Set("Vary", "Origin, Access-Control-Request-Headers, Access-Control-Request-Method")
		return answer, true
	}
	return nil, true
}

// allows says which origin to name when the rule fits: "*" when the rule says just that.
func (r corsRule) allows(origin, method string, headers []string) (allowed string, ok bool) {
	if !slices.Contains(r.Methods, method) {
		return "", false
	}
	i := slices.IndexFunc(r.Origins, func(pattern string) bool { return starred(pattern, origin) })
	if i < 0 {
		return "", false
	}
	for _, header := range headers {
		if !slices.ContainsFunc(r.Headers, func(pattern string) bool { return starred(strings.ToLower(pattern), strings.ToLower(header)) }) {
			return "", false
		}
	}
	if r.Origins[i] == "*" {
		return "*", true
	}
	return origin, true
}

// starred matches a pattern with one wildcard at most.
func starred(pattern, text string) bool {
	before, after, wild := strings.Cut(pattern, "*")
	if !wild {
		return pattern == text
	}
	return len(text) >= len(before)+len(after) && strings.HasPrefix(text, before) && strings.HasSuffix(text, after)
}
