package review

import "strings"

// apiNames are names of API operations that are often taken for actions, with the action they need.
var apiNames = map[string]string{
	"s3:listobjects": "s3:ListBucket", "s3:listobjectsv2": "s3:ListBucket", "s3:headbucket": "s3:ListBucket", "s3:listobjectversions": "s3:ListBucketVersions",
	"s3:listbuckets": "s3:ListAllMyBuckets", "s3:headobject": "s3:GetObject", "s3:selectobjectcontent": "s3:GetObject",
	"s3:copyobject": "s3:PutObject", "s3:createmultipartupload": "s3:PutObject", "s3:uploadpart": "s3:PutObject",
	"s3:uploadpartcopy": "s3:PutObject", "s3:completemultipartupload": "s3:PutObject", "s3:deleteobjects": "s3:DeleteObject",
	"s3:listmultipartuploads": "s3:ListBucketMultipartUploads", "s3:listparts": "s3:ListMultipartUploadParts",
	"s3:getbucketencryption": "s3:GetEncryptionConfiguration", "s3:putbucketencryption": "s3:PutEncryptionConfiguration",
	"s3:deletebucketencryption": "s3:PutEncryptionConfiguration", "s3:getpublicaccessblock": "s3:GetBucketPublicAccessBlock",
	"s3:putpublicaccessblock": "s3:PutBucketPublicAccessBlock", "s3:deletepublicaccessblock": "s3:PutBucketPublicAccessBlock",
	"s3:getobjectlockconfiguration": "s3:GetBucketObjectLockConfiguration", "s3:putobjectlockconfiguration": "s3:PutBucketObjectLockConfiguration",
	"s3:getbucketlifecycleconfiguration": "s3:GetLifecycleConfiguration", "s3:putbucketlifecycleconfiguration": "s3:PutLifecycleConfiguration",
	"s3:deletebucketlifecycle": "s3:PutLifecycleConfiguration", "s3:getbucketreplication": "s3:GetReplicationConfiguration",
	"s3:putbucketreplication": "s3:PutReplicationConfiguration", "s3:deletebucketcors": "s3:PutBucketCORS", "s3:deletebuckettagging": "s3:PutBucketTagging",
	"s3:deletebucketownershipcontrols": "s3:PutBucketOwnershipControls", "kms:reencrypt": "kms:ReEncrypt*",
}

// meant is the action an unknown name most likely means; "" when none is near, or two are.
func meant(name string) string {
	lower := strings.ToLower(name)
	if a, ok := apiNames[lower]; ok {
		return a
	}
	service, short, _ := strings.Cut(lower, ":")
	best, distance, ties := "", nearest(short)+1, 0
	for _, a := range Actions(service) {
		_, other, _ := strings.Cut(strings.ToLower(a.Name), ":")
		switch n := edits(short, other, distance); {
		case n < distance:
			best, distance, ties = a.Name, n, 0
		case n == distance:
			ties++
		}
	}
	if ties > 0 {
		return ""
	}
	return best
}

// nearest is how many letters a typo of a name may change.
func nearest(name string) int { return min(3, len(name)/4) }

// edits is how many letters to add, drop or change to come from a to b; limit or more is only told as limit+1.
func edits(a, b string, limit int) int {
	if len(a)-len(b) > limit || len(b)-len(a) > limit {
		return limit + 1
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

func suggestion(name string) string {
	if a := meant(name); a != "" {
		return "Did you mean " + a + "?"
	}
	return "Look its name up: API operations and actions differ."
}
