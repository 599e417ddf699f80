package call

import (
	"crypto/sha256"
	"fmt"
	"net/url"
	"reflect"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// service is one client of the SDK.
type service struct {
	name string // of the SDK's package and of the CLI's command
	rows []row
	open func(options map[string]any) any // makes a client from options by name

	// target begins X-Amz-Target, which names the operation of a JSON protocol; "" means that answers are XML.
	target string
	times  string // the form of times in XML
}

// The form of times on the wire, which the CLI prints as they come: S3's XML, and that of the query protocol.
const (
	xmlTime   = "2006-01-02T15:04:05.000Z"
	queryTime = "2006-01-02T15:04:05Z"
)

var services = []service{
	{name: "s3", rows: s3Rows, open: opener(s3.New), times: xmlTime},
	{name: "kms", rows: kmsRows, open: opener(kms.New), target: "TrentService."},
	{name: "iam", rows: iamRows, open: opener(iam.New), times: queryTime},
	{name: "sts", rows: stsRows, open: opener(sts.New), times: queryTime},
	{name: "s3control", rows: s3controlRows, open: opener(s3control.New), times: xmlTime},
	{name: "cloudtrail", rows: cloudtrailRows, open: opener(cloudtrail.New),
		target: "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101."},
}

func serviceNamed(name string) service {
	for _, s := range services {
		if s.name == name {
			return s
		}
	}
	return service{}
}

// opener sets the options that a client has; the clients' option types share names but no type.
func opener[C, O any](create func(O, ...func(*O)) *C) func(map[string]any) any {
	return func(options map[string]any) any {
		var o O
		v := reflect.ValueOf(&o).Elem()
		for name, value := range options {
			if f := v.FieldByName(name); f.IsValid() && f.CanSet() {
				f.Set(reflect.ValueOf(value))
			}
		}
		return create(o)
	}
}

// options are those of every client for one call.
func (c *Client) options(s service, wire *recorder, params map[string]any) map[string]any {
	region := c.Region
	if region == "" {
		region = "us-east-1"
	}
	bucket, _ := params["Bucket"].(string)
	named := strings.HasPrefix(bucket, "arn:") // an access point has a host of its own
	o := map[string]any{
		"Region":                     region,
		"HTTPClient":                 wire,
		"Retryer":                    aws.NopRetryer{},
		"RequestChecksumCalculation": aws.RequestChecksumCalculationWhenSupported,
		"ResponseChecksumValidation": aws.ResponseChecksumValidationWhenSupported,
		"DisableClockSkewCorrection": true,
		"IdempotencyTokenProvider":   token{c, params},

		"UsePathStyle":                              !c.VirtualHost && !named,
		"UseARNRegion":                              true,
		"DisableS3ExpressSessionAuth":               aws.Bool(true),
		"DisableLogOutputChecksumValidationSkipped": true,
	}
	if base, plain := c.endpoint(s.name != "s3" || named, region); base != "" {
		o["BaseEndpoint"] = aws.String(base)
	} else if plain {
		wire.scheme = "http"
	}
	h := habits{target: s.target, xml: s.name == "s3" || s.name == "s3control", edit: c.Edit}
	_, h.typed = params["ContentType"]
	_, h.summed = params["ChecksumCRC32"]
	if c.Credentials.AccessKey == "" {
		o["Credentials"] = aws.AnonymousCredentials{}
		wire.before = h.apply
	} else {
		o["Credentials"] = c.Credentials
		o["HTTPSignerV4"] = newSigner(c.Now, h.apply)
	}
	return o
}

// endpoint is where a service is called; own says that it has a host of its own, beside that of S3. AWS's own address of S3
// in some region stands for AWS's own addresses of all services in the client's region. For S3 that is spelled out; the others
// the SDK knows: then base is "" and plain says that the scheme is http.
func (c *Client) endpoint(own bool, region string) (base string, plain bool) {
	u, err := url.Parse(c.Endpoint)
	if err != nil {
		return c.Endpoint, false
	}
	if amazon := awsHost.MatchString(u.Host); amazon && own || c.Endpoint == "" {
		return "", u.Scheme == "http"
	} else if amazon {
		return u.Scheme + "://s3." + region + ".amazonaws.com", false
	}
	return c.Endpoint, false
}

// awsHost is AWS's address of S3 in a region.
var awsHost = regexp.MustCompile(`^s3\.[a-z]{2}(-[a-z]+)+-[0-9]\.amazonaws\.com$`)

// token gives the idempotency token that the SDK adds to a call which has none: from the time and the parameters, so that
// equal sessions send equal requests, unless the client has its own source.
type token struct {
	client *Client
	params map[string]any
}

// GetIdempotencyToken is called by the SDK.
func (t token) GetIdempotencyToken() (string, error) {
	if t.client.Token != nil {
		return t.client.Token(), nil
	}
	sum := sha256.Sum256(fmt.Append(nil, t.client.Now().UnixNano(), t.params))
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16]), nil
}
