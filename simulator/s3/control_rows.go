package s3

import "keyhole/simulator/exchange"

// controlPath is what every path of S3 Control begins with.
const controlPath = "/v20180820/"

// controlOperations are the rows of S3 Control, which name an account by a header and no bucket: those that are imitated
// and then those that are only known.
var controlOperations = func() []exchange.Operation {
	rows := []exchange.Operation{
		{Name: "GetPublicAccessBlock", Method: "GET", Path: accountBlock, Needs: on(exchange.TheAccount, "s3:GetAccountPublicAccessBlock"), Handle: getAccountBlock},
		{Name: "PutPublicAccessBlock", Method: "PUT", Path: accountBlock, Payload: exchange.Document, Needs: on(exchange.TheAccount, "s3:PutAccountPublicAccessBlock"), Handle: putAccountBlock},
		{Name: "DeletePublicAccessBlock", Method: "DELETE", Path: accountBlock, Needs: on(exchange.TheAccount, "s3:PutAccountPublicAccessBlock"), Handle: deleteAccountBlock},
		{Name: "ListAccessPoints", Method: "GET", Path: controlPath + "accesspoint", Needs: on(exchange.TheAccount, "s3:ListAccessPoints"), Handle: listAccessPoints},
		{Name: "CreateAccessPoint", Method: "PUT", Path: controlPath + "accesspoint/{name}", Payload: exchange.Document, Needs: onPoint("s3:CreateAccessPoint"), Handle: createAccessPoint},
		{Name: "GetAccessPoint", Method: "GET", Path: controlPath + "accesspoint/{name}", Needs: onPoint("s3:GetAccessPoint"), Handle: getAccessPoint},
		{Name: "DeleteAccessPoint", Method: "DELETE", Path: controlPath + "accesspoint/{name}", Needs: onPoint("s3:DeleteAccessPoint"), Handle: deleteAccessPoint},
		{Name: "PutAccessPointPolicy", Method: "PUT", Path: controlPath + "accesspoint/{name}/policy", Payload: exchange.Document, Needs: onPoint("s3:PutAccessPointPolicy"), Handle: putAccessPointPolicy},
		{Name: "GetAccessPointPolicy", Method: "GET", Path: controlPath + "accesspoint/{name}/policy", Needs: onPoint("s3:GetAccessPointPolicy"), Handle: getAccessPointPolicy},
		{Name: "DeleteAccessPointPolicy", Method: "DELETE", Path: controlPath + "accesspoint/{name}/policy", Needs: onPoint("s3:DeleteAccessPointPolicy"), Handle: deleteAccessPointPolicy},
		{Name: "GetAccessPointPolicyStatus", Method: "GET", Path: controlPath + "accesspoint/{name}/policyStatus", Needs: onPoint("s3:GetAccessPointPolicyStatus"), Handle: getAccessPointPolicyStatus},
		{Name: "TagResource", Method: "POST", Path: controlPath + "tags/{resourceArn+}", Payload: exchange.Document, Needs: onTagged("s3:TagResource"), Handle: tagResource},
		{Name: "UntagResource", Method: "DELETE", Path: controlPath + "tags/{resourceArn+}", Needs: onTagged("s3:UntagResource"), Handle: untagResource},
		{Name: "ListTagsForResource", Method: "GET", Path: controlPath + "tags/{resourceArn+}", Needs: onTagged("s3:ListTagsForResource"), Handle: listTagsForResource},
	}
	for _, k := range controlKnown {
		rows = append(rows, exchange.Operation{Name: k.name, Method: k.method, Path: controlPath + k.path, Needs: on(exchange.Everything, k.action)})
	}
	for i := range rows {
		rows[i].Service = "s3control"
	}
	return rows
}()

// ControlOperations are all 97 operations of S3 Control in 2026; those with a nil Handle are not imitated. Do not change them.
func ControlOperations() []exchange.Operation { return controlOperations }

func onPoint(action string) []exchange.Need {
	return []exchange.Need{{Action: action, Resource: pointARN}}
}

func onTagged(action string) []exchange.Need {
	return []exchange.Need{{Action: action, Resource: func(x *exchange.Exchange) string { return x.Named["resourceArn"] }}}
}

// controlKnown are the operations that are not imitated: access grants, batch jobs, Storage Lens, Multi-Region and Object
// Lambda access points, and the buckets of Outposts. (botocore, service model s3control)
var controlKnown = []struct{ name, method, path, action string }{
	{"CreateAccessGrantsInstance", "POST", "accessgrantsinstance", "s3:CreateAccessGrantsInstance"},
	{"DeleteAccessGrantsInstance", "DELETE", "accessgrantsinstance", "s3:DeleteAccessGrantsInstance"},
	{"GetAccessGrantsInstance", "GET", "accessgrantsinstance", "s3:GetAccessGrantsInstance"},
	{"ListCallerAccessGrants", "GET", "accessgrantsinstance/caller/grants", "s3:ListCallerAccessGrants"},
	{"GetDataAccess", "GET", "accessgrantsinstance/dataaccess", "s3:GetDataAccess"},
	{"CreateAccessGrant", "POST", "accessgrantsinstance/grant", "s3:CreateAccessGrant"},
	{"DeleteAccessGrant", "DELETE", "accessgrantsinstance/grant/{id}", "s3:DeleteAccessGrant"},
	{"GetAccessGrant", "GET", "accessgrantsinstance/grant/{id}", "s3:GetAccessGrant"},
	{"ListAccessGrants", "GET", "accessgrantsinstance/grants", "s3:ListAccessGrants"},
	{"AssociateAccessGrantsIdentityCenter", "POST", "accessgrantsinstance/identitycenter", "s3:AssociateAccessGrantsIdentityCenter"},
	{"DissociateAccessGrantsIdentityCenter", "DELETE", "accessgrantsinstance/identitycenter", "s3:DissociateAccessGrantsIdentityCenter"},
	{"CreateAccessGrantsLocation", "POST", "accessgrantsinstance/location", "s3:CreateAccessGrantsLocation"},
	{"DeleteAccessGrantsLocation", "DELETE", "accessgrantsinstance/location/{id}", "s3:DeleteAccessGrantsLocation"},
	{"GetAccessGrantsLocation", "GET", "accessgrantsinstance/location/{id}", "s3:GetAccessGrantsLocation"},
	{"UpdateAccessGrantsLocation", "PUT", "accessgrantsinstance/location/{id}", "s3:UpdateAccessGrantsLocation"},
	{"ListAccessGrantsLocations", "GET", "accessgrantsinstance/locations", "s3:ListAccessGrantsLocations"},
	{"GetAccessGrantsInstanceForPrefix", "GET", "accessgrantsinstance/prefix", "s3:GetAccessGrantsInstanceForPrefix"},
	{"DeleteAccessGrantsInstanceResourcePolicy", "DELETE", "accessgrantsinstance/resourcepolicy", "s3:DeleteAccessGrantsInstanceResourcePolicy"},
	{"GetAccessGrantsInstanceResourcePolicy", "GET", "accessgrantsinstance/resourcepolicy", "s3:GetAccessGrantsInstanceResourcePolicy"},
	{"PutAccessGrantsInstanceResourcePolicy", "PUT", "accessgrantsinstance/resourcepolicy", "s3:PutAccessGrantsInstanceResourcePolicy"},
	{"ListAccessGrantsInstances", "GET", "accessgrantsinstances", "s3:ListAccessGrantsInstances"},
	{"DeleteAccessPointScope", "DELETE", "accesspoint/{name}/scope", "s3express:DeleteAccessPointScope"},
	{"GetAccessPointScope", "GET", "accesspoint/{name}/scope", "s3express:GetAccessPointScope"},
	{"PutAccessPointScope", "PUT", "accesspoint/{name}/scope", "s3express:PutAccessPointScope"},
	{"ListAccessPointsForDirectoryBuckets", "GET", "accesspointfordirectory", "s3express:ListAccessPointsForDirectoryBuckets"},
	{"ListAccessPointsForObjectLambda", "GET", "accesspointforobjectlambda", "s3:ListAccessPointsForObjectLambda"},
	{"CreateAccessPointForObjectLambda", "PUT", "accesspointforobjectlambda/{name}", "s3:CreateAccessPointForObjectLambda"},
	{"DeleteAccessPointForObjectLambda", "DELETE", "accesspointforobjectlambda/{name}", "s3:DeleteAccessPointForObjectLambda"},
	{"GetAccessPointForObjectLambda", "GET", "accesspointforobjectlambda/{name}", "s3:GetAccessPointForObjectLambda"},
	{"GetAccessPointConfigurationForObjectLambda", "GET", "accesspointforobjectlambda/{name}/configuration", "s3:GetAccessPointConfigurationForObjectLambda"},
	{"PutAccessPointConfigurationForObjectLambda", "PUT", "accesspointforobjectlambda/{name}/configuration", "s3:PutAccessPointConfigurationForObjectLambda"},
	{"DeleteAccessPointPolicyForObjectLambda", "DELETE", "accesspointforobjectlambda/{name}/policy", "s3:DeleteAccessPointPolicyForObjectLambda"},
	{"GetAccessPointPolicyForObjectLambda", "GET", "accesspointforobjectlambda/{name}/policy", "s3:GetAccessPointPolicyForObjectLambda"},
	{"PutAccessPointPolicyForObjectLambda", "PUT", "accesspointforobjectlambda/{name}/policy", "s3:PutAccessPointPolicyForObjectLambda"},
	{"GetAccessPointPolicyStatusForObjectLambda", "GET", "accesspointforobjectlambda/{name}/policyStatus", "s3:GetAccessPointPolicyStatusForObjectLambda"},
	{"CreateMultiRegionAccessPoint", "POST", "async-requests/mrap/create", "s3:CreateMultiRegionAccessPoint"},
	{"DeleteMultiRegionAccessPoint", "POST", "async-requests/mrap/delete", "s3:DeleteMultiRegionAccessPoint"},
	{"PutMultiRegionAccessPointPolicy", "POST", "async-requests/mrap/put-policy", "s3:PutMultiRegionAccessPointPolicy"},
	{"DescribeMultiRegionAccessPointOperation", "GET", "async-requests/mrap/{request_token+}", "s3:DescribeMultiRegionAccessPointOperation"},
	{"ListRegionalBuckets", "GET", "bucket", "s3-outposts:ListRegionalBuckets"},
	{"CreateBucket", "PUT", "bucket/{name}", "s3-outposts:CreateBucket"},
	{"DeleteBucket", "DELETE", "bucket/{name}", "s3-outposts:DeleteBucket"},
	{"GetBucket", "GET", "bucket/{name}", "s3-outposts:GetBucket"},
	{"DeleteBucketLifecycleConfiguration", "DELETE", "bucket/{name}/lifecycleconfiguration", "s3-outposts:PutLifecycleConfiguration"},
	{"GetBucketLifecycleConfiguration", "GET", "bucket/{name}/lifecycleconfiguration", "s3-outposts:GetLifecycleConfiguration"},
	{"PutBucketLifecycleConfiguration", "PUT", "bucket/{name}/lifecycleconfiguration", "s3-outposts:PutLifecycleConfiguration"},
	{"DeleteBucketPolicy", "DELETE", "bucket/{name}/policy", "s3-outposts:DeleteBucketPolicy"},
	{"GetBucketPolicy", "GET", "bucket/{name}/policy", "s3-outposts:GetBucketPolicy"},
	{"PutBucketPolicy", "PUT", "bucket/{name}/policy", "s3-outposts:PutBucketPolicy"},
	{"DeleteBucketReplication", "DELETE", "bucket/{name}/replication", "s3-outposts:PutReplicationConfiguration"},
	{"GetBucketReplication", "GET", "bucket/{name}/replication", "s3-outposts:GetReplicationConfiguration"},
	{"PutBucketReplication", "PUT", "bucket/{name}/replication", "s3-outposts:PutReplicationConfiguration"},
	{"DeleteBucketTagging", "DELETE", "bucket/{name}/tagging", "s3-outposts:PutBucketTagging"},
	{"GetBucketTagging", "GET", "bucket/{name}/tagging", "s3-outposts:GetBucketTagging"},
	{"PutBucketTagging", "PUT", "bucket/{name}/tagging", "s3-outposts:PutBucketTagging"},
	{"GetBucketVersioning", "GET", "bucket/{name}/versioning", "s3-outposts:GetBucketVersioning"},
	{"PutBucketVersioning", "PUT", "bucket/{name}/versioning", "s3-outposts:PutBucketVersioning"},
	{"CreateJob", "POST", "jobs", "s3:CreateJob"},
	{"ListJobs", "GET", "jobs", "s3:ListJobs"},
	{"DescribeJob", "GET", "jobs/{id}", "s3:DescribeJob"},
	{"UpdateJobPriority", "POST", "jobs/{id}/priority", "s3:UpdateJobPriority"},
	{"UpdateJobStatus", "POST", "jobs/{id}/status", "s3:UpdateJobStatus"},
	{"DeleteJobTagging", "DELETE", "jobs/{id}/tagging", "s3:DeleteJobTagging"},
	{"GetJobTagging", "GET", "jobs/{id}/tagging", "s3:GetJobTagging"},
	{"PutJobTagging", "PUT", "jobs/{id}/tagging", "s3:PutJobTagging"},
	{"ListMultiRegionAccessPoints", "GET", "mrap/instances", "s3:ListMultiRegionAccessPoints"},
	{"GetMultiRegionAccessPointRoutes", "GET", "mrap/instances/{mrap+}/routes", "s3:GetMultiRegionAccessPointRoutes"},
	{"SubmitMultiRegionAccessPointRoutes", "PATCH", "mrap/instances/{mrap+}/routes", "s3:SubmitMultiRegionAccessPointRoutes"},
	{"GetMultiRegionAccessPoint", "GET", "mrap/instances/{name+}", "s3:GetMultiRegionAccessPoint"},
	{"GetMultiRegionAccessPointPolicy", "GET", "mrap/instances/{name+}/policy", "s3:GetMultiRegionAccessPointPolicy"},
	{"GetMultiRegionAccessPointPolicyStatus", "GET", "mrap/instances/{name+}/policystatus", "s3:GetMultiRegionAccessPointPolicyStatus"},
	{"ListStorageLensConfigurations", "GET", "storagelens", "s3:ListStorageLensConfigurations"},
	{"DeleteStorageLensConfiguration", "DELETE", "storagelens/{storagelensid}", "s3:DeleteStorageLensConfiguration"},
	{"GetStorageLensConfiguration", "GET", "storagelens/{storagelensid}", "s3:GetStorageLensConfiguration"},
	{"PutStorageLensConfiguration", "PUT", "storagelens/{storagelensid}", "s3:PutStorageLensConfiguration"},
	{"DeleteStorageLensConfigurationTagging", "DELETE", "storagelens/{storagelensid}/tagging", "s3:DeleteStorageLensConfigurationTagging"},
	{"GetStorageLensConfigurationTagging", "GET", "storagelens/{storagelensid}/tagging", "s3:GetStorageLensConfigurationTagging"},
	{"PutStorageLensConfigurationTagging", "PUT", "storagelens/{storagelensid}/tagging", "s3:PutStorageLensConfigurationTagging"},
	{"CreateStorageLensGroup", "POST", "storagelensgroup", "s3:CreateStorageLensGroup"},
	{"ListStorageLensGroups", "GET", "storagelensgroup", "s3:ListStorageLensGroups"},
	{"DeleteStorageLensGroup", "DELETE", "storagelensgroup/{name}", "s3:DeleteStorageLensGroup"},
	{"GetStorageLensGroup", "GET", "storagelensgroup/{name}", "s3:GetStorageLensGroup"},
	{"UpdateStorageLensGroup", "PUT", "storagelensgroup/{name}", "s3:UpdateStorageLensGroup"},
}
