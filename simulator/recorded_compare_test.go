package simulator

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"

	"keyhole/simulator/sse"
)

// recorded is one answer of AWS.
type recorded struct {
	status, code, message string
	elements              map[string]any
}

// raw says whether the answer was read without an SDK: its status and headers are among its elements.
func (r recorded) raw() bool {
	return r.elements["StatusCode"] != nil || r.elements["HTTPStatusCode"] != nil || r.elements["x-amz-request-id"] != nil
}

// differs says how an answer is not the recorded one; "" when it is.
func (r recorded) differs(s *script) string {
	if r.raw() {
		return r.differsRaw(s)
	}
	if got := strconv.Itoa(s.answer.StatusCode); got != r.status && r.status != "" {
		return "status " + got + ", AWS gave " + r.status
	}
	if r.code == r.status && r.code != "" { // a HEAD: the SDK made the code up
		if len(s.body) > 0 {
			return "a HEAD error has a body"
		}
		return ""
	}
	if r.code == "" {
		return r.differsGood(s)
	}
	f := parseFault(s.body)
	if f.Code != r.code || r.message != "" && f.Message != r.message && !matches(r.message, f.Message) {
		return fmt.Sprintf("%s %q, AWS gave %s %q", f.Code, f.Message, r.code, r.message)
	}
	if f.Code == "SignatureDoesNotMatch" { // the recordings keep none of what was signed
		f.Extra = slices.DeleteFunc(f.Extra, func(e string) bool { return !strings.HasPrefix(e, "AWSAccessKeyId ") })
	}
	var want []string
	for name, value := range r.elements {
		if value == nil {
			value = ""
		}
		want = append(want, strings.TrimSpace(name+" "+fmt.Sprint(value)))
	}
	sort.Strings(want)
	slices.Sort(f.Extra)
	if !slices.EqualFunc(f.Extra, want, func(got, want string) bool { return got == want || matches(want, got) }) {
		return fmt.Sprintf("elements %q, AWS gave %q", f.Extra, want)
	}
	return ""
}

// differsGood compares the members of a success.
func (r recorded) differsGood(s *script) string {
	if s.answer.StatusCode >= 300 {
		return fmt.Sprintf("%d, AWS gave %s: %s", s.answer.StatusCode, r.status, s.body)
	}
	traces := s.simulator.Traces()
	last := traces[len(traces)-1]
	operation := last.Operation
	if last.Service == s3control {
		operation = s3control + ":" + operation
	}
	got := decoded(s.t, operation, s.answer.Header, s.body)
	if operation == "CreateKey" { // the snapshots took out the one member
		got, _ = got["KeyMetadata"].(map[string]any)
	}
	for name := range got { // what the snapshot left out because an SDK's test did
		if _, named := r.elements[name]; !named && slices.Contains(leftOut, name) {
			delete(got, name)
		}
	}
	want := any(r.elements)
	if drawnETag(traces) {
		return unlike("", withoutETag(want), withoutETag(got))
	}
	return unlike("", want, got)
}

// drawnETag says whether the object of the last request has an ETag that is drawn anew for every upload: under a customer
// key or a KMS key. The newest write of the key says so.
func drawnETag(traces []*Trace) bool {
	last := traces[len(traces)-1]
	for i := len(traces) - 1; i >= 0; i-- {
		if t := traces[i]; t.Bucket == last.Bucket && t.Key == last.Key && t.Seal != nil && t.Fault == nil {
			return t.Seal.Method == sse.SSEC || t.Seal.Method.KMS()
		}
	}
	return false
}

var etags = regexp.MustCompile(`^"?[0-9a-f]{32}(-[0-9]+)?"?$`)

// withoutETag puts one text in the place of every ETag of the right form; what follows a dash stays.
func withoutETag(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for name, value := range v {
			out[name] = withoutETag(value)
			if text, ok := value.(string); ok && name == "ETag" && etags.MatchString(text) {
				out[name] = "drawn" + etags.FindStringSubmatch(text)[1]
			}
			if text, ok := value.(string); ok && name == "ETag" && strings.HasSuffix(text, "etag") { // "copy-etag" of a snapshot
				out[name] = "drawn"
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = withoutETag(v[i])
		}
		return out
	}
	return v
}

// leftOut are members that the recordings leave out now and then, although S3 sends them.
var leftOut = []string{"Body", "RequestCharged"}

// differsRaw compares status and headers.
func (r recorded) differsRaw(s *script) string {
	status, headers := r.elements["StatusCode"], r.elements["Headers"]
	if status == nil {
		status, headers = r.elements["HTTPStatusCode"], r.elements["HTTPHeaders"]
	}
	if r.elements["x-amz-request-id"] != nil { // the headers of a success by themselves
		status, headers = "200", r.elements
	}
	if got := strconv.Itoa(s.answer.StatusCode); got != fmt.Sprint(status) {
		return fmt.Sprintf("status %s, AWS gave %v", got, status)
	}
	list, _ := headers.(map[string]any)
	for name, want := range list {
		switch strings.ToLower(name) {
		case "transfer-encoding", "connection", "content-length", "date", "server": // the connection's, not S3's
			continue
		}
		if got := s.answer.Header.Get(name); !matches(fmt.Sprint(want), got) {
			return fmt.Sprintf("header %s is %q, AWS gave %q", name, got, want)
		}
	}
	for name := range s.answer.Header {
		if _, there := list[strings.ToLower(name)]; !there && list[name] == nil && strings.HasPrefix(name, "Access-Control-") {
			return fmt.Sprintf("header %s is %q, AWS gave none", name, s.answer.Header.Get(name))
		}
	}
	return ""
}

// unlike says where two values part.
func unlike(path string, want, got any) string {
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			return fmt.Sprintf("%s is %s, AWS gave %s", path, shownJSON(got), shownJSON(want))
		}
		for _, name := range sortedNames(w, g) {
			wanted, named := w[name]
			value, there := g[name]
			switch {
			case !named:
				return fmt.Sprintf("%s.%s is %s, AWS gave none", path, name, shownJSON(value))
			case !there:
				return fmt.Sprintf("%s.%s is missing, AWS gave %s", path, name, shownJSON(wanted))
			}
			if problem := unlike(path+"."+name, wanted, value); problem != "" {
				return problem
			}
		}
		return ""
	case []any:
		g, ok := got.([]any)
		if path == ".Deleted" || path == ".Errors" { // in no order; the recordings sort them
			slices.SortStableFunc(g, func(a, b any) int { return strings.Compare(keyOf(a), keyOf(b)) })
		}
		if !ok || len(g) != len(w) {
			return fmt.Sprintf("%s is %s, AWS gave %s", path, shownJSON(got), shownJSON(want))
		}
		for i := range w {
			if problem := unlike(fmt.Sprintf("%s[%d]", path, i), w[i], g[i]); problem != "" {
				return problem
			}
		}
		return ""
	}
	if a, b := fmt.Sprint(want), fmt.Sprint(got); a != b && !matches(a, b) && !(encoded.MatchString(path) && a == plain(b)) {
		return fmt.Sprintf("%s is %q, AWS gave %q", path, b, a)
	}
	return ""
}

// encoded are the members of a list that boto3 decodes when it asked for encoding-type=url by itself.
var encoded = regexp.MustCompile(`\.(Key|Prefix|Delimiter|Marker|NextMarker|KeyMarker|NextKeyMarker|StartAfter)$`)

func plain(text string) string {
	decoded, err := url.QueryUnescape(text)
	if err != nil {
		return text
	}
	return decoded
}

func keyOf(entry any) string {
	members, _ := entry.(map[string]any)
	return fmt.Sprint(members["Key"])
}

func sortedNames(a, b map[string]any) (names []string) {
	for name := range a {
		names = append(names, name)
	}
	for name := range b {
		if _, both := a[name]; !both {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	return names
}

func shownJSON(v any) string {
	text, _ := json.Marshal(v)
	return string(text[:min(len(text), 400)])
}

// replaced are words that the recordings have in place of moments and ids.
var replaced = regexp.MustCompile(`<[^>]*>|\b(111111111111|datetime|date|last--modified|last-modified|server|id-2|request-id|host-id)\b|^(bucket|i-d|owner-id|display-name)$`)

// matches compares with a recorded text in which "<…>" and words like "datetime" stand for any text.
func matches(want, got string) bool {
	if !replaced.MatchString(want) {
		return want == got
	}
	var pattern strings.Builder
	pattern.WriteString("(?s)^")
	last := 0
	for _, at := range replaced.FindAllStringIndex(want, -1) {
		pattern.WriteString(regexp.QuoteMeta(want[last:at[0]]) + ".*")
		last = at[1]
	}
	pattern.WriteString(regexp.QuoteMeta(want[last:]) + "$")
	ok, _ := regexp.MatchString(pattern.String(), got)
	return ok
}
