package simulator

import (
	"bufio"
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"keyhole/simulator/sigv4"
)

// Whatever bytes come over the socket, the answer is an answer of S3's: never a panic, never a 500. What net/http
// refuses by itself never gets here. The signature is put on after the bytes are read, so that fuzzing gets behind it.
func FuzzServeHTTP(f *testing.F) {
	for _, seed := range []string{
		"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
		"PUT /vault HTTP/1.1\r\nHost: localhost\r\n\r\n",
		"PUT /vault/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello",
		"PUT /vault/a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nX-Amz-Content-Sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER\r\nX-Amz-Decoded-Content-Length: 5\r\nX-Amz-Trailer: x-amz-checksum-crc32\r\n\r\n5\r\n5\r\nhe\r\n0\r\n\r\n",
		"GET /vault/seeded?versionId=null&partNumber=1 HTTP/1.1\r\nHost: localhost\r\nRange: bytes=1-\r\n\r\n",
		"GET /vault/seeded HTTP/1.1\r\nHost: localhost\r\nRange: bytes=-2\r\nIf-None-Match: \"x\"\r\nX-Amz-Checksum-Mode: ENABLED\r\n\r\n",
		"GET /vault?versions&prefix=s&delimiter=e&max-keys=1&key-marker=a&version-id-marker=null HTTP/1.1\r\nHost: localhost\r\n\r\n",
		"GET /vault?list-type=2&encoding-type=url&continuation-token=a2V5aG9sZTphYmM&start-after=%00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
		"GET /vault?uploads&prefix=x&delimiter=/&key-marker=x HTTP/1.1\r\nHost: vault.localhost\r\n\r\n",
		"POST /vault/a?uploads HTTP/1.1\r\nHost: localhost\r\nX-Amz-Checksum-Algorithm: SHA256\r\n\r\n",
		"POST /vault?delete HTTP/1.1\r\nHost: localhost\r\nContent-Length: 82\r\n\r\n<Delete><Object><Key>seeded</Key><VersionId>x</VersionId><ETag>a</ETag></Object></Delete>",
		"PUT /vault/seeded?retention HTTP/1.1\r\nHost: localhost\r\nContent-Md5: x\r\nX-Amz-Bypass-Governance-Retention: true\r\nContent-Length: 97\r\n\r\n<Retention><Mode>GOVERNANCE</Mode><RetainUntilDate>2030-01-01T00:00:00Z</RetainUntilDate></Retention>",
		"PUT /vault?object-lock HTTP/1.1\r\nHost: localhost\r\nX-Amz-Checksum-Crc32: AAAAAA==\r\nContent-Length: 61\r\n\r\n<ObjectLockConfiguration><Rule><DefaultRetention><Days>0</Days></DefaultRetention></Rule></ObjectLockConfiguration>",
		"DELETE /vault/seeded?versionId=null HTTP/1.1\r\nHost: localhost\r\nX-Amz-Mfa: arn:aws:iam::1:mfa/x 000000\r\nIf-Match: x\r\n\r\n",
		"PUT /vault/a HTTP/1.1\r\nHost: localhost\r\nX-Amz-Object-Lock-Mode: COMPLIANCE\r\nX-Amz-Object-Lock-Retain-Until-Date: 9999-12-31T23:59:59-23:59\r\nX-Amz-Object-Lock-Legal-Hold: ON\r\nContent-Length: 1\r\n\r\na",
		"PUT /vault?encryption HTTP/1.1\r\nHost: localhost\r\nContent-MD5: x\r\nContent-Length: 9\r\n\r\n<a></b>xx",
		"PUT /vault/b HTTP/1.1\r\nHost: localhost\r\nX-Amz-Copy-Source: vault/seeded?versionId=null\r\nX-Amz-Metadata-Directive: REPLACE\r\n\r\n",
		"POST /vault HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 146\r\n\r\n--x\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\nk${filename}\r\n--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\ntext\r\n--x--\r\n",
		"POST / HTTP/1.1\r\nHost: vault.s3.eu-west-1.amazonaws.com\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 68\r\n\r\n--x\r\nContent-Disposition: form-data; name=\"policy\"\r\n\r\neyJ9\r\n--x--\r\n",
		"GET /vault/seeded?AWSAccessKeyId=AKIA&Signature=x&Expires=99999999999 HTTP/1.1\r\nHost: localhost\r\n\r\n",
		"GET /vault/seeded HTTP/1.1\r\nHost: localhost\r\nAuthorization: AWS AKIA:x\r\nDate: Mon, 01 Jun 2026 00:00:00 GMT\r\n\r\n",
		"PUT /vault?cors HTTP/1.1\r\nHost: localhost\r\nContent-Md5: x\r\nContent-Length: 118\r\n\r\n<CORSConfiguration><CORSRule><AllowedMethod>GET</AllowedMethod><AllowedOrigin>*</AllowedOrigin></CORSRule></CORSConfiguration>",
		"DELETE /vault?thing HTTP/1.1\r\nHost: localhost\r\n\r\n",
		"OPTIONS /vault/%ff%00 HTTP/1.1\r\nHost: localhost\r\nOrigin: x\r\n\r\n",
		"GET /%2f%2e%2e//?acl&policy HTTP/1.1\r\nHost: [::1]:80\r\nAuthorization: AWS4-HMAC-SHA256 Credential=a/b/c/kms/e\r\n\r\n",
	} {
		f.Add([]byte(seed), true)
		f.Add([]byte(seed), false)
	}
	file, err := os.ReadFile("testdata/world.json")
	if err != nil {
		f.Fatal(err)
	}
	start, err := ParseWorld(file, WorldOptions{})
	if err != nil {
		f.Fatal(err)
	}
	base := New(Options{World: start})
	key, _ := start.KeyOf("111122223333", "alice")
	keys, now := sigv4.Keys{AccessKey: key.ID, Secret: key.Secret}, start.Now()
	for _, target := range []string{"/vault", "/vault/seeded"} {
		seed(base, keys, now, target)
	}
	f.Fuzz(func(t *testing.T, raw []byte, sign bool) {
		r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(raw)))
		if err != nil {
			return
		}
		if sign {
			payload := r.Header.Get("X-Amz-Content-Sha256")
			if payload == "" {
				payload = "UNSIGNED-PAYLOAD"
			}
			sigv4.Sign(r, keys, "us-east-1", "s3", payload, now)
		}
		s := base.Clone()
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		trace := s.Traces()[0]
		if w.Code == 500 || w.Code < 200 || w.Code > 599 {
			t.Fatalf("status %d for %q: %q", w.Code, raw, trace.Notes)
		}
		if r.Method == http.MethodHead && trace.Fault != nil && w.Body.Len() > 0 {
			t.Fatalf("a HEAD error has a body: %q", w.Body)
		}
		if len(trace.Stages) != len(pipeline) || trace.Response.Status != w.Code {
			t.Fatalf("the trace says %d after %d stages, the client got %d", trace.Response.Status, len(trace.Stages), w.Code)
		}
	})
}

func seed(s *Simulator, keys sigv4.Keys, now time.Time, target string) {
	r, _ := http.NewRequest("PUT", "http://localhost"+target, http.NoBody)
	sigv4.Sign(r, keys, "us-east-1", "s3", "UNSIGNED-PAYLOAD", now)
	if answer, err := s.Client(Transport{}).RoundTrip(r); err != nil || answer.StatusCode != 200 {
		panic(target)
	}
}
