package s3

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	"keyhole/simulator/exchange"
	"keyhole/simulator/wire"
	"keyhole/simulator/world"
)

// Bounds of a lifecycle configuration. (API reference)
const (
	maxRules  = 1000 // S3's own, for lifecycle and for replication
	maxRuleID = 255  // characters
	maxDays   = 36_500
)

var lifecycleSetting = setting{name: "lifecycle", root: "LifecycleConfiguration", what: "lifecycle configuration",
	none: missing("NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist", "The bucket has no lifecycle rules.")}

// lifecycleMinimum is where a bucket keeps which objects are too small to be moved to another storage class.
const (
	lifecycleMinimum = "lifecycle-minimum"
	minimumHeader    = "X-Amz-Transition-Default-Minimum-Object-Size"
	minimumDefault   = "all_storage_classes_128K"
	minimumVaries    = "varies_by_storage_class"
)

type lifecycleDocument struct {
	XMLName struct{}        `xml:"LifecycleConfiguration"`
	Rules   []lifecycleRule `xml:"Rule"`
}

type lifecycleRule struct {
	Expiration            *lifecycleExpiration   `xml:"Expiration"`
	ID                    string                 `xml:"ID,omitempty"`
	Filter                *ruleFilter            `xml:"Filter"`
	Prefix                *string                `xml:"Prefix"`
	Status                string                 `xml:"Status"`
	Transitions           []lifecycleTransition  `xml:"Transition"`
	NoncurrentTransitions []noncurrentTransition `xml:"NoncurrentVersionTransition"`
	Noncurrent            *noncurrentExpiration  `xml:"NoncurrentVersionExpiration"`
	Abort                 *abortIncomplete       `xml:"AbortIncompleteMultipartUpload"`
}

type lifecycleExpiration struct {
	Date         string `xml:"Date,omitempty"`
	Days         *int   `xml:"Days"`
	DeleteMarker *bool  `xml:"ExpiredObjectDeleteMarker"`
}

type lifecycleTransition struct {
	Date         string `xml:"Date,omitempty"`
	Days         *int   `xml:"Days"`
	StorageClass string `xml:"StorageClass"`
}

type noncurrentExpiration struct {
	Days  *int `xml:"NoncurrentDays"`
	Newer *int `xml:"NewerNoncurrentVersions"`
}

type noncurrentTransition struct {
	Days         *int   `xml:"NoncurrentDays"`
	StorageClass string `xml:"StorageClass"`
	Newer        *int   `xml:"NewerNoncurrentVersions"`
}

type abortIncomplete struct {
	Days *int `xml:"DaysAfterInitiation"`
}

func getLifecycle(x *exchange.Exchange) *exchange.Fault {
	if fault := lifecycleSetting.get(x); fault != nil {
		return fault
	}
	x.Set(minimumHeader, minimumOf(x.At))
	return nil
}

func minimumOf(b *world.Bucket) string {
	if kept := string(b.Config[lifecycleMinimum]); kept != "" {
		return kept
	}
	return minimumDefault
}

func putLifecycle(x *exchange.Exchange) *exchange.Fault {
	var doc lifecycleDocument
	if fault := verified(x, &doc); fault != nil {
		return fault
	}
	minimum := minimumDefault
	if x.Sent(minimumHeader) {
		if minimum = x.Header.Get(minimumHeader); minimum != minimumDefault && minimum != minimumVaries {
			return exchange.BadRequest("Invalid TransitionDefaultMinimumObjectSize found: " + minimum).Told("S3 has no such minimum.")
		}
	}
	if x.At.MFADelete == "Enabled" {
		x.Note("modelled: that MFA delete and lifecycle exclude each other is documented, the words are ours")
		return exchange.Err(409, "InvalidBucketState", "Lifecycle configurations are not supported on buckets with MFA Delete enabled.").
			Told("MFA delete and lifecycle exclude each other.")
	}
	if fault := doc.judge(x); fault != nil {
		return fault
	}
	for i := range doc.Rules {
		if doc.Rules[i].ID == "" {
			doc.Rules[i].ID = x.World.NewID("rule-")
		}
	}
	if fault := lifecycleSetting.keep(x, doc); fault != nil {
		return fault
	}
	if err := x.World.Apply(world.ConfigSet(x.Bucket, lifecycleMinimum, []byte(minimum))); err != nil {
		return x.Failed(err)
	}
	x.Set(minimumHeader, minimum)
	if slices.ContainsFunc(x.World.Jobs(LifecycleJob), func(j world.Job) bool { return j.Bucket == x.Bucket }) {
		return nil
	}
	job := x.World.NewJob(LifecycleJob, midnight(x.World.Now()))
	job.Bucket = x.Bucket
	if err := x.World.Apply(world.JobAdded(job)); err != nil {
		return x.Failed(err)
	}
	return nil
}

func deleteLifecycle(x *exchange.Exchange) *exchange.Fault { return lifecycleSetting.remove(x) }

// judge says what is wrong with a configuration, rule by rule, in the order S3 was seen to.
func (d lifecycleDocument) judge(x *exchange.Exchange) *exchange.Fault {
	if len(d.Rules) == 0 || len(d.Rules) > maxRules {
		return exchange.MalformedXML()
	}
	seen := map[string]bool{}
	for _, r := range d.Rules {
		if fault := r.judge(); fault != nil {
			return fault
		}
		if r.ID != "" && seen[r.ID] {
			return exchange.Invalid("Rule ID must be unique. Found same ID for one or more rules", "ID", r.ID).Told("Two rules have the same id.")
		}
		seen[r.ID] = true
	}
	filters := slices.ContainsFunc(d.Rules, func(r lifecycleRule) bool { return r.Filter != nil })
	if filters && slices.ContainsFunc(d.Rules, func(r lifecycleRule) bool { return r.Prefix != nil }) {
		x.Note("modelled: how S3 refuses both forms of a filter in one document is from memory")
		return exchange.BadRequest("Base level prefix cannot be used in Lifecycle V2, prefixes are only supported in the Filter.").
			Told("All rules use Filter, or none does.")
	}
	return nil
}

func (r lifecycleRule) judge() *exchange.Fault {
	switch {
	case len(r.ID) > maxRuleID:
		return exchange.Invalid("ID length should not exceed allowed limit of 255", "ID", r.ID).Told("The rule's id is too long.")
	case !switchWord(r.Status, "Disabled"), (r.Filter == nil) == (r.Prefix == nil), r.Filter != nil && !r.Filter.wellFormed(true):
		return exchange.MalformedXML()
	case r.Filter != nil && r.Filter.duplicate():
		return exchange.BadRequest("Duplicate Tag Keys are not allowed.").Told("A tag is named twice.")
	case r.Expiration == nil && r.Noncurrent == nil && r.Abort == nil && len(r.Transitions)+len(r.NoncurrentTransitions) == 0:
		return exchange.BadRequest("At least one action needs to be specified in a rule").Told("The rule does nothing.")
	}
	if e := r.Expiration; e != nil {
		if fault := whenFault("Expiration", e.Date, e.Days, e.DeleteMarker != nil); fault != nil {
			return fault
		}
	}
	if n := r.Noncurrent; n != nil {
		if n.Days == nil || !positive(n.Days) || n.Newer != nil && (*n.Newer < 1 || *n.Newer > 100) {
			return positiveOr(n.Days, "'NoncurrentDays' for NoncurrentVersionExpiration action must be a positive integer")
		}
	}
	if a := r.Abort; a != nil {
		switch {
		case a.Days == nil || !positive(a.Days):
			return positiveOr(a.Days, "'DaysAfterInitiation' for AbortIncompleteMultipartUpload action must be a positive integer")
		case r.Filter != nil && r.Filter.picky():
			return exchange.BadRequest("AbortIncompleteMultipartUpload cannot be specified with Tags or object sizes.").Told("An upload has no tags and no size yet.")
		}
	}
	return r.judgeTransitions()
}

func positive(n *int) bool { return *n > 0 && *n <= maxDays }

// positiveOr is the refusal of a number of days: malformed when there is none.
func positiveOr(n *int, message string) *exchange.Fault {
	if n == nil || *n > 0 {
		return exchange.MalformedXML()
	}
	return exchange.Err(400, "InvalidArgument", message).Told("That many days make no sense.")
}

// whenFault judges the moment of an action, which is exactly one of a date, days and (of an expiration) the marker.
func whenFault(action, date string, days *int, marker bool) *exchange.Fault {
	n := 0
	for _, set := range []bool{date != "", days != nil, marker} {
		if set {
			n++
		}
	}
	if n != 1 {
		return exchange.MalformedXML()
	}
	if days != nil && *days <= 0 && action == "Expiration" || days != nil && (*days < 0 || *days > maxDays) {
		return exchange.Err(400, "InvalidArgument", "'Days' for "+action+" action must be a positive integer").Told("That many days make no sense.")
	}
	if date == "" {
		return nil
	}
	at, ok := dateOf(date)
	switch {
	case !ok:
		return exchange.MalformedXML()
	case !at.Equal(at.Truncate(day)):
		return exchange.Invalid("'Date' must be at midnight GMT", "Date", wire.ISO(at)).Told("Lifecycle works in whole days.")
	}
	return nil
}

// dateOf reads a date as XML has it.
func dateOf(s string) (time.Time, bool) {
	for _, form := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", time.DateOnly} {
		if t, err := time.Parse(form, strings.TrimSpace(s)); err == nil {
			return t.UTC(), t.Year() > 1970 && t.Year() < 9000
		}
	}
	return time.Time{}, false
}

// waterfall are the storage classes from warm to cold: a transition goes only down. (user guide, supported transitions)
var waterfall = []string{"STANDARD", "STANDARD_IA", "INTELLIGENT_TIERING", "ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"}

func (r lifecycleRule) judgeTransitions() *exchange.Fault {
	fewDays := func(class string, days int) *exchange.Fault {
		return exchange.Err(400, "InvalidArgument", fmt.Sprintf("'Days' in Transition action must be greater than or equal to 30 for storageClass '%s'", class)).
			With("ArgumentName", "Days").With("ArgumentValue", fmt.Sprint(days)).Told("Infrequent access begins after 30 days.")
	}
	for _, t := range r.Transitions {
		if slices.Index(waterfall, t.StorageClass) < 1 {
			return exchange.MalformedXML()
		}
		if fault := whenFault("Transition", t.Date, t.Days, false); fault != nil {
			return fault
		}
		if t.Days != nil && *t.Days < 30 && strings.HasSuffix(t.StorageClass, "_IA") {
			return fewDays(t.StorageClass, *t.Days)
		}
		if e := r.Expiration; e != nil && e.Days != nil && t.Days != nil && *e.Days <= *t.Days {
			return exchange.Err(400, "InvalidArgument", "'Days' in the Expiration action for filter '"+r.words()+"' must be greater than 'Days' in the Transition action").
				With("ArgumentName", "Days").With("ArgumentValue", fmt.Sprint(*e.Days)).Told("It would expire before it moves.")
		}
	}
	for _, t := range r.NoncurrentTransitions {
		if slices.Index(waterfall, t.StorageClass) < 1 || t.Days == nil || *t.Days < 0 || *t.Days > maxDays || t.Newer != nil && (*t.Newer < 1 || *t.Newer > 100) {
			return exchange.MalformedXML()
		}
		if *t.Days < 30 && strings.HasSuffix(t.StorageClass, "_IA") {
			return fewDays(t.StorageClass, *t.Days)
		}
	}
	return nil
}

// words are a rule's filter as S3's messages put it.
func (r lifecycleRule) words() string {
	prefix, _ := r.selects()
	return "(prefix=" + prefix + ")"
}

// lifecycleOf is the configuration that a bucket keeps; false when it has none.
func lifecycleOf(b *world.Bucket) (doc lifecycleDocument, ok bool) {
	text := b.Config[lifecycleSetting.name]
	if len(text) == 0 {
		return doc, false
	}
	ok = wire.Decode(bytes.NewReader(text), wire.XMLBytes, wire.XMLDepth, &doc) == nil
	return doc, ok
}
