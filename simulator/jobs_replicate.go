package simulator

import (
	"fmt"
	"net/http"

	"keyhole/simulator/exchange"
	"keyhole/simulator/s3"
	"keyhole/simulator/world"
)

// replicationService is who takes on the role of a replication configuration.
const replicationService = "s3.amazonaws.com"

// replicate does a job of kind s3.ReplicateJob, as the role of the source's configuration.
func (s *Simulator) replicate(j world.Job) ([]string, error) {
	v := s.byItself("Replicate", j)
	account, name, arn, ok := "", "", "", false
	if b, there := s.world.Bucket(j.Bucket); there {
		account, name, arn, ok = s3.ReplicationRole(b)
	}
	if ok {
		role, there := s.world.Principal(account, "role", name)
		v.Caller = world.Identity{Kind: "service", Name: replicationService, ARN: replicationService}
		if a := v.judge("sts:AssumeRole", arn, "", "because S3 copies as this role"); there && a.Allowed {
			v.Caller = world.Identity{Kind: "role", Account: account, Name: name, Session: "s3-replication",
				ARN: "arn:aws:sts::" + account + ":assumed-role/" + name + "/s3-replication", UserID: role.ID + ":s3-replication",
				Temporary: true, Issued: s.world.Now()}
			return s3.Replicate(v.Exchange, j)
		}
		return s3.NotReplicated(s.world, j, fmt.Sprintf("%s may not take on the role %s", replicationService, arn))
	}
	return s3.NotReplicated(s.world, j, "there is no replication configuration any more")
}

// byItself is an exchange that no client asked for. Its caller is yet to be set.
func (s *Simulator) byItself(name string, j world.Job) *visit {
	t := &exchange.Trace{Service: "s3", Operation: name, Bucket: j.Bucket, Key: j.Key, VersionID: j.Version, At: j.Due,
		Transport: exchange.Transport{Secure: true, TLS: "1.3", Network: "internet"}}
	v := &visit{Exchange: &exchange.Exchange{World: s.world, Op: &exchange.Operation{Service: "s3", Name: name}, Trace: t,
		Method: http.MethodPost, Header: http.Header{}, Transport: t.Transport, Base: world.BaseSimulated,
		Answer: exchange.Answer{Header: http.Header{}}}, request: &http.Request{Method: http.MethodPost, Header: http.Header{}}}
	if b, ok := s.world.Bucket(j.Bucket); ok {
		v.actsFor, v.actsIn = s3ARN+b.Name, b.Account
	}
	v.Judge(v.judge)
	return v
}
