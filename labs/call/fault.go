package call

import (
	"encoding/json"
	"encoding/xml"
	"net/http"
	"strconv"
	"strings"
)

// faultOf reads the service's refusal from the wire, in whichever protocol it speaks. Without a body the code is the
// status, as the CLI prints for HEAD. nil means that the answer is no refusal.
func faultOf(w *recorder) *Fault {
	if code, message := xmlFault(w.body); code != "" {
		return &Fault{Code: code, Message: message, Status: w.status}
	}
	if w.status < 300 {
		return nil
	}
	if code, message := jsonFault(w.header, w.body); code != "" {
		return &Fault{Code: code, Message: message, Status: w.status}
	}
	return &Fault{Code: strconv.Itoa(w.status), Message: http.StatusText(w.status), Status: w.status}
}

// xmlFault reads <Error>, alone as S3 writes it or within <ErrorResponse> as IAM, STS and S3 Control do.
func xmlFault(body []byte) (code, message string) {
	var e struct {
		XMLName xml.Name
		Code    string
		Message string
		Error   struct{ Code, Message string }
	}
	if xml.Unmarshal(body, &e) != nil {
		return "", ""
	}
	switch e.XMLName.Local {
	case "Error":
		return e.Code, e.Message
	case "ErrorResponse":
		return e.Error.Code, e.Error.Message
	}
	return "", ""
}

// jsonFault reads the refusal of a JSON protocol: the type after its namespace, the message in either spelling.
func jsonFault(header http.Header, body []byte) (code, message string) {
	var e struct {
		Type    string `json:"__type"`
		Code    string `json:"code"`
		Message string // "message" too: names are matched without case
	}
	if json.Unmarshal(body, &e) != nil {
		return "", ""
	}
	for _, code = range []string{e.Type, header.Get("X-Amzn-Errortype"), e.Code} {
		if code != "" {
			break
		}
	}
	code = code[strings.LastIndex(code, "#")+1:]
	code, _, _ = strings.Cut(code, ":")
	return code, e.Message
}
