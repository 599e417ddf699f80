package simulator

import (
	"fmt"
	"unicode/utf8"

	"keyhole/simulator/exchange"
	"keyhole/simulator/s3"
	"keyhole/simulator/wire"
)

// inspect judges the headers by themselves, before anything is looked up.
func inspect(_ *Simulator, v *visit) (string, *exchange.Fault) {
	if v.Form != nil {
		if v.Op.Inspect == nil {
			return skipped + "what a form asks for is judged by its operation", nil
		}
		if fault := v.Op.Inspect(v.Exchange); fault != nil {
			return "", fault
		}
		return "the parameters are well-formed", nil
	}
	if !utf8.ValidString(v.Key) || !utf8.ValidString(v.Bucket) {
		return "", exchange.Err(400, "InvalidURI", "Couldn't parse the specified URI.").Told("A key is UTF-8 text.")
	}
	if v.Op.Payload != exchange.Bytes && v.Trace.Authentication.Scheme != "anonymous" {
		if refusal := wire.RefuseStreaming(wire.ModeOf(v.Trace.Authentication.PayloadHash)); refusal != nil {
			return "", exchange.Refused(refusal)
		}
	}
	for _, name := range []string{ownerHeader, sourceOwnerHeader} {
		if owner := v.Header.Get(name); v.Sent(name) && !accountID(owner) {
			return "", exchange.Err(400, "InvalidBucketOwnerAWSAccountID",
				"The value of the expected bucket owner parameter must be an AWS Account ID... ["+owner+"]").
				Told("An account id has twelve digits.")
		}
	}
	if fault := s3.Inspect(v.Exchange); fault != nil {
		return "", fault
	}
	return "the headers are well-formed", nil
}

const (
	ownerHeader       = "X-Amz-Expected-Bucket-Owner"
	sourceOwnerHeader = "X-Amz-Source-Expected-Bucket-Owner"
)

func accountID(s string) bool {
	if len(s) != 12 {
		return false
	}
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return true
}

// locate finds the bucket and makes sure it is whose the client expects it to be.
func locate(_ *Simulator, v *visit) (string, *exchange.Fault) {
	if v.Bucket == "" {
		return skipped + "the request names no bucket", nil
	}
	if v.Op.Name == "CreateBucket" {
		return skipped + "the bucket is yet to be made", nil
	}
	b, ok := v.World.Bucket(v.Bucket)
	if !ok {
		return "", exchange.NoSuchBucket(v.Bucket)
	}
	v.At = b
	if note := b.Profile.Note(); note != "" && v.Op.Payload == exchange.Bytes {
		v.Note("%s", note)
	}
	if v.Sent(ownerHeader) && v.Header.Get(ownerHeader) != b.Account {
		return "", exchange.Denied().Told("The bucket is not that account's.")
	}
	return fmt.Sprintf("bucket %s of account %s in %s", b.Name, b.Account, b.Region), nil
}

// notYet is what an authorization says until policies are evaluated.
const notYet = "policies are not evaluated yet"

// authorize lets the account that owns the bucket do everything and everybody else nothing.
func authorize(_ *Simulator, v *visit) (string, *exchange.Fault) {
	allowed := true
	for _, need := range v.Op.Needs {
		if need.When != nil && !need.When(v.Exchange) {
			continue
		}
		a := decide(v, need)
		v.Trace.Authorization = append(v.Trace.Authorization, a)
		allowed = allowed && a.Allowed
	}
	if len(v.Trace.Authorization) == 0 && v.At != nil { // DeleteObjects needs an action for every key it names
		allowed = !v.Anonymous && v.At.Account == v.Caller.Account
	}
	switch {
	case allowed:
		return notYet + ": the account that owns the bucket is allowed", nil
	case v.Anonymous:
		return notYet + ": anonymous callers are refused", anonymous(v)
	}
	return notYet + ": other accounts are refused", exchange.Denied().Told("The bucket belongs to another account.")
}

// decide judges one action.
func decide(v *visit, need exchange.Need) exchange.Authorization {
	a := exchange.Authorization{Action: need.Action, Resource: "*", Why: need.Why}
	owner := v.Caller.Account
	switch need.On {
	case exchange.TheBucket:
		a.Resource = v.BucketARN()
	case exchange.TheObject:
		a.Resource = v.ObjectARN()
	case exchange.TheSource:
		source, _ := wire.ParseCopySource(v.Header.Get("X-Amz-Copy-Source"))
		a.Resource = "arn:aws:s3:::" + source.Bucket + "/" + source.Key
		if b, ok := v.World.Bucket(source.Bucket); ok {
			owner = b.Account
		}
	}
	if v.At != nil && need.On != exchange.TheSource {
		owner = v.At.Account
	}
	switch {
	case v.Anonymous:
		a.Reason = "the caller is anonymous; " + notYet
	case owner != v.Caller.Account:
		a.Reason = "the bucket belongs to account " + owner + "; " + notYet
	default:
		a.Allowed, a.Reason = true, "the caller's account owns the bucket; "+notYet
		if need.On == exchange.Everything || v.At == nil {
			a.Reason = "the caller acts in its own account; " + notYet
		}
	}
	return a
}

// anonymous is the 403 of an unsigned request, which two operations word on their own (s3-wire 3.2).
func anonymous(v *visit) *exchange.Fault {
	fault := exchange.Denied().Told("Anonymous callers are not allowed.")
	switch v.Op.Name {
	case "CreateMultipartUpload":
		fault.Message = "Anonymous users cannot initiate multipart uploads.  Please authenticate."
	case "CopyObject", "UploadPartCopy":
		fault.Message = "Anonymous users cannot copy objects.  Please authenticate."
	}
	return fault
}
