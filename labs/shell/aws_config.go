package shell

import (
	"errors"
	"fmt"
	"strings"
)

// profiles are the sections of ~/.aws/config and ~/.aws/credentials by the profile's name; "s3.signature_version" is a
// value within another.
type profiles map[string]map[string]string

// The files that aws configure writes, in the learner's home folder.
const (
	configFile      = "~/.aws/config"
	credentialsFile = "~/.aws/credentials" //nolint:gosec // the name of a file
)

func (m *machine) configFile() string { return firstOf(m.env["AWS_CONFIG_FILE"], configFile) }
func (m *machine) credentialsFile() string {
	return firstOf(m.env["AWS_SHARED_CREDENTIALS_FILE"], credentialsFile)
}

// settings reads both files; one that is not there is empty. What stands in credentials wins.
func (m *machine) settings() (profiles, error) {
	all := profiles{}
	for _, name := range []string{m.configFile(), m.credentialsFile()} {
		data, err := m.readFile(name)
		if err != nil {
			continue
		}
		if err := all.read(string(data)); err != nil {
			return nil, fmt.Errorf("Unable to parse config file: %s", name) //nolint:staticcheck // the CLI's words
		}
	}
	return all, nil
}

var errNoSection = errors.New("a value before the first section")

func (p profiles) read(text string) error {
	var section map[string]string
	outer := ""
	for line := range strings.Lines(text) {
		word := strings.TrimSpace(line)
		if word == "" || word[0] == '#' || word[0] == ';' {
			continue
		}
		if word[0] == '[' {
			name := sectionName(word)
			if p[name] == nil {
				p[name] = map[string]string{}
			}
			section, outer = p[name], ""
			continue
		}
		key, value, ok := strings.Cut(word, "=")
		key, value = strings.TrimSpace(key), strings.TrimSpace(value)
		if section == nil || !ok {
			return errNoSection
		}
		if outer != "" && (line[0] == ' ' || line[0] == '\t') {
			section[outer+"."+key] = value
			continue
		}
		if outer = ""; value == "" {
			outer = key
		}
		section[key] = value
	}
	return nil
}

// sectionName is the profile that "[profile NAME]" or "[NAME]" begins.
func sectionName(line string) string {
	name := strings.TrimSpace(strings.Trim(strings.TrimSpace(line), "[]"))
	return strings.Trim(strings.TrimSpace(strings.TrimPrefix(name, "profile ")), `"'`)
}

// setValue writes a value into a file's text: in its section, in place of an older one.
func setValue(text, section, name, value string) string {
	lines := strings.SplitAfter(text, "\n")
	if len(lines) > 0 && lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	if len(lines) > 0 {
		lines[len(lines)-1] = strings.TrimSuffix(lines[len(lines)-1], "\n") + "\n"
	}
	outer, inner, nested := strings.Cut(name, ".")
	entry := name + " = " + value + "\n"
	if nested {
		entry = "    " + inner + " = " + value + "\n"
	}
	in, end, block := false, -1, -1
	for i, line := range lines {
		word := strings.TrimSpace(line)
		if strings.HasPrefix(word, "[") {
			in = word == "["+section+"]"
			if in {
				end, block = i+1, -1
			}
			continue
		}
		if !in || word == "" {
			continue
		}
		indented := line[0] == ' ' || line[0] == '\t'
		key, _, _ := strings.Cut(word, "=")
		key = strings.TrimSpace(key)
		switch {
		case !nested && !indented && key == name, nested && indented && block >= 0 && key == inner:
			lines[i] = entry
			return strings.Join(lines, "")
		case nested && !indented:
			if block = -1; key == outer {
				block = i + 1
			}
		case nested && indented && block >= 0:
			block = i + 1
		}
		end = i + 1
		if nested && block >= 0 {
			end = block
		}
	}
	if nested && block < 0 {
		entry = outer + " =\n" + entry
	}
	if end < 0 {
		return strings.Join(lines, "") + "[" + section + "]\n" + entry
	}
	return strings.Join(lines[:end], "") + entry + strings.Join(lines[end:], "")
}
