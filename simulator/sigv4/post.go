package sigv4

import (
	"time"
)

// The two forms of a signed browser form, as Decision.Scheme names them.
const (
	schemePost   = "post"
	schemePostV2 = "post v2"
)

// VerifyForm authenticates a browser's POST: what is signed is the policy field exactly as it came, in base64. field gives
// a form field by its name in lower case. A form without any signing field is anonymous.
func VerifyForm(field func(name string) (value string, sent bool), o Options) Decision {
	sent := func(names ...string) bool {
		for _, name := range names {
			if _, there := field(name); there {
				return true
			}
		}
		return false
	}
	switch {
	case sent("x-amz-algorithm", "x-amz-credential", "x-amz-signature", "x-amz-date"):
		return verifyFormV4(field, o)
	case sent("awsaccesskeyid", "signature"):
		return verifyFormV2(field, o)
	}
	return Decision{Scheme: schemeAnonymous}
}

// need reads fields that a signed form must have; the first that is missing is refused by its name.
func need(field func(string) (string, bool), names ...[2]string) (values map[string]string, refusal *Refusal) {
	values = map[string]string{}
	for _, name := range names {
		value, sent := field(name[0])
		if !sent {
			return nil, &Refusal{
				Status: 400, Code: "InvalidArgument",
				Message: "Bucket POST must contain a field named '" + name[1] + "'.  If it is specified, please check the order of the fields.",
				Extra:   [][2]string{{"ArgumentName", name[1]}, {"ArgumentValue", ""}},
				Say:     "The form lacks a signing field.",
			}
		}
		values[name[0]] = value
	}
	return values, nil
}

func badField(name, value, message string) *Refusal {
	return &Refusal{Status: 400, Code: "InvalidArgument", Message: message,
		Extra: [][2]string{{"ArgumentName", name}, {"ArgumentValue", value}}, Say: "A signing field of the form is not right."}
}

func verifyFormV4(field func(string) (string, bool), o Options) Decision {
	d := Decision{Scheme: schemePost}
	values, refusal := need(field, [2]string{"x-amz-algorithm", "X-Amz-Algorithm"}, [2]string{"x-amz-credential", "X-Amz-Credential"},
		[2]string{"x-amz-signature", "X-Amz-Signature"}, [2]string{"x-amz-date", "X-Amz-Date"}, [2]string{"policy", "policy"})
	if refusal != nil {
		d.Refusal = refusal
		return d
	}
	if values["x-amz-algorithm"] != algorithm {
		d.Refusal = badField("X-Amz-Algorithm", values["x-amz-algorithm"], `X-Amz-Algorithm only supports "AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256"`)
		return d
	}
	date, err := time.Parse(dateLayout, values["x-amz-date"])
	if err != nil {
		d.Refusal = badField("X-Amz-Date", values["x-amz-date"], "X-Amz-Date must be formated via ISO8601 Long format")
		return d
	}
	wrong := func(detail string) *Refusal { return badField("X-Amz-Credential", values["x-amz-credential"], detail) }
	cred, ok := parseCredential(values["x-amz-credential"])
	if !ok {
		d.Refusal = wrong("the Credential is mal-formed; " + expectedCredential)
		return d
	}
	d.describe(cred, "", values["x-amz-signature"])
	d.Date = date
	if refusal := cred.judge(o, wrong); refusal != nil {
		if n := len(refusal.Extra); n > 0 && refusal.Extra[n-1][0] == "Region" { // judge leaves the region alone
			refusal.Extra = [][2]string{{"ArgumentName", "X-Amz-Credential"}, {"ArgumentValue", values["x-amz-credential"]}, refusal.Extra[n-1]}
		}
		d.Refusal = refusal
		return d
	}
	if date.Format(scopeLayout) != cred.day {
		d.Refusal = wrong(`Invalid credential date "` + cred.day + `". This date is not the same as X-Amz-Date: "` + date.Format(scopeLayout) + `".`)
		return d
	}
	token, _ := field("x-amz-security-token")
	secret, refusal := o.Lookup(d.AccessKey, token, &d)
	if refusal != nil {
		d.Refusal = refusal
		return d
	}
	d.StringToSign = values["policy"]
	d.Calculated = hexMAC(o.Keys.get(secret, cred.day, cred.region, cred.service), d.StringToSign)
	d.StringToSign = discreet(field, d.StringToSign)
	if !equal(d.Calculated, d.Signature) {
		d.Refusal = mismatch(d)
	}
	return d
}

// discreet is a policy as it may be shown: one that came with a session token or a customer key usually holds it, and is not.
func discreet(field func(string) (string, bool), policy string) string {
	for _, name := range []string{"x-amz-security-token", "x-amz-server-side-encryption-customer-key"} {
		if _, sent := field(name); sent {
			return redacted(policy)
		}
	}
	return policy
}

func verifyFormV2(field func(string) (string, bool), o Options) Decision {
	d := Decision{Scheme: schemePostV2, Service: "s3"}
	values, refusal := need(field, [2]string{"awsaccesskeyid", "AWSAccessKeyId"}, [2]string{"signature", "Signature"}, [2]string{"policy", "policy"})
	if refusal != nil {
		d.Refusal = refusal
		return d
	}
	d.AccessKey, d.Signature = values["awsaccesskeyid"], values["signature"]
	if o.NoV2 {
		d.Refusal = unsupportedV2()
		return d
	}
	token, _ := field("x-amz-security-token")
	secret, refusal := o.Lookup(d.AccessKey, token, &d)
	if refusal != nil {
		d.Refusal = refusal
		return d
	}
	d.StringToSign = values["policy"]
	d.Calculated = signV2(secret, d.StringToSign)
	d.StringToSign = discreet(field, d.StringToSign)
	if !equal(d.Calculated, d.Signature) {
		d.Refusal = mismatch(d)
	}
	return d
}
