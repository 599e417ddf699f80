package shell

import (
	"fmt"
	"strings"

	"keyhole/labs/call"
)

// versionsText lists where version 2 of the CLI answers otherwise than version 1, which is imitated here.
const versionsText = `This console imitates AWS CLI 1.45. Where version 2 differs:

  exit codes      a service's refusal ends with 254 (here 255), a line that cannot be read with 252 (here 2 or 255),
                  missing credentials or settings with 253 (here 255)
  blobs           values and JSON are taken as base64 unless cli_binary_format is raw-in-base64-out; here they are taken
                  as they are typed (kms encrypt --plaintext hello); files by fileb:// are bytes in both
  times           printed in ISO 8601 with an offset; here as they travelled (KMS: seconds since 1970)
  output          a pager opens unless --no-cli-pager or AWS_PAGER= is given; yaml and yaml-stream exist
  presign         signature version 4 always; version 1 signs with version 2 in us-east-1 unless
                  s3.signature_version is s3v4
  region          AWS_REGION is read; version 1 reads AWS_DEFAULT_REGION (here both are)
  s3 cp           copies between buckets keep tags and metadata of multipart objects (--copy-props)
  addresses       http:// and https:// values are not fetched
  input           --cli-input-yaml, --generate-cli-skeleton yaml-input, --cli-auto-prompt exist
  configure       aws configure import, list-profiles, sso and export-credentials exist
  old commands    s3api get-bucket-lifecycle and put-bucket-lifecycle are gone in practice; use the
                  -lifecycle-configuration commands
`

// awsHelp is aws help, and its topics.
func awsHelp(args []string, std stdio) error {
	if len(args) > 0 && args[0] == "versions" {
		std.out.text(versionsText)
		return nil
	}
	if len(args) > 0 {
		return &unknownOptions{args}
	}
	std.out.text(usageText + "\nHere: aws s3 ls|cp|mv|rm|sync|mb|rb|presign|website, aws configure list|get|set, and every operation of\n\n")
	for _, name := range call.Services() {
		std.out.print("  aws %-11s %3d operations, see aws %s help\n", name, len(call.OperationsOf(name)), name)
	}
	std.out.text(`
Options everywhere: --profile --region --endpoint-url --output json|text|table --query --no-sign-request --no-paginate
--debug (prints what is sent and answered). An http:// endpoint is a connection without TLS.
aws help versions lists where version 2 of the CLI differs.
`)
	return nil
}

// maxHelpDepth is how deep the members of structures are listed.
const maxHelpDepth = 4

// operationHelp lists the options of an operation, with the members of structures and the values of enumerations.
func operationHelp(command string, op call.Op, std stdio) {
	std.out.text("aws " + command + "\n\n")
	for _, m := range op.Members {
		std.out.text("  " + m.Flag + " " + described(m))
		members(m, "      ", 1, std)
	}
	streams := op.Streams || op.Name == "SelectObjectContent"
	if streams {
		std.out.text("  <outfile> (required)\n")
	}
	for _, flag := range extraFlags(op) {
		std.out.text("  " + flag + "\n")
	}
}

func described(m call.Member) string {
	text := "<" + string(m.Kind) + ">"
	if m.Kind == call.Boolean {
		text += " | --no-" + strings.TrimPrefix(m.Flag, "--")
	}
	if m.Required {
		text += " (required)"
	}
	if len(m.Enum) > 0 {
		text += ": " + strings.Join(m.Enum, " | ")
	}
	return text + "\n"
}

// members lists what stands within a structure, or within the structures of a list.
func members(m call.Member, indent string, depth int, std stdio) {
	if depth > maxHelpDepth || std.out.over() {
		return
	}
	for _, f := range m.Fields() {
		item := f
		item.Flag = f.Name
		line := fmt.Sprintf("%s%s <%s>", indent, f.Name, f.Kind)
		if f.Required {
			line += " (required)"
		}
		if len(f.Enum) > 0 {
			line += ": " + strings.Join(f.Enum, " | ")
		}
		std.out.text(line + "\n")
		members(item, indent+"    ", depth+1, std)
	}
}
