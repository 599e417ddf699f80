package trail

import (
	"net/netip"
	"regexp"

	"keyhole/simulator/exchange"
	"keyhole/simulator/policy"
	"keyhole/simulator/world"
)

// Principal is who CloudTrail is in the policy of the bucket it delivers to.
const Principal = "cloudtrail.amazonaws.com"

// described is a trail as most answers have it.
type described struct {
	Name                       string
	S3BucketName               string
	S3KeyPrefix                string `json:",omitempty"`
	IncludeGlobalServiceEvents bool
	IsMultiRegionTrail         bool
	HomeRegion                 string `json:",omitempty"`
	TrailARN                   string
	LogFileValidationEnabled   bool
	HasCustomEventSelectors    *bool `json:",omitempty"`
	HasInsightSelectors        *bool `json:",omitempty"`
	IsOrganizationTrail        bool
}

// made is what making and changing a trail answers.
func made(t world.Trail) described {
	return described{Name: t.Name, S3BucketName: t.Bucket, S3KeyPrefix: t.Prefix, IncludeGlobalServiceEvents: t.GlobalEvents,
		IsMultiRegionTrail: t.MultiRegion, TrailARN: ARN(t), LogFileValidationEnabled: t.Validation}
}

func describe(t world.Trail) described {
	d, custom, none := made(t), len(t.Selectors) > 0, false
	d.HomeRegion, d.HasCustomEventSelectors, d.HasInsightSelectors = t.Region, &custom, &none
	return d
}

var namePattern = regexp.MustCompile(`^[A-Za-z0-9](?:[._-]?[A-Za-z0-9])+[._-]?$`)

func validName(name string) *exchange.Fault {
	switch {
	case len(name) < 3 || len(name) > 128:
		return fail("InvalidTrailNameException", "Trail name should have between 3 and 128 characters.", "That cannot be the name of a trail.")
	case !namePattern.MatchString(name):
		return fail("InvalidTrailNameException", "Trail name or ARN can only contain uppercase letters, lowercase letters, numbers, periods (.), hyphens (-), and underscores (_).",
			"That cannot be the name of a trail.")
	}
	if _, err := netip.ParseAddr(name); err == nil {
		return fail("InvalidTrailNameException", "Trail name cannot be an IP address.", "That cannot be the name of a trail.")
	}
	return nil
}

// change gives a trail what a request says of it, and refuses what is not imitated.
func (c *call) change(t *world.Trail) *exchange.Fault {
	in := c.in
	for _, m := range []struct {
		name string
		sent bool
	}{{"SnsTopicName", text(in.SnsTopicName) != ""}, {"CloudWatchLogsLogGroupArn", text(in.CloudWatchLogsLogGroupArn) != ""},
		{"KmsKeyId", text(in.KmsKeyId) != ""}, {"IsOrganizationTrail", is(in.IsOrganizationTrail)}} {
		if m.sent {
			return exchange.Err(501, "NotImplemented", m.name+" of a trail is not imitated by this simulator.").Told("This member is not imitated.")
		}
	}
	for _, f := range []struct {
		sent *bool
		to   *bool
	}{{in.IncludeGlobalServiceEvents, &t.GlobalEvents}, {in.IsMultiRegionTrail, &t.MultiRegion}, {in.EnableLogFileValidation, &t.Validation}} {
		if f.sent != nil {
			*f.to = *f.sent
		}
	}
	if in.S3BucketName != nil {
		t.Bucket = *in.S3BucketName
	}
	if in.S3KeyPrefix != nil {
		t.Prefix = *in.S3KeyPrefix
	}
	if t.MultiRegion && !t.GlobalEvents {
		return fail("InvalidParameterCombinationException", "Multi-Region trail must include global service events.", "A trail of all regions includes global events.")
	}
	b, ok := c.World.Bucket(t.Bucket)
	if !ok {
		return fail("S3BucketDoesNotExistException", "S3 bucket "+t.Bucket+" does not exist!", "There is no such bucket.")
	}
	if why := Refuses(c.World, b, *t); why != "" {
		c.Note("%s", why)
		return fail("InsufficientS3BucketPolicyException", "Incorrect S3 bucket policy is detected for bucket: "+t.Bucket, "The bucket's policy does not let CloudTrail write.")
	}
	return nil
}

// Refuses says why a bucket does not let CloudTrail look at its ACL or write what a trail delivers; "" when it does.
func Refuses(w *world.World, b *world.Bucket, t world.Trail) string {
	layers := policy.Layers{Resource: w.BucketPolicy(b), RCPs: w.RCPs(b.Account)}
	for _, ask := range [][2]string{{"s3:GetBucketAcl", "arn:aws:s3:::" + b.Name}, {"s3:PutObject", "arn:aws:s3:::" + b.Name + "/" + folder(t) + "CloudTrail/"}} {
		var c policy.Context
		c.Set("aws:SourceArn", ARN(t))
		c.Set("aws:SourceAccount", t.Account)
		c.Set("aws:SecureTransport", "true")
		c.Set("aws:PrincipalIsAWSService", "true")
		c.Set("aws:PrincipalServiceName", Principal)
		if ask[0] == "s3:PutObject" {
			c.Set("s3:x-amz-acl", "bucket-owner-full-control")
		}
		d := policy.Evaluate(policy.Request{Principal: policy.Principal{Kind: policy.Service, ARN: Principal},
			Action: ask[0], Resource: ask[1], ResourceAccount: b.Account, Context: c}, layers)
		if d.Verdict != policy.Allowed {
			return "the policy of bucket " + b.Name + " does not allow " + ask[0] + " on " + ask[1] + " to " + Principal
		}
	}
	return ""
}

// folder is what the keys of a trail's files begin with.
func folder(t world.Trail) string {
	prefix := t.Prefix
	if prefix != "" {
		prefix += "/"
	}
	return prefix + "AWSLogs/" + t.Account + "/"
}

func createTrail(c *call) *exchange.Fault {
	if fault := validName(c.in.Name); fault != nil {
		return fault
	}
	t := world.Trail{Account: c.Caller.Account, Name: c.in.Name, Region: c.World.Region(), Created: c.World.Now(), GlobalEvents: true}
	for _, there := range c.World.Trails(t.Account) {
		if there.Name == t.Name {
			return fail("TrailAlreadyExistsException", "Trail "+t.Name+" already exists for customer: "+t.Account, "The account has a trail of this name.")
		}
	}
	if len(c.World.Trails(t.Account)) >= world.MaxTrails {
		return fail("MaximumNumberOfTrailsExceededException", "User: "+t.Account+" already has 5 trails in "+t.Region+".", "An account has at most five trails.")
	}
	if fault := c.change(&t); fault != nil {
		return fault
	}
	tags, fault := tagMap(c.in.TagsList, nil)
	if fault != nil {
		return fault
	}
	t.Tags = tags
	if fault := c.put(t, "made trail %s"); fault != nil {
		return fault
	}
	c.Output(made(t))
	return nil
}

func updateTrail(c *call) *exchange.Fault {
	t, fault := c.find(c.in.Name)
	if fault == nil {
		fault = c.change(&t)
	}
	if fault == nil {
		fault = c.put(t, "changed trail %s")
	}
	if fault == nil {
		c.Output(made(t))
	}
	return fault
}

func deleteTrail(c *call) *exchange.Fault {
	t, fault := c.find(c.in.Name)
	if fault != nil {
		return fault
	}
	if err := c.World.Apply(world.TrailRemoved(t.Account, t.Name)); err != nil {
		return c.Failed(err)
	}
	c.Did("removed trail %s", t.Name)
	c.Output(struct{}{})
	return nil
}

func getTrail(c *call) *exchange.Fault {
	t, fault := c.find(c.in.Name)
	if fault == nil {
		c.Output(map[string]described{"Trail": describe(t)})
	}
	return fault
}

func getTrailStatus(c *call) *exchange.Fault {
	t, fault := c.find(c.in.Name)
	if fault != nil {
		return fault
	}
	c.Output(struct {
		IsLogging        bool
		StartLoggingTime *float64 `json:",omitempty"`
		StopLoggingTime  *float64 `json:",omitempty"`
	}{t.Logging, seconds(t.Started), seconds(t.Stopped)})
	return nil
}

func describeTrails(c *call) *exchange.Fault {
	list := []described{}
	for _, t := range c.World.Trails(c.Caller.Account) {
		wanted := len(c.in.TrailNameList) == 0
		for _, name := range c.in.TrailNameList {
			wanted = wanted || c.arn(name) == ARN(t)
		}
		if wanted {
			list = append(list, describe(t))
		}
	}
	c.Output(map[string]any{"trailList": list})
	return nil
}

func listTrails(c *call) *exchange.Fault {
	type info struct{ TrailARN, Name, HomeRegion string }
	list := []info{}
	for _, t := range c.World.Trails(c.Caller.Account) {
		list = append(list, info{ARN(t), t.Name, t.Region})
	}
	c.Output(map[string]any{"Trails": list})
	return nil
}

func startLogging(c *call) *exchange.Fault { return c.logging(true, "trail %s writes from now on") }
func stopLogging(c *call) *exchange.Fault  { return c.logging(false, "trail %s writes no more") }

func (c *call) logging(on bool, did string) *exchange.Fault {
	t, fault := c.find(c.in.Name)
	if fault != nil {
		return fault
	}
	if t.Logging != on {
		t.Logging = on
		if on {
			t.Started = c.World.Now()
		} else {
			t.Stopped = c.World.Now()
		}
		if fault := c.put(t, did); fault != nil {
			return fault
		}
	}
	c.Output(struct{}{})
	return nil
}
