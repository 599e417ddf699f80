package sigv4_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"testing"
	"time"

	"keyhole/simulator/sigv4"
)

const (
	akid   = "AKIAIOSFODNN7EXAMPLE"
	secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
)

var may24 = time.Date(2013, 5, 24, 0, 0, 0, 0, time.UTC)

func lookup(accessKey, token string, _ *sigv4.Decision) (string, *sigv4.Refusal) {
	if accessKey != akid {
		return "", sigv4.UnknownKey(accessKey)
	}
	return secret, nil
}

func options(now time.Time) sigv4.Options {
	return sigv4.Options{Region: "us-east-1", Service: "s3", Now: now, Lookup: lookup}
}

func sha(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

func header(lines ...string) http.Header {
	h := http.Header{}
	for _, l := range lines {
		name, value, _ := strings.Cut(l, ": ")
		h.Add(name, value)
	}
	return h
}

// The requests of AWS's own examples, signed by AWS's own numbers.
var vectors = []struct {
	name, method, path, query string
	headers                   []string
	signed                    string
	payload                   string
	canonical, signature      string
}{
	{"a range of an object", "GET", "/test.txt", "", []string{"Range: bytes=0-9"},
		"host;range;x-amz-content-sha256;x-amz-date", sha(""),
		"7344ae5b7ee6c3e7e6b0fe0640412a37625d1fbfff95c48bbb2dc43964946972", "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"},
	{"an object whose key has a dollar", "PUT", "/test%24file.text", "",
		[]string{"Date: Fri, 24 May 2013 00:00:00 GMT", "X-Amz-Storage-Class: REDUCED_REDUNDANCY"},
		"date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class", sha("Welcome to Amazon S3."),
		"9e0e90d9c76de8fa5b200d8c849cd5b8dc7a3be3951ddb7f6a76b4158342019d", "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"},
	{"a parameter without a value", "GET", "/", "lifecycle", nil, "host;x-amz-content-sha256;x-amz-date", sha(""),
		"9766c798316ff2757b517bc739a67f6213b4ab36dd5da2f94eaebf79c77395ca", "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"},
	{"two parameters", "GET", "/", "max-keys=2&prefix=J", nil, "host;x-amz-content-sha256;x-amz-date", sha(""),
		"df57d21db20da04d7fa30298dd4488ba3a2b47ca3a489c74750e0f1e7df1b9b7", "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"},
}

func TestTheExamplesOfAWSVerify(t *testing.T) {
	for _, v := range vectors {
		t.Run(v.name, func(t *testing.T) {
			h := header(v.headers...)
			h.Set("X-Amz-Date", "20130524T000000Z")
			h.Set("X-Amz-Content-Sha256", v.payload)
			h.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+akid+"/20130524/us-east-1/s3/aws4_request,SignedHeaders="+v.signed+",Signature="+v.signature)
			r := sigv4.Request{Method: v.method, Path: v.path, RawQuery: v.query, Header: h, Host: "examplebucket.s3.amazonaws.com"}
			d := sigv4.Verify(r, options(may24))
			if d.Refusal != nil {
				t.Fatalf("refused: %s: %s", d.Refusal.Code, d.Refusal.Message)
			}
			if got := sha(d.CanonicalRequest); got != v.canonical {
				t.Errorf("canonical request hashes to %s, want %s:\n%s", got, v.canonical, d.CanonicalRequest)
			}
			if d.Scheme != "header" || d.AccessKey != akid || d.Calculated != v.signature || d.PayloadHash != v.payload || d.Scope() != "20130524/us-east-1/s3/aws4_request" {
				t.Errorf("decision %+v", d)
			}
			if date, key, ok := sigv4.Peek(r); !ok || key != akid || !date.Equal(may24) {
				t.Errorf("Peek gives %v, %q, %v", date, key, ok)
			}
		})
	}
}

const exampleLink = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"

func exampleLinkRequest() sigv4.Request {
	return sigv4.Request{Method: "GET", Path: "/test.txt", RawQuery: exampleLink, Header: http.Header{}, Host: "examplebucket.s3.amazonaws.com"}
}

func TestTheExampleLinkVerifiesForADay(t *testing.T) {
	d := sigv4.Verify(exampleLinkRequest(), options(may24.Add(24*time.Hour)))
	if d.Refusal != nil {
		t.Fatalf("refused: %s: %s", d.Refusal.Code, d.Refusal.Message)
	}
	if got := sha(d.CanonicalRequest); got != "3bfa292879f6447bbcda7001decf97f4a54dc650c8942174ae0a9121cf58ad04" {
		t.Errorf("canonical request hashes to %s:\n%s", got, d.CanonicalRequest)
	}
	if d.Scheme != "presigned" || d.Expires != 24*time.Hour || d.PayloadHash != "UNSIGNED-PAYLOAD" {
		t.Errorf("decision %+v", d)
	}
	if date, key, ok := sigv4.Peek(exampleLinkRequest()); !ok || key != akid || !date.Equal(may24) {
		t.Errorf("Peek gives %v, %q, %v", date, key, ok)
	}
}

func chunkedExample(payload, seed string, signed string, extra ...string) sigv4.Request {
	h := header(append(extra, "Content-Encoding: aws-chunked", "Content-Length: 66824", "X-Amz-Date: 20130524T000000Z",
		"X-Amz-Decoded-Content-Length: 66560", "X-Amz-Storage-Class: REDUCED_REDUNDANCY")...)
	h.Set("X-Amz-Content-Sha256", payload)
	h.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+akid+"/20130524/us-east-1/s3/aws4_request,SignedHeaders="+signed+",Signature="+seed)
	return sigv4.Request{Method: "PUT", Path: "/examplebucket/chunkObject.txt", Header: h, Host: "s3.amazonaws.com"}
}

func TestChunkSignaturesFollowTheSeed(t *testing.T) {
	r := chunkedExample("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
		"content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class")
	d := sigv4.Verify(r, options(may24))
	if d.Refusal != nil {
		t.Fatalf("seed refused: %s\n%s", d.Refusal.Message, d.CanonicalRequest)
	}
	c := d.ChunkSigner(secret)
	for i, want := range []struct {
		size      int
		signature string
	}{
		{65536, "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648"},
		{1024, "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497"},
		{0, "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9"},
	} {
		if got := c.Next(bytes.Repeat([]byte("a"), want.size)); got != want.signature {
			t.Errorf("chunk %d: %s, want %s", i, got, want.signature)
		}
	}
	if c.AccessKey() != akid || !strings.HasPrefix(c.StringToSign(), "AWS4-HMAC-SHA256-PAYLOAD\n20130524T000000Z\n") {
		t.Errorf("key %s, string to sign %q", c.AccessKey(), c.StringToSign())
	}
}

func TestTheTrailerSignatureFollowsTheChunks(t *testing.T) {
	const seed = "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e"
	r := chunkedExample("STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", seed,
		"content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class;x-amz-trailer",
		"X-Amz-Trailer: x-amz-checksum-crc32c")
	d := sigv4.Verify(r, options(may24))
	if d.Refusal != nil {
		t.Fatalf("seed refused: %s\n%s", d.Refusal.Message, d.CanonicalRequest)
	}
	c := d.ChunkSigner(secret)
	for i, want := range []struct {
		size         int
		begins, ends string
	}{{65536, "b474d886", "5aa2"}, {1024, "1c1344b1", "e5c7"}, {0, "2ca2aba2", "f992"}} {
		got := c.Next(bytes.Repeat([]byte("a"), want.size))
		if !strings.HasPrefix(got, want.begins) || !strings.HasSuffix(got, want.ends) {
			t.Errorf("chunk %d: %s, want %s…%s", i, got, want.begins, want.ends)
		}
	}
	if got, want := c.Trailer([]byte("x-amz-checksum-crc32c:sOO8/Q==\n")), "d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435"; got != want {
		t.Errorf("trailer %s, want %s", got, want)
	}
}
