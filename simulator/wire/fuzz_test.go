package wire_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"keyhole/simulator/wire"
)

// A foreign body is unwrapped within its limit and to its declared length, or refused; it never panics.
func FuzzChunkedBody(f *testing.F) {
	for _, seed := range []string{
		"5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n",
		"5;chunk-signature=s1-5\r\nhello\r\n0;chunk-signature=s2-0\r\n\r\n",
		"5;chunk-signature=s1-5\r\nhello\r\n0;chunk-signature=s2-0\r\nx-amz-checksum-crc32:NhCmhg==\r\nx-amz-trailer-signature:t-x-amz-checksum-crc32:NhCmhg==\r\n\r\n",
		"ffffffffffffffff\r\n", "0\r\n\r\n", "", "\n\n\n",
	} {
		f.Add([]byte(seed), uint8(0), "5")
		f.Add([]byte(seed), uint8(1), "5")
		f.Add([]byte(seed), uint8(2), "0")
	}
	modes := []string{"STREAMING-UNSIGNED-PAYLOAD-TRAILER", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", ""}
	f.Fuzz(func(t *testing.T, body []byte, mode uint8, length string) {
		h := http.Header{"X-Amz-Decoded-Content-Length": {length}, "X-Amz-Trailer": {"x-amz-checksum-crc32"}}
		b, refusal := wire.ReadBody(bytes.NewReader(body), wire.BodyOptions{
			Header: h, PayloadHash: modes[int(mode)%len(modes)], ContentLength: int64(len(body)), Limit: 4096, Signer: &numbered{},
		})
		if refusal == nil && (len(b.Data) > 4096 || len(b.Data) > len(body)) {
			t.Fatalf("%d bytes out of %d", len(b.Data), len(body))
		}
		if refusal != nil && refusal.Status >= 500 {
			t.Fatal(refusal)
		}
		wire.Claim{Algorithm: wire.CRC32, Trailer: true}.Check(b)
	})
}

func FuzzXML(f *testing.F) {
	for _, seed := range []string{
		"<ServerSideEncryptionConfiguration><Rule>" + aes + "</Rule></ServerSideEncryptionConfiguration>",
		"<a><b/></a>", "<!DOCTYPE x>", strings.Repeat("<Rule>", 40), "<?xml version=\"1.0\"?>", "</a>",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var v configuration
		if refusal := wire.Decode(bytes.NewReader(body), 4096, wire.XMLDepth, &v); refusal == nil && !bytes.Contains(body, []byte("ServerSideEncryptionConfiguration")) {
			t.Fatalf("accepted %q", body)
		}
	})
}

func FuzzRange(f *testing.F) {
	for _, seed := range []string{"bytes=0-8", "bytes=-5", "bytes=5-", "bytes=-", "bytes=99999999999999999999-0", "bytes=1-0"} {
		f.Add(seed, int64(10))
		f.Add(seed, int64(0))
	}
	f.Fuzz(func(t *testing.T, header string, size int64) {
		if size < 0 {
			return
		}
		r, partial, refusal := wire.ParseRange(header, size)
		if refusal == nil && partial && (r.First < 0 || r.Last < r.First || r.Last >= size) {
			t.Fatalf("%q of %d gives %+v", header, size, r)
		}
		if c, refusal := wire.ParseCopyRange(header, size); refusal == nil && (c.First < 0 || c.Last < c.First || c.Last >= size) {
			t.Fatalf("copying %q of %d gives %+v", header, size, c)
		}
	})
}

func FuzzCopySource(f *testing.F) {
	for _, seed := range []string{"vault/secret.txt", "/vault/a%20b?versionId=x", "arn:aws:s3:::a", "%2F%2F", "vault/%", "?versionId="} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		s, refusal := wire.ParseCopySource(header)
		if refusal == nil && (s.Bucket == "" || s.Key == "" || strings.Contains(s.Bucket, "/") || len(s.Key) > wire.KeyBytes) {
			t.Fatalf("%q gives %+v", header, s)
		}
	})
}

func FuzzAddress(f *testing.F) {
	f.Add("vault.s3.localhost:9000", "/a%2Fb")
	f.Add("127.0.0.1", "//")
	f.Add("[::1]:9000", "/b/%zz")
	f.Fuzz(func(t *testing.T, host, path string) {
		_, key, refusal := wire.Address(host, path, []string{"s3.localhost"})
		if refusal == nil && len(key) > wire.KeyBytes {
			t.Fatalf("a key of %d bytes", len(key))
		}
		wire.EncodeKey(key)
	})
}

func FuzzChecksumHeaders(f *testing.F) {
	f.Add("NhCmhg==", "x-amz-checksum-crc32", "CRC32")
	f.Add("", "", "SHA1")
	f.Fuzz(func(t *testing.T, value, trailer, announced string) {
		h := http.Header{}
		for name, v := range map[string]string{"X-Amz-Checksum-Crc32": value, "X-Amz-Trailer": trailer, "X-Amz-Sdk-Checksum-Algorithm": announced, "Content-Md5": value, "X-Amz-Meta-A": value} {
			if v != "" {
				h.Set(name, v)
			}
		}
		if claim, refusal := wire.ReadClaim(h); refusal == nil {
			claim.Check(wire.Body{Data: []byte("hello")})
		}
		wire.CheckMD5(h, []byte("hello"))
		wire.Metadata(h)
		wire.ReadConditions(h).WriteSyntax()
	})
}
