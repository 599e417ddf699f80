package s3

import (
	"bytes"
	"fmt"
	"regexp"

	"keyhole/simulator/exchange"
	"keyhole/simulator/wire"
	"keyhole/simulator/world"
)

var replicationSetting = setting{name: "replication", root: "ReplicationConfiguration", what: "replication configuration",
	none: missing("ReplicationConfigurationNotFoundError", "The replication configuration was not found", "Nothing is copied from this bucket.")}

type replicationDocument struct {
	XMLName struct{}          `xml:"ReplicationConfiguration"`
	Role    string            `xml:"Role"`
	Rules   []replicationRule `xml:"Rule"`
}

type replicationRule struct {
	Markers     *statusOnly          `xml:"DeleteMarkerReplication"`
	Destination replicationTo        `xml:"Destination"`
	Existing    *statusOnly          `xml:"ExistingObjectReplication"`
	Filter      *ruleFilter          `xml:"Filter"`
	ID          string               `xml:"ID,omitempty"`
	Prefix      *string              `xml:"Prefix"`
	Priority    *int                 `xml:"Priority"`
	Source      *replicationCriteria `xml:"SourceSelectionCriteria"`
	Status      string               `xml:"Status"`
}

type statusOnly struct {
	Status string `xml:"Status"`
}

type replicationTo struct {
	Translation *struct {
		Owner string `xml:"Owner"`
	} `xml:"AccessControlTranslation"`
	Account    string `xml:"Account,omitempty"`
	Bucket     string `xml:"Bucket"`
	Encryption *struct {
		Key string `xml:"ReplicaKmsKeyID"`
	} `xml:"EncryptionConfiguration"`
	Metrics *struct {
		Threshold *minutes `xml:"EventThreshold"`
		Status    string   `xml:"Status"`
	} `xml:"Metrics"`
	Time *struct {
		Status string  `xml:"Status"`
		Time   minutes `xml:"Time"`
	} `xml:"ReplicationTime"`
	StorageClass string `xml:"StorageClass,omitempty"`
}

type minutes struct {
	Minutes int `xml:"Minutes"`
}

type replicationCriteria struct {
	Replicas *statusOnly `xml:"ReplicaModifications"`
	KMS      *statusOnly `xml:"SseKmsEncryptedObjects"`
}

func getReplication(x *exchange.Exchange) *exchange.Fault    { return replicationSetting.get(x) }
func deleteReplication(x *exchange.Exchange) *exchange.Fault { return replicationSetting.remove(x) }

// roleARNs is the form of a role's ARN.
var roleARNs = regexp.MustCompile(`^arn:aws:iam::([0-9]{12}):role/([\w+=,.@/-]+)$`)

func putReplication(x *exchange.Exchange) *exchange.Fault {
	var doc replicationDocument
	if fault := verified(x, &doc); fault != nil {
		return fault
	}
	if len(doc.Rules) == 0 || len(doc.Rules) > maxRules || doc.Role == "" {
		return exchange.MalformedXML()
	}
	if !roleARNs.MatchString(doc.Role) {
		x.Note("modelled: the words about a role that is none are our choice")
		return exchange.Err(400, "InvalidArgument", "Role must be a valid IAM role ARN").With("ArgumentName", "Role").With("ArgumentValue", doc.Role).
			Told("That is not the ARN of a role.")
	}
	if x.At.Versioning != "Enabled" {
		return exchange.BadRequest("Versioning must be 'Enabled' on the bucket to apply a replication configuration").Told("Replication needs versions.")
	}
	if fault := doc.judge(x); fault != nil {
		return fault
	}
	for i := range doc.Rules {
		if doc.Rules[i].ID == "" {
			doc.Rules[i].ID = x.World.NewID("rule-")
		}
	}
	x.Note("S3 does not look whether %s may do what copying takes; the first copy will show", doc.Role)
	return replicationSetting.keep(x, doc)
}

// judge says what is wrong with the rules, by themselves and together.
func (d replicationDocument) judge(x *exchange.Exchange) *exchange.Fault {
	ids, priorities := map[string]bool{}, map[int]bool{}
	for _, r := range d.Rules {
		if fault := r.judge(); fault != nil {
			return fault
		}
		switch {
		case r.ID != "" && ids[r.ID]:
			return exchange.Invalid("Rule Id must be unique", "ID", r.ID).Told("Two rules have the same id.")
		case r.Priority != nil && priorities[*r.Priority]:
			return exchange.BadRequest(fmt.Sprintf("Found duplicate priority '%d'", *r.Priority)).Told("Two rules have the same priority.")
		}
		ids[r.ID] = true
		if r.Priority != nil {
			priorities[*r.Priority] = true
		}
		if fault := r.Destination.judge(x); fault != nil {
			return fault
		}
	}
	return nil
}

func (r replicationRule) judge() *exchange.Fault {
	bad := func(message, say string) *exchange.Fault { return exchange.BadRequest(message).Told(say) }
	off := func(s *statusOnly) bool { return s != nil && !switchWord(s.Status, "Disabled") }
	switch {
	case len(r.ID) > maxRuleID, !switchWord(r.Status, "Disabled"), r.Filter != nil && r.Prefix != nil, r.Filter == nil && r.Prefix == nil,
		r.Filter != nil && !r.Filter.wellFormed(false), off(r.Markers), off(r.Existing), r.Source != nil && (off(r.Source.KMS) || off(r.Source.Replicas)):
		return exchange.MalformedXML()
	case r.Filter != nil && r.Filter.duplicate():
		return bad("Duplicate Tag Keys are not allowed.", "A tag is named twice.")
	case r.Filter != nil && r.Priority == nil:
		return bad("Priority must be specified for this version of Cross Region Replication configuration schema. Please refer to S3 Developer Guide for more information.", "A rule with Filter has a priority.")
	case r.Filter != nil && r.Markers == nil:
		return bad("DeleteMarkerReplication must be specified for this version of Cross Region Replication configuration schema. Please refer to S3 Developer Guide for more information.", "A rule with Filter says what happens to delete markers.")
	case r.Prefix != nil && (r.Markers != nil || r.Priority != nil):
		return exchange.MalformedXML()
	case r.Markers != nil && enabled(r.Markers.Status) && r.Filter != nil && len(r.Filter.all().Tags) > 0:
		return bad("Delete marker replication is not supported if any Tag filter is specified. Please refer to S3 Developer Guide for more information.", "Delete markers have no tags.")
	case r.kms() && (r.Destination.Encryption == nil || r.Destination.Encryption.Key == ""):
		return bad("ReplicaKmsKeyID must be specified if SseKmsEncryptedObjects tag is present.", "Under which key the copy goes is missing.")
	case r.Destination.Encryption != nil && !r.kms():
		return bad("SseKmsEncryptedObjects must be specified if EncryptionConfiguration is present.", "A key for copies needs the KMS switch.")
	}
	return nil
}

// judge says what is wrong with where the copies go. A bucket that is not there has no versions either. (recorded)
func (t replicationTo) judge(x *exchange.Exchange) *exchange.Fault {
	name, ok := bucketARN(t.Bucket)
	switch b, there := x.World.Bucket(name); {
	case !ok:
		return exchange.Err(400, "InvalidArgument", "Invalid bucket ARN.").With("ArgumentName", "Bucket").With("ArgumentValue", t.Bucket).Told("The destination is named by its ARN.")
	case name == x.Bucket:
		return exchange.BadRequest("Destination bucket cannot be the same as the source bucket.").Told("A bucket is not copied into itself.")
	case !there || b.Versioning != "Enabled":
		return exchange.BadRequest("Destination bucket must have versioning enabled.").Told("The destination needs versions too.")
	case t.Translation != nil && (t.Translation.Owner != "Destination" || t.Account == ""):
		return exchange.BadRequest("Account must be specified when AccessControlTranslation is present.").Told("Whose the copies are to be is missing.")
	case t.Account != "" && t.Account != b.Account:
		return exchange.Err(400, "InvalidArgument", "Account does not own the destination bucket.").With("ArgumentName", "Account").With("ArgumentValue", t.Account).
			Told("The destination is another account's.")
	}
	return nil
}

// kms says whether a rule takes objects under a KMS key too.
func (r replicationRule) kms() bool {
	return r.Source != nil && r.Source.KMS != nil && enabled(r.Source.KMS.Status)
}

// takes says whether a rule means a version, or a delete marker.
func (r replicationRule) takes(v *world.Version) bool {
	if r.Prefix != nil {
		r.Filter = &ruleFilter{Prefix: r.Prefix}
	}
	switch {
	case !enabled(r.Status) || !r.Filter.takes(v.Key, v.Size, v.Tags):
		return false
	case v.DeleteMarker: // rules of the first version copy them always
		return r.Prefix != nil || r.Markers != nil && enabled(r.Markers.Status)
	case v.Sealed.Method.KMS():
		return r.kms()
	}
	return true
}

// replicationOf is the configuration that a bucket keeps; false when it has none.
func replicationOf(b *world.Bucket) (doc replicationDocument, ok bool) {
	text := b.Config[replicationSetting.name]
	if len(text) == 0 {
		return doc, false
	}
	ok = wire.Decode(bytes.NewReader(text), wire.XMLBytes, wire.XMLDepth, &doc) == nil
	return doc, ok
}
