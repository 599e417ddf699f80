package wire_test

import (
	"bytes"
	"fmt"
	"net/http"
	"testing"
	"time"

	"keyhole/simulator/sigv4"
	"keyhole/simulator/wire"
)

// The whole body of AWS's streaming example, with the real signer: 65536 and 1024 times "a", and a signed trailer.
func TestTheStreamingExampleOfAWSIsUnwrapped(t *testing.T) {
	d := sigv4.Decision{
		AccessKey: "AKIAIOSFODNN7EXAMPLE", Region: "us-east-1", Service: "s3",
		Date:      time.Date(2013, 5, 24, 0, 0, 0, 0, time.UTC),
		Signature: "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e",
	}
	const secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
	data := bytes.Repeat([]byte("a"), 66560)
	var body bytes.Buffer
	sign := d.ChunkSigner(secret)
	for _, chunk := range [][]byte{data[:65536], data[65536:], nil} {
		fmt.Fprintf(&body, "%x;chunk-signature=%s\r\n", len(chunk), sign.Next(chunk))
		if len(chunk) > 0 {
			body.Write(chunk)
			body.WriteString("\r\n")
		}
	}
	body.WriteString("x-amz-checksum-crc32c:sOO8/Q==\r\nx-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n")
	h := http.Header{"X-Amz-Decoded-Content-Length": {"66560"}, "X-Amz-Trailer": {"x-amz-checksum-crc32c"}}
	options := func() wire.BodyOptions {
		return wire.BodyOptions{Header: h, PayloadHash: "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", Limit: 1 << 20, Signer: d.ChunkSigner(secret)}
	}
	b, refusal := wire.ReadBody(bytes.NewReader(body.Bytes()), options())
	if refusal != nil || !bytes.Equal(b.Data, data) || b.Chunks != 2 {
		t.Fatalf("%d bytes in %d chunks: %v", len(b.Data), b.Chunks, refusal)
	}
	if _, _, refusal := (wire.Claim{Algorithm: wire.CRC32C, Trailer: true}).Check(b); refusal != nil {
		t.Error(refusal)
	}
	for _, at := range []int{100, 66000, body.Len() - 10, body.Len() - 100} {
		bad := bytes.Clone(body.Bytes())
		bad[at] ^= 1
		if _, refusal := wire.ReadBody(bytes.NewReader(bad), options()); refusal == nil || refusal.Status != 403 {
			t.Errorf("byte %d changed: %v", at, refusal)
		}
	}
}
