package simulator

import (
	"fmt"
	"slices"
	"strings"

	"keyhole/simulator/policy"
	"keyhole/simulator/world"
)

// UsualActions are the columns of a table when nobody asks for others.
var UsualActions = []string{"s3:ListBucket", "s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:PutBucketPolicy"}

// someKey stands for an object that is not there yet, in a bucket without any.
const someKey = "example.txt"

// WhoCan asks for every principal of the sandbox, and for nobody at all, whether it may do each of some actions on a bucket or
// an object in it, over HTTPS from the internet with nothing but the request itself. key "" is the bucket's first key. The
// table has no rows when there is no such bucket.
func (s *Simulator) WhoCan(bucket, key string, actions []string) Table {
	t := Table{Bucket: bucket, Key: key, Actions: actions}
	s.View(func(w *World) {
		b, ok := w.Bucket(bucket)
		if !ok {
			return
		}
		if t.Key == "" {
			t.Key = someKey
			if keys := b.Keys(); len(keys) > 0 {
				t.Key = keys[0]
			}
		}
		for _, p := range append(w.Principals(), world.Principal{}) {
			row := TableRow{Principal: rowName(p), Account: p.Account, Own: p.Account == b.Account}
			v := visitOf(w, p, w.Now())
			for _, action := range actions {
				resource := s3ARN + bucket
				switch {
				case strings.HasPrefix(action, "kms:"):
					k, context, ok := keyBehind(v, b, t.Key)
					if !ok {
						row.Cells = append(row.Cells, Cell{Verdict: policy.Allowed, Where: "no KMS key is asked about it"})
						continue
					}
					v.Suppose(k, context)
					resource = k.ARN
				case onObjects(action):
					resource += "/" + t.Key
				}
				a := v.judge(action, resource, "", "")
				row.Cells = append(row.Cells, Cell{a.Decision.Verdict, a.Decision.By, where(a.Decision), a.Decision})
			}
			t.Rows = append(t.Rows, row)
		}
		slices.SortStableFunc(t.Rows, func(a, b TableRow) int { return rank(a) - rank(b) })
	})
	return t
}

// keyBehind is the KMS key that an object is stored under, or would be by the bucket's default, with the encryption context;
// false when S3 asks KMS nothing.
func keyBehind(v *visit, b *world.Bucket, key string) (k world.KMSKey, context map[string]string, ok bool) {
	if stored, there := b.Current(key); there && stored.Sealed.KeyARN != "" {
		if k, ok = v.World.KMSKey(stored.Sealed.KeyARN); !ok {
			k.ARN = stored.Sealed.KeyARN
		}
		return k, stored.Sealed.Context, true
	}
	if !strings.HasPrefix(b.Encryption.Algorithm, "aws:kms") {
		return k, nil, false
	}
	v.At = b
	arn := v.KeyARN(b.Encryption.KMSKey)
	if k, ok = v.World.KMSKey(arn); !ok {
		k.ARN, k.Region = arn, b.Region
	}
	about := s3ARN + b.Name
	if !b.Encryption.BucketKeyEnabled {
		about += "/" + key
	}
	return k, map[string]string{"aws:s3:arn": about}, true
}

// rank puts the owner's account first, other accounts next and nobody last.
func rank(r TableRow) int {
	switch {
	case r.Own:
		return 0
	case r.Account != "":
		return 1
	}
	return 2
}

func rowName(p world.Principal) string {
	switch p.Kind {
	case "":
		return "anonymous"
	case "root":
		return "root"
	case "role":
		return "role " + p.Name
	}
	return p.Name
}

// onObjects says whether an action of S3 is about an object, by its name. (Service Authorization Reference, Amazon S3)
func onObjects(action string) bool {
	name := strings.TrimPrefix(action, "s3:")
	switch name {
	case "AbortMultipartUpload", "ListMultipartUploadParts", "BypassGovernanceRetention", "ReplicateDelete", "ReplicateTags":
		return true
	}
	return strings.Contains(name, "Object") && !strings.Contains(name, "Bucket")
}

// where names the deciding line, or says why there is none.
func where(d *policy.Decision) string {
	if p := d.DecidingPolicy(); p != nil {
		st := d.Deciding().Statement
		return fmt.Sprintf("%s, line %d of %s", statementName(st), st.From.Line, PolicyWords(d.By, p.Attached, d))
	}
	if said := ruleSays[d.Rule]; said != "" {
		return said
	}
	return Headline(d)
}
