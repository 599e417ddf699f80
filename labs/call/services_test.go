package call_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"keyhole/labs/call"
	"keyhole/simulator"
	"keyhole/simulator/world"
)

const worldFile = `{"profile":"2026","region":"us-east-1","seed":"call","clock":"2026-06-01T00:00:00Z","accounts":[{
 "id":"111122223333","name":"main","root":{"access_key":"AKIAROOTROOTROOTROOT","secret_key":"root-secret"}}]}`

// sandbox is a client of root over a simulator of its own.
func sandbox(t *testing.T) *call.Client {
	t.Helper()
	w, err := simulator.ParseWorld([]byte(worldFile), simulator.WorldOptions{Seed: "call", Now: func() time.Time { return time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC) }})
	if err != nil {
		t.Fatal(err)
	}
	sim := simulator.New(simulator.Options{World: w})
	return &call.Client{
		Region: "us-east-1", Endpoint: "https://s3.us-east-1.amazonaws.com",
		Transport:   sim.Client(simulator.Transport{Secure: true, TLS: "TLSv1.3", Network: "internet", SourceIP: "203.0.113.10"}),
		Credentials: call.Credentials{AccessKey: "AKIAROOTROOTROOTROOT", Secret: "root-secret"},
		Now: func() (at time.Time) {
			sim.View(func(w *world.World) { at = w.Now() })
			return at
		},
	}
}

// Every service answers in process, each in its protocol, and is refused in its own words.
func TestEveryService(t *testing.T) {
	c := sandbox(t)
	policy := `{"Version":"2012-10-17","Statement":[{"Sid":"b","Effect":"Allow","Action":"s3:*","Resource":"*"}]}`
	key := ""
	for _, row := range []struct {
		what, operation string
		params          map[string]any
		check           func(f map[string]any) bool
		refused         string
	}{
		{"who am I", "sts:GetCallerIdentity", nil, func(f map[string]any) bool { return f["Arn"] == "arn:aws:iam::111122223333:root" }, ""},
		{"a bucket, named with its service", "s3:CreateBucket", map[string]any{"Bucket": "vault"}, func(f map[string]any) bool { return f["Location"] == "/vault" }, ""},
		{"a bucket, named without", "ListBuckets", nil, func(f map[string]any) bool { return len(f["Buckets"].([]any)) == 1 }, ""},
		{"a key", "kms:CreateKey", map[string]any{"Description": "one", "Tags": []any{map[string]any{"TagKey": "a", "TagValue": "b"}}}, func(f map[string]any) bool {
			m := f["KeyMetadata"].(map[string]any)
			key = m["KeyId"].(string)
			_, number := m["CreationDate"].(float64)
			return number && m["Enabled"] == true && m["AWSAccountId"] == "111122223333"
		}, ""},
		{"encrypt bytes", "kms:Encrypt", map[string]any{"KeyId": &key, "Plaintext": []byte("hello")}, func(f map[string]any) bool {
			return len(f["CiphertextBlob"].(string)) > 40 // base64, as it travels
		}, ""},
		{"a key that is not there", "kms:DescribeKey", map[string]any{"KeyId": "alias/none"}, nil, "(NotFoundException): "},
		{"a user", "iam:CreateUser", map[string]any{"UserName": "ann"}, func(f map[string]any) bool {
			return f["User"].(map[string]any)["CreateDate"] == "2026-06-01T00:00:00Z"
		}, ""},
		{"her policy", "iam:PutUserPolicy", map[string]any{"UserName": "ann", "PolicyName": "p", "PolicyDocument": policy}, nil, ""},
		{"her policy is read as JSON", "iam:GetUserPolicy", map[string]any{"UserName": "ann", "PolicyName": "p"}, func(f map[string]any) bool {
			return f["PolicyDocument"].(map[string]any)["Statement"].([]any)[0].(map[string]any)["Sid"] == "b"
		}, ""},
		{"nobody", "iam:GetUser", map[string]any{"UserName": "bob"}, nil, "(NoSuchEntity): "},
		{"an access point", "s3control:CreateAccessPoint", map[string]any{"AccountId": "111122223333", "Name": "door", "Bucket": "vault"}, func(f map[string]any) bool {
			return strings.HasSuffix(f["AccessPointArn"].(string), "accesspoint/door")
		}, ""},
		{"no such point", "s3control:GetAccessPoint", map[string]any{"AccountId": "111122223333", "Name": "gone"}, nil, "(NoSuchAccessPoint): "},
		{"events", "cloudtrail:LookupEvents", nil, func(f map[string]any) bool { return len(f["Events"].([]any)) > 0 }, ""},
	} {
		if p, ok := row.params["KeyId"].(*string); ok {
			row.params["KeyId"] = *p
		}
		out, err := c.Do(context.Background(), row.operation, row.params)
		switch {
		case err != nil:
			t.Errorf("%s: %v", row.what, err)
		case row.refused != "":
			if out.Fault == nil || !strings.HasPrefix(out.Fault.Error(), row.refused) {
				t.Errorf("%s: refused with %v, want %s", row.what, out.Fault, row.refused)
			}
		case out.Fault != nil:
			t.Errorf("%s: %v", row.what, out.Fault)
		case row.check != nil && !row.check(out.Fields):
			t.Errorf("%s: %v", row.what, out.Fields)
		}
	}
}

// A policy keeps the order in which it was written.
func TestOrderOfAPolicy(t *testing.T) {
	c := sandbox(t)
	for _, step := range []struct {
		operation string
		params    map[string]any
	}{
		{"iam:CreateUser", map[string]any{"UserName": "ann"}},
		{"iam:PutUserPolicy", map[string]any{"UserName": "ann", "PolicyName": "p", "PolicyDocument": `{"Version":"2012-10-17","Statement":[{"Sid":"b","Effect":"Allow","Action":"s3:*","Resource":"*"}]}`}},
	} {
		if _, err := c.Do(context.Background(), step.operation, step.params); err != nil {
			t.Fatal(err)
		}
	}
	out, err := c.Do(context.Background(), "iam:GetUserPolicy", map[string]any{"UserName": "ann", "PolicyName": "p"})
	if err != nil || out.Fault != nil {
		t.Fatal(err, out.Fault)
	}
	document := out.Fields["PolicyDocument"].(map[string]any)
	if got := strings.Join(out.Keys(document), " "); got != "Version Statement" {
		t.Errorf("keys are %q", got)
	}
	if got := strings.Join(out.Keys(out.Fields), " "); got != "UserName PolicyName PolicyDocument" {
		t.Errorf("keys are %q", got)
	}
}

// What is too short is refused before it is sent, in the CLI's words.
func TestShortValues(t *testing.T) {
	c := sandbox(t)
	for _, row := range []struct {
		operation string
		params    map[string]any
		want      string
	}{
		{"iam:GetRole", map[string]any{"RoleName": ""}, "Invalid length for parameter RoleName, value: 0, valid min length: 1"},
		{"sts:AssumeRole", map[string]any{"RoleArn": "r", "RoleSessionName": "s", "DurationSeconds": 5},
			"Invalid length for parameter RoleArn, value: 1, valid min length: 20\nInvalid length for parameter RoleSessionName, value: 1, valid min length: 2\nInvalid value for parameter DurationSeconds, value: 5, valid min value: 900"},
		{"GetObject", map[string]any{"Bucket": "b", "Key": ""}, "Invalid length for parameter Key, value: 0, valid min length: 1"},
	} {
		_, err := c.Do(context.Background(), row.operation, row.params)
		if err == nil || err.Error() != "Parameter validation failed:\n"+row.want {
			t.Errorf("%s: %v", row.operation, err)
		}
	}
}

// A few members begin with a small letter, going and coming.
func TestSmallLetters(t *testing.T) {
	c := sandbox(t)
	out, err := c.Do(context.Background(), "cloudtrail:DescribeTrails", map[string]any{"trailNameList": []any{"none"}, "includeShadowTrails": false})
	if err != nil || out.Fault != nil {
		t.Fatal(err, out.Fault)
	}
	if list, ok := out.Fields["trailList"].([]any); !ok || len(list) != 0 {
		t.Errorf("fields are %v", out.Fields)
	}
}

// The marker of parts is a number in the CLI, a text in the SDK.
func TestPartMarkersAreNumbers(t *testing.T) {
	c := sandbox(t)
	do := func(operation string, params map[string]any) map[string]any {
		t.Helper()
		out, err := c.Do(context.Background(), operation, params)
		if err != nil || out.Fault != nil {
			t.Fatal(operation, err, out.Fault)
		}
		return out.Fields
	}
	do("CreateBucket", map[string]any{"Bucket": "vault"})
	id := do("CreateMultipartUpload", map[string]any{"Bucket": "vault", "Key": "k"})["UploadId"]
	do("UploadPart", map[string]any{"Bucket": "vault", "Key": "k", "UploadId": id, "PartNumber": 1, "Body": "x"})
	list := do("ListParts", map[string]any{"Bucket": "vault", "Key": "k", "UploadId": id, "PartNumberMarker": 0})
	if list["PartNumberMarker"] != 0.0 || list["NextPartNumberMarker"] != 1.0 {
		t.Errorf("markers are %#v and %#v", list["PartNumberMarker"], list["NextPartNumberMarker"])
	}
	_, err := c.Do(context.Background(), "ListParts", map[string]any{"Bucket": "vault", "Key": "k", "UploadId": id, "PartNumberMarker": "0"})
	if err == nil || !strings.Contains(err.Error(), "valid types: <class 'int'>") {
		t.Errorf("a text as a marker: %v", err)
	}
}

// A bucket of another region is found by a client that follows, with one request more.
func TestFollowsToTheRegion(t *testing.T) {
	c := sandbox(t)
	requests := 0
	c.Transport = counted{c.Transport, &requests}
	create := map[string]any{"Bucket": "far", "CreateBucketConfiguration": map[string]any{"LocationConstraint": "eu-west-1"}}
	if out, err := c.Do(context.Background(), "CreateBucket", create); err != nil || out.Fault != nil {
		t.Fatal(err, out.Fault)
	}
	for _, row := range []struct {
		operation string
		params    map[string]any
		refused   string
	}{
		{"ListObjectsV2", map[string]any{"Bucket": "far"}, "PermanentRedirect"},
		{"PutObject", map[string]any{"Bucket": "far", "Key": "k", "Body": "x"}, "PermanentRedirect"},
		{"HeadBucket", map[string]any{"Bucket": "far"}, "301"},
		{"HeadObject", map[string]any{"Bucket": "far", "Key": "k"}, "301"},
	} {
		c.Follow, requests = false, 0
		if out, err := c.Do(context.Background(), row.operation, row.params); err != nil || out.Fault == nil || out.Fault.Code != row.refused || requests != 1 {
			t.Errorf("%s: %v, %v after %d requests", row.operation, out.Fault, err, requests)
		}
		c.Follow, requests = true, 0
		if out, err := c.Do(context.Background(), row.operation, row.params); err != nil || out.Fault != nil || requests != 2 {
			t.Errorf("%s, following: %v, %v after %d requests", row.operation, out.Fault, err, requests)
		}
	}
}

// counted counts requests.
type counted struct {
	next http.RoundTripper
	n    *int
}

func (c counted) RoundTrip(r *http.Request) (*http.Response, error) {
	*c.n++
	return c.next.RoundTrip(r)
}

// A document of nothing but mistakes makes a report of a known size.
func TestReportsAreBounded(t *testing.T) {
	wrong, items, long := map[string]any{}, make([]any, 100000), strings.Repeat("x", 1<<20)
	for i := range items {
		items[i] = 1.0
		wrong[fmt.Sprint("wrong", i)] = 1.0
	}
	for _, params := range []map[string]any{
		wrong, {"UserName": items}, {"UserName": "u", "Tags": items}, {"UserName": map[string]any{"a": long}}, {"UserName": "u", "Tags": wrong},
	} {
		err := call.Check("iam:CreateUser", params)
		if err == nil || len(err.Error()) > 100<<10 || strings.Count(err.Error(), "\n") > call.MaxProblems {
			t.Errorf("a report of %d bytes", len(fmt.Sprint(err)))
		}
	}
}
