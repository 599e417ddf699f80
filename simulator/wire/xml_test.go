package wire_test

import (
	"encoding/xml"
	"strings"
	"testing"

	"keyhole/simulator/wire"
)

type configuration struct {
	XMLName xml.Name `xml:"ServerSideEncryptionConfiguration"`
	Rules   []struct {
		Default *struct {
			Algorithm string `xml:"SSEAlgorithm"`
			Key       string `xml:"KMSMasterKeyID"`
		} `xml:"ApplyServerSideEncryptionByDefault"`
		BucketKey *bool    `xml:"BucketKeyEnabled"`
		Blocked   []string `xml:"BlockedEncryptionTypes>EncryptionType"`
	} `xml:"Rule"`
}

const (
	aes = "<ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault>"
	top = "ServerSideEncryptionConfiguration"
)

func TestADocumentIsReadStrictly(t *testing.T) {
	in := func(inner string) string { return "<" + top + "><Rule>" + inner + "</Rule></" + top + ">" }
	for _, c := range []struct {
		name, body string
		good       bool
	}{
		{"plain", in(aes), true},
		{"with the namespace", strings.Replace(in(aes), top, top+` xmlns="http://s3.amazonaws.com/doc/2006-03-01/"`, 1), true},
		{"with a declaration and white space", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + strings.ReplaceAll(in(aes), "><", ">\n  <"), true},
		{"with blocked types", in(aes + "<BucketKeyEnabled>true</BucketKeyEnabled><BlockedEncryptionTypes><EncryptionType>NONE</EncryptionType></BlockedEncryptionTypes>"), true},
		{"with a comment", in("<!-- why -->" + aes), true},
		{"another namespace", strings.Replace(in(aes), top, top+` xmlns="http://example.com/"`, 1), false},
		{"another root", "<Other/>", false},
		{"two roots", in(aes) + in(aes), false},
		{"nothing", "", false},
		{"no XML", "hello", false},
		{"JSON", `{"Rules":[]}`, false},
		{"cut", in(aes)[:40], false},
		{"an unknown element", in(aes + "<Colour>red</Colour>"), false},
		{"an unknown element in a list", in("<BlockedEncryptionTypes><Colour>red</Colour></BlockedEncryptionTypes>"), false},
		{"an element within a text", in("<BucketKeyEnabled><b>true</b></BucketKeyEnabled>"), false},
		{"one element twice", in(aes + aes), false},
		{"one list twice", in("<BlockedEncryptionTypes/><BlockedEncryptionTypes/>"), true},
		{"text between elements", in("hello" + aes), false},
		{"text after the end", in(aes) + "hello", false},
		{"a bool that is none", in("<BucketKeyEnabled>maybe</BucketKeyEnabled>"), false},
		{"a DTD", `<!DOCTYPE x [<!ENTITY a "b">]>` + in(aes), false},
		{"an entity", in("<ApplyServerSideEncryptionByDefault><SSEAlgorithm>&a;</SSEAlgorithm></ApplyServerSideEncryptionByDefault>"), false},
		{"too deep", strings.Repeat("<Rule>", 17) + strings.Repeat("</Rule>", 17), false},
		{"too long", in(aes + strings.Repeat(" ", 2000)), false},
		{"another encoding", `<?xml version="1.0" encoding="UTF-16"?>` + in(aes), false},
		{"a byte that is no character", in("<BucketKeyEnabled>\xff</BucketKeyEnabled>"), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			var v configuration
			refusal := wire.Decode(strings.NewReader(c.body), 2000, wire.XMLDepth, &v)
			if c.good {
				expect(t, refusal, 0, "", "", "")
				return
			}
			expect(t, refusal, 400, "MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema", "")
		})
	}
	var v configuration
	body := in(aes + "<BlockedEncryptionTypes><EncryptionType>NONE</EncryptionType></BlockedEncryptionTypes>")
	if r := wire.Decode(strings.NewReader(body), wire.XMLBytes, wire.XMLDepth, &v); r != nil || v.Rules[0].Default.Algorithm != "AES256" || v.Rules[0].Blocked[0] != "NONE" || v.Rules[0].BucketKey != nil {
		t.Errorf("%+v, %v", v, r)
	}
}

func TestDepthIsBounded(t *testing.T) {
	type nested struct {
		XMLName xml.Name `xml:"a"`
		Inner   *struct {
			Innermost string `xml:"c"`
		} `xml:"b"`
	}
	const body = "<a><b><c>x</c></b></a>"
	if r := wire.Decode(strings.NewReader(body), 100, 3, new(nested)); r != nil {
		t.Error(r)
	}
	if r := wire.Decode(strings.NewReader(body), 100, 2, new(nested)); r == nil {
		t.Error("three levels pass for two")
	}
}

func TestTenThousandPartsFit(t *testing.T) {
	type part struct {
		Number int `xml:"PartNumber"`
		ETag   string
	}
	var v struct {
		XMLName xml.Name `xml:"CompleteMultipartUpload"`
		Parts   []part   `xml:"Part"`
	}
	body := "<CompleteMultipartUpload>" + strings.Repeat(`<Part><PartNumber>10000</PartNumber><ETag>"5d41402abc4b2a76b9719d911017c592"</ETag></Part>`, 10000) + "</CompleteMultipartUpload>"
	if r := wire.Decode(strings.NewReader(body), wire.XMLBytes, wire.XMLDepth, &v); r != nil || len(v.Parts) != 10000 {
		t.Errorf("%d parts of %d bytes: %v", len(v.Parts), len(body), r)
	}
}

func TestADocumentIsWrittenAsS3WritesIt(t *testing.T) {
	type entry struct {
		Key  string
		ETag string
	}
	got := string(wire.Encode("ListBucketResult", struct {
		Name     string
		Contents []entry
		Marker   string `xml:",omitempty"`
	}{"vault", []entry{{"it's <a> & \"b\" &#34;", `"5d41"`}}, ""}))
	want := `<?xml version="1.0" encoding="UTF-8"?>` + "\n" +
		`<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>vault</Name><Contents><Key>it's &lt;a&gt; &amp; &quot;b&quot; &amp;#34;</Key><ETag>&quot;5d41&quot;</ETag></Contents></ListBucketResult>`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestAnErrorIsWrittenAsS3WritesIt(t *testing.T) {
	got := string(wire.ErrorBody("NoSuchKey", "The specified key does not exist.", [][2]string{{"Key", "a<b>&\"\x01\n"}}, "REQ", "HOST"))
	want := "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message><Key>a&lt;b&gt;&amp;&quot;\uFFFD\n</Key><RequestId>REQ</RequestId><HostId>HOST</HostId></Error>"
	if got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if err := xml.Unmarshal([]byte(got), new(struct{ Code string })); err != nil {
		t.Error(err)
	}
}
