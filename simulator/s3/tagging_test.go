package s3

import (
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestTagsOfAHeader(t *testing.T) {
	const form = "InvalidArgument"
	for _, row := range []struct{ header, want string }{
		{"", ""},
		{"a=1&b=2", "a=1 b=2"},
		{"a", "a="},
		{"a=b%20c&d=%C3%A9", "a=b c d=é"},
		{"a=1&a=2", form},
		{"a=%zz", form},
		{"a=1,b=2", form},
		{"a=1;b=2", form},
		{"=1", "InvalidTag"},
		{"aws:a=1", "InvalidTag"},
		{"AWS:a=1", "InvalidTag"},
		{strings.Repeat("k", maxTagKey) + "=" + strings.Repeat("é", maxTagValue), strings.Repeat("k", maxTagKey) + "=" + strings.Repeat("é", maxTagValue)},
		{strings.Repeat("k", maxTagKey+1) + "=1", "InvalidTag"},
		{"a=" + strings.Repeat("v", maxTagValue+1), "InvalidTag"},
		{"1&2&3&4&5&6&7&8&9&10&11", "BadRequest"},
	} {
		tags, fault := headerTags(row.header)
		var got []string
		for _, key := range []string{"a", "b", "d", strings.Repeat("k", maxTagKey)} {
			if value, ok := tags[key]; ok {
				got = append(got, key+"="+value)
			}
		}
		if fault != nil {
			got = []string{fault.Code}
		}
		if text := strings.Join(got, " "); text != row.want {
			t.Errorf("%.40q gives %q, want %q", row.header, text, row.want)
		}
	}
}

// FuzzTags: what a header is taken for keeps every bound, and can be sent again.
func FuzzTags(f *testing.F) {
	for _, seed := range []string{"a=1&b=2", "a", "=", "a=1&a=2", "%41=%zz", "aws:x=1", "a=\xff", "é=%C3%A9", "a+b=c+d"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		tags, fault := headerTags(header)
		if fault != nil {
			if fault.Status != 400 || fault.Message == "" {
				t.Fatalf("%q is refused with %d %q", header, fault.Status, fault.Message)
			}
			return
		}
		if len(tags) > maxTags {
			t.Fatalf("%q has %d tags", header, len(tags))
		}
		again := url.Values{}
		for key, value := range tags {
			if key == "" || utf8.RuneCountInString(key) > maxTagKey || utf8.RuneCountInString(value) > maxTagValue {
				t.Fatalf("%q has the tag %q = %q", header, key, value)
			}
			again.Set(key, value)
		}
		if second, fault := headerTags(again.Encode()); fault != nil || len(second) != len(tags) {
			t.Fatalf("%q does not come back: %q, %v", header, again.Encode(), fault)
		}
	})
}
