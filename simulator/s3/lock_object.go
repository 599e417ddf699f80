package s3

import (
	"net/http"

	"keyhole/simulator/exchange"
	"keyhole/simulator/lock"
	"keyhole/simulator/wire"
	"keyhole/simulator/world"
)

type retentionDocument struct {
	XMLName         struct{} `xml:"Retention"`
	Mode            *string  `xml:"Mode"`
	RetainUntilDate *string  `xml:"RetainUntilDate"`
}

type holdDocument struct {
	XMLName struct{} `xml:"LegalHold"`
	Status  *string  `xml:"Status"`
}

// lockable finds the version whose protection is asked for or changed.
func lockable(x *exchange.Exchange) (*world.Version, *exchange.Fault) {
	if !x.At.ObjectLock {
		return nil, exchange.BadRequest("Bucket is missing Object Lock Configuration").Told("This bucket has no Object Lock.")
	}
	if v, ok := x.At.Current(x.Key); ok && v.DeleteMarker && x.Method == http.MethodPut && !x.Asked("versionId") {
		x.Note("modelled: what is put on a key behind a delete marker is refused as ACLs and tags are")
		return nil, noneOnMarker(x, v)
	}
	v, fault := find(x)
	if fault != nil {
		return nil, hidden(x, fault, x.Bucket)
	}
	return v, nil
}

// unset is the answer for a version that was never protected in this way.
func unset() *exchange.Fault {
	return exchange.Err(404, "NoSuchObjectLockConfiguration", "The specified object does not have a ObjectLock configuration").
		Told("Nobody ever set that for this version.")
}

func getObjectRetention(x *exchange.Exchange) *exchange.Fault {
	v, fault := lockable(x)
	if fault != nil {
		return fault
	}
	if !v.Retention.Set() {
		return unset()
	}
	x.Document("Retention", struct {
		Mode            string `xml:"Mode"`
		RetainUntilDate string `xml:"RetainUntilDate"`
	}{v.Retention.Mode, wire.ISO(v.Retention.Until)})
	return nil
}

func getObjectLegalHold(x *exchange.Exchange) *exchange.Fault {
	v, fault := lockable(x)
	if fault != nil {
		return fault
	}
	if v.Hold == "" {
		return unset()
	}
	x.Document("LegalHold", struct {
		Status string `xml:"Status"`
	}{v.Hold})
	return nil
}

func putObjectRetention(x *exchange.Exchange) *exchange.Fault {
	to, fault := retention(x)
	if fault != nil {
		return fault
	}
	v, fault := lockable(x)
	if fault != nil {
		return fault
	}
	if fault := x.GuardChange(v, to, lock.BypassAsked(x.Header)); fault != nil {
		if v.Retention.Mode == lock.Governance && to.Mode == lock.Compliance {
			x.Note("modelled: that GOVERNANCE becomes COMPLIANCE only with a bypass is from a test suite, not from a recording")
		}
		return fault
	}
	if err := x.World.Apply(world.VersionSet(x.Bucket, v.Key, v.ID, world.VersionChange{Retention: &to})); err != nil {
		return x.Failed(err)
	}
	if to.Set() {
		x.Did("version %s of %s is under %s until %s", v.ID, v.Key, to.Mode, wire.ISO(to.Until))
	} else {
		x.Did("version %s of %s has no retention any more", v.ID, v.Key)
	}
	return changedLater(x, v)
}

// retention reads and judges the document of PutObjectRetention; an empty one takes the retention away. (s3-wire 6.3)
func retention(x *exchange.Exchange) (to lock.Retention, fault *exchange.Fault) {
	var doc retentionDocument
	if fault := digested(x, &doc); fault != nil {
		return to, fault
	}
	if doc.Mode == nil && doc.RetainUntilDate == nil {
		return to, nil
	}
	if doc.Mode == nil || doc.RetainUntilDate == nil || !lock.Mode(*doc.Mode) {
		return to, exchange.MalformedXML()
	}
	until, ok := lock.ParseDate(*doc.RetainUntilDate)
	if !ok {
		return to, exchange.MalformedXML()
	}
	if !until.After(x.World.Now()) {
		return to, exchange.Refused(lock.Past("RetainUntilDate", lock.Java(until)))
	}
	return lock.Retention{Mode: *doc.Mode, Until: until}, nil
}

func putObjectLegalHold(x *exchange.Exchange) *exchange.Fault {
	var doc holdDocument
	if fault := digested(x, &doc); fault != nil {
		return fault
	}
	if doc.Status == nil || !lock.Hold(*doc.Status) {
		return exchange.MalformedXML()
	}
	v, fault := lockable(x)
	if fault != nil {
		return fault
	}
	if err := x.World.Apply(world.VersionSet(x.Bucket, v.Key, v.ID, world.VersionChange{Hold: doc.Status})); err != nil {
		return x.Failed(err)
	}
	x.Did("the legal hold of version %s of %s is %s", v.ID, v.Key, *doc.Status)
	return changedLater(x, v)
}
