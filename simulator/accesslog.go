package simulator

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/policy"
	"keyhole/simulator/s3"
	"keyhole/simulator/world"
)

// logAccess writes a request into the access logs of the buckets it was about, where they keep one. A log that cannot be
// written changes nothing for the caller. The caller holds s.mu.
func (s *Simulator) logAccess(v *visit, fault *exchange.Fault) {
	if v.Bucket == "" || v.Trace.Service != "s3" {
		return
	}
	for _, entry := range s.logged(v, fault) {
		say, err := s3.WriteLog(s.world, entry.bucket, v.Trace.Number, entry.records)
		if err == nil {
			err = s.commit()
		} else {
			s.world.Revert()
		}
		if err != nil {
			say = "the access log of " + entry.bucket.Name + " lost this request: " + err.Error()
		}
		if say != "" {
			v.Note("%s", say)
		}
	}
}

// logged is what goes into the log of one bucket.
type logged struct {
	bucket  *world.Bucket
	records []s3.LogRecord
}

// logged is everything the logs say about a request: one record, one more for each key of a DeleteObjects, and one in the
// log of the bucket that a copy reads.
func (s *Simulator) logged(v *visit, fault *exchange.Fault) (list []logged) {
	if b := s.loggedBucket(v); b != nil && s3.Logs(b) {
		own := s.logRecord(v, fault, b)
		records := []s3.LogRecord{own}
		if v.Op != nil && v.Op.Name == "DeleteObjects" && fault == nil {
			for _, e := range s3.LogEntries(v.Exchange) {
				r := partOf(own, s3.LogBatch)
				r.Key, r.Version, r.Status, r.Code = e.Key, e.Version, e.Status, e.Code
				records = append(records, r)
			}
		}
		list = append(list, logged{b, records})
	}
	source, copies := v.source()
	if !copies || fault != nil && !v.readSource() {
		return list
	}
	b, ok := s.world.Bucket(source.Bucket)
	if !ok || !s3.Logs(b) {
		return list
	}
	name := s3.LogCopied
	if v.Op.Name == "UploadPartCopy" {
		name = s3.LogPartGot
	}
	r := partOf(s.logRecord(v, fault, b), name)
	r.Key, r.Version, r.Point = source.Key, source.VersionID, ""
	if v.sourcePoint != nil {
		r.Point = v.sourcePoint.ARN()
	}
	found, there := b.Current(source.Key)
	if source.VersionID != "" {
		found, there = b.Version(source.Key, source.VersionID)
	}
	if fault == nil {
		r.Status = http.StatusOK
		if there {
			r.Size = found.Size
		}
	}
	return append(list, logged{b, []s3.LogRecord{r}})
}

// loggedBucket is the bucket a request was about, as it is afterwards: what switches a log on is in it, what switches it off
// is not. The log of a bucket that is gone by then has that too.
func (s *Simulator) loggedBucket(v *visit) *world.Bucket {
	if b, ok := s.world.Bucket(v.Bucket); ok {
		return b
	}
	return v.At
}

// readSource says whether a copy that failed came to reading its source, or was refused there.
func (v *visit) readSource() bool {
	for _, a := range v.Trace.Authorization {
		if source, _ := v.source(); !a.Allowed && !a.Asked && a.Resource == s3ARN+source.Bucket+"/"+source.Key {
			return true
		}
	}
	return v.Trace.Stopped == "perform"
}

// partOf is the record of what was a part of another request: it shares who asked and how, and has no request of its own.
func partOf(r s3.LogRecord, operation string) s3.LogRecord {
	r.Operation, r.URI, r.Referer, r.Agent, r.Sent, r.Size = operation, "", "", "", 0, -1
	return r
}

// logRecord is the record of the request itself, in the log of a bucket.
func (s *Simulator) logRecord(v *visit, fault *exchange.Fault, b *world.Bucket) s3.LogRecord {
	t := v.Trace
	owner, _ := s.world.Account(b.Account)
	r := s3.LogRecord{
		Owner: owner.CanonicalID, Bucket: b.Name, At: t.At, IP: t.Transport.SourceIP, Requester: s.requester(v), RequestID: t.ID,
		Operation: s3.LogName(v.Op, v.Method, v.Key != ""), Key: v.Key, Status: v.status(), Sent: int64(len(v.Answer.Body)), Size: -1,
		URI:     v.Method + " " + logTarget(t.Request.Target) + " " + v.request.Proto,
		Referer: logReferer(v.request.Referer()), Agent: v.request.UserAgent(), Version: t.VersionID, HostID: t.HostID,
		Cipher: s3.LogCipher(t.Transport.TLS), Host: hostOf(v.request), Point: t.Point, ACL: v.onlyACL(b.Name),
	}
	if t.Transport.TLS != "" {
		r.TLS = "TLSv" + t.Transport.TLS
	}
	if v.endpoint.ID != "" {
		r.Region = s.world.Region()
	}
	if a := t.Authentication; a != nil {
		r.Signature, r.Auth = signedHow(a.Scheme)
	}
	if fault != nil {
		r.Status, r.Code, r.Sent = fault.Status, fault.Code, int64(len(errorBody(t, fault)))
		if fault.Status == http.StatusNotModified {
			r.Code = ""
		}
	}
	if v.Method == http.MethodHead || r.Status == http.StatusNotModified || r.Status == http.StatusNoContent {
		r.Sent = 0
	}
	if now, ok := s.world.Bucket(b.Name); ok && v.Op != nil && (fault == nil || fault.Status == http.StatusNotModified) {
		r.Size = s3.LogSize(v.Exchange, now)
	}
	return r
}

// requester is who asked, as a log names it: the canonical id of a root user, the ARN of everybody else.
func (s *Simulator) requester(v *visit) string {
	switch {
	case v.Anonymous:
		return ""
	case v.Caller.Kind == "root":
		account, _ := s.world.Account(v.Caller.Account)
		return account.CanonicalID
	}
	return v.Caller.ARN
}

// signedHow is the signature version and the authentication type of a log, by the scheme of a signature.
func signedHow(scheme string) (version, kind string) {
	name, older := strings.CutSuffix(scheme, " v2")
	version = "SigV4"
	if older {
		version = "SigV2"
	}
	switch name {
	case "header":
		return version, "AuthHeader"
	case "presigned":
		return version, "QueryString"
	case "post":
		return version, ""
	}
	return "", ""
}

// onlyACL says whether an access control list allowed something, in a bucket, that nothing else did.
func (v *visit) onlyACL(bucket string) bool {
	arn := s3ARN + bucket
	return slices.ContainsFunc(v.Trace.Authorization, func(a exchange.Authorization) bool {
		if !a.Allowed || a.Asked || a.Decision == nil || a.Decision.By != policy.ACLs {
			return false
		}
		return a.Resource == arn || strings.HasPrefix(a.Resource, arn+"/")
	})
}

// logTarget is a request's target as a log may hold it: the trace's, in which keys and tokens are hidden, without the
// signature of a link, which would let whoever reads the log use it.
func logTarget(target string) string {
	path, query, ok := strings.Cut(target, "?")
	if !ok {
		return target
	}
	parts := strings.Split(query, "&")
	for i, part := range parts {
		name, _, _ := strings.Cut(part, "=")
		if plain, err := url.QueryUnescape(name); err == nil && (strings.EqualFold(plain, "X-Amz-Signature") || strings.EqualFold(plain, "Signature")) {
			parts[i] = name + "=(hidden)"
		}
	}
	return path + "?" + strings.Join(parts, "&")
}

// logReferer is a referer as a log may hold it: it can be a link of S3 itself.
func logReferer(referer string) string {
	path, query, ok := strings.Cut(referer, "?")
	if !ok {
		return referer
	}
	return logTarget(exchange.Target(path, query))
}

// deliverLog does a job of kind s3.LogJob, as the service that delivers logs.
func (s *Simulator) deliverLog(j world.Job) ([]string, error) {
	v := s.byItself("PutObject", j)
	v.Op = exchange.Named(s3.Operations(), "PutObject")
	v.Caller = world.Identity{Kind: "service", Name: s3.LogPrincipal, ARN: s3.LogPrincipal}
	if v.actsFor == "" { // the bucket is gone and its log is not; the target is of the same account
		if b, ok := s.world.Bucket(j.Target); ok {
			v.actsFor, v.actsIn = s3ARN+j.Bucket, b.Account
		}
	}
	return s3.DeliverLog(v.Exchange, j)
}
