package labs

import (
	"context"
	"path"
	"sort"
	"time"

	"keyhole/simulator"
	"keyhole/simulator/world"
)

// State is everything the workspace shows of a run at one moment.
type State struct {
	Run    string
	Lab    *Lab
	Now    time.Time // simulated
	Acting Principal
	Report *Report   // of the last check; nil: none yet
	Passed time.Time // simulated; zero: not yet

	Steps   []StepState
	Current int // place of the first step that is not done; len(Steps) when all are

	Blocks   []Block
	Requests []*simulator.Trace // those that can still be looked at, oldest first
	Total    int                // requests made so far
	Files    []FileState

	Buckets []BucketState
	Tools   Tools
}

// StepState is a step with what the learner did about it.
type StepState struct {
	Step
	Done      bool
	At        time.Time // simulated
	Request   int       // the request after which it was done; 0: none
	Returned  string    // what that request returned
	Predicted *Outcome  // nil: the learner did not say
	Taken     int       // hints taken
	Asked     []QuestionState
}

// QuestionState is a question of a step with what the learner answered.
type QuestionState struct {
	Question
	Answer
}

// FileState is one file of the home folder.
type FileState struct {
	Name string
	Size int
}

// BucketState is a bucket with its settings and keys.
type BucketState struct {
	Name, Account, Region string
	Versioning            string // "", "Enabled", "Suspended"
	Algorithm             string // default encryption: "AES256"
	Explicit              bool   // somebody put the default encryption
	Blocked               []string
	ObjectLock            bool
	PublicBlocked         bool // all four switches of Block Public Access are on
	Ownership             string
	Keys                  []KeyState
	Ghosts                []Ghost
}

// KeyState is a key with its versions, newest first.
type KeyState struct {
	Key      string
	Versions []VersionState
}

// VersionState is a version or a delete marker.
type VersionState struct {
	ID           string
	Current      bool
	DeleteMarker bool
	Encryption   string // "SSE-S3", "SSE-C"
	KeyMD5       string // SSE-C
	Size         int64
	ETag         string
	Created      time.Time
	StorageClass string
}

// Ghost is a write that was refused: nothing was written, and the table shows that.
type Ghost struct {
	Request int
	Key     string
}

// State reads a run.
func (r *Run) State(ctx context.Context) (st State, err error) {
	err = r.with(ctx, func(sb *sandbox) error {
		st = sb.state()
		return nil
	})
	return st, err
}

func (sb *sandbox) state() State {
	d := sb.doc
	st := State{
		Run: sb.id, Lab: sb.lab, Report: d.Report, Passed: d.Passed, Total: d.Next - 1,
		Blocks: append([]Block(nil), d.Blocks...), Requests: append([]*simulator.Trace(nil), d.Log...),
	}
	st.Acting, _ = sb.lab.Principal(sb.console.Profile)
	st.Current = len(sb.lab.Steps)
	for i, s := range sb.lab.Steps {
		m, done := d.Steps[s.ID]
		one := StepState{Step: s, Done: done, At: m.At, Request: m.Request, Returned: m.Returned, Taken: d.Hints[s.ID]}
		if s.Predict != nil {
			for j := range s.Predict.Options {
				if s.Predict.Options[j].ID == d.Predictions[s.ID] {
					one.Predicted = &s.Predict.Options[j]
				}
			}
		}
		for _, q := range s.Ask {
			one.Asked = append(one.Asked, QuestionState{q, d.Answers[q.ID]})
		}
		if !done && st.Current == len(sb.lab.Steps) {
			st.Current = i
		}
		st.Steps = append(st.Steps, one)
	}
	for _, name := range sb.fileNames() {
		st.Files = append(st.Files, FileState{name, len(d.Home.Files[name])})
	}
	sb.sim.View(func(w *world.World) {
		st.Now = w.Now()
		for _, b := range w.Buckets("") {
			st.Buckets = append(st.Buckets, bucketState(b, st.Requests))
		}
		st.Tools = sb.tools(w)
	})
	return st
}

func (sb *sandbox) fileNames() []string {
	names := make([]string, 0, len(sb.doc.Home.Files))
	for name := range sb.doc.Home.Files {
		names = append(names, path.Clean(name))
	}
	sort.Strings(names)
	return names
}

func bucketState(b *world.Bucket, log []*simulator.Trace) BucketState {
	s := BucketState{
		Name: b.Name, Account: b.Account, Region: b.Region, Versioning: b.Versioning, ObjectLock: b.ObjectLock,
		Algorithm: b.Encryption.Algorithm, Explicit: b.Encryption.Explicit,
		Blocked:       append([]string(nil), b.Encryption.Blocked...),
		PublicBlocked: b.Public.BlockPublicACLs && b.Public.IgnorePublicACLs && b.Public.BlockPublicPolicy && b.Public.RestrictPublicBuckets,
		Ownership:     b.Ownership,
		Ghosts:        ghosts(b.Name, log),
	}
	for _, key := range b.Keys() {
		k := KeyState{Key: key}
		for i, v := range b.Objects.Get(key) {
			k.Versions = append(k.Versions, VersionState{
				ID: v.ID, Current: i == 0, DeleteMarker: v.DeleteMarker, Encryption: methodWord(v.Sealed.Method),
				KeyMD5: v.Sealed.Customer.MD5, Size: v.Size, ETag: v.ETag, Created: v.Created, StorageClass: v.StorageClass,
			})
		}
		s.Keys = append(s.Keys, k)
	}
	return s
}

// writes are the operations that would have put something under a key.
var writes = map[string]bool{
	"PutObject": true, "CopyObject": true, "CreateMultipartUpload": true, "UploadPart": true, "UploadPartCopy": true, "CompleteMultipartUpload": true,
}

// ghosts are the refused writes to a bucket since the last one that worked, newest first, one for each key.
func ghosts(bucket string, log []*simulator.Trace) []Ghost {
	var out []Ghost
	shown := map[string]bool{}
	for i := len(log) - 1; i >= 0; i-- {
		t := log[i]
		if t.Bucket != bucket || !writes[t.Operation] {
			continue
		}
		if t.Fault == nil {
			break
		}
		if !shown[t.Key] {
			shown[t.Key] = true
			out = append(out, Ghost{t.Number, t.Key})
		}
	}
	return out
}
