package shell_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"keyhole/labs/call"
	"keyhole/labs/shell"
)

// Each service is asked as a learner asks it, and answers as the CLI prints.
func TestServicesByHand(t *testing.T) {
	s, _ := console(t)
	play(t, s, `
$ aws sts get-caller-identity --query Arn --output text
arn:aws:iam::111122223333:root
$ key=$(aws kms create-key --description 'for reports' --tags TagKey=team,TagValue=blue --query KeyMetadata.KeyId --output text)
$ aws kms create-alias --alias-name alias/reports --target-key-id $key
$ aws kms list-aliases --query 'Aliases[].AliasName'
[
    "alias/reports"
]
$ aws kms encrypt --key-id alias/reports --plaintext hello --query CiphertextBlob --output text | base64 -d > c.bin
$ aws kms decrypt --ciphertext-blob fileb://c.bin --query Plaintext --output text
aGVsbG8=
$ aws kms decrypt --ciphertext-blob fileb://c.bin --encryption-context a=b
An error occurred (InvalidCiphertextException) when calling the Decrypt operation:
code 255
$ aws kms schedule-key-deletion --key-id $key --pending-window-in-days 3
An error occurred (ValidationException) when calling the ScheduleKeyDeletion operation: …
code 255
$ aws iam create-user --user-name ann --query User.CreateDate
"2026-06-01T00:00:00Z"
$ aws iam put-user-policy --user-name ann --policy-name p --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}'
$ aws iam get-user-policy --user-name ann --policy-name p
{
    "UserName": "ann",
    "PolicyName": "p",
    "PolicyDocument": {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "s3:*",
                "Resource": "*"
            }
        ]
    }
}
$ aws iam get-user --user-name bob
An error occurred (NoSuchEntity) when calling the GetUser operation: …
code 255
$ aws s3api create-bucket --bucket vault --query Location
"/vault"
$ aws s3control create-access-point --account-id 111122223333 --name door --bucket vault --query AccessPointArn --output text
arn:aws:s3:us-east-1:111122223333:accesspoint/door
$ echo hi > a.txt; aws s3api put-object --bucket arn:aws:s3:us-east-1:111122223333:accesspoint/door --key k --body a.txt --query ETag
"\"…\""
$ aws s3api list-objects-v2 --bucket vault --query 'Contents[?Key==`+"`k`"+`].Size' --output text
3
$ aws s3api put-object --bucket vault --key e --body a.txt --expires 2030-01-01T00:00:00Z --query ETag > /dev/null
$ aws s3api head-object --bucket vault --key e --query '[Expires, ExpiresString]' --output text
Tue, 01 Jan 2030 00:00:00 GMT	Tue, 01 Jan 2030 00:00:00 GMT
$ aws s3api get-object --bucket vault --key e /dev/stdout --query ContentLength
hi
3
$ aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=CreateUser --query 'Events[].Username' --output text
root
`)
}

// A list is read page by page, to the end, up to a number, from a token, or once.
func TestPagesOfEveryService(t *testing.T) {
	s, _ := console(t)
	play(t, s, `
$ for n in ann bob eve; do aws iam create-user --user-name $n > /dev/null; done
$ aws iam list-users --page-size 1 --query 'Users[].UserName' --output text
ann
bob
eve
$ aws iam list-users --max-items 1 --query 'Users[].UserName' --output text
ann
None
$ aws iam list-users --no-paginate --max-items 1 --query 'length(Users)'
1
$ aws iam list-users --max-items x
…aws: error: argument --max-items: invalid int value: 'x'
code 2
$ aws iam list-users --max-items 0
{
    "Users": [],
    "NextToken": "eyJNYXJrZXIiOiBudWxsLCAiYm90b190cnVuY2F0ZV9hbW91bnQiOiAwfQ=="
}
warning: Non-positive values for --max-items may result in undefined behavior.
$ aws iam list-users --max-items -1 --query 'length(Users)' 2> /dev/null
2
$ aws s3api list-buckets --max-items 1 --no-paginate
Error during pagination: Cannot specify --no-paginate along with pagination arguments: --max-items
code 255
`)
	var page struct{ NextToken string }
	if err := json.Unmarshal([]byte(s.Run(context.Background(), "aws iam list-users --max-items 1").Stdout), &page); err != nil {
		t.Fatal(err)
	}
	out := s.Run(context.Background(), "aws iam list-users --starting-token "+page.NextToken+" --query 'Users[].UserName' --output text")
	if out.Stdout != "bob\teve\n" {
		t.Errorf("after the first user: %q%s", out.Stdout, out.Stderr)
	}
}

// The learner's own keys and roles: variables, files, and a role taken on with a user's keys.
func TestOwnCredentials(t *testing.T) {
	s, _ := console(t)
	id, secret := keyOf(t, s, "ann")
	s.Env = map[string]string{"ID": id, "SECRET": secret}
	play(t, s, `
$ aws configure set aws_access_key_id $ID --profile ann; aws configure set aws_secret_access_key $SECRET --profile ann
$ aws configure set region us-east-1 --profile ann; aws configure set s3.signature_version s3v4 --profile ann
$ cat ~/.aws/config
[profile ann]
region = us-east-1
s3 =
    signature_version = s3v4
$ aws configure get s3.signature_version --profile ann
s3v4
$ aws configure get output --profile ann
code 1
$ aws sts get-caller-identity --profile ann --query Arn --output text
arn:aws:iam::111122223333:user/ann
$ aws s3api list-buckets --profile ann
An error occurred (AccessDenied) when calling the ListBuckets operation: …
code 255
$ aws configure set role_arn arn:aws:iam::111122223333:role/worker --profile work; aws configure set source_profile ann --profile work
$ aws configure set role_session_name me --profile work
$ aws sts get-caller-identity --profile work --query Arn --output text
arn:aws:sts::111122223333:assumed-role/worker/me
$ AWS_ACCESS_KEY_ID=$ID AWS_SECRET_ACCESS_KEY=$SECRET aws sts get-caller-identity --query Arn --output text
arn:aws:iam::111122223333:user/ann
$ AWS_ACCESS_KEY_ID=$ID AWS_SECRET_ACCESS_KEY=$SECRET aws sts get-caller-identity --profile admin --query Arn --output text
arn:aws:iam::111122223333:root
$ AWS_ACCESS_KEY_ID=$ID aws sts get-caller-identity
Partial credentials found in env, missing: AWS_SECRET_ACCESS_KEY
code 255
$ aws sts get-caller-identity --profile stranger
The config profile (stranger) could not be found
code 255
$ printf 'AKIAX\nsecret\n\njson\n' | aws configure --profile third
AWS Access Key ID [None]: AWS Secret Access Key [None]: Default region name [None]: Default output format [None]:
$ aws configure get output --profile third; cat ~/.aws/credentials | tail -n 3
json
[third]
aws_access_key_id = AKIAX
aws_secret_access_key = secret
$ aws configure
aws configure asks for each value; here, write aws configure set NAME VALUE, or pipe four lines into it
code 255
$ aws configure set a '[evil]' --profile ann
aws configure set: a name or value holds a line break or a bracket
code 255
`)
}

// keyOf makes a user and a role, and an access key of the user.
func keyOf(t *testing.T, s *shell.Session, user string) (id, secret string) {
	t.Helper()
	run := func(line string) string {
		out := s.Run(context.Background(), line)
		if out.Code != 0 {
			t.Fatalf("$ %s\n%s%s", line, out.Stdout, out.Stderr)
		}
		return strings.TrimSpace(out.Stdout)
	}
	run("aws iam create-user --user-name " + user)
	run("aws iam put-user-policy --user-name " + user + ` --policy-name a --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}]}'`)
	run(`aws iam create-role --role-name worker --assume-role-policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole"}]}'`)
	id, secret, _ = strings.Cut(run("aws iam create-access-key --user-name "+user+" --query 'AccessKey.[AccessKeyId,SecretAccessKey]' --output text"), "\t")
	return id, secret
}

// A waiter asks, and no time passes.
func TestWaiters(t *testing.T) {
	s, sim := console(t)
	play(t, s, `
$ aws s3api wait bucket-not-exists --bucket vault
$ aws s3api wait bucket-exists --bucket vault
Waiter BucketExists failed: Max attempts exceeded. Previously accepted state: Matched expected HTTP status code: 404
code 255
$ aws s3 mb s3://vault && aws s3api wait bucket-exists --bucket vault
make_bucket: vault
$ aws s3api wait bucket-not-exists --bucket vault
Waiter BucketNotExists failed: Max attempts exceeded
code 255
$ aws iam wait role-exists --role-name app
Waiter RoleExists failed: Max attempts exceeded. Previously accepted state: Matched expected service error code: NoSuchEntity
code 255
$ aws s3api wait
usage: aws [options] <command> <subcommand> [parameters]
aws: error: too few arguments
code 255
`)
	if n := len(sim.Traces()); n > 10 {
		t.Errorf("the waiters made %d requests", n)
	}
}

// --debug prints both directions, and no customer key.
func TestDebugPrintsTheWire(t *testing.T) {
	s, _ := console(t)
	out := s.Run(context.Background(), "aws s3 mb s3://vault; echo hello > a.txt; aws s3api put-object --bucket vault --key k --body a.txt --sse-customer-algorithm AES256 --sse-customer-key fileb://k1.bin --debug")
	for _, want := range []string{"> PUT /vault/k HTTP/1.1\n", "> Host: s3.us-east-1.amazonaws.com\n", "> Authorization: AWS4-HMAC-SHA256 ", "> X-Amz-Server-Side-Encryption-Customer-Key: (not shown)\n", "< HTTP/1.1 403"} {
		if !strings.Contains(out.Stderr, want) {
			t.Errorf("no %q in\n%s", want, out.Stderr)
		}
	}
	if strings.Contains(out.Stderr, "MTExMTEx") {
		t.Error("the customer key is printed")
	}
	out = s.Run(context.Background(), "aws kms create-key --debug > /dev/null")
	if !strings.Contains(out.Stderr, "> X-Amz-Target: TrentService.CreateKey\n") || !strings.Contains(out.Stderr, "< {\"KeyMetadata\"") {
		t.Errorf("of a JSON service:\n%s", out.Stderr)
	}
}

// What --generate-cli-skeleton prints is what --cli-input-json reads.
func TestSkeletonIsInput(t *testing.T) {
	s, _ := console(t)
	play(t, s, `
$ aws kms create-alias --generate-cli-skeleton
{
    "AliasName": "",
    "TargetKeyId": ""
}
$ aws iam create-user --cli-input-json '{"UserName":"ann","Path":"/x/"}' --path /y/ --query User.Path
"/y/"
$ aws iam create-user --cli-input-json '{"UserNam":"ann"}'
Parameter validation failed:
Missing required parameter in input: "UserName"
Unknown parameter in input: "UserNam", must be one of: Path, UserName, PermissionsBoundary, Tags
code 255
$ aws iam create-user --cli-input-json '[]'
'list' object has no attribute 'keys'
code 255
$ aws iam get-user-policy --user-name a --policy-name b --generate-cli-skeleton output --query PolicyName
"PolicyName"
`)
	for _, name := range call.Services() {
		for _, op := range call.OperationsOf(name) {
			if op.Streams || op.Name == "SelectObjectContent" || op.Name == "CreateVirtualMFADevice" {
				continue
			}
			if out := s.Run(context.Background(), fmt.Sprintf("aws %s %s --generate-cli-skeleton", name, op.CLI)); out.Code != 0 || !strings.HasPrefix(out.Stdout, "{") {
				t.Errorf("aws %s %s: code %d, %s%s", name, op.CLI, out.Code, out.Stdout, out.Stderr)
			}
		}
	}
}

// Help names every parameter with its values, and where version 2 differs.
func TestHelp(t *testing.T) {
	s, _ := console(t)
	for _, row := range []struct {
		line string
		want []string
	}{
		{"aws help", []string{"aws s3api", "107 operations", "aws iam"}},
		{"aws kms help", []string{"encrypt", "schedule-key-deletion"}},
		{"aws kms create-key help", []string{"--key-spec <string>: ", "SYMMETRIC_DEFAULT", "--tags <list>", "TagKey <string> (required)", "--no-multi-region"}},
		{"aws s3api put-object help", []string{"--bucket <string> (required)", "--acl <string>: private | public-read"}},
		{"aws s3api get-object help", []string{"<outfile> (required)"}},
		{"aws iam list-users help", []string{"--starting-token", "--max-items"}},
		{"aws iam wait help", []string{"user-exists"}},
		{"aws cloudtrail validate-logs 2>&1 || true", []string{"not imitated: no digest files"}},
		{"help versions", []string{"254", "cli_binary_format", "AWS_REGION"}},
		{"aws help versions", []string{"exit codes"}},
	} {
		out := s.Run(context.Background(), row.line)
		for _, want := range row.want {
			if out.Code != 0 || !strings.Contains(out.Stdout, want) {
				t.Errorf("$ %s (code %d) has no %q:\n%.2000s%s", row.line, out.Code, want, out.Stdout, out.Stderr)
			}
		}
	}
}

// Values may be files; addresses are fetched by version 1 of the CLI, and never here.
func TestValuesFromElsewhere(t *testing.T) {
	s, _ := console(t)
	play(t, s, `
$ aws s3 mb s3://vault
make_bucket: vault
$ echo '{"TagSet":[{"Key":"a","Value":"b"}]}' > tags.json; aws s3api put-bucket-tagging --bucket vault --tagging file://tags.json
$ aws s3api put-bucket-tagging --bucket vault --tagging file:///home/student/tags.json
$ printf blue > team; aws s3api put-bucket-tagging --bucket vault --tagging 'TagSet=[{Key=team,Value@=file://team}]'
$ aws s3api get-bucket-tagging --bucket vault --query 'TagSet[0].Value'
"blue"
$ aws s3api put-bucket-tagging --bucket vault --tagging 'TagSet=[{Key=team,Value@=file://none}]'
Unable to load paramfile file://none: [Errno 2] No such file or directory: 'none'
code 255
$ aws s3api put-bucket-tagging --bucket vault --tagging file:///etc/passwd
Error parsing parameter '--tagging': Unable to load paramfile file:///etc/passwd: [Errno 13] Permission denied: '/etc/passwd'
code 255
$ aws s3api put-bucket-policy --bucket vault --policy https://example.com/policy.json
Error parsing parameter '--policy': Unable to retrieve https://example.com/policy.json: this console fetches nothing from outside the sandbox; …
code 255
$ aws s3api put-object --bucket vault --key k --website-redirect-location https://example.com/ --query ETag > /dev/null
$ aws s3api head-object --bucket vault --key k --query WebsiteRedirectLocation --output text
https://example.com/
$ aws configure set cli_follow_urlparam false; aws s3api put-bucket-policy --bucket vault --policy https://example.com/policy.json
An error occurred (MalformedPolicy) when calling the PutBucketPolicy operation: …
code 255
$ aws s3api put-object --bucket vault --key k --body /etc/passwd
Error parsing parameter '--body': Blob values must be a path to a file.
code 255
`)
}
