package simulator

import (
	"crypto/md5"
	"encoding/base64"
	"net/http"
	"regexp"
	"strings"
	"time"

	"keyhole/simulator/totp"
	"keyhole/simulator/world"
)

// device gives the account of alice an MFA device whose seed is its name.
func (s *script) device(who string) {
	name, user, _ := strings.Cut(who, " ")
	s.simulator.View(func(w *World) {
		if err := w.Apply(world.MFAPut(world.MFADevice{Account: "111122223333", Name: name, User: user, Seed: []byte(name), Enabled: w.Now()})); err != nil {
			s.t.Fatal(err)
		}
	})
}

// mfa is x-amz-mfa of a device that device made: "NAME", or "NAME 1h" for the code it showed an hour ago.
func (s *script) mfa(which string) string {
	name, ago, _ := strings.Cut(which, " ")
	span, _ := time.ParseDuration(ago)
	return "arn:aws:iam::111122223333:mfa/" + name + " " + totp.Code([]byte(name), s.now().Add(-span))
}

// wantsDigest are the documents that clients never send without a digest, because S3 does not take them.
var wantsDigest = regexp.MustCompile(`[?&](delete|object-lock|retention|legal-hold)\b`)

// digest adds the Content-MD5 that every client adds to such a document.
func digest(r *http.Request, body string) {
	if (r.Method == http.MethodPut || r.Method == http.MethodPost) && wantsDigest.MatchString(r.URL.String()) {
		sum := md5.Sum([]byte(body))
		r.Header.Set("Content-MD5", base64.StdEncoding.EncodeToString(sum[:]))
	}
}
