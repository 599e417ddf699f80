package simulator

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"keyhole/simulator/s3"
	"keyhole/simulator/world"
)

// TestAccessLogs plays what the logs of buckets say and where they are delivered.
func TestAccessLogs(t *testing.T) { playAll(t, "accesslog", 5) }

const (
	letsDeliver = `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "logging.s3.amazonaws.com"}, "Action": "s3:PutObject", "Resource": "arn:aws:s3:::logs/*"}]}`
	logsOfApp   = "-- request: logging on --\nPUT /app?logging\n\n<BucketLoggingStatus><LoggingEnabled><TargetBucket>logs</TargetBucket><TargetPrefix>app/</TargetPrefix></LoggingEnabled></BucketLoggingStatus>\n-- want --\n200\n"
)

// logging is a world in which the requests for app are logged to logs.
func logging(t *testing.T, profile string) *script {
	t.Helper()
	s := newScript(t, profile)
	s.run("-- request: watched --\nPUT /app\n-- want --\n200\n-- request: for logs --\nPUT /logs\n-- want --\n200\n" +
		"-- request: the service may --\nPUT /logs?policy\n\n" + letsDeliver + "\n-- want --\n204\n" + logsOfApp)
	return s
}

// logText is every log object of a bucket, and how many there are.
func (s *script) logText(bucket string) (text string, n int) {
	s.t.Helper()
	var keys []string
	s.simulator.View(func(w *World) {
		if b, ok := w.Bucket(bucket); ok {
			for _, key := range b.Keys() {
				if strings.Contains(key, "2026-") || strings.Contains(key, "2027-") {
					keys = append(keys, key)
				}
			}
		}
	})
	for _, key := range keys {
		s.run("-- request: a log --\nGET /" + bucket + "/" + key + "\n-- want --\n200\n")
		text += string(s.body)
	}
	return text, len(keys)
}

// Why a log is not delivered is in the journal, and the records are lost.
func TestALogThatMayNotBeDelivered(t *testing.T) {
	policy := func(text string) string {
		return "-- request: a policy --\nPUT /logs?policy\n\n" + text + "\n-- want --\n204\n"
	}
	with := func(condition string) string {
		return policy(strings.Replace(letsDeliver, `"arn:aws:s3:::logs/*"`, `"arn:aws:s3:::logs/*", "Condition": `+condition, 1))
	}
	for _, row := range []struct{ name, profile, change, why string }{
		{"no policy", "2026", "-- request: none --\nDELETE /logs?policy\n-- want --\n204\n", "logging.s3.amazonaws.com may not s3:PutObject on arn:aws:s3:::logs/app/"},
		{"for another service", "2026", policy(strings.Replace(letsDeliver, "logging.s3", "cloudtrail", 1)), "may not s3:PutObject"},
		{"under another prefix", "2026", policy(strings.Replace(letsDeliver, "logs/*", "logs/other/*", 1)), "may not s3:PutObject"},
		{"for another bucket", "2026", with(`{"ArnLike": {"aws:SourceArn": "arn:aws:s3:::other"}}`), "may not s3:PutObject"},
		{"for another account", "2026", with(`{"StringEquals": {"aws:SourceAccount": "444455556666"}}`), "may not s3:PutObject"},
		{"a Deny for everybody who is no service", "2026", policy(strings.Replace(letsDeliver, `"Statement": [`, `"Statement": [{"Sid": "People", "Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::logs/*", "Condition": {"Bool": {"aws:PrincipalIsAWSService": "false"}}},`, 1)), ""},
		{"a Deny for everybody", "2026", policy(strings.Replace(letsDeliver, `"Statement": [`, `"Statement": [{"Sid": "Nobody", "Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::logs/*"},`, 1)), "Nobody, line 1 of bucket policy"},
		{"a Deny by an ARN nobody but people has", "2026", policy(strings.Replace(letsDeliver, `"Statement": [`, `"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::logs/*", "Condition": {"ArnLike": {"aws:PrincipalArn": "*"}}},`, 1)), ""},
		{"the name of the service", "2026", with(`{"StringEquals": {"aws:PrincipalServiceName": "logging.s3.amazonaws.com", "aws:PrincipalType": "AWSService"}, "Null": {"aws:PrincipalAccount": "true"}}`), ""},
		{"a KMS default", "2026", "-- request: kms --\nPUT /logs?encryption\n@md5\n\n<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>aws:kms</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>\n-- want --\n200\n", "its default encryption is aws:kms"},
		{"requester pays", "2026", "-- request: payer --\nPUT /logs?requestPayment\n\n<RequestPaymentConfiguration><Payer>Requester</Payer></RequestPaymentConfiguration>\n-- want --\n200\n", "its requester pays"},
		{"Object Lock since", "2026", "-- request: versions --\nPUT /logs?versioning\n\n<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>\n-- want --\n200\n-- request: lock --\nPUT /logs?object-lock\n\n<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled></ObjectLockConfiguration>\n-- want --\n200\n", "Object Lock is on there"},
		{"the bucket is gone", "2026", "-- request: gone --\nDELETE /logs\n-- want --\n204\n", "no such bucket any more"},
		{"versions do not matter", "2026", "-- request: versions --\nPUT /logs?versioning\n\n<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>\n-- want --\n200\n", ""},
		{"the watched bucket is gone", "2026", "-- request: gone --\nDELETE /app\n-- want --\n204\n", ""},
		{"an ACL that only lets write", "2022", "-- request: none --\nDELETE /logs?policy\n-- want --\n204\n-- request: acl --\nPUT /logs?acl\nx-amz-grant-write: uri=\"http://acs.amazonaws.com/groups/s3/LogDelivery\"\n-- want --\n200\n", "may not s3:GetBucketAcl"},
		{"an ACL for both", "2022", "-- request: none --\nDELETE /logs?policy\n-- want --\n204\n-- request: acl --\nPUT /logs?acl\nx-amz-acl: log-delivery-write\n-- want --\n200\n", ""},
		{"ACLs are switched off since", "2022", "-- request: none --\nDELETE /logs?policy\n-- want --\n204\n-- request: off --\nPUT /logs?ownershipControls\n\n<OwnershipControls><Rule><ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule></OwnershipControls>\n-- want --\n200\n", "may not s3:PutObject"},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := logging(t, row.profile)
			s.run(row.change + "-- jump: 1h --\n")
			journal := fmt.Sprint(s.simulator.Journal())
			_, n := s.logText("logs")
			switch {
			case row.why == "" && (n != 1 || !strings.Contains(journal, "delivered the access log of app to logs as app/2026-06-01-00-05-00-")):
				t.Errorf("%d logs: %s", n, journal)
			case row.why != "" && (n != 0 || !strings.Contains(journal, "was not delivered to logs: ") || !strings.Contains(journal, row.why)):
				t.Errorf("%d logs: %s\nwant %q", n, journal, row.why)
			}
			s.simulator.View(func(w *World) {
				if left := len(w.Jobs(s3.LogJob)); left > 0 {
					t.Errorf("%d records still wait", left)
				}
			})
		})
	}
}

// What never reached the world is logged too, and no line holds what gives access.
func TestALogHoldsNoSecret(t *testing.T) {
	s := logging(t, "2026")
	const key = "a-customer-key-of-32-characters!"
	s.run("-- request: SSE-C is allowed --\nPUT /app?encryption\n@md5\n\n<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault><BlockedEncryptionTypes><EncryptionType>NONE</EncryptionType></BlockedEncryptionTypes></Rule></ServerSideEncryptionConfiguration>\n-- want --\n200\n" +
		"-- request: a customer key --\nPUT /app/mine\n@key " + key + "\n\nx\n-- want --\n200\n" +
		"-- request: a link of a session --\nGET /app/mine\n@as app/lesson\n@presign 60\n@key " + key + "\n-- want --\n200\n" +
		"-- request: an old link --\nGET /app/mine\n@v2\n@presign 60\n@key " + key + "\n-- want --\n200\n" +
		"-- request: a wrong signature --\nGET /app/mine\n@then Authorization: AWS4-HMAC-SHA256 Credential=AKIAF77IKMTJMVQGQVF3/20260601/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=00\n-- jump: 1h --\n")
	text, _ := s.logText("logs")
	for _, there := range []string{" REST.PUT.OBJECT mine ", "assumed-role/app/lesson", "X-Amz-Security-Token=(hidden)", "X-Amz-Signature=(hidden)", "Signature=(hidden)&", " SigV2 TLS_AES_128_GCM_SHA256 QueryString "} {
		if !strings.Contains(text, there) {
			t.Errorf("no line has %q:\n%s", there, text)
		}
	}
	search(t, "the log", []byte(text), key)
	for _, trace := range s.simulator.Traces() {
		if a := trace.Authentication; a != nil && a.Signature != "" && strings.Contains(trace.Request.Target, "ignature=") && strings.Contains(text, a.Signature) {
			t.Errorf("the log holds the signature of %s", trace.Request.Line)
		}
	}
}

// A browser's form, a preflight, a request through an access point and a bad signature have their lines.
func TestOtherRequestsAreLogged(t *testing.T) {
	s := logging(t, "2026")
	s.run(`-- request: what pages may do --
PUT /app?cors
@md5

<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>
-- want --
200
-- request: a preflight --
OPTIONS /app/x
@as nobody
Origin: https://example.com
Access-Control-Request-Method: GET
-- want --
200
-- request: a form --
POST /app
@form {"expiration": "2026-06-01T01:00:00Z", "conditions": [{"bucket": "app"}, ["starts-with", "$key", ""], ["starts-with", "$x-amz-credential", ""], ["starts-with", "$x-amz-algorithm", ""], ["starts-with", "$x-amz-date", ""]]}

key: form.txt
file file: hello
-- want --
204
-- request: a bad signature --
GET /app/x
@then Authorization: AWS4-HMAC-SHA256 Credential=AKIAF77IKMTJMVQGQVF3/20260601/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=00
-- request: nothing S3 knows --
PATCH /app/x
-- jump: 1h --
`)
	text, _ := s.logText("logs")
	for _, there := range []string{` REST.OPTIONS.PREFLIGHT x "OPTIONS /app/x HTTP/1.1" 200 `, ` REST.POST.OBJECT form.txt "POST /app HTTP/1.1" 204 - - 5 `, ` REST.GET.OBJECT x "GET /app/x HTTP/1.1" 403 `, ` REST.PATCH.OBJECT x "PATCH /app/x HTTP/1.1" 405 MethodNotAllowed `} {
		if !strings.Contains(text, there) {
			t.Errorf("no line has %q:\n%s", there, text)
		}
	}
}

// With many jobs waiting a log is delivered at once, and with more its records are dropped: nothing else waits for a log.
func TestLogsLeaveRoomForOtherWork(t *testing.T) {
	s := logging(t, "2026")
	fill := func(upTo int) {
		s.simulator.View(func(w *World) {
			for w.Waiting() < upTo {
				if err := w.Apply(world.JobAdded(w.NewJob("some day", w.Now().Add(1000*time.Hour+time.Duration(w.Waiting())*time.Second)))); err != nil {
					t.Fatal(err)
				}
			}
			w.Forget()
		})
	}
	head := "-- request: a request --\nHEAD /app\n-- want --\n200\n"
	fill(s3.LogRush)
	s.run(head + head)
	if text, n := s.logText("logs"); n == 0 || !strings.Contains(text, "REST.HEAD.BUCKET") {
		t.Errorf("%d logs were delivered in a rush: %s", n, text)
	}
	fill(s3.LogRoom)
	s.run(head)
	if notes := strings.Join(s.last().Notes, "\n"); !strings.Contains(notes, "best effort") {
		t.Errorf("nobody hears that a record was lost: %q", notes)
	}
	s.simulator.View(func(w *World) {
		if w.Waiting() > s3.LogRoom {
			t.Errorf("%d jobs wait", w.Waiting())
		}
	})
}

// A bucket that logs to itself logs its logs, and a year of that fits into a sandbox.
func TestAYearOfALogOfItself(t *testing.T) {
	s := newScript(t, "2026")
	s.run("-- request: for logs --\nPUT /logs\n-- want --\n200\n-- request: the service may --\nPUT /logs?policy\n\n" + letsDeliver + "\n-- want --\n204\n" + strings.ReplaceAll(logsOfApp, "/app?", "/logs?"))
	if err := s.simulator.Advance(365 * 24 * time.Hour); err != nil {
		t.Fatal(err)
	}
	n := 0
	s.simulator.View(func(w *World) {
		b, _ := w.Bucket("logs")
		n = len(b.Keys())
	})
	if n < 300 || n > 400 {
		t.Errorf("%d logs of one request in a year", n)
	}
}

// Records that wait are part of the world: what is kept of it has them, and a disk that keeps nothing loses the record and
// not the request.
func TestRecordsThatWaitAreKept(t *testing.T) {
	s := logging(t, "2026")
	var again *world.World
	s.simulator.View(func(w *World) {
		snapshot, err := w.Snapshot()
		if err != nil {
			t.Fatal(err)
		}
		if again, err = world.Restore(snapshot, nil, nil, world.Options{}); err != nil {
			t.Fatal(err)
		}
	})
	later := New(Options{World: again})
	if err := later.Advance(time.Hour); err != nil {
		t.Fatal(err)
	}
	if journal := fmt.Sprint(later.Journal()); !strings.Contains(journal, "delivered the access log of app") {
		t.Error(journal)
	}
	full := false
	s.simulator.persist = func([]byte, map[string][]byte) error {
		if full {
			return errors.New("the disk is full")
		}
		return nil
	}
	full = true
	s.run("-- request: a read --\nHEAD /app\n-- want --\n200\n")
	if notes := strings.Join(s.last().Notes, "\n"); !strings.Contains(notes, "lost this request: the disk is full") {
		t.Errorf("notes: %q", notes)
	}
}
