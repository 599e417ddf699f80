package s3

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"

	"keyhole/simulator/exchange"
	"keyhole/simulator/policy"
	"keyhole/simulator/wire"
	"keyhole/simulator/world"
)

// LogPrincipal is who delivers access logs.
const LogPrincipal = "logging.s3.amazonaws.com"

// grantHeaderOf are the headers of the permissions that TargetGrants name.
var grantHeaderOf = map[string]string{fullControl: "X-Amz-Grant-Full-Control", canRead: "X-Amz-Grant-Read", canWrite: "X-Amz-Grant-Write"}

// DeliverLog does a job of kind LogJob: everything that waits of the same log, going to the same place, becomes one object.
// x is an exchange of the log service, with a PUT of an object as its operation; every permission is asked through it.
// That the target takes nothing is no error: the records are lost, and what is returned says why.
func DeliverLog(x *exchange.Exchange, job world.Job) ([]string, error) {
	data, others := bytes.Clone(job.Data), []string(nil)
	for _, j := range x.World.Jobs(LogJob) {
		if j.Bucket == job.Bucket && j.Target == job.Target && j.Key == job.Key && j.Version == job.Version && j.ID != job.ID {
			data, others = append(data, j.Data...), append(others, j.ID)
		}
	}
	if len(others) > 0 {
		if err := x.World.Apply(world.JobsDone(others)); err != nil {
			return nil, err
		}
	}
	key := logKey(job.Key, job.Version, job.Due, logID(x.World))
	lost := func(why string) []string {
		return []string{fmt.Sprintf("the access log of %s was not delivered to %s: %s", job.Bucket, job.Target, why)}
	}
	to, ok := x.World.Bucket(job.Target)
	if !ok {
		return lost("there is no such bucket any more"), nil
	}
	x.At, x.Bucket, x.Key, x.Query = to, to.Name, key, url.Values{}
	x.Trace.Bucket, x.Trace.Key = to.Name, key
	if why := refusesLog(x, job); why != "" {
		return lost(why), nil
	}
	x.Caller.Account = to.Account // who owns what is written
	x.Header = http.Header{"Content-Type": {"text/plain"}}
	grantLog(x, job)
	x.Receive(wire.Body{Data: data}, nil)
	if fault := putObject(x); fault != nil {
		if len(x.Done()) > 0 {
			return nil, fault
		}
		return lost(fault.Code + ": " + fault.Message), nil
	}
	said := []string{fmt.Sprintf("delivered the access log of %s to %s as %s", job.Bucket, to.Name, key)}
	return said, logOfLog(x, job, int64(len(data)))
}

// refusesLog says why a bucket takes no log of another; "" when it does. (S3 user guide, enabling server access logging)
func refusesLog(x *exchange.Exchange, job world.Job) string {
	to := x.At
	from, ok := x.World.Bucket(job.Bucket)
	switch {
	case ok && from.Account != to.Account:
		return "it belongs to another account"
	case ok && from.Region != to.Region:
		return "it is in another region"
	case to.ObjectLock:
		return "Object Lock is on there"
	case to.Encryption.Algorithm != "" && to.Encryption.Algorithm != "AES256":
		return "its default encryption is " + to.Encryption.Algorithm + ", and logs are written with keys S3 manages only"
	case to.Payer == "Requester":
		return "its requester pays, and the log service does not"
	}
	a := x.Authorize("s3:PutObject", x.ObjectARN(), "because S3 delivers an access log")
	if a.Allowed && a.Decision != nil && a.Decision.By == policy.ACLs { // the group needs both permissions
		a = x.Authorize("s3:GetBucketAcl", x.BucketARN(), "because only the access control list lets S3 deliver")
	}
	if !a.Allowed {
		return LogPrincipal + " may not " + a.Action + " on " + a.Resource + ": " + a.Reason
	}
	return ""
}

// grantLog puts the grants of the configuration on the log object. Where ACLs are off there are none.
func grantLog(x *exchange.Exchange, job world.Job) {
	from, ok := x.World.Bucket(job.Bucket)
	if !ok || x.At.Ownership == world.OwnerEnforced {
		return
	}
	logging, ok := loggingOf(from)
	if !ok || logging.TargetBucket != job.Target || logging.Grants == nil || len(logging.Grants.Grant) == 0 {
		return
	}
	x.Header.Set(grantHeaderOf[fullControl], `id="`+ownerOf(x, x.At.Account).ID+`"`)
	for _, g := range logging.Grants.Grant {
		header, who := grantHeaderOf[g.Permission], `id="`+g.Grantee.ID+`"`
		if g.Grantee.URI != "" {
			who = `uri="` + g.Grantee.URI + `"`
		}
		if header == "" || g.Grantee.ID == "" && g.Grantee.URI == "" {
			continue
		}
		if before := x.Header.Get(header); before != "" {
			who = before + ", " + who
		}
		x.Header.Set(header, who)
	}
}

// logOfLog is the record of a delivery in the log of the target itself.
func logOfLog(x *exchange.Exchange, job world.Job, size int64) error {
	to := x.At
	if !Logs(to) {
		return nil
	}
	r := LogRecord{Owner: ownerOf(x, to.Account).ID, Bucket: to.Name, At: job.Due, Requester: "svc:" + LogPrincipal, RequestID: logID(x.World),
		Operation: logWritten, Key: x.Key, URI: "PUT " + (&url.URL{Path: "/" + x.Key}).EscapedPath() + " HTTP/1.1", Status: http.StatusOK, Size: size,
		Signature: "SigV4", Auth: "AuthHeader", Host: to.Name + ".s3." + to.Region + ".amazonaws.com", Cipher: LogCipher("1.3"), TLS: "TLSv1.3", Region: to.Region}
	_, err := writeLog(x.World, to, 0, []LogRecord{r}, job.Due.Add(ownDelay))
	return err
}

// LogCipher is the cipher suite of a connection by its version of TLS: what S3 and its clients agree on today. (modelled)
func LogCipher(version string) string {
	switch version {
	case "":
		return ""
	case "1.3":
		return "TLS_AES_128_GCM_SHA256"
	}
	return "ECDHE-RSA-AES128-GCM-SHA256"
}

// logDeed is the record of what a lifecycle rule did, with which the number-th deed of a run begins. (S3 user guide,
// lifecycle and other bucket configurations)
func (p planned) logDeed(w *world.World, bucket string, job world.Job, number int) error {
	b, ok := w.Bucket(bucket)
	if !ok || !Logs(b) {
		return nil
	}
	account, _ := w.Account(b.Account)
	r := LogRecord{Owner: account.CanonicalID, Bucket: bucket, At: job.Due, Requester: "AmazonS3", RequestID: logID(w), Key: p.key, Size: -1}
	if p.version != nil {
		if b.Versioning != "" {
			r.Version = p.version.ID
		}
		if !p.version.DeleteMarker {
			r.Size = p.version.Size
		}
	}
	if r.Operation = p.logName(b); r.Operation == "" {
		return nil
	}
	_, err := WriteLog(w, b, number, []LogRecord{r})
	return err
}

// logName is what the log calls a deed that was done; b is the bucket afterwards. A deed that a lock prevented has no name.
func (p planned) logName(b *world.Bucket) string {
	if p.deed == abandon {
		return "S3.DELETE.UPLOAD"
	}
	v, there := b.Version(p.key, p.version.ID)
	now, _ := b.Current(p.key)
	switch {
	case p.deed == move && there && v.StorageClass == p.class:
		return moveNames[p.class]
	case p.deed == expire && now != nil && now.DeleteMarker && b.Versioning != "":
		return "S3.CREATE.DELETEMARKER"
	case !there:
		return "S3.EXPIRE.OBJECT"
	}
	return ""
}
