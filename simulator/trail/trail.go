// Package trail is AWS CloudTrail: what is written down of every call, who may look it up, and which trails deliver it to a bucket.
package trail

import (
	"regexp"
	"strings"
	"time"

	"keyhole/simulator/exchange"
	"keyhole/simulator/world"
)

// params are the members of CloudTrail's requests.
type params struct {
	Name                       string   `aws:"max=200"`
	TrailName                  string   `aws:"max=200"`
	TrailNameList              []string `aws:"max=50"`
	IncludeShadowTrails        *bool
	S3BucketName               *string
	S3KeyPrefix                *string `aws:"max=200"`
	SnsTopicName               *string
	IncludeGlobalServiceEvents *bool
	IsMultiRegionTrail         *bool
	EnableLogFileValidation    *bool
	CloudWatchLogsLogGroupArn  *string
	KmsKeyId                   *string
	IsOrganizationTrail        *bool
	TagsList                   []tag `aws:"max=200"`

	EventSelectors         []classic  `aws:"max=5"`
	AdvancedEventSelectors []advanced `aws:"max=500"`

	LookupAttributes []attribute
	StartTime        *int
	EndTime          *int
	EventCategory    string `aws:"enum=insight"`
	MaxResults       *int   `aws:"min=1,max=50"`
	NextToken        string

	ResourceId     string `aws:"max=256"`
	ResourceIdList []string
}

// call is one request for CloudTrail.
type call struct {
	*exchange.Exchange
	in params
}

// row is one operation. on names the trail it is about; nil: none.
type row struct {
	name  string
	takes string // the members it reads, those that have to be there with "!"
	on    func(*call) string
	do    func(*call) *exchange.Fault
}

var rows = []row{
	{"CreateTrail", "Name! S3BucketName! S3KeyPrefix SnsTopicName IncludeGlobalServiceEvents IsMultiRegionTrail EnableLogFileValidation CloudWatchLogsLogGroupArn KmsKeyId IsOrganizationTrail TagsList", byName, createTrail},
	{"UpdateTrail", "Name! S3BucketName S3KeyPrefix SnsTopicName IncludeGlobalServiceEvents IsMultiRegionTrail EnableLogFileValidation CloudWatchLogsLogGroupArn KmsKeyId IsOrganizationTrail", byName, updateTrail},
	{"DeleteTrail", "Name!", byName, deleteTrail},
	{"GetTrail", "Name!", byName, getTrail},
	{"GetTrailStatus", "Name!", byName, getTrailStatus},
	{"DescribeTrails", "TrailNameList IncludeShadowTrails", nil, describeTrails},
	{"ListTrails", "NextToken", nil, listTrails},
	{"StartLogging", "Name!", byName, startLogging},
	{"StopLogging", "Name!", byName, stopLogging},
	{"PutEventSelectors", "TrailName! EventSelectors AdvancedEventSelectors", byTrailName, putSelectors},
	{"GetEventSelectors", "TrailName!", byTrailName, getSelectors},
	{"LookupEvents", "LookupAttributes StartTime EndTime EventCategory MaxResults NextToken", nil, lookup},
	{"AddTags", "ResourceId! TagsList!", byResource, addTags},
	{"RemoveTags", "ResourceId! TagsList!", byResource, removeTags},
	{"ListTags", "ResourceIdList! NextToken", nil, listTags},
}

// notImitated are the operations of CloudTrail Lake, of Insights, of channels, of organizations and of public keys.
var notImitated = strings.Fields(`CancelQuery CreateChannel CreateDashboard CreateEventDataStore DeleteChannel DeleteDashboard
	DeleteEventDataStore DeleteResourcePolicy DeregisterOrganizationDelegatedAdmin DescribeQuery DisableFederation EnableFederation
	GenerateQuery GetChannel GetDashboard GetEventConfiguration GetEventDataStore GetImport GetInsightSelectors GetQueryResults
	GetResourcePolicy ListChannels ListDashboards ListEventDataStores ListImportFailures ListImports ListInsightsData
	ListInsightsMetricData ListPublicKeys ListQueries PutEventConfiguration PutInsightSelectors PutResourcePolicy
	RegisterOrganizationDelegatedAdmin RestoreEventDataStore SearchSampleQueries StartDashboardRefresh StartEventDataStoreIngestion
	StartImport StartQuery StopEventDataStoreIngestion StopImport UpdateChannel UpdateDashboard UpdateEventDataStore`)

// operations are the rows of CloudTrail, made once.
var operations = func() []exchange.Operation {
	var out []exchange.Operation
	for _, r := range rows {
		out = append(out, r.operation())
	}
	for _, name := range notImitated {
		out = append(out, exchange.Operation{Service: "cloudtrail", Name: name, Method: "POST", Needs: []exchange.Need{{Action: "cloudtrail:" + name}}})
	}
	return out
}()

// Operations are all 60 operations of CloudTrail in 2026; those with a nil Handle are not imitated. Do not change them.
func Operations() []exchange.Operation { return operations }

func (r row) operation() exchange.Operation {
	need := exchange.Need{Action: "cloudtrail:" + r.name}
	if r.on != nil {
		need.Resource = func(x *exchange.Exchange) string {
			c := *x.Found.(*call)
			c.Exchange = x
			return c.arn(r.on(&c))
		}
	}
	return exchange.Operation{
		Service: "cloudtrail", Name: r.name, Method: "POST", Needs: []exchange.Need{need},
		Inspect: func(x *exchange.Exchange) *exchange.Fault {
			c := &call{Exchange: x}
			if fault := x.Input(&c.in, strings.Fields(r.takes)...); fault != nil {
				return fault
			}
			x.Found = c
			return nil
		},
		Handle: func(x *exchange.Exchange) *exchange.Fault {
			c := *x.Found.(*call)
			c.Exchange = x
			return r.do(&c)
		},
	}
}

func byName(c *call) string      { return c.in.Name }
func byTrailName(c *call) string { return c.in.TrailName }
func byResource(c *call) string  { return c.in.ResourceId }

// arn is the ARN of a trail that a request names by it or by its name.
func (c *call) arn(name string) string {
	if strings.HasPrefix(name, "arn:") {
		return name
	}
	return ARN(world.Trail{Account: c.Caller.Account, Region: c.World.Region(), Name: name})
}

// ARN names a trail.
func ARN(t world.Trail) string {
	return "arn:aws:cloudtrail:" + t.Region + ":" + t.Account + ":trail/" + t.Name
}

// find is the trail of the caller's account that a request names.
func (c *call) find(name string) (world.Trail, *exchange.Fault) {
	arn := c.arn(name)
	for _, t := range c.World.Trails(c.Caller.Account) {
		if ARN(t) == arn {
			return t, nil
		}
	}
	if strings.HasPrefix(name, "arn:") && !arnPattern.MatchString(name) {
		return world.Trail{}, fail("CloudTrailARNInvalidException", "Trail ARN is not valid: "+name, "That is not the ARN of a trail.")
	}
	return world.Trail{}, fail("TrailNotFoundException", "Unknown trail: "+arn+" for the user: "+c.Caller.Account, "The account has no such trail.")
}

var arnPattern = regexp.MustCompile(`^arn:aws:cloudtrail:[a-z0-9-]+:[0-9]{12}:trail/[A-Za-z0-9._-]+$`)

func fail(code, message, say string) *exchange.Fault {
	return exchange.Err(400, code, message).Told(say)
}

// put keeps a trail.
func (c *call) put(t world.Trail, did string) *exchange.Fault {
	if err := c.World.Apply(world.TrailPut(t)); err != nil {
		return c.Failed(err)
	}
	c.Did(did, t.Name)
	return nil
}

// seconds is a moment as the JSON protocol writes it; nil for none.
func seconds(t time.Time) *float64 {
	if t.IsZero() {
		return nil
	}
	s := float64(t.UnixMilli()) / 1000
	return &s
}

func is(b *bool) bool { return b != nil && *b }

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
