package trail

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"time"

	"keyhole/simulator/world"
)

// JobKind is the kind of the jobs that deliver a file of a trail.
const JobKind = "trail"

// Delay is how far apart a trail's files are, and after how long at most an event is in one. (CloudTrail user guide: on
// average within about five minutes)
const Delay = 5 * time.Minute

// Job is the delivery that an event of a trail belongs to: the one of the same minutes, with the event added, when there
// is room in it, which has to be taken off the list first; a new one else.
func Job(w *world.World, t world.Trail, e Event) (add world.Job, instead string, err error) {
	text, err := json.Marshal(e.Record)
	if err != nil {
		return add, "", err
	}
	due := w.Now().Truncate(Delay).Add(Delay)
	for _, j := range w.Jobs(JobKind) {
		if j.Target == t.Name && j.Key == t.Account && j.Due.Equal(due) && len(j.Data)+len(text)+1 <= world.EventBytes {
			add, instead = j, j.ID
			add.ID, add.Data = e.Record.EventID+" "+t.Name, append(append(bytes.Clone(j.Data), ','), text...)
			return add, instead, nil
		}
	}
	return world.Job{ID: e.Record.EventID + " " + t.Name, Due: due, Kind: JobKind, Bucket: t.Bucket, Key: t.Account, Target: t.Name, Data: text}, "", nil
}

// File is what a job delivers: where, and the gzipped document. It is no error that the trail is gone meanwhile: ok says so.
func File(w *world.World, j world.Job) (t world.Trail, key string, data []byte, ok bool, err error) {
	for _, there := range w.Trails(j.Key) {
		if there.Name == j.Target {
			t, ok = there, true
		}
	}
	if !ok {
		return t, "", nil, false, nil
	}
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err = fmt.Fprintf(z, `{"Records":[%s]}`, j.Data); err == nil {
		err = z.Close()
	}
	at := j.Due.UTC()
	key = fmt.Sprintf("%sCloudTrail/%s/%s/%s_CloudTrail_%s_%s_%s.json.gz", folder(t), t.Region, at.Format("2006/01/02"), t.Account, t.Region,
		at.Format("20060102T1504Z"), unique(j.ID))
	return t, key, b.Bytes(), true, err
}

// unique tells files of the same minutes apart: the letters and digits of an event's id.
func unique(id string) string {
	out := make([]byte, 0, 16)
	for i := 0; i < len(id) && len(out) < 16; i++ {
		if c := id[i]; c != '-' {
			out = append(out, c)
		}
	}
	return string(out)
}
