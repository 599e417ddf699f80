package review

import (
	"fmt"
	"strings"

	"keyhole/simulator/policy"
)

const keyIDKey = "s3:x-amz-server-side-encryption-aws-kms-key-id"

func keyByAlias(j *judge, s *policy.Statement) []hit {
	return each(s, func(c *policy.Condition) *hit {
		if !strings.EqualFold(c.Key, keyIDKey) {
			return nil
		}
		for _, v := range c.Values {
			part := strings.SplitN(v.Text, ":", 6)
			if strings.Contains(v.Text, "${") || wild(v.Text) || len(part) == 6 && part[2] == "kms" && strings.HasPrefix(part[5], "key/") {
				continue
			}
			h := &hit{at: v.At, title: "names the key by something else than its ARN",
				text: "S3 compares the full ARN of the key it will use, `arn:aws:kms:REGION:ACCOUNT:key/ID`, whatever the request sent; " + code(v.Text) + " never equals it. Write the key's ARN."}
			if j.o.Key != "" && len(c.Values) == 1 {
				h.label = "Write the key's ARN"
				h.edit = func(d *draft) { d.swap(d.conditionValue(s.Index, c), v.Text, j.o.Key) }
			}
			return h
		}
		return nil
	})
}

// anyKey finds a Deny that asks for SSE-KMS in a policy that pins no key.
func anyKey(j *judge, s *policy.Statement) []hit {
	c := condition(s, encryptionKey)
	if s.Allow || c == nil || !c.Negated() || !holds(c, "aws:kms") || holds(c, "AES256") || nullTest(s, encryptionKey, "true") {
		return nil
	}
	for i := range j.d.Statements {
		if condition(&j.d.Statements[i], keyIDKey) != nil {
			return nil
		}
	}
	h := hit{at: c.At, title: "accepts any KMS key", text: "Add " + code(keyIDKey) + " to pin the key."}
	if !holds(c, "aws:kms:dsse") {
		h.title += ", and refuses dual-layer"
		h.text += " Uploads with `aws:kms:dsse` are denied too, which may surprise."
	}
	bucket := bucketOfObjects(s)
	if j.o.Key == "" || bucket == "" {
		return []hit{h}
	}
	h.label = "Pin the key"
	h.edit = func(d *draft) {
		d.add(fmt.Sprintf(`{"Sid": "PinnedKey", "Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": %s, `+
			`"Condition": {"StringNotEquals": {"%s": %s}, "Null": {"%s": "false"}}}`, encoded(objectsARN(bucket)), keyIDKey, encoded(j.o.Key), keyIDKey))
	}
	h.probe = j.newProbe("An upload under another key", "s3:PutObject", bucketARN(bucket)+"/probe.txt").
		with(encryptionKey, "aws:kms").with(keyIDKey, "arn:aws:kms:us-east-1:"+stranger+":key/00000000-0000-4000-8000-000000000000")
	return []hit{h}
}
