package shell

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// configureCommands are those of aws configure in version 1; import came with version 2.
var configureCommands = []string{"list", "get", "set", "add-model"}

// configure reads and writes the learner's ~/.aws, and lists what is in force.
func (m *machine) configure(g globals, args []string, std stdio) error {
	if len(args) == 0 {
		return m.configureAsk(g, std)
	}
	need := func(names ...string) error {
		if missing := names[min(len(names), len(args)-1):]; len(missing) > 0 {
			return usagef("the following arguments are required: %s", strings.Join(missing, ", "))
		}
		if more := args[1+len(names):]; len(more) > 0 {
			return &unknownOptions{more}
		}
		return nil
	}
	switch args[0] {
	case "list":
		if err := need(); err != nil {
			return err
		}
		return m.configureList(g, std)
	case "get":
		if err := need("varname"); err != nil {
			return err
		}
		return m.configureGet(g, args[1], std)
	case "set":
		if err := need("varname", "value"); err != nil {
			return err
		}
		return m.configureSet(g, args[1], args[2])
	case "help":
		std.out.text("aws configure list | get NAME | set NAME VALUE [--profile PROFILE]: the profiles in ~/.aws, and what is in force\n")
		return nil
	case "add-model":
		if len(args) == 1 {
			return usagef("the following arguments are required: --service-model")
		}
		return errors.New("aws configure add-model is not imitated: the services here are those of aws help")
	}
	return wrongChoice("subcommand", args[0], configureCommands)
}

// configureAsk reads the four values that aws configure asks for from standard input; an empty line keeps what is set.
func (m *machine) configureAsk(g globals, std stdio) error {
	if len(std.in) == 0 {
		return errors.New("aws configure asks for each value; here, write aws configure set NAME VALUE, or pipe four lines into it")
	}
	files, err := m.settings()
	if err != nil {
		return err
	}
	section := files[firstOf(m.profileName(g), "default")]
	lines := strings.Split(string(std.in), "\n")
	for i, ask := range []struct{ name, prompt string }{
		{"aws_access_key_id", "AWS Access Key ID"}, {"aws_secret_access_key", "AWS Secret Access Key"},
		{"region", "Default region name"}, {"output", "Default output format"},
	} {
		now := section[ask.name]
		if now != "" && i < 2 {
			now = hidden(ask.name, now, "")[1]
			if i == 1 {
				now = strings.Repeat("*", 20)
			}
		}
		std.out.print("%s [%s]: ", ask.prompt, firstOf(now, "None"))
		if i >= len(lines) {
			std.out.text("\n")
			return &errSilent{1} // the end of input, on which the CLI gives up
		}
		if value := strings.TrimSpace(lines[i]); value != "" {
			if err := m.configureSet(g, ask.name, value); err != nil {
				return err
			}
		}
	}
	return nil
}

func (m *machine) configureList(g globals, std stdio) error {
	files, err := m.settings()
	if err != nil {
		return err
	}
	c, err := m.client(g)
	if err != nil {
		return err
	}
	name, where, from := m.profileName(g), "manual", "--profile"
	section := files[firstOf(name, "default")]
	if g.profile == "" {
		where, from = "env", "AWS_PROFILE"
	}
	rows := [][4]string{{"Name", "Value", "Type", "Location"}, {"----", "-----", "----", "--------"}}
	switch {
	case name == "" && m.Profile == "":
		rows = append(rows, [4]string{"profile", "<not set>", "None", "None"})
	case name == "":
		rows = append(rows, [4]string{"profile", m.Profile, "console", "as"})
	default:
		rows = append(rows, [4]string{"profile", name, where, from})
	}
	kind := "custom-process"
	if keys, _ := m.keysFromVariables(g); keys.AccessKey != "" {
		kind = "env"
	} else if section["aws_access_key_id"] != "" {
		kind = "shared-credentials-file"
	} else if section["role_arn"] != "" {
		kind = "assume-role"
	}
	rows = append(rows, hidden("access_key", c.Credentials.AccessKey, kind), hidden("secret_key", strings.Repeat("*", min(4, len(c.Credentials.Secret))), kind))
	region := [4]string{"region", firstOf(section["region"], c.Region, "us-east-1"), "config-file", m.configFile()}
	if g.region != "" {
		region = [4]string{"region", g.region, "manual", "--region"}
	}
	for _, variable := range []string{"AWS_REGION", "AWS_DEFAULT_REGION"} {
		if v := m.env[variable]; v != "" {
			region = [4]string{"region", v, "env", variable}
		}
	}
	for _, r := range append(rows, region) {
		std.out.print("%10s %24s %16s    %s\n", r[0], r[1], r[2], r[3])
	}
	return nil
}

// hidden shows only the end of a credential. The caller gives stars for a secret, of which not even that is shown.
func hidden(name, value, kind string) [4]string {
	if value == "" {
		return [4]string{name, "<not set>", "None", "None"}
	}
	return [4]string{name, "****************" + value[max(0, len(value)-4):], kind, ""}
}

// scoped splits a name of aws configure into the profile and the name within it.
func (m *machine) scoped(g globals, name string, files profiles) (profile, rest string) {
	profile = firstOf(m.profileName(g), "default")
	parts := strings.Split(name, ".")
	switch {
	case len(parts) > 2 && parts[0] == "profile":
		return parts[1], strings.Join(parts[2:], ".")
	case len(parts) > 1 && (parts[0] == "default" || files[parts[0]] != nil):
		return parts[0], strings.Join(parts[1:], ".")
	}
	return profile, name
}

func (m *machine) configureGet(g globals, name string, std stdio) error {
	files, err := m.settings()
	if err != nil {
		return err
	}
	if p := m.profileName(g); p != "" && files[p] == nil {
		if _, err := m.client(g); err != nil { // the sandbox's profiles are known too
			return err
		}
	}
	profile, name := m.scoped(g, name, files)
	value, ok := files[profile][name]
	if !ok {
		return &errSilent{1}
	}
	if value == "" {
		for other := range files[profile] {
			if strings.HasPrefix(other, name+".") {
				std.err.print("varname (%s) must reference a value, not a section or sub-section.", name)
				return &errSilent{1}
			}
		}
	}
	std.out.text(value + "\n")
	return nil
}

// credentialNames go to the credentials file; what is not among them, to config.
var credentialNames = []string{"aws_access_key_id", "aws_secret_access_key", "aws_session_token", "aws_security_token"}

func (m *machine) configureSet(g globals, name, value string) error {
	files, err := m.settings()
	if err != nil {
		return err
	}
	profile, name := m.scoped(g, name, files)
	if strings.ContainsAny(profile+name+value, "\n\r[]") {
		return errors.New("aws configure set: a name or value holds a line break or a bracket")
	}
	file, section := m.configFile(), "profile "+profile
	if profile == "default" {
		section = profile
	}
	if slices.Contains(credentialNames, name) {
		file, section = m.credentialsFile(), profile
	}
	data, err := m.readFile(file)
	if err != nil && !errors.Is(err, ErrNoFile) {
		return pathError(err, file)
	}
	if p, err := m.Home.Clean(m.Dir, file); err == nil && strings.Contains(p, "/") {
		if err := m.Home.Mkdir(p[:strings.LastIndex(p, "/")], true); err != nil {
			return fmt.Errorf("[Errno 17] %w: '%s'", err, file) //nolint:staticcheck // the CLI's words
		}
	}
	if err := m.writeFile(file, []byte(setValue(string(data), section, name, value))); err != nil {
		return pathError(err, file)
	}
	return nil
}
