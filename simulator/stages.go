package simulator

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"keyhole/simulator/exchange"
	"keyhole/simulator/s3"
	"keyhole/simulator/wire"
)

// inspect judges the headers by themselves, before anything is looked up.
func inspect(_ *Simulator, v *visit) (string, *exchange.Fault) {
	if v.called() {
		if v.Op.Inspect == nil {
			return skipped + "what the body asks for is judged by its operation", nil
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
	v.copiedThrough()
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
	if v.Op.Locate != nil {
		if fault := v.Op.Locate(v.Exchange); fault != nil {
			return "", fault
		}
		return "what the request names is there", nil
	}
	if v.Bucket == "" {
		return skipped + "the request names no bucket", nil
	}
	if v.Op.Name == "CreateBucket" {
		return skipped + "the bucket is yet to be made", nil
	}
	b, ok := v.World.Bucket(v.Bucket)
	if !ok {
		if strings.HasPrefix(v.Bucket, "arn:") || strings.HasSuffix(v.Bucket, aliasEnding) {
			v.Note("modelled: what S3 answers for an access point that is not there was never recorded")
			return "", s3.NoSuchPoint(v.Bucket)
		}
		return "", exchange.NoSuchBucket(v.Bucket)
	}
	v.At = b
	if note := b.Profile.Note(); note != "" && v.Op.Payload == exchange.Bytes {
		v.Note("%s", note)
	}
	if fault := v.misdirected(b); fault != nil {
		return "", fault
	}
	if v.Sent(ownerHeader) && v.Header.Get(ownerHeader) != b.Account {
		return "", exchange.Denied().Told("The bucket is not that account's.")
	}
	return fmt.Sprintf("bucket %s of account %s in %s", b.Name, b.Account, b.Region), nil
}
