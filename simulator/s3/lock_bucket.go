package s3

import (
	"strconv"
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/lock"
	"keyhole/simulator/wire"
	"keyhole/simulator/world"
)

// newLock gives a bucket that is being made Object Lock, which turns its versioning on. (s3-wire 6.1)
func newLock(x *exchange.Exchange, b *world.Bucket) {
	if strings.EqualFold(x.Header.Get("X-Amz-Bucket-Object-Lock-Enabled"), "true") {
		b.ObjectLock, b.Versioning = true, "Enabled"
	}
}

type lockConfiguration struct {
	XMLName           struct{}  `xml:"ObjectLockConfiguration"`
	ObjectLockEnabled *string   `xml:"ObjectLockEnabled"`
	Rule              *lockRule `xml:"Rule"`
}

type lockRule struct {
	DefaultRetention *struct {
		Mode  *string `xml:"Mode"`
		Days  *string `xml:"Days"`
		Years *string `xml:"Years"`
	} `xml:"DefaultRetention"`
}

func getObjectLockConfiguration(x *exchange.Exchange) *exchange.Fault {
	if !x.At.ObjectLock {
		return exchange.Err(404, "ObjectLockConfigurationNotFoundError", "Object Lock configuration does not exist for this bucket").
			With("BucketName", x.Bucket).Told("This bucket has no Object Lock.")
	}
	type period struct {
		Mode  string `xml:"Mode"`
		Days  string `xml:"Days,omitempty"`
		Years string `xml:"Years,omitempty"`
	}
	type rule struct {
		DefaultRetention period `xml:"DefaultRetention"`
	}
	document := struct {
		ObjectLockEnabled string `xml:"ObjectLockEnabled"`
		Rule              *rule  `xml:"Rule"`
	}{ObjectLockEnabled: "Enabled"}
	if d := x.At.Lock; d.Set() {
		document.Rule = &rule{period{Mode: d.Mode, Days: count(d.Days), Years: count(d.Years)}}
	}
	x.Document("ObjectLockConfiguration", document)
	return nil
}

// count is a number as a document has it; "" for none.
func count(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func putObjectLockConfiguration(x *exchange.Exchange) *exchange.Fault {
	rule, fault := defaultRetention(x)
	if fault != nil {
		return fault
	}
	if x.At.Versioning != "Enabled" {
		return exchange.Err(409, "InvalidBucketState", "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration").
			Told("Object Lock protects versions: enable versioning first.")
	}
	if x.Sent("X-Amz-Bucket-Object-Lock-Token") {
		x.Note("x-amz-bucket-object-lock-token is not needed since November 2023 and was ignored")
	}
	on := true
	if err := x.World.Apply(world.BucketSet(x.Bucket, world.Settings{ObjectLock: &on, Lock: &rule})); err != nil {
		return x.Failed(err)
	}
	if !x.At.ObjectLock {
		x.Did("Object Lock of %s is on, for good", x.Bucket)
	}
	switch {
	case rule.Set():
		x.Did("new objects of %s are protected by default: %s for %s", x.Bucket, rule.Mode, period(rule))
	case x.At.Lock.Set():
		x.Did("new objects of %s are no longer protected by default", x.Bucket)
	default:
		x.Did("%s has Object Lock without a default retention", x.Bucket)
	}
	return nil
}

// period is how long a default retention lasts, in words.
func period(d lock.Default) string {
	n, unit := d.Days, "day"
	if d.Years > 0 {
		n, unit = d.Years, "year"
	}
	if n != 1 {
		unit += "s"
	}
	return strconv.Itoa(n) + " " + unit
}

// defaultRetention reads and judges the document of PutObjectLockConfiguration. A document without a rule takes the one
// there was away; Object Lock itself stays.
func defaultRetention(x *exchange.Exchange) (lock.Default, *exchange.Fault) {
	var c lockConfiguration
	if fault := digested(x, &c); fault != nil {
		return lock.Default{}, fault
	}
	switch {
	case c.ObjectLockEnabled == nil || *c.ObjectLockEnabled != "Enabled":
		return lock.Default{}, exchange.MalformedXML()
	case c.Rule == nil:
		return lock.Default{}, nil
	case c.Rule.DefaultRetention == nil:
		return lock.Default{}, exchange.MalformedXML()
	}
	r := c.Rule.DefaultRetention
	rule, malformed, refusal := lock.Rule{Mode: r.Mode, Days: r.Days, Years: r.Years}.Parse()
	if malformed {
		return lock.Default{}, exchange.MalformedXML()
	}
	return rule, exchange.Refused(refusal)
}

// digested is verified for the operations whose documents must come with Content-MD5 or a checksum.
func digested(x *exchange.Exchange, v any) *exchange.Fault {
	if refusal := wire.NeedDigest(x.Header); refusal != nil {
		return exchange.Refused(refusal)
	}
	return verified(x, v)
}
