package exchange

import (
	"bytes"
	"encoding/xml"
)

// FormBytes is the longest body a query service reads here. IAM's longest documents have a few kilobytes, and percent
// encoding makes three of each byte.
const FormBytes = 256 << 10

// Namespaces of the query services' answers, by signing name. (botocore service models)
var namespaces = map[string]string{
	"iam": "https://iam.amazonaws.com/doc/2010-05-08/",
	"sts": "https://sts.amazonaws.com/doc/2011-06-15/",
}

// Named finds the row of a query service by the Action of its form; nil when there is none.
func Named(rows []Operation, action string) *Operation {
	for i := range rows {
		if rows[i].Name == action {
			return &rows[i]
		}
	}
	return nil
}

// Result answers a query service: <ActionResponse><ActionResult>v</ActionResult><ResponseMetadata>. v is a struct with
// plain xml tags; nil for the operations that only say that they were done.
func (x *Exchange) Result(v any) {
	var b bytes.Buffer
	e := xml.NewEncoder(&b)
	root := xml.StartElement{Name: xml.Name{Space: namespaces[x.Op.Service], Local: x.Op.Name + "Response"}}
	must(e.EncodeToken(root))
	if v != nil {
		must(e.EncodeElement(v, xml.StartElement{Name: xml.Name{Local: x.Op.Name + "Result"}}))
	}
	must(e.EncodeElement(struct {
		RequestID string `xml:"RequestId"`
	}{x.Trace.ID}, xml.StartElement{Name: xml.Name{Local: "ResponseMetadata"}}))
	must(e.EncodeToken(root.End()))
	must(e.Close())
	x.Answer.Body = b.Bytes()
	x.Answer.Header.Set("Content-Type", "text/xml")
}

// must is for values that cannot fail to be XML: a type that cannot is a mistake of ours.
func must(err error) {
	if err != nil {
		panic(err)
	}
}

// QueryErrorBody is a fault as a query service words it.
func QueryErrorBody(service, requestID string, f *Fault) []byte {
	kind := "Sender"
	if f.Status >= 500 {
		kind = "Receiver"
	}
	body, err := xml.Marshal(struct {
		XMLName   xml.Name
		Type      string `xml:"Error>Type"`
		Code      string `xml:"Error>Code"`
		Message   string `xml:"Error>Message"`
		RequestID string `xml:"RequestId"`
	}{xml.Name{Space: namespaces[service], Local: "ErrorResponse"}, kind, f.Code, f.Message, requestID})
	must(err)
	return body
}
