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
		Status    string `xml:"Status,omitempty"`
		MfaDelete string `xml:"MfaDelete,omitempty"`
	}{x.At.Versioning, x.At.MFADelete})
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
	case c.Status == nil:
		return exchange.Err(400, "IllegalVersioningConfigurationException", "The Versioning element must be specified").
			Told("The document names no status.")
	case *c.Status != "Enabled" && *c.Status != "Suspended":
		return exchange.MalformedXML()
	}
	if fault := mayChangeVersioning(x, c.MfaDelete); fault != nil {
		return fault
	}
	if x.At.ObjectLock && *c.Status == "Suspended" {
		return exchange.Err(409, "InvalidBucketState", "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.").
			Told("Object Lock needs versioning.")
	}
	if x.At.Config[replicationSetting.name] != nil && *c.Status == "Suspended" {
		x.Note("modelled: that replication keeps versioning on is documented, the words are those about Object Lock")
		return exchange.Err(409, "InvalidBucketState", "A replication configuration is present on this bucket, so the versioning state cannot be changed.").
			Told("Replication needs versioning.")
	}
	set := world.Settings{Versioning: c.Status}
	if c.MfaDelete != "" {
		set.MFADelete = &c.MfaDelete
	}
	if err := x.World.Apply(world.BucketSet(x.Bucket, set)); err != nil {
		return x.Failed(err)
	}
	x.Did("versioning of %s is now %s", x.Bucket, *c.Status)
	if c.MfaDelete != "" && c.MfaDelete != x.At.MFADelete {
		x.Did("MFA delete of %s is now %s", x.Bucket, c.MfaDelete)
	}
	return nil
}

// mayChangeVersioning is what MFA delete asks of a change: a code where it is on or is to be on, and the root user to
// switch it. It and a lifecycle exclude each other. (s3-wire 6.5; quoted: cloudposse/terraform-aws-codebuild issue 76)
func mayChangeVersioning(x *exchange.Exchange, asked string) *exchange.Fault {
	now := x.At.MFADelete == "Enabled"
	if !now && asked != "Enabled" {
		return nil
	}
	if fault := secondFactor(x); fault != nil {
		return fault
	}
	if asked == "" || (asked == "Enabled") == now {
		return nil
	}
	if x.Caller.Kind != "root" || x.Caller.Account != x.At.Account {
		x.Note("modelled: the words of this refusal are from public reports, not from a recording")
		return exchange.Err(403, "AccessDenied", "This operation may only be performed by the bucket owner").
			Told("Only the root user switches MFA delete.")
	}
	if asked == "Enabled" && len(x.At.Config["lifecycle"]) > 0 {
		return exchange.Err(409, "InvalidBucketState", "Mfa Authentication is not supported on a bucket with lifecycle configuration. Delete lifecycle configuration before enabling Mfa Authentication.").
			Told("MFA delete and a lifecycle exclude each other.")
	}
	return nil
}
