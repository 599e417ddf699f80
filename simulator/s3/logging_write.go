package s3

import (
	"bytes"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"net/http"
	"strings"
	"time"

	"keyhole/simulator/exchange"
	"keyhole/simulator/wire"
	"keyhole/simulator/world"
)

// LogJob is the kind of the jobs that are records of an access log which wait for their delivery. Of a job, Bucket is where
// it happened, Target where it goes, Key what the log object's key begins with, Version how the key goes on ("" plain,
// eventTime and a day, or deliveryTime) and Data one or more lines.
const LogJob = "log"

// LogDelay is how long a record waits. S3 takes minutes to hours and promises nothing.
const LogDelay = 5 * time.Minute

// ownDelay is how long a record waits that is about the delivery of a log. It usually goes along with others; a bucket that
// logs to itself would write a log about each log otherwise, as it does at AWS, until the sandbox is full.
const ownDelay = 24 * time.Hour

// Bounds of what waits. Logs are delivered on a best effort basis, so nothing else ever waits for them or fails because of them.
const (
	LogRush  = world.MaxJobs / 10 // from so many jobs on, of all kinds, a log is delivered at once
	LogRoom  = world.MaxJobs / 2  // from so many on records are dropped
	jobLines = 64 << 10           // bytes of the lines of one job
)

const (
	eventTime    = "EventTime"
	deliveryTime = "DeliveryTime"
)

// loggingOf is where a bucket's log goes; false when it keeps none.
func loggingOf(b *world.Bucket) (to loggingEnabled, ok bool) {
	text := b.Config[loggingSetting.name]
	if len(text) == 0 {
		return to, false
	}
	var doc loggingStatus
	if wire.Decode(bytes.NewReader(text), wire.XMLBytes, wire.XMLDepth, &doc) != nil || doc.Enabled == nil || doc.Enabled.TargetPrefix == nil {
		return to, false
	}
	return *doc.Enabled, true
}

// Logs says whether a bucket keeps an access log.
func Logs(b *world.Bucket) bool { return len(b.Config[loggingSetting.name]) > 0 }

// WriteLog puts records of one moment on the list of what waits to be delivered, where the bucket keeps a log. number puts
// records of the same time in order: that of the request. say is what became of them, "" when there is no log.
func WriteLog(w *world.World, b *world.Bucket, number int, list []LogRecord) (say string, err error) {
	if len(list) == 0 {
		return "", nil
	}
	return writeLog(w, b, number, list, list[0].At.Add(LogDelay))
}

func writeLog(w *world.World, b *world.Bucket, number int, list []LogRecord, due time.Time) (string, error) {
	to, ok := loggingOf(b)
	switch waiting := w.Waiting(); {
	case !ok:
		return "", nil
	case waiting >= LogRoom:
		return fmt.Sprintf("modelled: the access log of %s lost this request, because %d jobs wait; S3 delivers logs on a best effort basis too", b.Name, waiting), nil
	case waiting >= LogRush:
		due = w.Now()
	}
	for i, lines := range packed(list) {
		j := w.NewJob(LogJob, due)
		j.ID = fmt.Sprintf("log-%012d-%03d-%s", number, i, j.ID)
		j.Bucket, j.Target, j.Data = b.Name, to.TargetBucket, lines
		j.Key, j.Version = to.place(b, list[0].At)
		if err := w.Apply(world.JobAdded(j)); err != nil {
			return "", err
		}
	}
	return fmt.Sprintf("the access log of %s has %d records of this, which go to %s at %s", b.Name, len(list), to.TargetBucket, due.UTC().Format(time.RFC3339)), nil
}

// packed are the lines of records in pieces that a job can hold.
func packed(list []LogRecord) (out [][]byte) {
	var lines []byte
	for _, r := range list {
		line := r.Line()
		if len(lines) > 0 && len(lines)+len(line) >= jobLines {
			out, lines = append(out, lines), nil
		}
		lines = append(append(lines, line...), '\n')
	}
	return append(out, lines)
}

// place is what the key of a log object begins with, and how it goes on. (S3 user guide, log object key format)
func (e loggingEnabled) place(b *world.Bucket, at time.Time) (head, how string) {
	head = *e.TargetPrefix
	if e.Format == nil || e.Format.Partitioned == nil {
		return head, ""
	}
	head += b.Account + "/" + b.Region + "/" + b.Name + "/"
	if e.Format.Partitioned.Source == eventTime {
		return head, eventTime + at.UTC().Format(time.DateOnly)
	}
	return head, deliveryTime
}

// logKey is the key of a log object that is delivered at a moment.
func logKey(head, how string, at time.Time, unique string) string {
	at = at.UTC()
	day, ofEvents := strings.CutPrefix(how, eventTime)
	if ofEvents {
		at, _ = time.Parse(time.DateOnly, day) // the hours of a log by event time are always 0
	}
	if how != "" {
		head += at.Format("2006/01/02/")
	}
	return head + at.Format("2006-01-02-15-04-05-") + unique
}

// LogEntry is what became of one key of a DeleteObjects.
type LogEntry struct {
	Key, Version string
	Status       int
	Code         string
}

// LogEntries are the keys of a DeleteObjects that was answered, with what became of each.
func LogEntries(x *exchange.Exchange) (list []LogEntry) {
	var asked deleteRequest
	if x.XML(&asked) != nil {
		return nil
	}
	var told struct {
		Errors []deleteError `xml:"Error"`
	}
	if xml.Unmarshal(x.Answer.Body, &told) != nil {
		return nil
	}
	failed := map[[2]string]string{}
	for _, e := range told.Errors {
		failed[[2]string{e.Key, e.VersionID}] = e.Code
	}
	for _, o := range asked.Objects {
		e := LogEntry{Key: *o.Key, Status: http.StatusNoContent}
		if o.VersionID != nil {
			e.Version = *o.VersionID
		}
		if e.Code = failed[[2]string{e.Key, e.Version}]; e.Code != "" {
			e.Status = entryStatus[e.Code]
			if e.Status == 0 {
				e.Status = http.StatusBadRequest
			}
		}
		list = append(list, e)
	}
	return list
}

// entryStatus are the statuses of the errors that a DeleteObjects tells without one.
var entryStatus = map[string]int{"AccessDenied": 403, "NoSuchVersion": 404, "NoSuchKey": 404, "PreconditionFailed": 412, "NotImplemented": 501, "InternalError": 500}

// LogSize is the size of the object a request was about, as far as its log says it: of what it wrote, read or copied. b is
// the bucket afterwards. -1: it says none.
func LogSize(x *exchange.Exchange, b *world.Bucket) int64 {
	if body, fault := x.Payload(); fault == nil && x.Op.Payload == exchange.Bytes {
		return int64(len(body.Data))
	}
	switch x.Op.Name {
	case "GetObject", "HeadObject", "CopyObject", "CompleteMultipartUpload", "GetObjectAttributes":
	default:
		return -1
	}
	v, ok := b.Current(x.Key)
	if id := x.Query.Get("versionId"); id != "" {
		v, ok = b.Version(x.Key, id)
	}
	if !ok || v.DeleteMarker {
		return -1
	}
	return v.Size
}

// logID is an id for what nobody asked for, drawn.
func logID(w *world.World) string { return strings.ToUpper(hex.EncodeToString(w.Random(8))) }
