package iam

import "testing"

func TestAccessKeys(t *testing.T) {
	d := newDesk(t)
	d.play(step{"the second key", "CreateAccessKey", "", "<UserName>ana</UserName>"},
		step{"two are enough", "CreateAccessKey", "UserName=ana", "409 LimitExceeded Cannot exceed quota for AccessKeysPerUser: 2"},
		step{"a key of nobody", "DeleteAccessKey", "AccessKeyId=AKIAIOSFODNN7EXAMPLE", "404 NoSuchEntity The Access Key with id AKIAIOSFODNN7EXAMPLE cannot be found."},
		step{"keys do not expire by hand", "UpdateAccessKey", "Status=Expired&AccessKeyId=" + d.as.AccessKey, "400 InvalidInput Status Expired cannot be set."},
		step{"no such status", "UpdateAccessKey", "Status=Up&AccessKeyId=" + d.as.AccessKey, "400 ValidationError 1 validation error detected: Value at 'status' failed to satisfy constraint: Member must satisfy enum value set"},
		step{"switched off", "UpdateAccessKey", "Status=Inactive&AccessKeyId=" + d.as.AccessKey, "<ResponseMetadata>"},
		step{"and it is", "ListAccessKeys", "", "<Status>Inactive</Status>"},
		step{"deleted", "DeleteAccessKey", "AccessKeyId=" + d.as.AccessKey, "<ResponseMetadata>"},
		step{"nobody's keys", "CreateAccessKey", "UserName=nobody", "404 NoSuchEntity The user with name nobody cannot be found."})
	d.as = d.identity("")
	d.play(step{"root's keys have no user", "ListAccessKeys", "", "<AccessKeyMetadata><member><UserName></UserName>"},
		step{"root has no devices", "ListMFADevices", "", "<MFADevices></MFADevices>"},
		step{"root may ask who it is", "GetUser", "", "<Arn>arn:aws:iam::111122223333:root</Arn>"})
}
