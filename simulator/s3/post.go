package s3

import (
	"net/http"
	"net/url"
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/wire"
)

// PostObject is the name of the row for a browser's form upload, which no SDK has as an operation.
const PostObject = "PostObject"

// postObject stores the file of a form. Its fields became headers when it was authenticated, so the way is that of
// PutObject; only the answer is another.
func postObject(x *exchange.Exchange) *exchange.Fault {
	v, method, key, fault := sealed(x)
	if fault != nil {
		return fault
	}
	body, sum, fault := received(x)
	if fault != nil {
		return fault
	}
	v.Checksum = sum
	fill(x, &v, body.Data, method, key)
	if fault := store(x, v); fault != nil {
		return fault
	}
	etag := x.Answer.Header.Get("ETag")
	location := postLocation(x)
	x.Set("Location", location)
	x.Answer.Status = http.StatusNoContent
	if to, ok := redirection(x, etag); ok {
		x.Set("Location", to)
		x.Answer.Status = http.StatusSeeOther
		return nil
	}
	switch x.Upload.Fields["success_action_status"] {
	case "200":
		x.Answer.Status = http.StatusOK
	case "201":
		x.Answer.Status = http.StatusCreated
		x.Answer.XML = true
		x.Answer.Body = wire.EncodePlain("PostResponse", struct {
			Location, Bucket, Key, ETag string
		}{Location: location, Bucket: x.Bucket, Key: x.Key, ETag: etag})
	}
	return nil
}

// redirection is where a browser goes next: success_action_redirect with what was stored. What is no absolute address
// counts as not there. (recorded)
func redirection(x *exchange.Exchange, etag string) (string, bool) {
	text, sent := x.Upload.Fields["success_action_redirect"]
	if !sent {
		text = x.Upload.Fields["redirect"] // the older name
	}
	to, err := url.Parse(text)
	if err != nil || to.Host == "" || to.Scheme != "http" && to.Scheme != "https" {
		return "", false
	}
	query := "bucket=" + url.QueryEscape(x.Bucket) + "&key=" + url.QueryEscape(x.Key) + "&etag=" + url.QueryEscape(etag)
	if to.RawQuery != "" {
		query = to.RawQuery + "&" + query
	}
	to.RawQuery = query
	return to.String(), true
}

// postLocation is the address of the new object, at the host the form was sent to; a slash of the key is %2F.
func postLocation(x *exchange.Exchange) string {
	scheme := "http"
	if x.Transport.Secure {
		scheme = "https"
	}
	return scheme + "://" + strings.TrimSuffix(x.Address, "/") + "/" + strings.ReplaceAll(url.QueryEscape(x.Key), "+", "%20")
}
