package kms

import (
	"strings"
	"testing"

	"keyhole/simulator/exchange"
	"keyhole/simulator/policy"
	"keyhole/simulator/wire"
	"keyhole/simulator/world"
)

// What a call says, and what a condition can ask about it. "no kms:X" wants the key absent; a list has commas.
func TestTheContextOfACall(t *testing.T) {
	w := world.New(world.Options{})
	account := w.Accounts()[0].ID
	arn := "arn:aws:kms:us-east-1:" + account + ":key/k"
	k := world.KMSKey{
		Account: account, Region: "us-east-1", ID: "k", ARN: arn, Spec: "SYMMETRIC_DEFAULT", Usage: "ENCRYPT_DECRYPT", Origin: "AWS_KMS", Manager: "CUSTOMER",
		State: "Enabled", Created: w.Now(), Tags: map[string]string{"team": "red"},
		Grants: []world.KMSGrant{{ID: "g", ContextEquals: map[string]string{"table": "ledger"}}},
	}
	for _, e := range []world.Effect{world.KMSKeyPut(k), world.KMSAliasPut(world.KMSAlias{Account: account, Region: "us-east-1", Name: "alias/ledger", Key: "k", Created: w.Now(), Updated: w.Now()})} {
		if err := w.Apply(e); err != nil {
			t.Fatal(err)
		}
	}
	for _, row := range []struct{ operation, action, body, want string }{
		{"DescribeKey", "", `{"KeyId":"alias/ledger"}`, "kms:CallerAccount=" + account + "; kms:RequestAlias=alias/ledger; kms:ResourceAliases=alias/ledger; kms:KeySpec=SYMMETRIC_DEFAULT; kms:KeyUsage=ENCRYPT_DECRYPT; kms:KeyOrigin=AWS_KMS; kms:MultiRegion=false; aws:ResourceTag/team=red; no kms:ViaService"},
		{"DescribeKey", "", `{"KeyId":"arn:aws:kms:us-east-1:1:alias/ledger"}`, "kms:RequestAlias=alias/ledger"},
		{"DescribeKey", "", `{"KeyId":"k"}`, "no kms:RequestAlias; no kms:EncryptionContextKeys"},
		{"Encrypt", "", `{"KeyId":"k","Plaintext":"aGk=","EncryptionContext":{"table":"ledger","Row":"7"}}`, "kms:EncryptionContext:table=ledger; kms:EncryptionContext:Row=7; kms:EncryptionContextKeys=Row,table; kms:EncryptionAlgorithm=SYMMETRIC_DEFAULT"},
		{"CreateKey", "", `{"KeySpec":"RSA_2048","KeyUsage":"SIGN_VERIFY","MultiRegion":true,"Tags":[{"TagKey":"team","TagValue":"blue"}],"BypassPolicyLockoutSafetyCheck":true}`,
			"kms:KeySpec=RSA_2048; kms:KeyUsage=SIGN_VERIFY; kms:KeyOrigin=AWS_KMS; kms:MultiRegion=true; kms:MultiRegionKeyType=PRIMARY; kms:BypassPolicyLockoutSafetyCheck=true; aws:RequestTag/team=blue; aws:TagKeys=team"},
		{"PutKeyPolicy", "", `{"KeyId":"k","Policy":"{}"}`, "kms:BypassPolicyLockoutSafetyCheck=false"},
		{"ScheduleKeyDeletion", "", `{"KeyId":"k"}`, "kms:ScheduleKeyDeletionPendingWindowInDays=30"},
		{"ScheduleKeyDeletion", "", `{"KeyId":"k","PendingWindowInDays":7}`, "kms:ScheduleKeyDeletionPendingWindowInDays=7"},
		{"EnableKeyRotation", "", `{"KeyId":"k"}`, "kms:RotationPeriodInDays=365"},
		{"CreateGrant", "", `{"KeyId":"k","GranteePrincipal":"arn:aws:iam::1:user/a","RetiringPrincipal":"arn:aws:iam::1:user/b","Operations":["Decrypt","Encrypt"],"Constraints":{"EncryptionContextSubset":{"table":"ledger"}}}`,
			"kms:GrantOperations=Decrypt,Encrypt; kms:GranteePrincipal=arn:aws:iam::1:user/a; kms:RetiringPrincipal=arn:aws:iam::1:user/b; kms:GrantIsForAWSResource=false; kms:GrantConstraintType=EncryptionContextSubset; kms:EncryptionContext:table=ledger"},
		{"RevokeGrant", "", `{"KeyId":"k","GrantId":"g"}`, "kms:GrantIsForAWSResource=false"},
		{"RetireGrant", "", `{"KeyId":"k","GrantId":"g"}`, "kms:GrantConstraintType=EncryptionContextEquals; kms:EncryptionContext:table=ledger"},
		{"TagResource", "", `{"KeyId":"k","Tags":[{"TagKey":"team","TagValue":"blue"}]}`, "aws:RequestTag/team=blue; aws:TagKeys=team; aws:ResourceTag/team=red"},
		{"UntagResource", "", `{"KeyId":"k","TagKeys":["team"]}`, "aws:TagKeys=team"},
		{"ReEncrypt", "ReEncryptFrom", `{"CiphertextBlob":"aGk=","SourceEncryptionContext":{"a":"1"},"DestinationKeyId":"alias/ledger","DestinationEncryptionContext":{"b":"2"}}`, "kms:EncryptionContext:a=1; no kms:EncryptionContext:b; no kms:RequestAlias"},
		{"ReEncrypt", "ReEncryptTo", `{"CiphertextBlob":"aGk=","SourceEncryptionContext":{"a":"1"},"DestinationKeyId":"alias/ledger","DestinationEncryptionContext":{"b":"2"}}`, "kms:EncryptionContext:b=2; no kms:EncryptionContext:a; kms:RequestAlias=alias/ledger"},
		{"ListKeys", "", `{}`, "no kms:CallerAccount"},
	} {
		x := &exchange.Exchange{World: w, Trace: &exchange.Trace{Service: "kms"}, Caller: world.Identity{Account: account}, Op: exchange.Named(Operations(), row.operation)}
		x.Receive(wire.Body{Data: []byte(row.body)}, nil)
		if fault := x.Op.Inspect(x); fault != nil {
			t.Fatalf("%s: %v", row.operation, fault)
		}
		found(x).key = k
		action, resource := row.action, arn
		if action == "" {
			action = row.operation
		}
		if action == "CreateKey" || action == "ListKeys" {
			resource = "*"
		}
		var c policy.Context
		Context(x, "kms:"+action, resource, &c)
		for _, want := range strings.Split(row.want, "; ") {
			key, value, _ := strings.Cut(want, "=")
			if name, absent := strings.CutPrefix(want, "no "); absent {
				if v, there := c.Get(name); there {
					t.Errorf("%s: %s is %v", action, name, v.List)
				}
				continue
			}
			if v, _ := c.Get(key); strings.Join(v.List, ",") != value {
				t.Errorf("%s: %s is %v, want %s", action, key, v.List, value)
			}
		}
	}
}

// What S3 asks of KMS carries its context and says that S3 asks.
func TestTheContextOfWhatS3Asks(t *testing.T) {
	w := world.New(world.Options{})
	x := &exchange.Exchange{World: w, Trace: &exchange.Trace{Service: "s3"}, Caller: world.Identity{Account: "111122223333"}, Bucket: "vault", Key: "a"}
	x.Suppose(world.KMSKey{ARN: "arn:aws:kms:eu-west-1:111122223333:key/k", Region: "eu-west-1"}, map[string]string{"aws:s3:arn": "arn:aws:s3:::vault", "team": "red"})
	var c policy.Context
	Context(x, "kms:Decrypt", "arn:aws:kms:eu-west-1:111122223333:key/k", &c)
	for key, want := range map[string]string{
		"kms:ViaService": "s3.eu-west-1.amazonaws.com", "kms:CallerAccount": "111122223333", "kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::vault",
		"kms:EncryptionContext:team": "red", "kms:EncryptionContextKeys": "aws:s3:arn,team", "kms:EncryptionAlgorithm": "SYMMETRIC_DEFAULT",
	} {
		if v, _ := c.Get(key); strings.Join(v.List, ",") != want {
			t.Errorf("%s is %v, want %s", key, v.List, want)
		}
	}
}
