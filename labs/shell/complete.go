package shell

import (
	"encoding/json"
	"slices"

	"keyhole/labs/call"
)

// common are the flags of every aws command.
var common = []string{
	"--profile", "--region", "--endpoint-url", "--output", "--query", "--no-sign-request", "--no-verify-ssl", "--ca-bundle",
}

// Completions is the JSON for the browser's completion strip: s3api operations, their flags and enum values, commands.
// With names of operations ("PutObject"), only those are listed.
func Completions(only ...string) []byte {
	type flag struct {
		Flag     string   `json:"f"`
		Enum     []string `json:"e,omitempty"`
		Required int      `json:"r,omitempty"`
	}
	out := struct {
		S3API    map[string][]flag   `json:"s3api"`
		S3       map[string][]string `json:"s3"`
		Common   []string            `json:"common"`
		Commands []string            `json:"commands"`
	}{S3API: map[string][]flag{}, S3: map[string][]string{}, Common: common, Commands: commandNames()}
	for _, op := range call.Operations() {
		if len(only) > 0 && !slices.Contains(only, op.Name) {
			continue
		}
		flags := []flag{}
		for _, m := range op.Members {
			f := flag{Flag: m.Flag}
			if m.Kind == call.Text {
				f.Enum = m.Enum
			}
			if m.Required {
				f.Required = 1
			}
			flags = append(flags, f)
		}
		out.S3API[op.CLI] = flags
	}
	for name, c := range highLevel {
		out.S3[name] = c.flagNames()
	}
	data, err := json.Marshal(out)
	if err != nil {
		return []byte("{}") // cannot happen: strings only
	}
	return data
}
