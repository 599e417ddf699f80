package shell

import (
	"encoding/base64"
	"errors"
	"fmt"
	"slices"

	"keyhole/labs/call"
)

// oldOperations are commands of the CLI that the SDK no longer has.
var oldOperations = map[string]string{
	"get-bucket-lifecycle": "get-bucket-lifecycle-configuration", "put-bucket-lifecycle": "put-bucket-lifecycle-configuration",
	"get-bucket-notification": "get-bucket-notification-configuration", "put-bucket-notification": "put-bucket-notification-configuration",
}

// ownCommands are commands of the CLI that are no operation of a service, and what does the same here.
var ownCommands = map[string]map[string]string{
	"cloudtrail": {
		"create-subscription": "create-trail and put-bucket-policy do it in steps",
		"update-subscription": "update-trail does it",
		"validate-logs":       "no digest files are written here",
	},
}

// service is one operation of a service by its command.
func (m *machine) service(g globals, service string, args []string, std stdio) error {
	if args = commandFirst(args); len(args) == 0 {
		return usagef("the following arguments are required: operation")
	}
	switch {
	case args[0] == "help":
		std.out.text("aws " + service + " OPERATION [options]; the operations are:\n\n" + choices(operationNames(service)) + "\n")
		return nil
	case args[0] == "wait" && waiters[service] != nil:
		return m.wait(g, service, args[1:], std)
	}
	op, ok := call.OperationOf(service, args[0])
	if !ok {
		if now, old := oldOperations[args[0]]; old && service == "s3api" {
			return fmt.Errorf("%s is an old command that is not imitated; its successor is %s", args[0], now)
		}
		if instead, own := ownCommands[service][args[0]]; own {
			return fmt.Errorf("aws %s %s is a command of the CLI alone and is not imitated: %s", service, args[0], instead)
		}
		return wrongChoice("operation", args[0], operationNames(service))
	}
	p, err := m.readParams(op, args[1:], g)
	if err != nil {
		return err
	}
	if p.help {
		operationHelp(service+" "+op.CLI, op, std)
		return nil
	}
	for _, flag := range p.warn {
		std.err.print("warning: Non-positive values for %s may result in undefined behavior.\n", flag)
	}
	if p.skeleton != "" {
		return m.skeleton(g, op, p, std)
	}
	c, err := m.clientFor(g, op.Service)
	if err != nil {
		return err
	}
	if pages, ok := op.Pages(); ok && !g.noPaginate && !p.byHand {
		return m.paginate(c, op, pages, p, g, std)
	}
	out, err := m.do(c, op.Qualified(), p.values)
	if err != nil {
		return err
	}
	if op.Streams && p.outfile == "/dev/stdout" {
		_, _ = std.out.Write(out.Body)
	} else if op.Streams {
		if err := m.writeFile(p.outfile, out.Body); err != nil {
			return pathError(err, p.outfile)
		}
	}
	if p.bootstrap != "" {
		if err := m.saveSeed(out, p); err != nil {
			return err
		}
	}
	return m.display(g, op.Name, out.Fields, out.Keys, std)
}

// seeds are the two forms in which a new MFA device's seed comes.
var seeds = []string{"QRCodePNG", "Base32StringSeed"}

// saveSeed writes the seed of a new MFA device to a file and takes it out of what is printed.
func (m *machine) saveSeed(out call.Output, p params) error {
	device, _ := out.Fields["VirtualMFADevice"].(map[string]any)
	if text, ok := device[p.bootstrap].(string); ok {
		data, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return fmt.Errorf("the seed of the device could not be read: %w", err)
		}
		if err := m.writeFile(p.outfile, data); err != nil {
			return pathError(err, p.outfile)
		}
	}
	for _, name := range seeds {
		delete(device, name)
	}
	return nil
}

// pathError is what Python says about a file.
func pathError(err error, name string) error {
	switch {
	case errors.Is(err, ErrNoFile):
		return fmt.Errorf("[Errno 2] No such file or directory: '%s'", name) //nolint:staticcheck // the CLI's words
	case errors.Is(err, ErrIsFolder):
		return fmt.Errorf("[Errno 21] Is a directory: '%s'", name)
	case errors.Is(err, ErrOutside):
		return fmt.Errorf("[Errno 13] Permission denied: '%s'", name)
	}
	return err
}

// operationNames are the commands of a service, in the CLI's order.
func operationNames(service string) []string {
	var names []string
	for _, op := range call.OperationsOf(service) {
		names = append(names, op.CLI)
	}
	if service == "s3api" {
		names = append(names, sortedNames(oldOperations)...)
		slices.Sort(names)
	}
	names = append(names, sortedNames(ownCommands[service])...)
	if waiters[service] != nil {
		names = append(names, "wait")
	}
	return append(names, "help")
}
