package shell

import (
	"errors"
	"fmt"
	"strings"

	"keyhole/labs/call"
)

// client opens a client for S3 as the options, the variables and the files in ~/.aws say.
func (m *machine) client(g globals) (*call.Client, error) { return m.clientFor(g, "s3") }

// clientFor opens a client for a service. Credentials come from where the CLI looks, in its order: variables, unless a
// profile is named; the profile's own keys or role in ~/.aws; the sandbox's profile of that name.
func (m *machine) clientFor(g globals, service string) (*call.Client, error) {
	files, err := m.settings()
	if err != nil {
		return nil, err
	}
	name := m.profileName(g)
	section, own := files[firstOf(name, "default")]
	endpoint := firstOf(g.endpoint, m.env["AWS_ENDPOINT_URL_"+strings.ToUpper(service)], m.env["AWS_ENDPOINT_URL"], section["endpoint_url"])
	if endpoint != "" && !strings.HasPrefix(endpoint, "http://") && !strings.HasPrefix(endpoint, "https://") {
		return nil, fmt.Errorf("Invalid endpoint: %s", endpoint) //nolint:staticcheck // the CLI's words
	}
	if m.Open == nil {
		return nil, errors.New("this console is not connected to a sandbox")
	}
	how := Connect{
		Plain: strings.HasPrefix(endpoint, "http://"), Endpoint: endpoint, Unsigned: g.unsigned,
		Region: firstOf(g.region, m.env["AWS_DEFAULT_REGION"], m.env["AWS_REGION"], section["region"]),
	}
	var c *call.Client
	switch keys, err := m.keysFromVariables(g); {
	case err != nil:
		return nil, err
	case g.unsigned:
		c, err = m.Open(firstOf(m.known(files, name), m.Profile), how)
		if err != nil {
			return nil, err
		}
		c.Credentials = call.Credentials{}
	case keys.AccessKey != "":
		if c, err = m.with(keys, how); err != nil {
			return nil, err
		}
	case own && (section["aws_access_key_id"] != "" || section["role_arn"] != ""):
		if keys, err = m.keysOf(files, name, how, 0); err != nil {
			return nil, err
		}
		if c, err = m.with(keys, how); err != nil {
			return nil, err
		}
	default:
		if c, err = m.Open(firstOf(name, m.Profile), how); err != nil {
			return nil, err
		}
	}
	c.Token, c.Follow = m.token, true
	if g.wire != nil {
		c.Transport = debugged{c.Transport, g.wire}
	}
	return c, nil
}

// profileName is the profile that the options or variables name, "" for none.
func (m *machine) profileName(g globals) string {
	return firstOf(g.profile, m.env["AWS_PROFILE"], m.env["AWS_DEFAULT_PROFILE"])
}

// known is a profile's name unless it stands only in ~/.aws, where the sandbox does not know it.
func (m *machine) known(files profiles, name string) string {
	if section := files[name]; section["aws_access_key_id"] != "" || section["role_arn"] != "" {
		return ""
	}
	return name
}

// with is a client with keys that are no profile's of the sandbox.
func (m *machine) with(keys call.Credentials, how Connect) (*call.Client, error) {
	how.Unsigned = true
	c, err := m.Open(m.Profile, how)
	if err != nil {
		return nil, err
	}
	c.Credentials = keys
	return c, nil
}

// keysFromVariables are the keys in AWS_ACCESS_KEY_ID and its like; none when --profile names a profile.
func (m *machine) keysFromVariables(g globals) (call.Credentials, error) {
	id, secret := m.env["AWS_ACCESS_KEY_ID"], m.env["AWS_SECRET_ACCESS_KEY"]
	if id == "" || g.profile != "" || g.unsigned {
		return call.Credentials{}, nil
	}
	if secret == "" {
		return call.Credentials{}, errors.New("Partial credentials found in env, missing: AWS_SECRET_ACCESS_KEY") //nolint:staticcheck // the CLI's words
	}
	return call.Credentials{AccessKey: id, Secret: secret, Token: firstOf(m.env["AWS_SESSION_TOKEN"], m.env["AWS_SECURITY_TOKEN"])}, nil
}

// maxSources is how many profiles may take their keys from one another.
const maxSources = 4

// keysOf are the keys of a profile in ~/.aws: its own, or those of its role, taken on with the keys of source_profile.
func (m *machine) keysOf(files profiles, name string, how Connect, depth int) (call.Credentials, error) {
	if depth > maxSources {
		return call.Credentials{}, &LimitError{"the number of profiles that take their keys from one another", maxSources}
	}
	section := files[firstOf(name, "default")]
	if role := section["role_arn"]; role != "" {
		source := section["source_profile"]
		if source == "" {
			return call.Credentials{}, fmt.Errorf("Partial credentials found in assume-role, missing: source_profile or credential_source") //nolint:staticcheck // the CLI's words
		}
		var c *call.Client
		keys, err := m.keysOf(files, source, how, depth+1)
		if err == nil && keys.AccessKey != "" {
			c, err = m.with(keys, how)
		} else if err == nil {
			c, err = m.Open(source, how)
		}
		if err != nil {
			return call.Credentials{}, err
		}
		return m.assume(c, role, section)
	}
	if id := section["aws_access_key_id"]; id != "" {
		if section["aws_secret_access_key"] == "" {
			return call.Credentials{}, errors.New("Partial credentials found in shared-credentials-file, missing: aws_secret_access_key") //nolint:staticcheck // the CLI's words
		}
		return call.Credentials{AccessKey: id, Secret: section["aws_secret_access_key"], Token: section["aws_session_token"]}, nil
	}
	return call.Credentials{}, nil
}

func (m *machine) assume(c *call.Client, role string, section map[string]string) (call.Credentials, error) {
	params := map[string]any{"RoleArn": role, "RoleSessionName": firstOf(section["role_session_name"], "botocore-session")}
	if id := section["external_id"]; id != "" {
		params["ExternalId"] = id
	}
	out, err := m.do(c, "sts:AssumeRole", params)
	if err != nil {
		return call.Credentials{}, err
	}
	fields, _ := out.Fields["Credentials"].(map[string]any)
	text := func(name string) string { s, _ := fields[name].(string); return s }
	return call.Credentials{AccessKey: text("AccessKeyId"), Secret: text("SecretAccessKey"), Token: text("SessionToken")}, nil
}

// token is a random idempotency token, from the session's source.
func (m *machine) token() string {
	b := make([]byte, 16)
	if m.Rand != nil {
		copy(b, m.Rand(16))
	}
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// outputForm is how results are printed.
func (m *machine) outputForm(g globals) string {
	if form := firstOf(g.output, m.env["AWS_DEFAULT_OUTPUT"]); form != "" {
		return form
	}
	files, err := m.settings()
	if err != nil {
		return "json"
	}
	return firstOf(files[firstOf(m.profileName(g), "default")]["output"], "json")
}

func firstOf(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
