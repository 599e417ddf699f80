package wire_test

import (
	"encoding/hex"
	"net/http"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"keyhole/simulator/wire"
)

var all = []wire.Algorithm{wire.CRC32, wire.CRC32C, wire.CRC64NVME, wire.SHA1, wire.SHA256}

func TestTheCheckValuesOfTheAlgorithms(t *testing.T) {
	for a, want := range map[wire.Algorithm]string{
		wire.CRC32: "cbf43926", wire.CRC32C: "e3069283", wire.CRC64NVME: "ae8b14860a799888",
		wire.SHA1: "f7c3bc1d808e04732adf679965ccc34ca7ae3441", wire.SHA256: "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225",
	} {
		raw, _ := hex.DecodeString(want)
		if got := a.Sum([]byte("123456789")); got != b64(raw) {
			t.Errorf("%s: %s, want %s", a, got, b64(raw))
		}
		if a.Size() != len(raw) || a.Header() != "x-amz-checksum-"+strings.ToLower(string(a)) {
			t.Errorf("%s: %d bytes, %s", a, a.Size(), a.Header())
		}
	}
}

func TestACRCOfThePartsIsTheCRCOfTheWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(rapid.SliceOfN(rapid.Byte(), 0, 200), 1, 6).Draw(t, "parts")
		for _, a := range all[:3] {
			var whole []byte
			var sums []wire.PartSum
			for _, p := range parts {
				whole = append(whole, p...)
				sums = append(sums, wire.PartSum{Value: a.Sum(p), Size: int64(len(p))})
			}
			got, err := wire.Combine(a, wire.FullObject, sums)
			if want := a.Sum(whole); err != nil || got != want {
				t.Fatalf("%s: %s, want %s: %v", a, got, want, err)
			}
		}
	})
}

func TestACompositeChecksumIsThatOfTheChecksums(t *testing.T) {
	for _, a := range []wire.Algorithm{wire.CRC32, wire.SHA256} {
		one, two := a.Sum([]byte("one")), a.Sum([]byte("two"))
		got, err := wire.Combine(a, wire.Composite, []wire.PartSum{{one, 3}, {two, 3}})
		want := a.Sum([]byte(unb64(one)+unb64(two))) + "-2"
		if err != nil || got != want {
			t.Errorf("%s: %s, want %s: %v", a, got, want, err)
		}
	}
	if _, err := wire.Combine(wire.SHA1, wire.FullObject, nil); err == nil {
		t.Error("SHA1 combines")
	}
	if _, err := wire.Combine(wire.CRC32, wire.Composite, []wire.PartSum{{"junk", 1}}); err == nil {
		t.Error("junk combines")
	}
}

func TestThePartsETagIsTheMD5OfTheETags(t *testing.T) {
	got, err := wire.PartsETag([]string{`"5d41402abc4b2a76b9719d911017c592"`, "7d793037a0760186574b0282f2f435e7"})
	if err != nil || got != "065947336a2f2a95ba8899f3675c3be6-2" {
		t.Errorf("%s, %v", got, err)
	}
	if _, err := wire.PartsETag([]string{"x"}); err == nil {
		t.Error("junk has an ETag")
	}
}

func TestWhatARequestClaimsOfItsBody(t *testing.T) {
	const (
		crc     = "X-Amz-Checksum-Crc32: NhCmhg=="
		one     = "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed."
		nothing = "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found."
		unknown = "Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]"
	)
	for _, c := range []struct {
		name    string
		sent    []string
		claim   wire.Claim
		status  int
		code    string
		message string
		extra   string
	}{
		{"nothing", nil, wire.Claim{}, 0, "", "", ""},
		{"a checksum", []string{crc, "X-Amz-Sdk-Checksum-Algorithm: CRC32", "X-Amz-Checksum-Mode: ENABLED"}, wire.Claim{Algorithm: "CRC32", Value: "NhCmhg=="}, 0, "", "", ""},
		{"a trailer", []string{"X-Amz-Trailer: x-amz-checksum-sha256"}, wire.Claim{Algorithm: "SHA256", Trailer: true}, 0, "", "", ""},
		{"too short", []string{"X-Amz-Checksum-Sha256: NhCmhg=="}, wire.Claim{}, 400, "InvalidRequest", "Value for x-amz-checksum-sha256 header is invalid.", ""},
		{"not base64", []string{"X-Amz-Checksum-Sha1: ???"}, wire.Claim{}, 400, "InvalidRequest", "Value for x-amz-checksum-sha1 header is invalid.", ""},
		{"empty", []string{"X-Amz-Checksum-Crc32: "}, wire.Claim{}, 400, "InvalidRequest", "Value for x-amz-checksum-crc32 header is invalid.", ""},
		{"composite where there is no multipart", []string{crc + "-2"}, wire.Claim{}, 400, "InvalidRequest", "Value for x-amz-checksum-crc32 header is invalid.", ""},
		{"two checksums", []string{crc, "X-Amz-Checksum-Crc32c: NhCmhg=="}, wire.Claim{}, 400, "InvalidRequest", one, ""},
		{"the same one twice", []string{crc, crc}, wire.Claim{}, 400, "InvalidRequest", one, ""},
		{"a checksum and a trailer", []string{crc, "X-Amz-Trailer: x-amz-checksum-crc32"}, wire.Claim{}, 400, "InvalidRequest", one, ""},
		{"only announced", []string{"X-Amz-Sdk-Checksum-Algorithm: CRC32"}, wire.Claim{}, 400, "InvalidRequest", nothing, ""},
		{"announced otherwise", []string{crc, "X-Amz-Sdk-Checksum-Algorithm: SHA1"}, wire.Claim{}, 400, "InvalidRequest", "Value for x-amz-sdk-checksum-algorithm header is invalid.", ""},
		{"announced by a name nobody knows", []string{crc, "X-Amz-Sdk-Checksum-Algorithm: CRC99"}, wire.Claim{}, 400, "InvalidRequest", unknown, ""},
		{"an algorithm of 2026 that is not imitated", []string{"X-Amz-Checksum-Xxhash3: AAAAAAAAAAA="}, wire.Claim{}, 501, "NotImplemented", "A header you provided implies functionality that is not implemented", "Header=x-amz-checksum-xxhash3 additionalMessage=Keyhole does not imitate this checksum algorithm"},
	} {
		t.Run(c.name, func(t *testing.T) {
			claim, refusal := wire.ReadClaim(headers(c.sent...))
			expect(t, refusal, c.status, c.code, c.message, c.extra)
			if refusal == nil && claim != c.claim {
				t.Errorf("claim %+v, want %+v", claim, c.claim)
			}
		})
	}
	if claim, refusal := wire.ReadObjectClaim(headers(crc + "-2")); refusal != nil || claim.Value != "NhCmhg==-2" {
		t.Errorf("%+v, %v", claim, refusal)
	}
}

func TestAClaimIsCheckedAgainstTheBody(t *testing.T) {
	body := wire.Body{Data: []byte("hello"), Trailer: http.Header{}}
	a, value, refusal := wire.Claim{}.Check(body)
	if a != wire.CRC64NVME || value != wire.CRC64NVME.Sum(body.Data) || refusal != nil {
		t.Errorf("nothing claimed: %s %s %v", a, value, refusal)
	}
	if a, value, refusal = (wire.Claim{Algorithm: wire.CRC32, Value: "NhCmhg=="}).Check(body); a != wire.CRC32 || value != "NhCmhg==" || refusal != nil {
		t.Errorf("right: %s %s %v", a, value, refusal)
	}
	_, _, refusal = wire.Claim{Algorithm: wire.CRC32, Value: "AAAAAA=="}.Check(body)
	expect(t, refusal, 400, "BadDigest", "The CRC32 you specified did not match the calculated checksum.", "")
	_, _, refusal = wire.Claim{Algorithm: wire.CRC64NVME, Trailer: true}.Check(body)
	expect(t, refusal, 400, "InvalidRequest", "Value for x-amz-checksum-crc64nvme trailing header is invalid.", "")
	body.Trailer.Set("x-amz-checksum-crc64nvme", "AAAAAAAAAAA=")
	_, _, refusal = wire.Claim{Algorithm: wire.CRC64NVME, Trailer: true}.Check(body)
	expect(t, refusal, 400, "BadDigest", "The CRC64NVME you specified did not match the calculated checksum.", "")
}

func TestTypeAndAlgorithmOfAnUpload(t *testing.T) {
	for _, c := range []struct {
		algorithm wire.Algorithm
		asked     string
		want      wire.ChecksumType
		message   string
	}{
		{"", "", "", ""},
		{"CRC32", "", "COMPOSITE", ""},
		{"SHA256", "", "COMPOSITE", ""},
		{"CRC64NVME", "", "FULL_OBJECT", ""},
		{"CRC32C", "FULL_OBJECT", "FULL_OBJECT", ""},
		{"CRC64NVME", "COMPOSITE", "", "The COMPOSITE checksum type cannot be used with the crc64nvme checksum algorithm."},
		{"SHA256", "FULL_OBJECT", "", "The FULL_OBJECT checksum type cannot be used with the sha256 checksum algorithm."},
		{"", "COMPOSITE", "", "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header."},
		{"CRC32", "HALF", "", "Value for x-amz-checksum-type header is invalid."},
	} {
		got, refusal := wire.TypeFor(c.algorithm, c.asked)
		message := ""
		if refusal != nil {
			message = refusal.Message
		}
		if got != c.want || message != c.message {
			t.Errorf("%s %s: %s %q, want %s %q", c.algorithm, c.asked, got, message, c.want, c.message)
		}
	}
	if a, refusal := wire.ParseAlgorithm("crc64nvme"); a != wire.CRC64NVME || refusal != nil {
		t.Errorf("%s, %v", a, refusal)
	}
}

func TestSomeRequestsNeedADigest(t *testing.T) {
	expect(t, wire.NeedDigest(http.Header{}), 400, "InvalidRequest", "Missing required header for this request: Content-MD5 OR x-amz-checksum-*", "")
	for _, sent := range []string{"Content-Md5: x", "X-Amz-Checksum-Crc32: x", "X-Amz-Trailer: x-amz-checksum-crc32"} {
		expect(t, wire.NeedDigest(headers(sent)), 0, "", "", "")
	}
	for sent, want := range map[string]string{"aws-chunked": "", "aws-chunked,gzip": "gzip", "gzip, aws-chunked": "gzip", "gzip": "gzip", "": ""} {
		if got := wire.ContentEncoding(headers("Content-Encoding: " + sent)); got != want {
			t.Errorf("%q is kept as %q", sent, got)
		}
	}
}
