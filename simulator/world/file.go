package world

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"keyhole/simulator/strictjson"
)

// MaxProblems is how many problems of one file are told.
const MaxProblems = 100

// Problem is one thing that is wrong with a world file. Lines and columns count from 1, columns in characters.
type Problem struct {
	Line, Column int
	Text         string
}

func (p Problem) String() string { return fmt.Sprintf("%d:%d: %s", p.Line, p.Column, p.Text) }

// FileError is what is wrong with a world file, in the order of the file. No text in it quotes a secret key.
type FileError struct{ Problems []Problem }

func (e *FileError) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// Parse makes the world that a world file describes:
//
//	{"profile": "2026", "region": "us-east-1", "seed": "any text", "clock": "2026-06-01T00:00:00Z",
//	 "source_ip": "203.0.113.10",
//	 "accounts": [{"id": "111122223333", "name": "main", "email": "…", "canonical_id": "64 hex digits",
//	   "public_access_block": {…}, "root": {"access_key": "…", "secret_key": "…"},
//	   "policies": {"name": {…}},
//	   "groups": [{"name": "devs", "path": "/", "policies": {"name": {…}}, "managed": ["name or ARN"]}],
//	   "users": [{"name": "alice", "path": "/", "access_key": "…", "secret_key": "…", "groups": ["devs"],
//	     "policies": {"name": {…}}, "managed": ["name or ARN"], "boundary": "name or ARN, or a document", "tags": {"team": "a"}}],
//	   "roles": [{"name": "app", "path": "/", "trust": {…}, "max_session": 3600, "policies": …, "managed": …, "boundary": …, "tags": …}]}],
//	 "organization": {"id": "o-…", "management": "111122223333", "root": {"scps": {"name": {…}}, "rcps": {…},
//	   "units": [{"name": "Prod", "scps": …, "rcps": …, "units": […], "accounts": […]}],
//	   "accounts": ["111122223333", {"id": "444455556666", "scps": …, "rcps": …}]}},
//	 "vpc_endpoints": [{"id": "vpce-…", "vpc": "vpc-…", "policy": {…}, "http": "127.0.0.1:0", "tls": "127.0.0.1:0"}],
//	 "buckets": [{"name": "…", "account": "…", "profile": "2022", "versioning": "Enabled", "policy": {…},
//	   "object_lock": true or {"mode": "GOVERNANCE", "days": 1}, "mfa_delete": "Enabled", "tags": {"team": "a"},
//	   "encryption": {"algorithm": "aws:kms", "key": "alias/vault", "bucket_key": true, "blocked": ["SSE-C"]},
//	   "public_access_block": {"block_public_acls": true, "ignore_public_acls": true, "block_public_policy": true,
//	     "restrict_public_buckets": true}, "ownership": "BucketOwnerEnforced", "acl": "private"}],
//	 "keys": [{"id": "…", "account": "…", "region": "us-east-1", "aliases": ["alias/vault"], "policy": {…}, "state": "Disabled",
//	   "description": "…", "tags": {"team": "a"}}]}
//
// Everything may be left out. Ids and keys then follow from the seed, the clock is the real one, an account is
// DefaultAccount with the user admin, who may do anything, and a bucket belongs to the only account. The names in
// managed are those of the account's policies and of the AWS managed policies that are built in. scps and rcps may also
// be a list of documents, of {"name", "policy"} and of the word "FullAWSAccess", which a level without scps has; a
// public_access_block of false is none at all. Keys are symmetric keys for encryption; one without a policy has the default
// one, by which the account's own policies decide. The error is a *FileError with every problem found.
func Parse(file []byte, o Options) (*World, error) {
	r := &reader{data: file}
	if len(file) > FileBytes {
		r.add(0, "the file has %d bytes, more than %d", len(file), FileBytes)
		return nil, r.err()
	}
	root, faults, err := strictjson.Parse(file, FileDepth)
	r.faults = append(r.faults, faults...)
	if f, ok := errors.AsType[*strictjson.Fault](err); ok {
		r.faults = append(r.faults, *f)
		return nil, r.err()
	}
	w := r.world(root, o)
	if err := r.err(); err != nil {
		return nil, err
	}
	return w, nil
}

func (r *reader) world(root *node, o Options) *World {
	if !r.object(root, "a world file", "profile region seed clock source_ip accounts organization vpc_endpoints buckets keys") {
		return nil
	}
	if p := r.text(root, "profile", `"2026", "2022" or "2018"`, profileName); p != "" {
		o.Profile = Profile(p)
	}
	if s := r.text(root, "region", "a region such as us-east-1", regionName.MatchString); s != "" {
		o.Region = s
	}
	if root.Get("seed") != nil {
		o.Seed = r.text(root, "seed", "text", anyText)
	}
	w := blank(o)
	r.w = w
	w.start(r.clock(root))
	w.sourceIP = r.text(root, "source_ip", "an IP address such as 203.0.113.10", ipAddress)
	r.accounts(root)
	if len(w.accounts) == 0 {
		w.settleDefault()
	}
	r.organization(root)
	r.endpoints(root)
	r.keysOfFile(root)
	r.buckets(root, w)
	return w
}

func ipAddress(s string) bool {
	a, err := netip.ParseAddr(s)
	return err == nil && a.Zone() == ""
}

func (r *reader) clock(root *node) time.Time {
	var at time.Time
	r.text(root, "clock", "a time such as 2026-06-01T00:00:00Z, from 1970 to 2200", func(s string) bool {
		t, err := time.Parse(time.RFC3339, s)
		at = t
		return err == nil && t.Year() >= 1970 && t.Year() <= 2200
	})
	return at
}
