package simulator

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"time"

	"keyhole/simulator/sigv4"
)

// fill makes a browser's form the body of a request; see @form in the grammar. It gives who signs the request itself:
// nobody.
func (s *script) fill(r *http.Request, body, policy string, added [][2]string, as, region string, at time.Time, v2 bool) string {
	var fields [][2]string
	file, name := "", ""
	for _, line := range strings.Split(strings.TrimSuffix(body, "\n"), "\n") {
		field, value, _ := strings.Cut(line, ": ")
		if rest, ok := strings.CutPrefix(field, "file"); ok {
			name, file = strings.TrimSpace(rest), value
			if name == "" {
				name = "(string)"
			}
			continue
		}
		fields = append(fields, [2]string{field, value})
	}
	if policy != "" {
		k := s.keys(as)
		if v2 {
			fields = append(fields, [2]string{"AWSAccessKeyId", k.AccessKey})
		} else {
			scope := k.AccessKey + "/" + at.Format("20060102") + "/" + region + "/s3/aws4_request"
			long := at.Format("20060102T150405Z")
			fields = append(fields, [2]string{"x-amz-algorithm", "AWS4-HMAC-SHA256"}, [2]string{"x-amz-credential", scope}, [2]string{"x-amz-date", long})
			policy = strings.Replace(policy, `"conditions": [`, `"conditions": [{"x-amz-algorithm": "AWS4-HMAC-SHA256"}, {"x-amz-credential": "`+scope+`"}, {"x-amz-date": "`+long+`"},`, 1)
		}
		policy = strings.Replace(policy, ",]", "]", 1)
		encoded := base64.StdEncoding.EncodeToString([]byte(policy))
		fields = append(fields, [2]string{"policy", encoded})
		if v2 {
			fields = append(fields, [2]string{"signature", sigv4.SignFormV2(encoded, k)})
		} else {
			fields = append(fields, [2]string{"x-amz-signature", sigv4.SignForm(encoded, k, region, at)})
		}
	}
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, f := range changed(fields, added) {
		_ = w.WriteField(f[0], f[1])
	}
	switch name {
	case "":
	case "(string)":
		_ = w.WriteField("file", file)
	default:
		part, _ := w.CreateFormFile("file", name)
		_, _ = io.WriteString(part, file)
	}
	_ = w.Close()
	r.Body, r.ContentLength = io.NopCloser(&b), int64(b.Len())
	if r.Header.Get("Content-Type") == "" {
		r.Header.Set("Content-Type", w.FormDataContentType())
	}
	return "nobody"
}

// changed are fields with some set anew, added or taken away.
func changed(fields, changes [][2]string) (out [][2]string) {
	for _, f := range fields {
		keep := true
		for i, c := range changes {
			if c[0] == f[0] {
				f[1], keep = c[1], c[1] != "(none)"
				changes[i][0] = "(done)"
			}
		}
		if keep {
			out = append(out, f)
		}
	}
	for _, c := range changes {
		if c[0] != "(done)" && c[1] != "(none)" {
			out = append(out, c)
		}
	}
	return out
}
