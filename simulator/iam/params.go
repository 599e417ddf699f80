package iam

import "keyhole/simulator/query"

// The parameters of IAM's operations. (botocore iam 2010-05-08)
var (
	names = query.Like(`[\w+=,.@-]+`)
	text  = query.Like(`[\u0009\u000A\u000D\u0020-\u00FF]+`)

	userName     = query.Param{Name: "UserName", Min: 1, Max: 64, Like: names}
	anyUser      = query.Param{Name: "UserName", Min: 1, Max: 128, Like: names} // of a user that exists
	groupName    = query.Param{Name: "GroupName", Min: 1, Max: 128, Like: names}
	roleName     = query.Param{Name: "RoleName", Min: 1, Max: 64, Like: names}
	policyName   = query.Param{Name: "PolicyName", Min: 1, Max: 128, Like: names}
	arn          = query.Param{Name: "PolicyArn", Min: 20, Max: 2048}
	boundary     = arn.Named("PermissionsBoundary")
	path         = query.Param{Name: "Path", Min: 1, Max: 512}
	policyPath   = query.Param{Name: "Path", Min: 1, Max: 512, Like: query.Like(`((/[A-Za-z0-9\.,\+@=_-]+)*)/`)}
	pathPrefix   = query.Param{Name: "PathPrefix", Min: 1, Max: 512, Like: query.Like(`\u002F[\u0021-\u007F]*`)}
	document     = query.Param{Name: "PolicyDocument", Min: 1, Max: 131072, Like: text}
	trust        = document.Named("AssumeRolePolicyDocument")
	description  = query.Param{Name: "Description", Max: 1000, Like: query.Like(`[\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]*`)}
	maxSession   = query.Param{Name: "MaxSessionDuration", Kind: query.Number, Min: 3600, Max: 43200}
	versionID    = query.Param{Name: "VersionId", Like: query.Like(`v[1-9][0-9]*(\.[A-Za-z0-9-]*)?`)}
	asDefault    = query.Param{Name: "SetAsDefault", Kind: query.Flag}
	keyID        = query.Param{Name: "AccessKeyId", Min: 16, Max: 128, Like: query.Like(`[\w]+`)}
	status       = query.Param{Name: "Status", OneOf: []string{"Active", "Inactive", "Expired"}}
	serial       = query.Param{Name: "SerialNumber", Min: 9, Max: 256, Like: query.Like(`[\w+=/:,.@-]+`)}
	deviceName   = query.Param{Name: "VirtualMFADeviceName", Min: 1, Max: 226, Like: names}
	code         = query.Param{Name: "AuthenticationCode1", Min: 6, Max: 6, Like: query.Like(`[\d]+`)}
	usage        = query.Param{Name: "PolicyUsageFilter", OneOf: []string{"PermissionsPolicy", "PermissionsBoundary"}}
	scope        = query.Param{Name: "Scope", OneOf: []string{"All", "AWS", "Local"}}
	onlyAttached = query.Param{Name: "OnlyAttached", Kind: query.Flag}
	kinds        = []string{"User", "Role", "Group", "LocalManagedPolicy", "AWSManagedPolicy"}

	source    = arn.Named("PolicySourceArn")
	one       = query.Param{Min: 1, Max: 131072, Like: text}
	inputs    = query.Param{Name: "PolicyInputList", Kind: query.List, Of: &one}
	action    = query.Param{Min: 3, Max: 128}
	resource  = query.Param{Min: 1, Max: 2048}
	callerARN = query.Param{Name: "CallerArn", Min: 1, Max: 2048}
	simulated = []query.Param{
		inputs.Named("PermissionsBoundaryPolicyInputList"),
		query.Param{Name: "ActionNames", Kind: query.List, Of: &action}.Needed(),
		{Name: "ResourceArns", Kind: query.List, Of: &resource},
		{Name: "ResourcePolicy", Min: 1, Max: 131072, Like: text},
		callerARN, callerARN.Named("ResourceOwner"),
		{Name: "ResourceHandlingOption", Min: 1, Max: 64}, query.Marker, query.MaxItems,
	}
)

// paged are the parameters of a list.
func paged(params ...query.Param) []query.Param {
	return append(params, query.Marker, query.MaxItems)
}

func takes(params ...query.Param) []query.Param { return params }
