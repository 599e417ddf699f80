package review

import "strings"

// wording is how a condition key is spoken of: a subject, and verbs where "is" and "is not" would be odd.
type wording struct{ subject, is, isNot string }

// wordings by lower-case key. One that ends in a slash is for all keys that begin so; the rest of the key is a name.
var wordings = map[string]wording{
	"s3:x-amz-server-side-encryption":                    {"the request", "says", "does not say"},
	"s3:x-amz-server-side-encryption-aws-kms-key-id":     {"the request", "names the key", "does not name the key"},
	"s3:x-amz-server-side-encryption-customer-algorithm": {"the request", "brings its own key for", "does not bring its own key for"},
	"s3:x-amz-acl":                            {"the request", "sets the ACL", "does not set the ACL"},
	"s3:x-amz-storage-class":                  {"the request", "asks for the storage class", "does not ask for the storage class"},
	"s3:x-amz-copy-source":                    {"the request", "copies from", "does not copy from"},
	"s3:prefix":                               {"the request", "lists the prefix", "does not list the prefix"},
	"s3:delimiter":                            {"the request", "lists with the delimiter", "does not list with the delimiter"},
	"s3:max-keys":                             {"the number of keys it asks for", "", ""},
	"s3:existingobjecttag/":                   {"the object's tag %", "", ""},
	"s3:requestobjecttag/":                    {"the tag % of the request", "", ""},
	"s3:requestobjecttagkeys":                 {"the tag keys of the request", "", ""},
	"s3:signatureage":                         {"the age of the signature in milliseconds", "", ""},
	"s3:tlsversion":                           {"the TLS version", "", ""},
	"s3:authtype":                             {"the request", "is signed by", "is not signed by"},
	"s3:versionid":                            {"the version", "", ""},
	"s3:object-lock-mode":                     {"the lock mode", "", ""},
	"s3:object-lock-legal-hold":               {"the legal hold", "", ""},
	"s3:object-lock-retain-until-date":        {"the end of the retention", "", ""},
	"s3:object-lock-remaining-retention-days": {"the retention in days", "", ""},
	"s3:dataaccesspointarn":                   {"the request", "comes through the access point", "does not come through the access point"},
	"s3:dataaccesspointaccount":               {"the request", "comes through an access point of account", "does not come through an access point of account"},
	"s3:resourceaccount":                      {"the bucket's account", "", ""},
	"aws:resourceaccount":                     {"the resource's account", "", ""},
	"aws:resourceorgid":                       {"the resource's organization", "", ""},
	"aws:resourcetag/":                        {"the resource's tag %", "", ""},
	"aws:requesttag/":                         {"the tag % of the request", "", ""},
	"aws:tagkeys":                             {"the tag keys of the request", "", ""},
	"aws:sourceip":                            {"the request", "comes from", "does not come from"},
	"aws:vpcsourceip":                         {"the request", "comes from the private address", "does not come from the private address"},
	"aws:sourcevpc":                           {"the request", "comes from the VPC", "does not come from the VPC"},
	"aws:sourcevpce":                          {"the request", "comes through the endpoint", "does not come through the endpoint"},
	"aws:sourcearn":                           {"the resource behind the request", "", ""},
	"aws:sourceaccount":                       {"the account behind the request", "", ""},
	"aws:principalarn":                        {"the caller", "", ""},
	"aws:principalaccount":                    {"the caller's account", "", ""},
	"aws:principalorgid":                      {"the caller's organization", "", ""},
	"aws:principalorgpaths":                   {"the caller's place in the organization", "", ""},
	"aws:principaltype":                       {"the kind of caller", "", ""},
	"aws:principaltag/":                       {"the caller's tag %", "", ""},
	"aws:username":                            {"the caller's user name", "", ""},
	"aws:userid":                              {"the caller's user ID", "", ""},
	"aws:referer":                             {"the Referer header", "", ""},
	"aws:useragent":                           {"the User-Agent header", "", ""},
	"aws:currenttime":                         {"the time", "", ""},
	"aws:epochtime":                           {"the time", "", ""},
	"aws:tokenissuetime":                      {"the start of the session", "", ""},
	"aws:multifactorauthage":                  {"the age of the MFA sign-in in seconds", "", ""},
	"aws:requestedregion":                     {"the Region", "", ""},
	"aws:calledvia":                           {"the services that call on the way", "", ""},
	"kms:viaservice":                          {"the request", "comes through", "does not come through"},
	"kms:calleraccount":                       {"the caller's account", "", ""},
	"kms:encryptioncontext:":                  {"the encryption context %", "", ""},
	"sts:externalid":                          {"the external ID", "", ""},
	"sts:rolesessionname":                     {"the name of the session", "", ""},
	"sts:sourceidentity":                      {"the source identity", "", ""},
	"iam:passedtoservice":                     {"the role", "is passed to", "is not passed to"},
}

// spoken is the wording of a key, and whether there is one.
func spoken(key string) (wording, bool) {
	lower := strings.ToLower(key)
	if w, ok := wordings[lower]; ok {
		return w, true
	}
	for _, mark := range []string{"/", ":"} {
		if i := strings.Index(lower, mark); i > 0 {
			if mark == ":" { // the second one: kms:EncryptionContext:name
				j := strings.Index(lower[i+1:], ":")
				if j < 0 {
					continue
				}
				i += 1 + j
			}
			if w, ok := wordings[lower[:i+1]]; ok && len(key) > i+1 {
				w.subject = strings.Replace(w.subject, "%", clip(key[i+1:]), 1)
				return w, true
			}
		}
	}
	return wording{}, false
}

// subject is what a key is called in a sentence; a key without words is told by name.
func subject(key string) Sentence {
	if w, ok := spoken(key); ok && w.is == "" {
		return plain(w.subject)
	}
	return coded(key)
}

// switches are keys that are true or false, as sentences.
var switches = map[string][2]string{
	"aws:securetransport":        {"the request uses HTTPS", "the request uses plain HTTP"},
	"aws:multifactorauthpresent": {"the caller signed in with MFA", "the caller signed in without MFA"},
	"aws:viaawsservice":          {"an AWS service calls for somebody", "the caller asks directly"},
	"aws:principalisawsservice":  {"the caller is an AWS service", "the caller is no AWS service"},
	"kms:grantisforawsresource":  {"the grant is for an AWS service", "the grant is not for an AWS service"},
}

// presence of a key, as sentences, for Null.
var presences = map[string][2]string{
	"s3:x-amz-server-side-encryption":                    {"the request names an encryption", "the request names no encryption"},
	"s3:x-amz-server-side-encryption-aws-kms-key-id":     {"the request leads to a KMS key", "the request leads to no KMS key"},
	"s3:x-amz-server-side-encryption-customer-algorithm": {"the request brings a key of its own", "the request brings no key of its own"},
	"aws:sourcevpce":             {"the request comes through a VPC endpoint", "the request does not come through a VPC endpoint"},
	"aws:sourceip":               {"the request comes from the internet", "the request comes through a VPC endpoint"},
	"aws:tokenissuetime":         {"the credentials are temporary", "the credentials are long-term"},
	"aws:multifactorauthpresent": {"the credentials are temporary", "the credentials are long-term"},
	"s3:x-amz-acl":               {"the request sets an ACL", "the request sets no ACL"},
}
