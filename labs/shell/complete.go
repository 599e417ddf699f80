package shell

import (
	"encoding/json"
	"slices"
	"strings"

	"keyhole/labs/call"
)

// Names are what a sandbox and a session add to the completion data: what may stand as a value.
type Names struct {
	Buckets  []string            `json:"buckets,omitempty"`
	Keys     map[string][]string `json:"keys,omitempty"` // by bucket
	Files    []string            `json:"files,omitempty"`
	Profiles []string            `json:"profiles,omitempty"`
	Verbs    []string            `json:"verbs,omitempty"`
}

// completeFlag is one option in the completion data.
type completeFlag struct {
	Flag     string   `json:"f"`
	Enum     []string `json:"e,omitempty"`
	Required int      `json:"r,omitempty"`
	Name     string   `json:"n,omitempty"` // which of Names its value is: bucket, key, file, profile
	Alone    int      `json:"b,omitempty"` // 1: no value follows
}

// completion is the JSON of the completion strip.
type completion struct {
	S3API    map[string][]completeFlag            `json:"s3api"`
	Services map[string]map[string][]completeFlag `json:"services,omitempty"` // the other services, by command
	Waiters  map[string][]string                  `json:"waiters,omitempty"`
	S3       map[string][]string                  `json:"s3"`
	Config   []string                             `json:"configure,omitempty"`
	Common   []completeFlag                       `json:"common"`
	Commands []string                             `json:"commands"`
	Names    *Names                               `json:"names,omitempty"`
}

// namedMembers says which names complete the value of a member.
var namedMembers = map[string]string{"Bucket": "bucket", "Key": "key", "Body": "file", "CopySource": "key"}

// Completions is the JSON for the browser's completion strip: the commands of aws with their flags and enum values, and
// the console's commands. With names of operations ("PutObject", "kms:Encrypt"), only those are listed.
func Completions(only ...string) []byte { return encode(completions(only)) }

// CompletionsWith is Completions of everything with a sandbox's names, which the page asks for again when they change.
func CompletionsWith(names Names) []byte {
	c := completions(nil)
	c.Names = &names
	return encode(c)
}

// CompletionNames is what changes while a learner works, alone.
func CompletionNames(names Names) []byte { return encode(names) }

// FileNames lists the session's files as they are typed in its current folder, sorted.
func (s *Session) FileNames() []string {
	var names []string
	if s.Home == nil {
		return names
	}
	for _, p := range sortedNames(s.Home.Files) {
		if s.Dir == "" {
			names = append(names, p)
		} else if rest, below := strings.CutPrefix(p, s.Dir+"/"); below {
			names = append(names, rest)
		} else {
			names = append(names, "~/"+p)
		}
	}
	return names
}

func completions(only []string) completion {
	wanted := func(op call.Op) bool {
		return len(only) == 0 || slices.Contains(only, op.Qualified()) || op.Service == "s3" && slices.Contains(only, op.Name)
	}
	out := completion{S3API: map[string][]completeFlag{}, Services: map[string]map[string][]completeFlag{}, Waiters: map[string][]string{},
		S3: map[string][]string{}, Config: configureCommands, Commands: commandNames()}
	for _, service := range call.Services() {
		commands := map[string][]completeFlag{}
		for _, op := range call.OperationsOf(service) {
			if wanted(op) {
				commands[op.CLI] = flagsOf(op)
			}
		}
		if service == "s3api" {
			out.S3API = commands
		} else if len(commands) > 0 {
			out.Services[service] = commands
		}
		if waiters[service] != nil {
			out.Waiters[service] = sortedNames(waiters[service])
		}
	}
	for name, c := range highLevel {
		out.S3[name] = c.flagNames()
	}
	for _, name := range sortedNames(globalFlags) {
		g := globalFlags[name]
		f := completeFlag{Flag: name, Enum: g.choices}
		if !g.takes {
			f.Alone = 1
		}
		if name == "--profile" {
			f.Name = "profile"
		}
		out.Common = append(out.Common, f)
	}
	return out
}

// flagsOf lists the options of an operation; those that page through a list in place of the members they hide.
func flagsOf(op call.Op) []completeFlag {
	flags := []completeFlag{}
	extra := extraFlags(op)
	hidden := map[string]bool{}
	if pages, ok := op.Pages(); ok {
		for _, name := range append(slices.Clone(pages.In), pages.Limit) {
			hidden[name] = true
		}
	}
	for _, m := range op.Members {
		if hidden[m.Name] || slices.Contains(extra, m.Flag) {
			continue
		}
		f := completeFlag{Flag: m.Flag, Name: namedMembers[m.Name]}
		if m.Kind == call.Text || m.Kind == call.List {
			f.Enum = m.Enum
		}
		if m.Required {
			f.Required = 1
		}
		if m.Kind == call.Boolean {
			f.Alone = 1
		}
		flags = append(flags, f)
	}
	for _, flag := range extra {
		if flag != flagInput && flag != flagSkeleton { // those two stand for every operation
			flags = append(flags, completeFlag{Flag: flag, Enum: extraChoices[flag]})
		}
	}
	return flags
}

func encode(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		return []byte("{}") // cannot happen: strings and numbers only
	}
	return data
}
