package s3

import (
	"keyhole/simulator/exchange"
	"keyhole/simulator/world"
)

type versioningConfiguration struct {
	XMLName   struct{} `xml:"VersioningConfiguration"`
	Status    *string  `xml:"Status"`
	MfaDelete string   `xml:"MfaDelete"`
}

func getBucketVersioning(x *exchange.Exchange) *exchange.Fault {
	x.Document("VersioningConfiguration", struct {
		Status string `xml:"Status,omitempty"`
	}{x.At.Versioning})
	return nil
}

func putBucketVersioning(x *exchange.Exchange) *exchange.Fault {
	var c versioningConfiguration
	if fault := verified(x, &c); fault != nil {
		return fault
	}
	switch {
	case c.MfaDelete != "" && c.MfaDelete != "Disabled" && c.MfaDelete != "Enabled":
		return exchange.MalformedXML()
	case c.MfaDelete == "Enabled":
		return exchange.Err(501, "NotImplemented", "MFA delete is not imitated by this simulator.").Told("MFA delete is not imitated.")
	case c.Status == nil:
		return exchange.Err(400, "IllegalVersioningConfigurationException", "The Versioning element must be specified").
			Told("The document names no status.")
	case *c.Status != "Enabled" && *c.Status != "Suspended":
		return exchange.MalformedXML()
	case x.At.ObjectLock && *c.Status == "Suspended":
		return exchange.Err(409, "InvalidBucketState", "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.").
			Told("Object Lock needs versioning.")
	}
	if err := x.World.Apply(world.VersioningSet(x.Bucket, *c.Status)); err != nil {
		return x.Failed(err)
	}
	x.Did("versioning of %s is now %s", x.Bucket, *c.Status)
	return nil
}
