package world

import (
	"strings"
	"testing"
)

func TestValidBucketName(t *testing.T) {
	tests := []struct {
		name string
		ok   bool
	}{
		{"abc", true},
		{"my-bucket.2026", true},
		{"1.2.3", true}, // three numbers are no address
		{strings.Repeat("a", 63), true},
		{"a-.b", true},
		{"ab", false},
		{strings.Repeat("a", 64), false},
		{"Upper", false},
		{"under_score", false},
		{"-front", false},
		{"back-", false},
		{".front", false},
		{"two..dots", false},
		{"192.168.5.4", false},
		{"xn--bucket", false},
		{"sthree-bucket", false},
		{"amzn-s3-demo-bucket", false},
		{"bucket-s3alias", false},
		{"bucket--ol-s3", false},
		{"bucket.mrap", false},
		{"bucket--x-s3", false},
		{"bucket--table-s3", false},
		{"new\nline", false},
		{"ümlaut", false},
		{"", false},
	}
	for _, tt := range tests {
		if err := ValidBucketName(tt.name); (err == nil) != tt.ok {
			t.Errorf("%q: %v, want ok %v", tt.name, err, tt.ok)
		}
	}
}

func TestIDs(t *testing.T) {
	w := New(Options{Seed: "s"})
	again := New(Options{Seed: "s"})
	if a, b := w.NewVersionID(), w.NewVersionID(); len(a) != 32 || a == b || a != again.NewVersionID() {
		t.Errorf("version ids %q, %q", a, b)
	}
	if id := w.NewUploadID(); len(id) != 64 {
		t.Errorf("upload id %q", id)
	}
	if id := w.RequestID(7); len(id) != 16 || strings.Trim(id, requestAlphabet) != "" || id != w.RequestID(7) || id == w.RequestID(8) {
		t.Errorf("request id %q", id)
	}
	if id := w.HostID(7); len(id) != 76 || id == w.HostID(8) {
		t.Errorf("host id %q", id)
	}
	if b := w.Random(100); len(b) != 100 || string(b) == string(w.Random(100)) {
		t.Error("two draws are equal")
	}
	if len(w.Master()) != 32 || string(w.Master()) != string(again.Master()) {
		t.Error("the master key does not follow from the seed")
	}
	if tag := w.Tag(); len(tag) != 8 || strings.Trim(tag, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") != "" {
		t.Errorf("tag %q", tag)
	}
}
