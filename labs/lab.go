package labs

import (
	"fmt"
	"io/fs"
	"path"
)

// Lab is one lab as its folder describes it: lab.yaml for the fields with a yaml tag, and the files beside it for the
// rest. Text fields are Markdown. A Lab is never changed after it was loaded.
type Lab struct {
	ID         string   `yaml:"id"`   // "lg05": also the folder's name; never reused
	Slug       string   `yaml:"slug"` // "sse-c-by-hand": the page's address
	Title      string   `yaml:"title"`
	Claim      string   `yaml:"claim"` // what it proves, one sentence
	Level      string   `yaml:"level"` // "guided", "challenge" or "incident"
	Minutes    int      `yaml:"minutes"`
	Objectives []string `yaml:"objectives"` // "C1"
	Facts      []string `yaml:"facts"`      // ids of the fact ledger
	Notes      []string `yaml:"notes"`      // slugs of notes to read before
	Questions  []string `yaml:"questions"`  // ids of questions it helps with

	// What the learner meets.
	Story      string      `yaml:"story"`
	Bucket     string      `yaml:"bucket"`     // the bucket that the workspace opens on
	Principals []Principal `yaml:"principals"` // who the learner can act as; the first is who they start as
	Files      []File      `yaml:"files"`      // of the home folder at the start
	Steps      []Step      `yaml:"steps"`
	Checks     []Check     `yaml:"checks"`
	Debrief    string      `yaml:"debrief"` // shown once the lab is passed
	Wrong      []Wrong     `yaml:"wrong"`   // solutions that must fail, and at which check

	// From the files beside lab.yaml; see ReadFolder.
	Start    []byte `yaml:"-"` // start.json: the world file the sandbox starts from, without a seed
	Solution string `yaml:"-"` // solution.sh
}

// Principal is somebody the learner can act as.
type Principal struct {
	Profile string `yaml:"profile"` // the name of the CLI profile: "app"
	Kind    string `yaml:"kind"`    // "root", "user", "role" or "anonymous"
	Name    string `yaml:"name"`    // of the user or role: "app-uploader"
	Account string `yaml:"account"` // 12 digits
	About   string `yaml:"about"`   // what they do, a few words
}

// File is one file of the home folder.
type File struct {
	Name   string `yaml:"name"`
	Random int    `yaml:"random"` // so many random bytes, others in every run; 0: Text
	Text   string `yaml:"text"`
}

// Step is one thing to do. Its conditions are checked against the state of the sandbox and the requests that were
// made, never against what was typed.
type Step struct {
	ID      string      `yaml:"id"` // "unblock"
	Title   string      `yaml:"title"`
	Note    string      `yaml:"note"` // a few words under the title once it is done
	Task    string      `yaml:"task"`
	Predict *Predict    `yaml:"predict"`
	Insight string      `yaml:"insight"` // shown once the step is done: what to take away
	Hints   []Hint      `yaml:"hints"`   // nudge, pointer, answer
	Done    string      `yaml:"done"`    // the conditions in words
	After   []string    `yaml:"after"`   // steps that have to be done before this one can be
	When    []Condition `yaml:"when"`    // all of them
	Ask     []Question  `yaml:"ask"`     // about what was seen; a condition says which have to be answered
}

// Question asks what the learner has seen. Its answers are checked, not what was typed to find them.
type Question struct {
	ID      string    `yaml:"id"` // unique in the lab
	Text    string    `yaml:"text"`
	Options []Outcome `yaml:"options"` // exactly one is right
}

// Predict asks for the outcome before the learner sees it.
type Predict struct {
	Question string    `yaml:"question"`
	Options  []Outcome `yaml:"options"` // exactly one is right
}

// Outcome is one possible answer of a prediction.
type Outcome struct {
	ID    string `yaml:"id"`
	Text  string `yaml:"text"`
	Right bool   `yaml:"right"`
}

// Hint is help that costs part of the score.
type Hint struct {
	Text string `yaml:"text"`
	Cost int    `yaml:"cost"` // percent
}

// Condition is one thing that has to be so. Exactly one field is set.
type Condition struct {
	Request  *RequestCondition `yaml:"request"`
	Bucket   *BucketCondition  `yaml:"bucket"`
	Object   *ObjectCondition  `yaml:"object"`
	Read     *ReadCondition    `yaml:"read"`
	Answered string            `yaml:"answered"` // id of a Question that was answered rightly
}

// ReadCondition is about the answer to a call of an observer whom no policy can refuse. Of Equals, Contains, AtLeast and
// Absent at most one is set; none asks only for the status.
type ReadCondition struct {
	Account  string         `yaml:"account"` // 12 digits; "" is the account of the first principal
	Do       string         `yaml:"do"`      // "GetBucketPolicy", "iam:GetUserPolicy"
	In       map[string]any `yaml:"in"`      // parameters by member name; see prober
	Status   int            `yaml:"status"`  // 0: any success
	Code     string         `yaml:"code"`    // of the fault
	Path     string         `yaml:"path"`    // JMESPath over the answer, as `aws --query`; Body is an object's content
	Equals   any            `yaml:"equals"`
	Contains any            `yaml:"contains"` // text in a text, or a value in a list
	AtLeast  *float64       `yaml:"at_least"`
	Absent   bool           `yaml:"absent"` // the path gives nothing
}

// RequestCondition holds once enough requests of this run look like this. Zero fields ask nothing.
type RequestCondition struct {
	Operations []string `yaml:"operations"` // any of these: "GetObject"
	Bucket     string   `yaml:"bucket"`
	Key        string   `yaml:"key"`
	Status     int      `yaml:"status"`
	Code       string   `yaml:"code"`      // of the fault
	Blocked    bool     `yaml:"blocked"`   // refused because the bucket blocks this type of encryption
	As         string   `yaml:"as"`        // profile of the caller
	AtLeast    int      `yaml:"at_least"`  // how many; 0 is 1
	Distinct   string   `yaml:"distinct"`  // "customer-key": count different customer keys, not requests
	Network    string   `yaml:"network"`   // "internet", "onprem" or the id of a VPC endpoint
	Transport  string   `yaml:"transport"` // "https" or "http"
	Message    string   `yaml:"message"`   // in the fault's message
	Presigned  bool     `yaml:"presigned"`
}

// BucketCondition is about the settings of a bucket now. Zero fields ask nothing.
type BucketCondition struct {
	Name       string `yaml:"name"`
	Blocks     string `yaml:"blocks"`     // this encryption type is blocked: "SSE-C"
	Accepts    string `yaml:"accepts"`    // this encryption type is not blocked
	Algorithm  string `yaml:"algorithm"`  // of the default encryption: "AES256"
	Versioning string `yaml:"versioning"` // "Enabled", "Suspended"
}

// ObjectCondition is about the versions of a key now, delete markers aside. Zero fields ask nothing.
type ObjectCondition struct {
	Bucket       string   `yaml:"bucket"`
	Key          string   `yaml:"key"`
	Encryption   string   `yaml:"encryption"`    // of the current version: "AES256" or "SSE-C"
	Versions     int      `yaml:"versions"`      // at least so many with that encryption
	DistinctKeys int      `yaml:"distinct_keys"` // at least so many different customer keys among them
	SealedWith   []string `yaml:"sealed_with"`   // for each of these files of the lab a version that its bytes are the key of
}

// Check is one thing that has to be so at the end. A state check reads the sandbox; a probe sends a real, signed
// request on a copy of it.
type Check struct {
	ID    string     `yaml:"id"`
	Kind  string     `yaml:"kind"` // "state", "probe" or "lockout"
	Text  string     `yaml:"text"` // what has to be so
	State *Condition `yaml:"state"`

	As        string         `yaml:"as"`        // profile that signs
	Transport string         `yaml:"transport"` // "https", the default, or "http"
	Do        string         `yaml:"do"`        // operation: "GetObject"
	In        map[string]any `yaml:"in"`        // parameters by member name; see Probe values
	Expect    Expect         `yaml:"expect"`

	Network string            `yaml:"network"` // "" or "internet", "onprem", the id of a VPC endpoint
	TLS     string            `yaml:"tls"`     // version: "1.1"; "" is "1.3"
	Headers map[string]string `yaml:"headers"` // sent besides those of the operation, signed
	Advance string            `yaml:"advance"` // how far the copy's clock is ahead: "31d"
	Run     string            `yaml:"run"`     // shell lines instead of an operation
	Bucket  string            `yaml:"bucket"`  // of a lockout probe: As must still read and set its policy

	Fail string `yaml:"fail"` // one neutral sentence for when it is not so
}

// Expect is the answer a probe has to get.
type Expect struct {
	Status int    `yaml:"status"`
	Code   string `yaml:"code"`   // of the fault; "" asks nothing
	Exit   int    `yaml:"exit"`   // of the last of the lines of Run
	Output string `yaml:"output"` // in what they print, or in the body of the answer to Do
}

// The kinds of checks.
const (
	StateCheck = "state"
	ProbeCheck = "probe"
	// LockoutCheck asks whether the administrator can still repair the bucket.
	LockoutCheck = "lockout"
)

// Wrong is a solution that looks right and must not pass.
type Wrong struct {
	File   string `yaml:"file"`  // "wrong/left-open.sh"
	Fails  string `yaml:"fails"` // id of the check that must fail
	Why    string `yaml:"why"`
	Script string `yaml:"-"` // the file's text
}

// ReadFolder fills in what stands in the files beside lab.yaml: start.json, solution.sh and the wrong solutions.
// dir is the lab's folder in fsys. Every file that is missing is reported.
func (l *Lab) ReadFolder(fsys fs.FS, dir string) []error {
	var problems []error
	read := func(name string) []byte {
		data, err := fs.ReadFile(fsys, path.Join(dir, name))
		if err != nil {
			problems = append(problems, fmt.Errorf("%s/%s: %w", dir, name, err))
		}
		return data
	}
	l.Start = read("start.json")
	l.Solution = string(read("solution.sh"))
	for i := range l.Wrong {
		l.Wrong[i].Script = string(read(l.Wrong[i].File))
	}
	return problems
}

// Step returns a step by id and its place.
func (l *Lab) Step(id string) (Step, int, bool) {
	for i, s := range l.Steps {
		if s.ID == id {
			return s, i, true
		}
	}
	return Step{}, 0, false
}

// Principal returns who a profile is.
func (l *Lab) Principal(profile string) (Principal, bool) {
	for _, p := range l.Principals {
		if p.Profile == profile {
			return p, true
		}
	}
	return Principal{}, false
}
