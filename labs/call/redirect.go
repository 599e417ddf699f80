package call

import (
	"encoding/xml"
	"net/http"
	"slices"
	"strings"
)

// elsewhere is the region that an answer of S3 sends the request on to; "" when it is answered where it was asked. Unlike
// botocore this asks nobody where the bucket is: the answers that send on say so.
func (c *Client) elsewhere(r row, params map[string]any, o Output) string {
	bucket, _ := params["Bucket"].(string)
	if !c.Follow || r.service != "s3" || o.Fault == nil || bucket == "" || strings.HasPrefix(bucket, "arn:") {
		return ""
	}
	redirects := []int{http.StatusMovedPermanently, http.StatusFound, http.StatusTemporaryRedirect}
	switch {
	case slices.Contains(redirects, o.Status), o.Fault.Code == "PermanentRedirect", o.Fault.Code == "AuthorizationHeaderMalformed":
	case o.Fault.Code == "400" && (r.name == "HeadObject" || r.name == "HeadBucket"): // a wrong region, without a body to say so
	case o.Fault.Code == "IllegalLocationConstraintException" && r.name != "CreateBucket":
	default:
		return ""
	}
	region := o.Header.Get("X-Amz-Bucket-Region")
	if region == "" {
		var e struct{ Region string }
		if xml.Unmarshal(o.Body, &e) == nil {
			region = e.Region
		}
	}
	if region == c.Region {
		return ""
	}
	return region
}
