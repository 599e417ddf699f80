package simulator

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"keyhole/simulator/kms"
	"keyhole/simulator/sigv4"
)

// Whatever body comes with whatever operation of KMS, the answer is one of KMS's: JSON or nothing, and never a 500.
func FuzzKMS(f *testing.F) {
	file, err := os.ReadFile("testdata/world.json")
	if err != nil {
		f.Fatal(err)
	}
	start, err := ParseWorld(file, WorldOptions{})
	if err != nil {
		f.Fatal(err)
	}
	base := New(Options{World: start})
	id, _ := start.KeyOf("111122223333", "alice")
	keys, now := sigv4.Keys{AccessKey: id.ID, Secret: id.Secret}, start.Now()
	call := func(s *Simulator, operation, body string) (*http.Response, []byte) {
		r, err := http.NewRequest("POST", "http://kms.us-east-1.amazonaws.com/", strings.NewReader(body))
		if err != nil {
			panic(err)
		}
		r.Header.Set("X-Amz-Target", "TrentService."+operation)
		sum := sha256.Sum256([]byte(body))
		sigv4.Sign(r, keys, "us-east-1", "kms", hex.EncodeToString(sum[:]), now)
		answer, err := s.Client(Transport{Secure: true}).RoundTrip(r)
		if err != nil {
			panic(err)
		}
		data, _ := io.ReadAll(answer.Body)
		return answer, data
	}
	_, made := call(base, "CreateKey", "{}")
	key := member(made, "KeyMetadata.KeyId")
	call(base, "CreateAlias", `{"AliasName":"alias/a","TargetKeyId":"`+key+`"}`)
	_, sealed := call(base, "Encrypt", `{"KeyId":"alias/a","Plaintext":"aGk="}`)
	_, grant := call(base, "CreateGrant", `{"KeyId":"`+key+`","GranteePrincipal":"444455556666","Operations":["Decrypt"]}`)
	operations := kms.Operations()
	for i, op := range operations {
		f.Add(byte(i), `{"KeyId":"`+key+`"}`)
		switch op.Name {
		case "CreateKey":
			f.Add(byte(i), `{"KeySpec":"HMAC_256","KeyUsage":"GENERATE_VERIFY_MAC","Tags":[{"TagKey":"a","TagValue":""}],"Policy":"{}"}`)
			f.Add(byte(i), `{"Origin":"EXTERNAL","MultiRegion":true,"Policy":"{\"Statement\":{\"Effect\":\"Allow\",\"NotPrincipal\":\"*\",\"Action\":\"kms:*\",\"Resource\":\"*\"}}","BypassPolicyLockoutSafetyCheck":true}`)
		case "Decrypt", "ReEncrypt":
			f.Add(byte(i), `{"CiphertextBlob":"`+member(sealed, "CiphertextBlob")+`","DestinationKeyId":"alias/aws/s3"}`)
		case "RetireGrant", "RevokeGrant", "ListGrants":
			f.Add(byte(i), `{"KeyId":"`+key+`","GrantId":"`+member(grant, "GrantId")+`","Limit":1,"Marker":"AA=="}`)
		case "UpdateAlias", "DeleteAlias", "CreateAlias":
			f.Add(byte(i), `{"AliasName":"alias/a","TargetKeyId":"arn:aws:kms:us-east-1:444455556666:alias/b"}`)
		}
	}
	f.Fuzz(func(t *testing.T, operation byte, body string) {
		op := operations[int(operation)%len(operations)]
		s := base.Clone()
		answer, data := call(s, op.Name, body)
		if answer.StatusCode == 501 {
			return
		}
		if answer.StatusCode >= 500 || len(data) > 0 && !json.Valid(data) {
			t.Fatalf("%s %s: %s %s %q", op.Name, body, answer.Status, data, s.Traces()[0].Notes)
		}
	})
}
