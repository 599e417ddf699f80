package content

import (
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"keyhole/labs/call"
)

// command writes the AWS CLI line that sends what a step sends. Customer keys stand as files, never as bytes; what the
// CLI cannot do (a header set or left out by hand) follows as a comment.
func command(s Step) string {
	op, ok := call.Operation(call.CLIName(s.Do))
	if !ok {
		return ""
	}
	in := maps.Clone(s.In)
	if key, ok := in["ssec"]; ok {
		in["SSECustomerAlgorithm"], in["SSECustomerKey"] = "AES256", "${key:"+fmt.Sprint(key)+"}"
	}
	if key, ok := in["source_ssec"]; ok {
		in["CopySourceSSECustomerAlgorithm"], in["CopySourceSSECustomerKey"] = "AES256", "${key:"+fmt.Sprint(key)+"}"
	}
	words := []string{"aws", "s3api", op.CLI}
	for _, m := range inOrder(op.Members) {
		if v, ok := in[m.Name]; ok {
			words = append(words, argument(m, v, in)...)
		}
	}
	if op.Streams {
		words = append(words, quote(path.Base(fmt.Sprint(in["Key"]))))
	}
	if s.As == "anon" {
		words = append(words, "--no-sign-request")
	} else {
		words = append(words, "--profile", s.As)
	}
	if s.Over == "http" {
		words = append(words, "--endpoint-url", "http://127.0.0.1:9000")
	}
	line := strings.Join(words, " ")
	var notes []string
	for _, name := range slices.Sorted(maps.Keys(s.Set)) {
		notes = append(notes, "with "+name+": "+headerShown(name, s.Set[name]))
	}
	for _, name := range s.Drop {
		notes = append(notes, "without "+name)
	}
	if len(notes) > 0 {
		line += "  # " + strings.Join(notes, ", ")
	}
	return line
}

// headerShown hides a customer key.
func headerShown(name, value string) string {
	name = strings.ToLower(name)
	if strings.HasSuffix(name, "customer-key") || strings.Contains(name, "token") {
		return "(not shown)"
	}
	return value
}

// first are the parameters a reader looks for.
var first = []string{"Bucket", "Key", "VersionId", "Body", "CopySource", "UploadId", "PartNumber"}

// inOrder puts the parameters a reader looks for first.
func inOrder(members []call.Member) []call.Member {
	rank := func(m call.Member) int {
		if i := slices.Index(first, m.Name); i >= 0 {
			return i
		}
		return len(first)
	}
	out := slices.Clone(members)
	slices.SortStableFunc(out, func(a, b call.Member) int { return rank(a) - rank(b) })
	return out
}

// argument writes one parameter.
func argument(m call.Member, v any, in map[string]any) []string {
	if ref := savedRef.FindStringSubmatch(fmt.Sprint(v)); ref != nil && strings.HasPrefix(ref[1], "key:") {
		// "key:k1" is the file k1.bin, "key:k1:24" its first 24 bytes in k1-24.bin.
		return []string{m.Flag, "fileb://" + strings.ReplaceAll(strings.TrimPrefix(ref[1], "key:"), ":", "-") + ".bin"}
	}
	switch m.Kind {
	case call.Boolean:
		if v == false {
			return []string{"--no-" + strings.TrimPrefix(m.Flag, "--")}
		}
		return []string{m.Flag}
	case call.Body:
		return []string{m.Flag, quote(bodyFile(fmt.Sprint(v), in))}
	case call.Blob:
		return []string{m.Flag, "fileb://" + quote(bodyFile(fmt.Sprint(v), in))}
	case call.List, call.Map, call.Struct:
		data, err := json.Marshal(v)
		if err != nil {
			return nil // values of a YAML file always marshal
		}
		return []string{m.Flag, quote(string(data))}
	}
	return []string{m.Flag, quote(fmt.Sprint(v))}
}

var plainWord = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// bodyFile names the file a body would come from: after its content when that is a word, else after the key.
func bodyFile(body string, in map[string]any) string {
	if plainWord.MatchString(body) && len(body) <= 24 {
		return body + ".txt"
	}
	return path.Base(fmt.Sprint(in["Key"]))
}

var needsNoQuote = regexp.MustCompile(`^[A-Za-z0-9_@%+=:,./-]+$`)

// quote quotes a word for a POSIX shell; a ${name} that was saved stands in double quotes so that it reads as a variable.
func quote(s string) string {
	switch {
	case needsNoQuote.MatchString(s):
		return s
	case savedRef.MatchString(s) && !strings.ContainsAny(s, "\"'\\`"):
		return `"` + s + `"`
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
