package simulator

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"keyhole/simulator/policy"
)

// TestKMS plays every file of testdata/kms.
func TestKMS(t *testing.T) { playAll(t, "kms", 8) }

// kms calls KMS as alice and gives back the status and the answer.
func (s *script) kms(operation string, in map[string]any) (int, map[string]any) {
	s.t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		s.t.Fatal(err)
	}
	s.request("POST /\n@kms " + operation + "\n\n" + string(body))
	var out map[string]any
	if len(s.body) > 0 {
		if err := json.Unmarshal(s.body, &out); err != nil {
			s.t.Fatal(err)
		}
	}
	return s.answer.StatusCode, out
}

// What was encrypted opens under the same context and with nothing else: no other context, and no other key.
func TestOnlyTheContextOpensWhatKMSSealed(t *testing.T) {
	s := newScript(t, "2026")
	var keys []string
	for range 3 {
		_, made := s.kms("CreateKey", map[string]any{})
		keys = append(keys, made["KeyMetadata"].(map[string]any)["KeyId"].(string))
	}
	pairs := rapid.MapOfN(rapid.StringMatching(`[a-zA-Z]{1,3}`), rapid.StringMatching(`[a-z]{0,3}`), 0, 3)
	rapid.Check(t, func(r *rapid.T) {
		key, other := rapid.SampledFrom(keys).Draw(r, "key"), rapid.SampledFrom(keys).Draw(r, "other key")
		plain := base64.StdEncoding.EncodeToString(rapid.SliceOfN(rapid.Byte(), 1, 64).Draw(r, "plain"))
		context, wrong := pairs.Draw(r, "context"), pairs.Draw(r, "another context")
		status, sealed := s.kms("Encrypt", map[string]any{"KeyId": key, "Plaintext": plain, "EncryptionContext": context})
		if status != 200 {
			r.Fatal(status, sealed)
		}
		blob := sealed["CiphertextBlob"]
		if rapid.Bool().Draw(r, "rotated since") {
			s.kms("RotateKeyOnDemand", map[string]any{"KeyId": key}) // after the 25th time it is refused, which is fine here
		}
		if status, out := s.kms("Decrypt", map[string]any{"CiphertextBlob": blob, "EncryptionContext": context}); status != 200 || out["Plaintext"] != plain {
			r.Fatalf("%d %v, want %s", status, out, plain)
		}
		if status, out := s.kms("Decrypt", map[string]any{"CiphertextBlob": blob, "EncryptionContext": wrong}); !maps.Equal(context, wrong) && (status != 400 || out["Plaintext"] != nil) {
			r.Fatalf("another context: %d %v", status, out)
		}
		if status, out := s.kms("Decrypt", map[string]any{"CiphertextBlob": blob, "EncryptionContext": context, "KeyId": other}); key != other && (status != 400 || out["Plaintext"] != nil) {
			r.Fatalf("another key: %d %v", status, out)
		}
	})
}

// What KMS was given to encrypt, and what it opened, is in no trace.
func TestTracesOfKMSHoldNoPlaintext(t *testing.T) {
	s := newScript(t, "2026")
	_, made := s.kms("CreateKey", map[string]any{})
	key := made["KeyMetadata"].(map[string]any)["KeyId"]
	secret := base64.StdEncoding.EncodeToString([]byte("nobody is to read this"))
	_, sealed := s.kms("Encrypt", map[string]any{"KeyId": key, "Plaintext": secret})
	if kept := s.last().Request.Body; !strings.Contains(kept, `"Plaintext":"(hidden)"`) || strings.Contains(kept, secret) {
		t.Error(kept)
	}
	s.kms("Decrypt", map[string]any{"CiphertextBlob": sealed["CiphertextBlob"]})
	if kept := s.last().Response.Body; !strings.Contains(kept, `"Plaintext":"(hidden)"`) || strings.Contains(kept, secret) {
		t.Error(kept)
	}
	_, data := s.kms("GenerateDataKey", map[string]any{"KeyId": key, "KeySpec": "AES_256"})
	if kept := s.last().Response.Body; !strings.Contains(kept, `"Plaintext":"(hidden)"`) || strings.Contains(kept, data["Plaintext"].(string)) {
		t.Error(kept)
	}
}

// A call of KMS is decided like every other: the trace has the key's policy and its grants.
func TestATraceOfKMSHasTheKeysOwnPolicy(t *testing.T) {
	s := newScript(t, "2026")
	_, made := s.kms("CreateKey", map[string]any{})
	key := made["KeyMetadata"].(map[string]any)["KeyId"]
	if _, answer := s.kms("CreateGrant", map[string]any{"KeyId": key, "GranteePrincipal": "arn:aws:iam::444455556666:user/bob", "Operations": []string{"Decrypt"}}); answer["GrantId"] == nil {
		t.Fatal(answer)
	}
	s.kms("DescribeKey", map[string]any{"KeyId": key})
	a := s.last().Authorization
	if len(a) != 1 || a[0].Action != "kms:DescribeKey" || !a[0].Allowed || a[0].Decision == nil {
		t.Fatalf("%+v", a)
	}
	var seen []string
	for _, l := range a[0].Decision.Trace {
		for _, p := range l.Policies {
			seen = append(seen, string(l.Layer)+" "+p.Attached.Name)
		}
	}
	if got := strings.Join(seen, ", "); got != "resource key policy, identity Everything" {
		t.Errorf("%s", got)
	}
	if a[0].Decision.Verdict != policy.Allowed || len(a[0].Decision.Layers.Grants) != 1 {
		t.Errorf("%+v", a[0].Decision.Layers.Grants)
	}
}

// A key that is to be made for a request that fails is not made.
func TestAManagedKeyIsMadeWithTheObjectOnly(t *testing.T) {
	s := newScript(t, "2026")
	s.run("-- request: a bucket --\nPUT /vault\n-- want --\n200\n")
	s.run("-- request: a bad digest --\nPUT /vault/a\nx-amz-server-side-encryption: aws:kms\nx-amz-checksum-crc32: AAAAAA==\n\nx\n-- want --\n400 BadDigest\nmessage The CRC32 you specified did not match the calculated checksum.\n")
	s.simulator.View(func(w *World) {
		if keys := w.KMSKeys("111122223333", ""); len(keys) != 0 {
			t.Errorf("%d keys", len(keys))
		}
	})
}

// The table of who can do what asks the key that an object is stored under.
func TestWhoCanOpenTheKey(t *testing.T) {
	s := scriptOf(t, []byte(`{"seed": "kms", "accounts": [{"id": "111122223333", "name": "main", "users": [
  {"name": "alice", "policies": {"All": {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}}},
  {"name": "carol", "policies": {"S3": {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}}}]}],
 "buckets": [{"name": "vault", "account": "111122223333"}]}`))
	_, made := s.kms("CreateKey", map[string]any{})
	key := made["KeyMetadata"].(map[string]any)["KeyId"].(string)
	s.run("-- request: under the key --\nPUT /vault/a\nx-amz-server-side-encryption: aws:kms\nx-amz-server-side-encryption-aws-kms-key-id: " + key + "\n\nx\n-- want --\n200\n")
	s.run("-- request: under S3's own --\nPUT /vault/b\n\nx\n-- want --\n200\n")
	for object, want := range map[string]string{"a": "alice true, root true, carol false, anonymous false", "b": "alice true, root true, carol true, anonymous true"} {
		var got []string
		rows := map[string]bool{}
		for _, row := range s.simulator.WhoCan("vault", object, []string{"kms:Decrypt"}).Rows {
			rows[row.Principal] = row.Cells[0].Verdict == policy.Allowed
		}
		for _, name := range []string{"alice", "root", "carol", "anonymous"} {
			got = append(got, name+" "+strconv.FormatBool(rows[name]))
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%s: %s, want %s", object, strings.Join(got, ", "), want)
		}
	}
}

// What a call would have done that nothing allows is tried on the side, and leaves no key behind.
func TestTheShadowOfACall(t *testing.T) {
	s := scriptOf(t, []byte(peopled))
	s.run("-- request: bob has no policy --\nPOST /\n@as bob\n@kms CreateKey\n\n{}\n-- want --\n400 AccessDeniedException\n" +
		"message User: arn:aws:iam::444455556666:user/bob is not authorized to perform: kms:CreateKey on resource: * because no identity-based policy allows the kms:CreateKey action\n")
	if shadow := s.last().Shadow; shadow == nil || shadow.Fault != nil || len(shadow.Would) != 1 || !strings.HasPrefix(shadow.Would[0], "made key ") {
		t.Errorf("%+v", shadow)
	}
	if n := len(s.last().Effects); n != 0 {
		t.Errorf("%d effects", n)
	}
	s.simulator.View(func(w *World) {
		if keys := w.KMSKeys("444455556666", ""); len(keys) != 0 {
			t.Errorf("%d keys", len(keys))
		}
	})
}
