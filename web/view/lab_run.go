package view

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"keyhole/content"
	"keyhole/labs"
	"keyhole/simulator"
	"keyhole/simulator/exchange"
)

// LabRun is what the workspace shows: the state of the run and where the learner looks.
type LabRun struct {
	Library *content.Library
	State   labs.State
	At      string // "/labs/sse-c-by-hand/run"
	Intro   string // "/labs/sse-c-by-hand"

	Trace      *exchange.Trace // the request looked at; nil: none
	Prev, Next int             // numbers of its neighbours; 0: none
	Gone       int             // the request that was asked for and is not kept; 0: none
	Bucket     labs.BucketState
	Edits      []simulator.Edit // what would change the answer of that request
	Who        simulator.Table  // who can do what with the bucket; no rows: not asked

	Tab    string // of the X-ray: "why", "wire", "encryption"
	Pane   string // of the console: "cli", "log", "tools"
	Shelf  string // of the bucket: "objects", "settings", "files"
	Show   string // on a small screen: "steps", "work", "xray"
	Typing bool   // a command was just run: the cursor goes back to the line
	Line   string // what stands in the line
	Notice string // something to tell above the steps
}

// pane is one entry of the switch on small screens.
type pane struct{ Name, Icon, Title string }

var panes = []pane{{"steps", "layers", "Steps"}, {"work", "terminal", "Console"}, {"xray", "scan-line", "X-ray"}}

func (v LabRun) query() url.Values {
	q := url.Values{"tab": {v.Tab}, "pane": {v.Pane}, "shelf": {v.Shelf}, "show": {v.Show}}
	if v.Trace != nil {
		q.Set("request", v.requestText())
	}
	return q
}

// with is the address of this page with one thing changed.
func (v LabRun) with(name, value string) string {
	q := v.query()
	q.Set(name, value)
	return v.At + "?" + q.Encode()
}

// request is the permalink of a request.
func (v LabRun) request(number int) string {
	q := url.Values{"request": {fmt.Sprint(number)}, "tab": {v.Tab}}
	return v.At + "?" + q.Encode()
}

func (v LabRun) requestText() string {
	if v.Trace == nil {
		return ""
	}
	return fmt.Sprint(v.Trace.Number)
}

func (v LabRun) do(what string) string { return v.At + "/" + what }

func (v LabRun) file(name string) string {
	return v.At + "/file?" + url.Values{"name": {name}}.Encode()
}

func (v LabRun) badge() string {
	switch {
	case !v.State.Passed.IsZero():
		return "Passed"
	case v.State.Current == len(v.State.Steps):
		return "All steps done"
	}
	return fmt.Sprintf("Step %d of %d", v.State.Current+1, len(v.State.Steps))
}

// latest says whether a step is the last one that was done: its insight stays open.
func (v LabRun) latest(i int) bool {
	for j, s := range v.State.Steps {
		if j != i && s.Done && (s.Request > v.State.Steps[i].Request || s.Request == v.State.Steps[i].Request && j > i) {
			return false
		}
	}
	return v.State.Steps[i].Done
}

func (v LabRun) newest() []*exchange.Trace {
	list := slices.Clone(v.State.Requests)
	slices.Reverse(list)
	return list
}

func (v LabRun) greeting() string {
	var files []string
	for _, f := range v.State.Files {
		files = append(files, f.Name)
	}
	return fmt.Sprintf("You act as %s. In your home folder: %s.\nType a command, or help for what this console understands.", v.State.Acting.Profile, strings.Join(files, " "))
}

func (v LabRun) checkTitle() string {
	if !v.State.Passed.IsZero() {
		return "The lab is passed"
	}
	return "At the end"
}

func (v LabRun) xrayLabel() string {
	if v.Trace == nil {
		return "X-ray"
	}
	return fmt.Sprintf("X-ray of request %d", v.Trace.Number)
}

func principalLabel(p labs.Principal) string {
	if p.Kind == p.Profile {
		return p.Profile
	}
	return p.Profile + " (" + p.Kind + ")"
}

// blockWords says what a line did: "request 14, exit 255."
func blockWords(b labs.Block) string {
	code := fmt.Sprintf("exit %d", b.Code)
	switch len(b.Requests) {
	case 0:
		return code
	case 1:
		return fmt.Sprintf("request %d, %s.", b.Requests[0], code)
	}
	return fmt.Sprintf("requests %d to %d, %s.", b.Requests[0], b.Requests[len(b.Requests)-1], code)
}

// printed is what a line printed, without the newline at its end.
func printed(b labs.Block) string { return strings.TrimRight(b.Stdout+b.Stderr, "\n") }

func requestWords(t *exchange.Trace) string {
	name := t.Operation
	if name == "" {
		name = t.Request.Method
	}
	switch {
	case t.Key != "":
		return name + " " + t.Bucket + "/" + t.Key
	case t.Bucket != "":
		return name + " " + t.Bucket
	}
	return name
}

func callerWords(t *exchange.Trace) string {
	if t.Caller.Name != "" {
		return t.Caller.Name
	}
	if t.Caller.Kind != "" {
		return t.Caller.Kind
	}
	return "unknown"
}

// target is the path of a request without its query.
func target(t *exchange.Trace) string {
	path, _, _ := strings.Cut(t.Request.Target, "?")
	return path
}

func rightOutcome(s labs.StepState) string {
	for _, o := range s.Predict.Options {
		if o.Right {
			return o.Text
		}
	}
	return ""
}

func returnedClass(returned string) string {
	if strings.HasPrefix(returned, "2") {
		return "c-allow"
	}
	return "c-deny"
}

func hintTitle(i, of int) string {
	kind := []string{"a nudge", "a pointer", "the answer"}
	if i < len(kind) && of == len(kind) {
		return fmt.Sprintf("Hint %d of %d: %s", i+1, of, kind[i])
	}
	return fmt.Sprintf("Hint %d of %d", i+1, of)
}

func reportWords(r labs.Report) string {
	open := 0
	for _, one := range r.Results {
		if !one.OK {
			open++
		}
	}
	if open == 0 {
		return fmt.Sprintf("All %d checks hold.", len(r.Results))
	}
	return fmt.Sprintf("%d of %d checks do not hold yet.", open, len(r.Results))
}

// bucketSettings are the rows of the settings tab.
func bucketSettings(b labs.BucketState) [][2]string {
	def := map[string]string{"AES256": "SSE-S3 (AES256)"}[b.Algorithm]
	if def == "" {
		def = shown(b.Algorithm)
	}
	if !b.Explicit {
		def += ", as every new bucket"
	}
	blocked := "None"
	if len(b.Blocked) > 0 {
		blocked = strings.Join(b.Blocked, ", ")
	}
	public := "Not all four switches are on"
	if b.PublicBlocked {
		public = "All four on"
	}
	versioning := b.Versioning
	if versioning == "" {
		versioning = "Off"
	}
	owner := b.Ownership
	if owner == "BucketOwnerEnforced" {
		owner += ", ACLs off"
	}
	return [][2]string{
		{"Default encryption", def}, {"Blocked encryption types", blocked}, {"Versioning", versioning},
		{"Public access block", public}, {"Object ownership", owner}, {"Account and region", b.Account + ", " + b.Region},
	}
}

func storageClass(o labs.VersionState) string {
	if o.StorageClass == "" {
		return "STANDARD"
	}
	return o.StorageClass
}

func lines(list []string) string { return strings.Join(list, "\n") }

// Look chooses the request that the X-ray shows: the one of that number, or the newest for 0. It also finds the
// bucket that the workspace opens on.
func (v *LabRun) Look(number int) {
	list := v.State.Requests
	at := len(list) - 1
	if number > 0 {
		at = slices.IndexFunc(list, func(t *exchange.Trace) bool { return t.Number == number })
		if at < 0 {
			v.Gone = number
		}
	}
	if at >= 0 {
		v.Trace = list[at]
		if at > 0 {
			v.Prev = list[at-1].Number
		}
		if at+1 < len(list) {
			v.Next = list[at+1].Number
		}
	}
	v.Bucket.Name = v.State.Lab.Bucket
	for _, b := range v.State.Buckets {
		if b.Name == v.State.Lab.Bucket {
			v.Bucket = b
		}
	}
}
