package s3

import (
	"keyhole/simulator/exchange"
)

// loggingSetting is where a bucket keeps where its access log goes: "logging". Nothing there: nothing is logged.
var loggingSetting = setting{name: "logging", root: "BucketLoggingStatus", what: "logging configuration"}

// loggingStatus is the document of server access logging.
type loggingStatus struct {
	XMLName struct{}        `xml:"BucketLoggingStatus"`
	Enabled *loggingEnabled `xml:"LoggingEnabled"`
}

type loggingEnabled struct {
	TargetBucket string           `xml:"TargetBucket"`
	Grants       *targetGrants    `xml:"TargetGrants"`
	TargetPrefix *string          `xml:"TargetPrefix"`
	Format       *targetKeyFormat `xml:"TargetObjectKeyFormat"`
}

type targetGrants struct {
	Grant []targetGrant `xml:"Grant"`
}

type targetGrant struct {
	Grantee    targetGrantee `xml:"Grantee"`
	Permission string        `xml:"Permission"`
}

// targetGrantee has its type in an attribute, which is read under its namespace and written under its prefix.
type targetGrantee struct {
	Space       string `xml:"xmlns:xsi,attr,omitempty"`
	Kind        string `xml:"xsi:type,attr,omitempty"`
	Type        string `xml:"http://www.w3.org/2001/XMLSchema-instance type,attr,omitempty"`
	ID          string `xml:"ID,omitempty"`
	DisplayName string `xml:"DisplayName,omitempty"`
	URI         string `xml:"URI,omitempty"`
	Email       string `xml:"EmailAddress,omitempty"`
}

type targetKeyFormat struct {
	Simple      *struct{}          `xml:"SimplePrefix"`
	Partitioned *partitionedPrefix `xml:"PartitionedPrefix"`
}

type partitionedPrefix struct {
	Source string `xml:"PartitionDateSource,omitempty"`
}

func getLogging(x *exchange.Exchange) *exchange.Fault { return loggingSetting.get(x) }

func putLogging(x *exchange.Exchange) *exchange.Fault {
	var doc loggingStatus
	if fault := verified(x, &doc); fault != nil {
		return fault
	}
	if doc.Enabled == nil {
		fault := loggingSetting.remove(x)
		x.Answer.Status = 0
		return fault
	}
	if fault := doc.Enabled.judge(x); fault != nil {
		return fault
	}
	return loggingSetting.keep(x, doc)
}

// judge says what is wrong with a target. Whether S3 may write to it shows only when it tries.
func (e *loggingEnabled) judge(x *exchange.Exchange) *exchange.Fault {
	if e.TargetBucket == "" || e.TargetPrefix == nil {
		return exchange.MalformedXML()
	}
	refuse := func(message, say string) *exchange.Fault {
		return exchange.Err(400, "InvalidTargetBucketForLogging", message).With("TargetBucket", e.TargetBucket).Told(say)
	}
	target, ok := x.World.Bucket(e.TargetBucket)
	switch {
	case !ok:
		return refuse("The target bucket for logging does not exist", "There is no such target bucket.")
	case target.Region != x.At.Region:
		fault := exchange.Err(403, "CrossLocationLoggingProhibitted", "Cross S3 location logging not allowed. ").Told("Logs stay in their region.")
		if x.At.Region != usEast {
			fault = fault.With("SourceBucketLocation", x.At.Region)
		}
		return fault.With("TargetBucketLocation", target.Region)
	case target.Account != x.At.Account:
		x.Note("modelled: that the target is of the same account is documented, the words are from memory")
		return refuse("The owner for the bucket to be logged and the target bucket must be the same.", "Logs stay in their account.")
	case target.ObjectLock:
		x.Note("modelled: that a locked bucket takes no logs is documented, code and words are from memory")
		return refuse("The target bucket for logging must not have Object Lock enabled", "A locked bucket takes no logs.")
	case e.Grants != nil && len(e.Grants.Grant) > 0 && target.Ownership == "BucketOwnerEnforced":
		x.Note("modelled: that target grants need ACLs is documented, code and words are our choice")
		return refuse("The target bucket has the BucketOwnerEnforced setting for Object Ownership, so target grants can't be used.", "ACLs are switched off on the target.")
	}
	if e.Grants != nil {
		for i := range e.Grants.Grant {
			g := &e.Grants.Grant[i].Grantee
			g.Space, g.Kind, g.Type = "http://www.w3.org/2001/XMLSchema-instance", g.Type, ""
		}
	}
	if f := e.Format; f != nil && ((f.Simple == nil) == (f.Partitioned == nil) ||
		f.Partitioned != nil && f.Partitioned.Source != "EventTime" && f.Partitioned.Source != "DeliveryTime") {
		return exchange.MalformedXML()
	}
	return nil
}
