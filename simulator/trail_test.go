package simulator

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"io"
	"strings"
	"testing"
)

// TestTrails plays what CloudTrail writes down and delivers.
func TestTrails(t *testing.T) { playAll(t, "trail", 2) }

// gunzipped is a file of a trail; what went wrong, when it is none.
func gunzipped(data []byte) string {
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return err.Error()
	}
	text, err := io.ReadAll(z)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// No record holds what a request or its answer kept secret, and every record is the JSON of one call.
func TestNoRecordHoldsASecret(t *testing.T) {
	s := newScript(t, "2022")
	const key = "a-customer-key-of-32-characters!"
	s.run(`-- request: a bucket for logs --
PUT /logs
-- want --
200
-- request: CloudTrail may write --
PUT /logs?policy

{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": ["s3:GetBucketAcl", "s3:PutObject"], "Resource": ["arn:aws:s3:::logs", "arn:aws:s3:::logs/*"]}]}
-- want --
204
-- request: a trail --
POST /
@cloudtrail CreateTrail

{"Name": "all", "S3BucketName": "logs"}
-- want --
200
-- request: of everything --
POST /
@cloudtrail PutEventSelectors

{"TrailName": "all", "EventSelectors": [{"DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}]}]}
-- want --
200
-- request: on --
POST /
@cloudtrail StartLogging

{"Name": "all"}
-- want --
200
-- request: a customer key --
PUT /logs/mine
@key ` + key + `

words nobody may read
-- want --
200
-- request: a plaintext --
POST /
@kms GenerateRandom

{"NumberOfBytes": 32}
-- want --
200
-- request: a key of KMS --
POST /
@kms CreateKey

{}
-- want --
200
save KEY json KeyMetadata.KeyId
-- request: a plaintext for it --
POST /
@kms Encrypt

{"KeyId": "$KEY", "Plaintext": "d29yZHMgbm9ib2R5IG1heSByZWFk"}
-- want --
200
-- request: a link --
GET /logs/mine
@presign 60
@key ` + key + `
-- want --
200
`)
	var kept []string
	s.simulator.View(func(w *World) {
		for _, e := range w.Events("") {
			kept = append(kept, string(e.Record))
		}
		for _, e := range w.Events("111122223333") {
			kept = append(kept, string(e.Record))
		}
		for _, j := range w.Jobs("trail") {
			kept = append(kept, string(j.Data))
		}
	})
	all := strings.Join(kept, "\n")
	for _, there := range []string{`"eventName":"PutObject"`, `"eventName":"Encrypt"`, `"eventName":"GetObject"`, `"x-amz-server-side-encryption-customer-algorithm":"AES256"`} {
		if !strings.Contains(all, there) {
			t.Errorf("no record has %s", there)
		}
	}
	for _, never := range []string{key, base64.StdEncoding.EncodeToString([]byte(key)), "d29yZHMgbm9ib2R5", "nobody may read", "customer-key", "X-Amz-Signature", "plaintext"} {
		if strings.Contains(all, never) {
			t.Errorf("a record holds %q", never)
		}
	}
	for _, text := range kept {
		if !json.Valid([]byte("[" + text + "]")) {
			t.Errorf("no JSON: %s", text)
		}
	}
}
