package wire

import (
	"bytes"
	"encoding/xml"
	"testing"
	"time"
)

// FuzzAppendElement: an element that is appended is the one that Encode writes.
func FuzzAppendElement(f *testing.F) {
	for _, seed := range []string{"plain", `a "b" & <c> 'd'`, "tab\tline\ncarriage\r", "ÄŽ€😀", "\x00\x1f\x7f", "\xff\xfe", "\ufffe\uffff\ufffd", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var want bytes.Buffer
		if err := xml.NewEncoder(&want).EncodeElement(text, xml.StartElement{Name: xml.Name{Local: "Key"}}); err != nil {
			t.Skip(err)
		}
		if got := AppendElement(nil, "Key", text); string(got) != entities.Replace(want.String()) {
			t.Errorf("%q is written %q, want %q", text, got, entities.Replace(want.String()))
		}
	})
}

func TestAppendISO(t *testing.T) {
	at := time.Date(2026, 6, 1, 10, 0, 0, 5e6, time.FixedZone("", 7200))
	if got, want := string(AppendISO(nil, "LastModified", at)), "<LastModified>"+ISO(at)+"</LastModified>"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
