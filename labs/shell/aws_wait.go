package shell

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"keyhole/labs/call"
)

// waiter asks until an answer is the one waited for.
type waiter struct {
	name      string // "BucketExists"
	operation string
	done      []string // a status, or the code of a refusal, that ends the wait; "200" is any success
	again     []string // what is asked again; any other refusal ends with an error
}

// waiters by service and command.
var waiters = map[string]map[string]waiter{
	"s3api": {
		"bucket-exists":     {"BucketExists", "s3:HeadBucket", []string{"200", "301", "403"}, []string{"404"}},
		"bucket-not-exists": {"BucketNotExists", "s3:HeadBucket", []string{"404"}, []string{"200"}},
		"object-exists":     {"ObjectExists", "s3:HeadObject", []string{"200"}, []string{"404"}},
		"object-not-exists": {"ObjectNotExists", "s3:HeadObject", []string{"404"}, []string{"200"}},
	},
	"iam": {
		"instance-profile-exists": {"InstanceProfileExists", "iam:GetInstanceProfile", []string{"200"}, []string{"404"}},
		"policy-exists":           {"PolicyExists", "iam:GetPolicy", []string{"200"}, []string{"NoSuchEntity"}},
		"role-exists":             {"RoleExists", "iam:GetRole", []string{"200"}, []string{"NoSuchEntity"}},
		"user-exists":             {"UserExists", "iam:GetUser", []string{"200"}, []string{"NoSuchEntity"}},
	},
}

// waitTries is how often a waiter asks. The CLI asks 20 times and sleeps between; here nothing changes while a line runs, so
// that more would only fill the X-ray. A change that needs time needs the clock moved first.
const waitTries = 2

func (m *machine) wait(g globals, service string, args []string, std stdio) error {
	if len(args) == 0 {
		return errors.New("usage: aws [options] <command> <subcommand> [parameters]\naws: error: too few arguments")
	}
	names := sortedNames(waiters[service])
	if args[0] == "help" {
		std.out.text("aws " + service + " wait WAITER [options]; the waiters are:\n\n" + choices(names) + "\n\nNo time passes while a waiter asks.\n")
		return nil
	}
	w, ok := waiters[service][args[0]]
	if !ok {
		return wrongChoice("subcommand", args[0], names)
	}
	op, _ := call.Find(w.operation)
	p, err := m.readParams(op, args[1:], g)
	if err != nil {
		return err
	}
	if p.help {
		operationHelp(service+" wait "+args[0], op, std)
		return nil
	}
	if p.skeleton != "" {
		return m.skeleton(g, op, p, std)
	}
	c, err := m.clientFor(g, op.Service)
	if err != nil {
		return err
	}
	for range waitTries {
		out, err := m.do(c, op.Qualified(), p.values)
		var refused *refusal
		if err != nil && !errors.As(err, &refused) {
			return err
		}
		status, code := fmt.Sprint(out.Status), ""
		if refused != nil {
			code = refused.Code
		} else {
			status = "200"
		}
		switch {
		case slices.Contains(w.done, status) || slices.Contains(w.done, code):
			return nil
		case refused != nil && !slices.Contains(w.again, status) && !slices.Contains(w.again, code):
			return fmt.Errorf("Waiter %s failed: An error occurred (%s): %s", w.name, refused.Code, refused.Message) //nolint:staticcheck // the CLI's words
		}
	}
	return fmt.Errorf("Waiter %s failed: %s", w.name, w.gaveUp()) //nolint:staticcheck // the CLI's words
}

// gaveUp is the reason after the last try; a waiter that has a rule for asking again names it.
func (w waiter) gaveUp() string {
	if strings.HasSuffix(w.name, "NotExists") {
		return "Max attempts exceeded"
	}
	if w.again[0] == "404" {
		return "Max attempts exceeded. Previously accepted state: Matched expected HTTP status code: 404"
	}
	return "Max attempts exceeded. Previously accepted state: Matched expected service error code: " + w.again[0]
}
