package simulator

import (
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"keyhole/simulator/exchange"
	"keyhole/simulator/sigv4"
	"keyhole/simulator/wire"
)

// describing are the headers that a form's fields stand for; those of the request itself say nothing about the object.
var describing = []string{"Content-Type", "Content-Encoding", "Content-Disposition", "Content-Language", "Content-Md5", "Cache-Control", "Expires",
	"If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since"}

// formOnly are the fields that are no header of an upload.
var formOnly = []string{"x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-signature"}

// authenticateForm reads a browser's form, finds out who signed its policy and holds the form against it. From here on
// the form's fields are the headers and its file is the body, so that the rest of the way is that of PutObject.
func authenticateForm(s *Simulator, v *visit) (string, *exchange.Fault) {
	v.Trace.Caller = exchange.Caller{Kind: "unknown"}
	var limit int64
	s.View(func(w *World) { limit = w.Limits().ObjectBytes })
	var body io.Reader
	if v.request.Body != nil {
		body = v.request.Body
	}
	form, refusal := wire.ReadForm(body, v.request.Header.Get("Content-Type"), limit)
	if refusal == nil {
		refusal = form.NeedKey()
	}
	if refusal != nil {
		return "", exchange.Refused(refusal)
	}
	v.Upload, v.Key = form, form.Fields["key"]
	v.Trace.Key = v.Key
	for i, one := range form.Names {
		if sigv4.Confidential(one) {
			v.Note("field %d of the form is confidential and not shown", i+1)
		}
	}
	v.Trace.Request.Body, v.Trace.Request.Size = shown(form.File), max(int64(len(form.File)), v.Trace.Request.Size)
	var secret string
	o := s.endpoint(v, v.signed(), &secret)
	d := sigv4.VerifyForm(form.Field, o)
	v.Trace.Authentication = &d
	if d.Refusal != nil {
		if v.Trace.Caller.Kind == "unknown" {
			v.Trace.Caller.AccessKey = d.AccessKey
		}
		return "", exchange.Refused(d.Refusal)
	}
	tagging := v.asHeaders(form)
	if d.Scheme == "anonymous" {
		v.Trace.Caller = exchange.Caller{Kind: "anonymous"}
		v.receiveForm(form, tagging)
		return "the form is not signed: the caller is anonymous", nil
	}
	p, refusal := wire.ParseFormPolicy(form.Fields["policy"])
	if refusal == nil {
		refusal = p.Check(form, v.Bucket, o.Now)
	}
	if refusal != nil {
		return "", exchange.Refused(refusal)
	}
	v.Anonymous = false
	v.receiveForm(form, tagging)
	return "signature of the form's policy valid, signed by " + v.Caller.ARN + "; the form keeps to the policy", nil
}

func (v *visit) receiveForm(form *wire.Form, fault *exchange.Fault) {
	body := wire.Body{Data: form.File, Mode: wire.ModeUnsigned}
	if claim, bad := wire.ReadClaim(v.Header); bad == nil {
		body.Digest(claim, !v.Sent("X-Amz-Server-Side-Encryption-Customer-Algorithm"))
	}
	v.Receive(body, fault)
}

// asHeaders makes the headers that the rest of the pipeline reads out of the fields. fault is what is wrong with the
// tagging field, which is told with the body.
func (v *visit) asHeaders(form *wire.Form) (fault *exchange.Fault) {
	h := http.Header{}
	for name, values := range v.request.Header {
		if !slices.Contains(describing, name) && !strings.HasPrefix(strings.ToLower(name), "x-amz-") {
			h[name] = values
		}
	}
	for name, value := range form.Fields {
		switch {
		case name == "acl":
			h.Set("X-Amz-Acl", value)
		case name == "tagging":
			var tags string
			if tags, fault = formTags(value); tags != "" {
				h.Set("X-Amz-Tagging", tags)
			}
		case slices.Contains(formOnly, name), strings.HasPrefix(name, "x-ignore-"):
		case strings.HasPrefix(name, "x-amz-"), slices.Contains(describing[:7], http.CanonicalHeaderKey(name)):
			h.Set(name, value)
		}
	}
	v.Header = h
	return fault
}

// formTags turns the tagging field, which is XML, into the header's form. A document of another name has no tags. (recorded)
func formTags(text string) (string, *exchange.Fault) {
	var doc struct {
		XMLName xml.Name
		Tags    []tag `xml:"TagSet>Tag"`
	}
	d := xml.NewDecoder(strings.NewReader(text))
	if err := d.Decode(&doc); err != nil {
		return "", exchange.MalformedXML()
	}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if _, white := token.(xml.CharData); err != nil || !white {
			return "", exchange.MalformedXML()
		}
	}
	if doc.XMLName.Local != "Tagging" {
		return "", nil
	}
	pairs := make([]string, len(doc.Tags))
	for i, t := range doc.Tags {
		pairs[i] = url.QueryEscape(t.Key) + "=" + url.QueryEscape(t.Value)
	}
	return strings.Join(pairs, "&"), nil
}

// credential is the scope that a form was signed for; "" of other requests.
func (v *visit) credential() string {
	if v.Upload == nil {
		return ""
	}
	return v.Upload.Fields["x-amz-credential"]
}

// signedAt is when a form says it was signed: its date, or the end of its policy, which tells the two clocks apart as well.
// Zero for other requests.
func (v *visit) signedAt() time.Time {
	if v.Upload == nil {
		return time.Time{}
	}
	if date, err := time.Parse("20060102T150405Z", v.Upload.Fields["x-amz-date"]); err == nil {
		return date
	}
	p, _ := wire.ParseFormPolicy(v.Upload.Fields["policy"])
	return p.Expiration
}
