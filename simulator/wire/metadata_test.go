package wire

import (
	"net/http"
	"testing"
)

// What S3 was recorded to do with metadata that a header cannot carry as it is.
func TestMetadataInEncodedWords(t *testing.T) {
	for _, row := range []struct{ sent, kept, told string }{
		{"plain", "plain", "plain"},
		{"=?UTF-8?Q?actually-ascii?=", "actually-ascii", "actually-ascii"},
		{"=?UTF-8?B?YWJj?=", "abc", "abc"},
		{"=?utf-8?q?=C3=84M=C3=84Z=C3=95=C3=91_S3?=", "ÄMÄZÕÑ S3", "=?UTF-8?Q?=C3=84M=C3=84Z=C3=95=C3=91_S3?="},
		{"test_—_?.pdf", "test_—_?.pdf", "=?UTF-8?Q?test=5F=E2=80=94=5F=3F.pdf?="},
		{"=?UTF-8?B?AAECAw==?=", "\x00\x01\x02\x03", "=?UTF-8?B?AAECAw==?="},
		{"=?UTF-8?B?77+977+9?=", "\ufffd\ufffd", "=?UTF-8?B?77+977+9?="},
		{"=?UTF-8?X?what?=", "=?UTF-8?X?what?=", "=?UTF-8?X?what?="},
		{"=?", "=?", "=?"},
	} {
		got, refusal := Metadata(http.Header{"X-Amz-Meta-Note": {row.sent}})
		if refusal != nil || got["note"] != row.kept {
			t.Errorf("%q is kept as %q (%v), want %q", row.sent, got["note"], refusal, row.kept)
		}
		if told := MetadataValue(got["note"]); told != row.told {
			t.Errorf("%q is told as %q, want %q", row.sent, told, row.told)
		}
	}
}

// FuzzMetadata: whatever is sent, what is told of it fits into a header and means the same again.
func FuzzMetadata(f *testing.F) {
	for _, seed := range []string{"plain", "=?UTF-8?Q?a_b?=", "=?UTF-8?B?AAECAw==?=", "Ä", "=?", "a =?utf-8?q?=FF?= b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		got, refusal := Metadata(http.Header{"X-Amz-Meta-Note": {value}})
		if refusal != nil {
			return
		}
		told := MetadataValue(got["note"])
		for _, c := range []byte(told) {
			if c != '\t' && (c < ' ' || c > '~') {
				t.Fatalf("%q holds the byte %#x", told, c)
			}
		}
	})
}
