package simulator

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// Whatever requests anybody sends, the root user and another account included, a version under COMPLIANCE can be read
// until its date, byte for byte. So can one under a legal hold, until somebody switches that off.
func TestNobodyEndsCompliance(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := newScript(t, "2026")
		s.request("PUT /worm\nx-amz-bucket-object-lock-enabled: true")
		l := law{script: s, rt: rt, ids: []string{"null", "", "HPniJFCxqTsMuIH9KX8K8wEjNUgmABCD"}}
		l.put("COMPLIANCE", "evidence", "")
		kept, until := l.ids[len(l.ids)-1], s.now().Add(72*time.Hour)
		l.put("", "held", "ON")
		held := l.ids[len(l.ids)-1]
		for range rapid.IntRange(5, 40).Draw(rt, "requests") {
			l.anything()
		}
		if s.now().Before(until.Add(-time.Minute)) {
			l.readable(kept, "evidence")
		}
		if !l.lifted {
			l.readable(held, "held")
		}
	})
}

// law sends random requests about the one key of the one bucket.
type law struct {
	*script
	rt     *rapid.T
	ids    []string // of the versions and markers there were, and some that never were
	lifted bool     // a legal hold was switched off, or was put on something else
}

func (l *law) readable(id, want string) {
	l.request("GET /worm/k?versionId=" + id)
	if l.answer.StatusCode != http.StatusOK || string(l.body) != want {
		l.rt.Fatalf("version %s of %q: %s %s", id, want, l.answer.Status, l.body)
	}
}

func (l *law) pick(name string, of ...string) string {
	return rapid.SampledFrom(of).Draw(l.rt, name)
}

// date is some moment about now, before and after.
func (l *law) date() string {
	return l.now().Add(time.Duration(rapid.IntRange(-48, 200).Draw(l.rt, "hours")) * time.Hour).Format(time.RFC3339)
}

func (l *law) put(mode, body, hold string) {
	headers := ""
	if mode != "" {
		headers = "\nx-amz-object-lock-mode: " + mode + "\nx-amz-object-lock-retain-until-date: " + l.now().Add(72*time.Hour).Format(time.RFC3339)
	}
	if hold != "" {
		headers += "\nx-amz-object-lock-legal-hold: " + hold
	}
	l.send("PUT /worm/k" + headers + "\n@md5\n\n" + body)
}

// send sends a request and remembers the version it made.
func (l *law) send(text string) {
	l.request(text)
	if l.answer.StatusCode >= http.StatusInternalServerError && l.answer.StatusCode != http.StatusNotImplemented {
		l.rt.Fatalf("%s\n%s %s", text, l.answer.Status, l.body)
	}
	if id := l.answer.Header.Get("X-Amz-Version-Id"); id != "" && l.answer.StatusCode < 300 {
		l.ids = append(l.ids, id)
	}
}

// anything is one random request.
func (l *law) anything() {
	id := rapid.SampledFrom(l.ids).Draw(l.rt, "version")
	who := "\n@as " + l.pick("who", "root", "root", "alice", "bob", "nobody")
	who += l.pick("bypass", "", "\nx-amz-bypass-governance-retention: true", "\nx-amz-bypass-governance-retention: false")
	version := l.pick("names", "", "&versionId="+id, "&versionId="+id)
	mode := l.pick("mode", "GOVERNANCE", "COMPLIANCE", "none")
	period := fmt.Sprint(rapid.IntRange(-1, 5).Draw(l.rt, "days"))
	switch l.pick("what", "delete", "delete", "batch", "retention", "retention", "hold", "put", "copy", "default", "versioning", "upload", "bucket", "tags", "time") {
	case "delete":
		l.send("DELETE /worm/k?x-id=DeleteObject" + version + who)
	case "batch":
		l.send("POST /worm?delete" + who + "\n\n<Delete><Object><Key>k</Key><VersionId>" + id + "</VersionId></Object><Object><Key>k</Key></Object></Delete>")
	case "retention":
		body := "<Retention><Mode>" + mode + "</Mode><RetainUntilDate>" + l.date() + "</RetainUntilDate></Retention>"
		l.send("PUT /worm/k?retention" + version + who + "\n\n" + l.pick("body", body, body, "<Retention/>"))
	case "hold":
		status := l.pick("status", "ON", "OFF")
		l.send("PUT /worm/k?legal-hold" + version + who + "\n\n<LegalHold><Status>" + status + "</Status></LegalHold>")
		l.lifted = l.lifted || status == "OFF" && l.answer.StatusCode == http.StatusOK
	case "put":
		l.send("PUT /worm/k" + who + "\nx-amz-object-lock-mode: " + mode + "\nx-amz-object-lock-retain-until-date: " + l.date() + "\n@md5\n\nother")
	case "copy":
		l.send("PUT /worm/k" + who + "\nx-amz-metadata-directive: REPLACE\nx-amz-copy-source: /worm/k" + strings.Replace(version, "&", "?", 1))
	case "default":
		rule := "<Rule><DefaultRetention><Mode>" + mode + "</Mode><Days>" + period + "</Days></DefaultRetention></Rule>"
		l.send("PUT /worm?object-lock" + who + "\n\n<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled>" + l.pick("rule", "", rule) + "</ObjectLockConfiguration>")
	case "versioning":
		l.send("PUT /worm?versioning" + who + "\n\n<VersioningConfiguration><Status>" + l.pick("status", "Enabled", "Suspended") + "</Status></VersioningConfiguration>")
	case "upload":
		l.upload(who)
	case "bucket":
		l.send("DELETE /worm" + who)
	case "tags":
		l.send("PUT /worm/k?tagging" + version + who + "\n\n<Tagging><TagSet/></Tagging>")
	case "time":
		l.jump(l.pick("span", "1h", "24h", "73h"))
	}
}

// upload makes a version of one part.
func (l *law) upload(who string) {
	l.request("POST /worm/k?uploads" + who)
	_, rest, ok := strings.Cut(string(l.body), "<UploadId>")
	if !ok {
		return
	}
	id, _, _ := strings.Cut(rest, "<")
	l.request("PUT /worm/k?partNumber=1&uploadId=" + id + who + "\n\npart")
	l.send("POST /worm/k?uploadId=" + id + who + "\n\n<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>" + l.answer.Header.Get("ETag") + "</ETag></Part></CompleteMultipartUpload>")
}
