package s3

import (
	"slices"

	"keyhole/simulator/exchange"
)

// reportFilter is the Filter of analytics, metrics and tiering: one condition, or And with several.
type reportFilter struct {
	Prefix *string    `xml:"Prefix"`
	Tag    *tagEntry  `xml:"Tag"`
	Point  *string    `xml:"AccessPointArn"`
	And    *reportAnd `xml:"And"`
}

type reportAnd struct {
	Prefix *string    `xml:"Prefix"`
	Tags   []tagEntry `xml:"Tag"`
	Point  *string    `xml:"AccessPointArn"`
}

// one says whether a filter is exactly one condition; a filter that is left out takes everything.
func (f *reportFilter) one() bool {
	if f == nil {
		return true
	}
	n := 0
	for _, set := range []bool{f.Prefix != nil, f.Tag != nil, f.Point != nil, f.And != nil} {
		if set {
			n++
		}
	}
	return n == 1
}

type inventoryDocument struct {
	XMLName     struct{} `xml:"InventoryConfiguration"`
	Destination struct {
		Bucket *inventoryBucket `xml:"S3BucketDestination"`
	} `xml:"Destination"`
	IsEnabled string           `xml:"IsEnabled"`
	Filter    *inventoryFilter `xml:"Filter"`
	ID        string           `xml:"Id"`
	Versions  string           `xml:"IncludedObjectVersions"`
	Fields    *inventoryFields `xml:"OptionalFields"`
	Schedule  struct {
		Frequency string `xml:"Frequency"`
	} `xml:"Schedule"`
}

type inventoryBucket struct {
	Account    *string `xml:"AccountId"`
	Bucket     string  `xml:"Bucket"`
	Format     string  `xml:"Format"`
	Prefix     *string `xml:"Prefix"`
	Encryption *struct {
		S3  *struct{} `xml:"SSE-S3"`
		KMS *struct {
			Key string `xml:"KeyId"`
		} `xml:"SSE-KMS"`
	} `xml:"Encryption"`
}

type inventoryFilter struct {
	Prefix string `xml:"Prefix"`
}

type inventoryFields struct {
	Field []string `xml:"Field"`
}

// inventoryColumns are what an inventory can list beside names. (API reference, InventoryOptionalField)
var inventoryColumns = []string{
	"Size", "LastModifiedDate", "StorageClass", "ETag", "IsMultipartUploaded", "ReplicationStatus", "EncryptionStatus", "ObjectLockRetainUntilDate",
	"ObjectLockMode", "ObjectLockLegalHoldStatus", "IntelligentTieringAccessTier", "BucketKeyStatus", "ChecksumAlgorithm", "ObjectAccessControlList", "ObjectOwner",
	"LifecycleExpirationDate",
}

func readInventory(x *exchange.Exchange, id string) (any, *exchange.Fault) {
	var doc inventoryDocument
	if fault := verified(x, &doc); fault != nil {
		return nil, fault
	}
	to := doc.Destination.Bucket
	switch {
	case doc.ID != id:
		return nil, exchange.Err(400, "IdMismatch", "Document ID does not match the specified configuration ID.").Told("The ids differ.")
	case to == nil, !slices.Contains([]string{"CSV", "ORC", "Parquet"}, to.Format), !slices.Contains([]string{"Daily", "Weekly"}, doc.Schedule.Frequency),
		!slices.Contains([]string{"All", "Current"}, doc.Versions), doc.IsEnabled != "true" && doc.IsEnabled != "false":
		return nil, exchange.MalformedXML()
	}
	if doc.Fields != nil {
		for _, f := range doc.Fields.Field {
			if !slices.Contains(inventoryColumns, f) {
				return nil, exchange.MalformedXML()
			}
		}
	}
	if _, ok := bucketARN(to.Bucket); !ok {
		return nil, badDestination()
	}
	x.Note("the configuration is kept; this simulator writes no inventory")
	return doc, nil
}

type analyticsDocument struct {
	XMLName  struct{}      `xml:"AnalyticsConfiguration"`
	ID       string        `xml:"Id"`
	Filter   *reportFilter `xml:"Filter"`
	Analysis *struct {
		Export *struct {
			Schema      string `xml:"OutputSchemaVersion"`
			Destination struct {
				Bucket *struct {
					Format  string  `xml:"Format"`
					Account *string `xml:"BucketAccountId"`
					Bucket  string  `xml:"Bucket"`
					Prefix  *string `xml:"Prefix"`
				} `xml:"S3BucketDestination"`
			} `xml:"Destination"`
		} `xml:"DataExport"`
	} `xml:"StorageClassAnalysis"`
}

func readAnalytics(x *exchange.Exchange, id string) (any, *exchange.Fault) {
	var doc analyticsDocument
	if fault := verified(x, &doc); fault != nil {
		return nil, fault
	}
	if doc.ID != id || doc.Analysis == nil || !doc.Filter.one() {
		return nil, exchange.MalformedXML()
	}
	if e := doc.Analysis.Export; e != nil {
		to := e.Destination.Bucket
		if e.Schema != "V_1" || to == nil || to.Format != "CSV" {
			return nil, exchange.MalformedXML()
		}
		if _, ok := bucketARN(to.Bucket); !ok {
			return nil, badDestination()
		}
	}
	x.Note("the configuration is kept; this simulator analyses no storage")
	return doc, nil
}

type metricsDocument struct {
	XMLName struct{}      `xml:"MetricsConfiguration"`
	ID      string        `xml:"Id"`
	Filter  *reportFilter `xml:"Filter"`
}

func readMetrics(x *exchange.Exchange, id string) (any, *exchange.Fault) {
	var doc metricsDocument
	if fault := verified(x, &doc); fault != nil {
		return nil, fault
	}
	if doc.ID != id || !doc.Filter.one() {
		return nil, exchange.MalformedXML()
	}
	x.Note("the configuration is kept; this simulator publishes no metrics")
	return doc, nil
}

type tieringDocument struct {
	XMLName  struct{}      `xml:"IntelligentTieringConfiguration"`
	ID       string        `xml:"Id"`
	Filter   *reportFilter `xml:"Filter"`
	Status   string        `xml:"Status"`
	Tierings []struct {
		Days int    `xml:"Days"`
		Tier string `xml:"AccessTier"`
	} `xml:"Tiering"`
}

// fewestDays say after how long an object may go to a tier. (API reference, Tiering)
var fewestDays = map[string]int{"ARCHIVE_ACCESS": 90, "DEEP_ARCHIVE_ACCESS": 180}

func readTiering(x *exchange.Exchange, id string) (any, *exchange.Fault) {
	var doc tieringDocument
	if fault := verified(x, &doc); fault != nil {
		return nil, fault
	}
	if doc.ID != id || !switchWord(doc.Status, "Disabled") || len(doc.Tierings) == 0 || !doc.Filter.one() {
		return nil, exchange.MalformedXML()
	}
	for _, t := range doc.Tierings {
		if fewest := fewestDays[t.Tier]; fewest == 0 || t.Days < fewest || t.Days > 730 {
			return nil, exchange.MalformedXML()
		}
	}
	x.Note("the configuration is kept; this simulator moves nothing between tiers")
	return doc, nil
}
