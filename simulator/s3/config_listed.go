package s3

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/wire"
	"keyhole/simulator/world"
)

// A collection is many documents of one kind, each with an id: inventories, analytics, metrics, tiering.
type collection struct {
	name string // before "/ID" in world.Bucket.Config
	root string
	list string // root of the answer that lists them
	what string
	// read decodes and judges the document of a request for an id.
	read func(x *exchange.Exchange, id string) (any, *exchange.Fault)
}

// listedPage is how many of them one answer lists. (API reference)
const listedPage = 100

var (
	inventories = collection{"inventory", "InventoryConfiguration", "ListInventoryConfigurationsResult", "inventory", readInventory}
	analyses    = collection{"analytics", "AnalyticsConfiguration", "ListBucketAnalyticsConfigurationResult", "storage analysis", readAnalytics}
	metrics     = collection{"metrics", "MetricsConfiguration", "ListMetricsConfigurationsResult", "metrics configuration", readMetrics}
	tierings    = collection{"tiering", "IntelligentTieringConfiguration", "ListBucketIntelligentTieringConfigurationsOutput", "intelligent tiering", readTiering}
)

func (l collection) one(x *exchange.Exchange) setting {
	id := x.Query.Get("id")
	return setting{name: l.name + "/" + id, root: l.root, what: l.what + " " + id, none: func(*exchange.Exchange) *exchange.Fault {
		return exchange.Err(404, "NoSuchConfiguration", "The specified configuration does not exist.").Told("There is none of this id.")
	}}
}

func (l collection) get(x *exchange.Exchange) *exchange.Fault { return l.one(x).get(x) }

func (l collection) put(x *exchange.Exchange) *exchange.Fault {
	id := x.Query.Get("id")
	if id == "" || len(id) > 64 {
		return exchange.Err(400, "InvalidConfigurationId", "The specified configuration id is invalid.").Told("An id has 1 to 64 characters.")
	}
	doc, fault := l.read(x, id)
	if fault != nil {
		return fault
	}
	x.Answer.Status = http.StatusNoContent
	return l.one(x).keep(x, doc)
}

func (l collection) remove(x *exchange.Exchange) *exchange.Fault {
	s := l.one(x)
	if x.At.Config[s.name] == nil {
		return s.none(x)
	}
	return s.remove(x)
}

// all lists them by id.
func (l collection) all(x *exchange.Exchange) *exchange.Fault {
	after, fault := tokenOf(x)
	if fault != nil {
		return fault
	}
	page := struct {
		Token     string `xml:"ContinuationToken,omitempty"`
		Truncated bool   `xml:"IsTruncated"`
		Next      string `xml:"NextContinuationToken,omitempty"`
	}{Token: x.Query.Get("continuation-token")}
	n, last := 0, ""
	var inner strings.Builder
	for _, name := range slices.Sorted(maps.Keys(x.At.Config)) {
		id, ours := strings.CutPrefix(name, l.name+"/")
		if !ours || id <= after {
			continue
		}
		if n == listedPage {
			page.Truncated, page.Next = true, token(last)
			break
		}
		_, element, _ := strings.Cut(string(x.At.Config[name]), "\n")
		inner.WriteString(element)
		n, last = n+1, id
	}
	// The documents go in as they are kept.
	head := wire.Encode(l.list, page)
	end := "</" + l.list + ">"
	x.Answer.Body, x.Answer.XML = []byte(strings.TrimSuffix(string(head), end)+inner.String()+end), true
	return nil
}

// bucketARN says whether a text is the ARN of a bucket.
func bucketARN(arn string) (name string, ok bool) {
	name, ok = strings.CutPrefix(arn, "arn:aws:s3:::")
	return name, ok && world.ValidBucketName(name) == nil
}

func badDestination() *exchange.Fault {
	return exchange.Err(400, "InvalidS3DestinationBucket", "Invalid bucket ARN.").Told("The destination is named by its ARN.")
}
