package s3

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// LogRecord is one line of a server access log. Text that is "" and numbers that are 0 are written as "-"; Key is as it
// is in the bucket, the rest as it is to be written. (s3-wire 10.2)
type LogRecord struct {
	Owner     string // canonical id of the bucket's owner
	Bucket    string
	At        time.Time
	IP        string
	Requester string // canonical id of a root user, ARN, or "svc:" and a service; "" anonymous
	RequestID string
	Operation string // "REST.GET.OBJECT"
	Key       string
	URI       string // "GET /bucket/key HTTP/1.1", redacted; "" of what is no request of its own
	Status    int
	Code      string
	Sent      int64 // bytes of the answer's body
	Size      int64 // of the object; -1: of none, because an object may be empty
	Referer   string
	Agent     string
	Version   string // as the request named it
	HostID    string
	Signature string // "SigV4" or "SigV2"
	Cipher    string
	Auth      string // "AuthHeader" or "QueryString"
	Host      string
	TLS       string // "TLSv1.3"
	Point     string // ARN of the access point
	ACL       bool   // nothing but an ACL allowed it
	Region    string // of AWS, from where it came
}

// logTime is how the log writes a moment, in UTC.
const logTime = "02/Jan/2006:15:04:05 -0700"

// Line is the record as it stands in a log, without the end of the line. It has 27 fields, two of which, the times a request
// took, are always "-": what happens here takes no simulated time.
func (r LogRecord) Line() string {
	acl := ""
	if r.ACL {
		acl = "Yes"
	}
	size := ""
	if r.Size >= 0 {
		size = strconv.FormatInt(r.Size, 10)
	}
	referer, agent := bare(r.Referer), bare(r.Agent)
	if r.URI != "" { // of a request; the parts of one have neither
		referer, agent = quotedField(r.Referer), quotedField(r.Agent)
	}
	uri := "-"
	if r.URI != "" {
		uri = quotedField(r.URI)
	}
	return strings.Join([]string{
		bare(r.Owner), bare(r.Bucket), "[" + r.At.UTC().Format(logTime) + "]", bare(r.IP), bare(r.Requester), bare(r.RequestID),
		bare(r.Operation), bare(LogKey(r.Key)), uri, number(int64(r.Status)), bare(r.Code), number(r.Sent), bare(size), "-", "-",
		referer, agent, bare(r.Version), bare(r.HostID), bare(r.Signature), bare(r.Cipher), bare(r.Auth), bare(r.Host), bare(r.TLS),
		bare(r.Point), bare(acl), bare(r.Region),
	}, " ")
}

// LogKey is a key as the log writes it: percent-encoded but for its slashes, and that again, so that a space is %2520.
func LogKey(key string) string {
	return strings.ReplaceAll(escaped(key, func(c byte) bool {
		return c == '/' || c == '-' || c == '_' || c == '.' || c == '~' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
	}), "%", "%25")
}

func number(n int64) string {
	if n == 0 {
		return "-"
	}
	return strconv.FormatInt(n, 10)
}

// bare is a field without quotation marks. What a client wrote can end neither the field nor the line.
func bare(text string) string {
	if text == "" {
		return "-"
	}
	return escaped(text, func(c byte) bool { return c > ' ' && c != '"' && c != 0x7f })
}

// quotedField is a field in quotation marks, likewise.
func quotedField(text string) string {
	if text == "" {
		text = "-"
	}
	return `"` + escaped(text, func(c byte) bool { return c >= ' ' && c != '"' && c != 0x7f }) + `"`
}

// escaped is text with every byte percent-encoded that is not plain.
func escaped(text string, plain func(byte) bool) string {
	var b strings.Builder
	for i := range len(text) {
		if c := text[i]; plain(c) {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
