package view

import (
	"strings"
	"testing"

	"keyhole/simulator/exchange"
	"keyhole/simulator/sse"
)

// The X-ray shows a second ladder for the KMS key, the context as KMS gets it, and whether a bucket key was used.
func TestTheKMSKeyIsExplained(t *testing.T) {
	trace := walked("PutObject", "", "", func(t *exchange.Trace) {
		d, _ := sse.Seal(sse.Asked{Method: "aws:kms", MethodSent: true, KMSKeyID: "alias/papers", KMSKeySent: true, BucketKey: "true", BucketKeySent: true},
			sse.Default{Algorithm: "AES256"}, true, sse.Subject{})
		d.KMS.Found("arn:aws:kms:us-east-1:111122223333:key/1234", "arn:aws:s3:::vault", "arn:aws:s3:::vault/a.txt")
		d.KMS.Reused = true
		t.Seal = &d
	})
	page := rendered(t, Encryption(trace))
	if ladders := page.Find("ol.ladder"); ladders.Length() != 2 || !strings.Contains(ladders.Last().Find("li[data-decided]").Text(), "alias/papers") {
		t.Errorf("%d ladders, decided: %q", ladders.Length(), ladders.Last().Find("li[data-decided]").Text())
	}
	text := strings.Join(strings.Fields(page.Text()), " ")
	for _, want := range []string{"Key: arn:aws:kms:us-east-1:111122223333:key/1234", "Encryption context: aws:s3:arn=arn:aws:s3:::vaultBucket key", "Bucket key: yes; request header says so itself", "KMS is not called for this object"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in %q", want, text)
		}
	}
	refused := walked("GetObject", "perform", "AccessDenied", func(t *exchange.Trace) {
		t.Open = &sse.OpenDecision{Stored: sse.SSEKMS, KMS: &sse.KeyChoice{ARN: "arn"}, Refusal: &sse.Refusal{Status: 403},
			Checks: []sse.KeyCheck{{Name: "KMS permission", Sent: "kms:Decrypt: AccessDenied", Want: "allowed"}}}
	})
	if got := rendered(t, Encryption(refused)).Find("ul.keychecks").Text(); !strings.Contains(got, "kms:Decrypt") {
		t.Errorf("the check does not show: %q", got)
	}
}
