package s3

import (
	"slices"
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/lock"
	"keyhole/simulator/wire"
	"keyhole/simulator/world"
)

// inspectLock judges the lock headers of a write by themselves: that comes before anybody looks whether the bucket has a
// lock. (s3-wire 6.2)
func inspectLock(x *exchange.Exchange) *exchange.Fault {
	if !lock.Sent(x.Header) {
		return nil
	}
	if x.Anonymous || !modern(x) {
		return exchange.Err(400, "InvalidArgument", "Put Object requests with Object Lock parameters require AWS Signature Version 4").
			With("ArgumentName", "Authorization").Told("Protection is given by signed requests only.")
	}
	_, refusal := lock.Read(x.Header, x.World.Now())
	return exchange.Refused(refusal)
}

// modern says whether a signed request is of version 4.
func modern(x *exchange.Exchange) bool {
	return x.Trace.Authentication == nil || !strings.Contains(strings.ToLower(x.Trace.Authentication.Scheme), "v2")
}

// putsDirectly are the operations that make an object of their own body, whose bytes S3 wants to be sure of.
var putsDirectly = []string{"PutObject"}

// lockFor gives a new version its protection: what the request's headers ask for, else what the bucket gives by default.
// The version of a multipart upload begins to exist with its end, so an upload keeps only what its beginning asked for, and
// lockAtEnd does the rest.
func lockFor(x *exchange.Exchange, v *world.Version) *exchange.Fault {
	asked, refusal := lock.Read(x.Header, x.World.Now())
	sent := lock.Sent(x.Header)
	switch {
	case refusal != nil:
		return exchange.Refused(refusal)
	case sent && !x.At.ObjectLock:
		return exchange.BadRequest("Bucket is missing ObjectLockConfiguration").Told("This bucket has no Object Lock.")
	case (sent || x.At.Lock.Set()) && slices.Contains(putsDirectly, x.Op.Name) && wire.NeedDigest(x.Header) != nil:
		return exchange.BadRequest("Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters").
			Told("A protected object must arrive whole: send a checksum.")
	}
	v.Retention, v.Hold = asked.Retention, asked.Hold
	if x.Op.Name != "CreateMultipartUpload" {
		lockAtEnd(x, v)
	}
	return nil
}

// lockAtEnd gives a version that is about to be stored the bucket's default, when it brings no retention of its own.
func lockAtEnd(x *exchange.Exchange, v *world.Version) {
	v.Created = x.World.Now() // the retention counts from here, to the second
	if v.Retention.Set() || !x.At.Lock.Set() {
		return
	}
	v.Retention = x.At.Lock.From(v.Created)
	if x.At.Lock.Years > 0 {
		x.Note("modelled: how long a year of a default retention is was never recorded; here it is one of the calendar")
	}
	x.Note("the bucket's default retention protects the new version: %s until %s", v.Retention.Mode, wire.ISO(v.Retention.Until))
}

// lockHeaders tell a reader how a version is protected: of each protection only who may ask for it hears.
func lockHeaders(x *exchange.Exchange, v *world.Version) {
	if v.Retention.Set() && x.Ask("s3:GetObjectRetention", x.ObjectARN(), "to be told of the retention").Allowed {
		x.Set(lock.ModeHeader, v.Retention.Mode)
		x.Set(lock.UntilHeader, wire.ISO(v.Retention.Until))
	}
	if v.Hold != "" && x.Ask("s3:GetObjectLegalHold", x.ObjectARN(), "to be told of the legal hold").Allowed {
		x.Set(lock.HoldHeader, v.Hold)
	}
}

// heldBy is what protects a version, for a sentence after what was stored: "; COMPLIANCE until …"; "" for nothing.
func heldBy(v *world.Version) (say string) {
	if v.Retention.Set() {
		say = "; " + v.Retention.Mode + " until " + wire.ISO(v.Retention.Until)
	}
	if v.Hold == lock.On {
		say += "; under a legal hold"
	}
	return say
}
