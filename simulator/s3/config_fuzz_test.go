package s3

import (
	"bytes"
	"testing"

	"keyhole/simulator/wire"
)

// settled decodes a document, judges nothing, and writes it; what is written must be read again and written the same.
func settled[T any](t *testing.T, root string, text []byte) (*T, bool) {
	t.Helper()
	var doc, again T
	if wire.Decode(bytes.NewReader(text), wire.XMLBytes, wire.XMLDepth, &doc) != nil {
		return nil, false
	}
	kept := wire.Encode(root, doc)
	if refusal := wire.Decode(bytes.NewReader(kept), wire.XMLBytes, wire.XMLDepth, &again); refusal != nil {
		t.Fatalf("what is kept cannot be read: %v\n%s", refusal.Message, kept)
	}
	if twice := wire.Encode(root, again); !bytes.Equal(kept, twice) {
		t.Fatalf("kept twice it differs:\n%s\n%s", kept, twice)
	}
	return &doc, true
}

// FuzzSettings reads every kind of document that a bucket keeps.
func FuzzSettings(f *testing.F) {
	for _, text := range []string{
		`<LifecycleConfiguration><Rule><ID>r</ID><Filter><And><Prefix>a</Prefix><Tag><Key>k</Key><Value>v</Value></Tag></And></Filter><Status>Enabled</Status><Expiration><Days>3</Days></Expiration><Transition><Days>1</Days><StorageClass>GLACIER</StorageClass></Transition></Rule></LifecycleConfiguration>`,
		`<LifecycleConfiguration><Rule><Prefix/><Status>Enabled</Status><Expiration><Date>2026-06-01T00:00:00Z</Date></Expiration></Rule></LifecycleConfiguration>`,
		`<ReplicationConfiguration><Role>arn:aws:iam::111122223333:role/r</Role><Rule><Priority>1</Priority><Status>Enabled</Status><Filter/><DeleteMarkerReplication><Status>Disabled</Status></DeleteMarkerReplication><Destination><Bucket>arn:aws:s3:::b</Bucket></Destination></Rule></ReplicationConfiguration>`,
		`<BucketLoggingStatus><LoggingEnabled><TargetBucket>b</TargetBucket><TargetPrefix/><TargetGrants><Grant><Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="Group"><URI>u</URI></Grantee><Permission>READ</Permission></Grant></TargetGrants></LoggingEnabled></BucketLoggingStatus>`,
		`<WebsiteConfiguration><IndexDocument><Suffix>i</Suffix></IndexDocument><RoutingRules><RoutingRule><Condition/><Redirect/></RoutingRule></RoutingRules></WebsiteConfiguration>`,
		`<NotificationConfiguration><QueueConfiguration><Queue>arn:aws:sqs:us-east-1:1:q</Queue><Event>s3:ObjectCreated:*</Event><Filter><S3Key><FilterRule/></S3Key></Filter></QueueConfiguration></NotificationConfiguration>`,
		`<InventoryConfiguration><Destination/><Id>i</Id></InventoryConfiguration>`,
		`<AnalyticsConfiguration><Id>i</Id><StorageClassAnalysis><DataExport/></StorageClassAnalysis></AnalyticsConfiguration>`,
		`<MetricsConfiguration><Id>i</Id><Filter><And><Tag/></And></Filter></MetricsConfiguration>`,
		`<IntelligentTieringConfiguration><Id>i</Id><Tiering><Days>90</Days><AccessTier>ARCHIVE_ACCESS</AccessTier></Tiering></IntelligentTieringConfiguration>`,
		`<AccelerateConfiguration><Status>Enabled</Status></AccelerateConfiguration>`, `<AbacStatus/>`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if doc, ok := settled[lifecycleDocument](t, "LifecycleConfiguration", text); ok {
			for _, r := range doc.Rules {
				if r.judge() == nil { // what is accepted can be planned with
					r.selects()
					r.words()
				}
			}
		}
		if doc, ok := settled[replicationDocument](t, "ReplicationConfiguration", text); ok {
			for _, r := range doc.Rules {
				_ = r.judge()
			}
		}
		settled[loggingStatus](t, "BucketLoggingStatus", text)
		if doc, ok := settled[websiteDocument](t, "WebsiteConfiguration", text); ok {
			_ = doc.judge()
		}
		if doc, ok := settled[notificationDocument](t, "NotificationConfiguration", text); ok {
			for i := range doc.Queues {
				_ = doc.Queues[i].judge(queues)
			}
		}
		settled[inventoryDocument](t, "InventoryConfiguration", text)
		settled[analyticsDocument](t, "AnalyticsConfiguration", text)
		settled[metricsDocument](t, "MetricsConfiguration", text)
		settled[tieringDocument](t, "IntelligentTieringConfiguration", text)
	})
}
