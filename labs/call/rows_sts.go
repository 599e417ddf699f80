package call

import "github.com/aws/aws-sdk-go-v2/service/sts"

var stsRows = []row{
	of((*sts.Client).AssumeRole),
	of((*sts.Client).AssumeRoleWithSAML),
	of((*sts.Client).AssumeRoleWithWebIdentity),
	of((*sts.Client).AssumeRoot),
	of((*sts.Client).DecodeAuthorizationMessage),
	of((*sts.Client).GetAccessKeyInfo),
	of((*sts.Client).GetCallerIdentity),
	of((*sts.Client).GetDelegatedAccessToken),
	of((*sts.Client).GetFederationToken),
	of((*sts.Client).GetSessionToken),
	of((*sts.Client).GetWebIdentityToken),
}
