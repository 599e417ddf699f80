package web

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"keyhole/content"
	"keyhole/labs/situation"
	"keyhole/simulator/policy"
	"keyhole/web/view"
)

// Limits of one question.
const (
	maxPolicyBytes    = policy.MaxDocumentBytes // of one document
	maxAddressBytes   = 6 << 10                 // of a situation that stands in an address; a longer one is posted
	maxConditionLines = 40                      // context keys that are written by hand
	maxConditionBytes = 512                     // of one such line
	maxWhoBytes       = 600
	maxOnBytes        = 1200
)

// theirAccount owns the resource when the question does not say who does.
const theirAccount = "111122223333"

// What a request is taken to carry when the question does not say otherwise.
const (
	situationKey = "1234abcd-12ab-34cd-56ef-1234567890ab"
	sessionOf    = "session" // name of a role session that is asked for by its role
)

var (
	actionForm  = regexp.MustCompile(`^[A-Za-z0-9-]{1,32}:[A-Za-z0-9]{1,64}$`)
	accountForm = regexp.MustCompile(`^[0-9]{12}$`)
	shortUser   = regexp.MustCompile(`^[\w+=,.@-]{1,64}$`)
	contextKey  = regexp.MustCompile(`^[A-Za-z0-9]+:[^\s=]{1,200}$`)
)

// readQuestion takes the fields of a form or an address. Of a field that is given twice the first counts.
func readQuestion(form url.Values) view.PolicyQuestion {
	text := func(name string) string { return strings.ReplaceAll(form.Get(name), "\r\n", "\n") }
	q := view.PolicyQuestion{
		Who: strings.TrimSpace(text("who")), Action: strings.TrimSpace(text("do")), On: strings.TrimSpace(text("on")),
		Over: form.Get("over"), From: form.Get("from"), Sending: form.Get("sending"), Owner: strings.TrimSpace(form.Get("owner")),
		Restrict: form.Get("restrict") == "on", Conditions: strings.Trim(text("conditions"), "\n"), Documents: map[string]string{},
	}
	for _, k := range view.PolicyKinds {
		if doc := strings.TrimRight(text(k.ID), " \t\n"); doc != "" {
			q.Documents[k.ID] = doc
		}
	}
	if q.Over == "" {
		q.Over = "https"
	}
	if q.From == "" {
		q.From = "internet"
	}
	if q.Owner == "" {
		q.Owner = theirAccount
	}
	return q
}

// asked is a question that was understood.
type asked struct {
	view.PolicyQuestion
	principal policy.Principal
	resource  string // ARN or "*"
	context   policy.Context
	lines     []contextLine // of the context, as they were written
}

// contextLine is one line of further context.
type contextLine struct {
	key  string
	list []string
	many bool
	drop bool
}

// understand reads a question; faults say by field what cannot be read.
func understand(q view.PolicyQuestion) (a asked, faults map[string]string) {
	a, faults = asked{PolicyQuestion: q}, map[string]string{}
	fail := func(field, format string, args ...any) {
		if faults[field] == "" {
			faults[field] = fmt.Sprintf(format, args...)
		}
	}
	for field, text := range map[string]string{"who": q.Who, "do": q.Action, "on": q.On, "conditions": q.Conditions} {
		if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
			fail(field, "There are bytes in it that are no text.")
		}
	}
	for _, k := range view.PolicyKinds {
		if n := len(q.Documents[k.ID]); n > maxPolicyBytes {
			fail("documents", "%s has %d bytes, and no policy has more than %d.", k.Title, n, maxPolicyBytes)
		}
	}
	if !accountForm.MatchString(q.Owner) {
		fail("owner", "The account that owns the resource is 12 digits, such as `%s`.", theirAccount)
	}
	for field, list := range map[string][][2]string{"over": view.PolicyOver, "from": view.PolicyFrom, "sending": view.PolicySending} {
		value := map[string]string{"over": q.Over, "from": q.From, "sending": q.Sending}[field]
		if !slices.ContainsFunc(list, func(c [2]string) bool { return c[0] == value }) {
			fail(field, "That is no choice of the form: %q.", cut(value))
		}
	}
	var err error
	if a.principal, err = principalOf(q.Who, q.Owner); err != nil {
		fail("who", "%s", err)
	}
	if !actionForm.MatchString(q.Action) {
		fail("do", "An action is a service and a name, such as `s3:PutObject`. It has no wildcard: it is what one request does.")
	}
	if a.resource, err = resourceOf(q.On, q.Action, q.Owner); err != nil {
		fail("on", "%s", err)
	}
	if a.lines, err = conditionsOf(q.Conditions); err != nil {
		fail("conditions", "%s", err)
	}
	if len(faults) == 0 {
		a.context = contextOf(a)
		return a, nil
	}
	return a, faults
}

// cut keeps what a person wrote short enough for a sentence.
func cut(s string) string {
	const most = 60
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "?"), "`", "'")
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// principalOf reads a caller:
//
//	"anonymous" | SERVICE | ARN | [ACCOUNT ":"] ( "root" | USER | "user/" USER | "role/" ROLE ["/" SESSION] )
//
// Without an account it is one of the account that owns the resource. The ARN of a role means a session of it.
func principalOf(who, owner string) (policy.Principal, error) {
	if who == "" {
		return policy.Principal{}, fmt.Errorf("Say who asks: a user such as `dev-ana`, `role/ledger-writer`, `root`, `anonymous`, or an ARN.") //nolint:staticcheck // it is shown as it is
	}
	if len(who) > maxWhoBytes {
		return policy.Principal{}, fmt.Errorf("A principal has at most %d characters.", maxWhoBytes) //nolint:staticcheck // it is shown as it is
	}
	full := who
	if who != "anonymous" && !strings.HasPrefix(who, "arn:") && !strings.HasSuffix(who, ".amazonaws.com") {
		account, name, ok := strings.Cut(who, ":")
		if !ok || !accountForm.MatchString(account) {
			account, name = owner, who
		}
		kind, rest, typed := strings.Cut(name, "/")
		switch {
		case name == "root":
			full = "arn:aws:iam::" + account + ":root"
		case typed && kind == "role":
			full = "arn:aws:iam::" + account + ":role/" + rest
		case typed && kind == "user":
			full = "arn:aws:iam::" + account + ":user/" + rest
		case shortUser.MatchString(name):
			full = "arn:aws:iam::" + account + ":user/" + name
		}
	}
	if parts := strings.SplitN(full, ":", 6); len(parts) == 6 && parts[2] == "iam" && strings.HasPrefix(parts[5], "role/") {
		role, session := strings.TrimPrefix(parts[5], "role/"), sessionOf
		if parts := strings.Split(role, "/"); !strings.HasPrefix(who, "arn:") && len(parts) == 2 {
			role, session = parts[0], parts[1]
		} else {
			role = parts[len(parts)-1]
		}
		full = "arn:aws:sts::" + parts[4] + ":assumed-role/" + role + "/" + session
	}
	p, err := policy.ParsePrincipal(full)
	if err != nil {
		return p, fmt.Errorf("`%s` is no principal: give a user such as `dev-ana`, `role/ledger-writer`, `root`, `anonymous`, a service, or an ARN.", cut(who)) //nolint:staticcheck // it is shown as it is
	}
	return p, nil
}

// resourceOf reads "bucket", "bucket/key", an ARN or "*"; of other services a name as their actions mean it.
func resourceOf(on, action, owner string) (string, error) {
	service, _, _ := strings.Cut(strings.ToLower(action), ":")
	switch {
	case on == "":
		return "", fmt.Errorf("Say on what: a bucket, `bucket/key`, an ARN, or `*` for what concerns no bucket.") //nolint:staticcheck // it is shown as it is
	case len(on) > maxOnBytes:
		return "", fmt.Errorf("A resource has at most %d characters.", maxOnBytes) //nolint:staticcheck // it is shown as it is
	case on == "*" || strings.HasPrefix(on, "arn:"):
		return on, nil
	case service == "kms":
		return "arn:aws:kms:us-east-1:" + owner + ":key/" + strings.TrimPrefix(on, "key/"), nil
	case service == "sts" || service == "iam":
		return "arn:aws:iam::" + owner + ":role/" + strings.TrimPrefix(on, "role/"), nil
	}
	return "arn:aws:s3:::" + on, nil
}

// conditionsOf reads lines of "key = value", `key = ["a", "b"]` and "no key".
func conditionsOf(text string) ([]contextLine, error) {
	var out []contextLine
	for n, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		bad := func(format string, args ...any) ([]contextLine, error) {
			return nil, fmt.Errorf("Context, line %d: %s", n+1, fmt.Sprintf(format, args...)) //nolint:staticcheck // it is shown as it is
		}
		if len(out) == maxConditionLines {
			return bad("at most %d keys.", maxConditionLines)
		}
		if len(line) > maxConditionBytes {
			return bad("at most %d characters.", maxConditionBytes)
		}
		if key, ok := strings.CutPrefix(line, "no "); ok && !strings.Contains(line, "=") {
			if key = strings.TrimSpace(key); !contextKey.MatchString(key) {
				return bad("`%s` is no condition key.", cut(key))
			}
			out = append(out, contextLine{key: key, drop: true})
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		key, value = strings.TrimSpace(key), strings.TrimSpace(value)
		if !ok || !contextKey.MatchString(key) {
			return bad("write `aws:SourceIp = 198.51.100.7`, a key, an equals sign and a value.")
		}
		l := contextLine{key: key, list: []string{value}}
		if strings.HasPrefix(value, "[") {
			l.list, l.many = nil, true
			if err := json.Unmarshal([]byte(value), &l.list); err != nil {
				return bad(`a list is written ["a", "b"].`)
			}
		}
		out = append(out, l)
	}
	return out, nil
}

// contextOf is what the request carries: what every request of this kind does, then the lines, which win.
func contextOf(a asked) policy.Context {
	var c policy.Context
	p := &a.principal
	c.Set("aws:SecureTransport", fmt.Sprint(a.Over == "https"))
	c.Set("aws:CurrentTime", content.ProofClock.Format("2006-01-02T15:04:05Z"))
	c.Set("aws:EpochTime", fmt.Sprint(content.ProofClock.Unix()))
	switch p.Kind {
	case policy.User:
		c.Set("aws:PrincipalArn", p.ARN)
		c.Set("aws:PrincipalAccount", p.Account)
		c.Set("aws:PrincipalType", "User")
		c.Set("aws:username", p.Name)
	case policy.RoleSession:
		c.Set("aws:PrincipalArn", "arn:aws:iam::"+p.Account+":role/"+p.Name)
		c.Set("aws:PrincipalAccount", p.Account)
		c.Set("aws:PrincipalType", "AssumedRole")
	case policy.RootUser:
		c.Set("aws:PrincipalArn", p.ARN)
		c.Set("aws:PrincipalAccount", p.Account)
		c.Set("aws:PrincipalType", "Account")
	case policy.FederatedUser:
		c.Set("aws:PrincipalArn", p.ARN)
		c.Set("aws:PrincipalAccount", p.Account)
		c.Set("aws:PrincipalType", "FederatedUser")
	case policy.Anonymous:
		c.Set("aws:PrincipalType", "Anonymous")
	case policy.Service:
		c.Set("aws:PrincipalIsAWSService", "true")
		c.Set("aws:PrincipalServiceName", p.ARN)
	}
	switch {
	case p.Kind == policy.Service:
	case a.From == "vpce":
		c.Set("aws:SourceVpce", situation.EndpointID)
		c.Set("aws:SourceVpc", situation.EndpointVPC)
		c.Set("aws:VpcSourceIp", situation.EndpointAddress)
	default:
		c.Set("aws:SourceIp", situation.InternetAddress)
	}
	if strings.HasPrefix(strings.ToLower(a.Action), "s3:") {
		c.Set("aws:ResourceAccount", a.Owner)
		c.Set("s3:ResourceAccount", a.Owner)
		if p.Kind != policy.Anonymous && p.Kind != policy.Service {
			c.Set("s3:authType", "REST-HEADER")
			c.Set("s3:signatureversion", "AWS4-HMAC-SHA256")
		}
		if a.Over == "https" {
			c.Set("s3:TlsVersion", "1.3")
		}
	}
	if a.Sending != "" && strings.EqualFold(a.Action, "s3:PutObject") {
		c.Set("s3:x-amz-server-side-encryption", a.Sending)
		if strings.HasPrefix(a.Sending, "aws:kms") && a.Documents["key"] != "" {
			c.Set("s3:x-amz-server-side-encryption-aws-kms-key-id", keyARN(a.Owner))
		}
	}
	for _, l := range a.lines {
		switch {
		case l.drop:
			c.Drop(l.key)
		case l.many:
			c.SetList(l.key, l.list)
		default:
			c.Set(l.key, l.list[0])
		}
	}
	return c
}

func keyARN(owner string) string {
	return "arn:aws:kms:us-east-1:" + owner + ":key/" + situationKey
}
