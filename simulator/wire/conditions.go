package wire

import (
	"net/http"
	"strings"
	"time"
)

// Conditions are the preconditions of one request. Dates that cannot be read count as not sent, as in HTTP.
type Conditions struct {
	IfMatch, IfNoneMatch               string // "" when not sent
	IfModifiedSince, IfUnmodifiedSince time.Time
	Copy                               bool // the x-amz-copy-source-if-* family
}

// ReadConditions reads If-Match, If-None-Match, If-Modified-Since and If-Unmodified-Since.
func ReadConditions(h http.Header) Conditions { return conditions(h, "") }

// CopyConditions reads the same of a copy's source: x-amz-copy-source-if-*.
func CopyConditions(h http.Header) Conditions { return conditions(h, copyConditionPrefix) }

const copyConditionPrefix = "x-amz-copy-source-"

func conditions(h http.Header, prefix string) Conditions {
	date := func(name string) time.Time {
		t, err := http.ParseTime(h.Get(prefix + name))
		if err != nil {
			return time.Time{}
		}
		return t
	}
	return Conditions{
		IfMatch: h.Get(prefix + "If-Match"), IfNoneMatch: h.Get(prefix + "If-None-Match"),
		IfModifiedSince: date("If-Modified-Since"), IfUnmodifiedSince: date("If-Unmodified-Since"),
		Copy: prefix != "",
	}
}

// At takes out If-Modified-Since when it lies after now, the time of the server: S3 ignores it then, as HTTP says.
func (c Conditions) At(now time.Time) Conditions {
	if c.IfModifiedSince.After(now) {
		c.IfModifiedSince = time.Time{}
	}
	return c
}

// Read judges a GET, a HEAD or the source of a copy: nil, 412, or 304 (Status 304, no body; a copy never gets it).
// etag is without quotes. The tag conditions win over the dates beside them.
func (c Conditions) Read(etag string, modified time.Time) *Refusal {
	modified = modified.Truncate(time.Second)
	if c.IfMatch != "" {
		if !matches(c.IfMatch, etag) {
			return c.failed("If-Match")
		}
	} else if !c.IfUnmodifiedSince.IsZero() && modified.After(c.IfUnmodifiedSince) {
		return c.failed("If-Unmodified-Since")
	}
	if c.IfNoneMatch != "" {
		if matches(c.IfNoneMatch, etag) {
			return c.unchanged("If-None-Match")
		}
	} else if !c.IfModifiedSince.IsZero() && !modified.After(c.IfModifiedSince) {
		return c.unchanged("If-Modified-Since")
	}
	return nil
}

func (c Conditions) unchanged(condition string) *Refusal {
	if c.Copy {
		return c.failed(condition)
	}
	return refuse(304, "NotModified", "Not Modified", "The client has this version already.")
}

func (c Conditions) failed(condition string) *Refusal {
	if c.Copy {
		condition = copyConditionPrefix + condition
	}
	return refuse(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold",
		"The condition does not hold.", [2]string{"Condition", condition})
}

// WriteSyntax judges the conditions of PutObject, CopyObject and CompleteMultipartUpload before anything is looked up:
// 501 for what S3 does not take.
func (c Conditions) WriteSyntax() *Refusal {
	notTaken := func(header string) *Refusal {
		return notImplemented(header, "We don't accept the provided value of "+header+" header for this API",
			"S3 does not take this value here.")
	}
	switch {
	case c.IfMatch != "" && c.IfNoneMatch != "":
		return notImplemented("If-Match,If-None-Match", "Multiple conditional request headers present in the request",
			"Only one condition at a time.")
	case c.IfNoneMatch != "" && c.IfNoneMatch != "*":
		return notTaken("If-None-Match")
	case c.IfMatch == "*":
		return notTaken("If-Match")
	}
	return nil
}

// Write judges a write against the current version of key; etag "" when there is none or it is a delete marker.
func (c Conditions) Write(key, etag string) *Refusal {
	switch {
	case c.IfNoneMatch != "" && etag != "":
		return c.failed("If-None-Match")
	case c.IfMatch != "" && etag == "":
		return refuse(404, "NoSuchKey", "The specified key does not exist.", "There is nothing to match yet.", [2]string{"Key", key})
	case c.IfMatch != "" && !matches(c.IfMatch, etag):
		return c.failed("If-Match")
	}
	return nil
}

// matches compares with a header's list of tags; quotes are optional, weak tags are tags.
func matches(list, etag string) bool {
	for _, tag := range strings.Split(list, ",") {
		tag = strings.TrimPrefix(strings.TrimSpace(tag), "W/")
		if tag == "*" || strings.Trim(tag, `"`) == etag {
			return true
		}
	}
	return false
}
