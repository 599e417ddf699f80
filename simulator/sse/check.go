package sse

import "fmt"

// checkKey examines the three customer key headers in S3's order (s3-wire 4.4, rows 2 to 8) and keeps every check
// it came to. Two rows are not recorded from AWS and are modelled: a missing MD5 is refused, and plain HTTP is
// refused after the headers themselves are found good.
// On reads (lengthMatters false) AWS refused a short key as such (400) and took one of 44 bytes for simply not the key
// (403); both are recorded in test_object_retrieval_sse_c, and that the length makes the difference is a guess.
func checkKey(a Asked, secure, lengthMatters bool) ([]KeyCheck, *Refusal) {
	var checks []KeyCheck
	note := func(name, sent, want string, passed bool) bool {
		checks = append(checks, KeyCheck{Name: name, Passed: passed, Sent: sent, Want: want})
		return passed
	}
	modelled := func() { checks[len(checks)-1].Modelled = true }

	sent := a.Algorithm
	if !a.AlgorithmSent {
		sent = "absent"
	}
	if !note("algorithm", sent, "AES256", a.Algorithm == "AES256") {
		if !a.AlgorithmSent {
			return checks, invalid("InvalidArgument", "Requests specifying Server Side Encryption with Customer provided keys must provide a valid encryption algorithm.",
				"A key came without its algorithm.", nil)
		}
		return checks, invalid("InvalidEncryptionAlgorithmError", "The Encryption request you specified is not valid. Supported value: AES256.",
			"AES256 is the only algorithm for customer keys.", &a.Algorithm)
	}

	if !a.KeySent {
		note("key length", "absent", "32 bytes", false)
		return checks, invalid("InvalidArgument", "Requests specifying Server Side Encryption with Customer provided keys must provide an appropriate secret key.",
			"The algorithm came without a key.", nil)
	}
	if a.NotBase64 {
		// No hash can be taken of what is not a key, so this comes before the MD5.
		note("key length", "not base64", "32 bytes in base64", false)
		return checks, badLength()
	}
	key := a.secret.bytes()
	if a.MD5Sent && !note("key MD5", a.KeyMD5, md5Of(key), a.KeyMD5 == md5Of(key)) {
		return checks, invalid("InvalidArgument", "The calculated MD5 hash of the key did not match the hash that was provided.",
			"Key and MD5 disagree.", nil)
	}
	if length := fmt.Sprintf("%d bytes", len(key)); (lengthMatters || len(key) < KeyBytes) &&
		!note("key length", length, "32 bytes", len(key) == KeyBytes) {
		return checks, badLength()
	}
	if !a.MD5Sent {
		note("key MD5", "absent", "the key's MD5 in base64", false)
		modelled()
		return checks, invalid("InvalidArgument", "Requests specifying Server Side Encryption with Customer provided keys must provide the client calculated MD5 of the secret key.",
			"The key came without its MD5.", nil)
	}
	transport := "plain HTTP"
	if secure {
		transport = "HTTPS"
	}
	if !note("transport", transport, "HTTPS", secure) {
		modelled()
		return checks, &Refusal{Status: 400, Code: "InvalidRequest",
			Message: "Requests specifying Server Side Encryption with Customer provided keys must be made over a secure connection.",
			Say:     "SSE-C needs HTTPS."}
	}
	return checks, nil
}

func badLength() *Refusal {
	return invalid("InvalidArgument", "The secret key was invalid for the specified algorithm.",
		"A customer key is 32 bytes.", nil)
}
