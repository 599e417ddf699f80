package labs

import (
	"fmt"
	"time"

	"github.com/fxamacker/cbor/v2"

	"keyhole/labs/shell"
	"keyhole/simulator"
)

// documentVersion is the first byte of a stored run document.
const documentVersion = 1

// document is what a run keeps beside its sandbox. The home folder and the console lines are the learner's own: they
// are here and nowhere else.
type document struct {
	Seed   []byte // of the sandbox and of the random files
	Opened time.Time

	Home    shell.Home
	Dir     string
	Env     map[string]string
	Profile string // who the learner acts as
	Blocks  []Block

	Steps       map[string]mark
	Predictions map[string]string   // step to option
	Hints       map[string]int      // step to how many were taken
	Answers     map[string]Answer   // question to what was answered
	Seen        map[string][]string // request conditions: what counted so far, see conditionKey
	Passed      time.Time           // simulated; zero: not yet
	Report      *Report             // of the last check

	Next int                // number of the next request
	Log  []*simulator.Trace // the newest requests, oldest first
}

// mark says when a step was done.
type mark struct {
	At       time.Time // simulated
	Request  int       // the request after which it was so; 0 when there was none
	Returned string    // what that request returned: "403 AccessDenied"
}

// Block is one console line and what it printed.
type Block struct {
	Cmd            string
	As             string // profile it ran under
	Stdout, Stderr string // cut off at MaxOutput
	Code           int
	Requests       []int // numbers of the requests it made
	At             time.Time
}

var documentMode = func() cbor.EncMode {
	m, err := cbor.EncOptions{Time: cbor.TimeRFC3339NanoUTC}.EncMode()
	if err != nil {
		panic(err) // the options above are constants
	}
	return m
}()

func (d *document) encode() ([]byte, error) {
	c := *d
	if len(c.Log) > SavedRequests {
		c.Log = c.Log[len(c.Log)-SavedRequests:]
	}
	body, err := documentMode.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("labs: encode a run: %w", err)
	}
	return append([]byte{documentVersion}, body...), nil
}

func decodeDocument(data []byte) (*document, error) {
	if len(data) == 0 || data[0] != documentVersion {
		return nil, fmt.Errorf("labs: the run was written by another version of Keyhole")
	}
	d := &document{}
	if err := cbor.Unmarshal(data[1:], d); err != nil {
		return nil, fmt.Errorf("labs: decode a run: %w", err)
	}
	d.fill()
	return d, nil
}

// fill makes the maps that an empty document leaves out.
func (d *document) fill() {
	if d.Home.Files == nil {
		d.Home.Files = map[string][]byte{}
	}
	if d.Env == nil {
		d.Env = map[string]string{}
	}
	if d.Steps == nil {
		d.Steps = map[string]mark{}
	}
	if d.Predictions == nil {
		d.Predictions = map[string]string{}
	}
	if d.Hints == nil {
		d.Hints = map[string]int{}
	}
	if d.Answers == nil {
		d.Answers = map[string]Answer{}
	}
	if d.Seen == nil {
		d.Seen = map[string][]string{}
	}
	if d.Next == 0 {
		d.Next = 1
	}
}

// keep adds a console line.
func (d *document) keep(b Block) {
	b.Stdout, b.Stderr = clip(b.Stdout), clip(b.Stderr)
	d.Blocks = append(d.Blocks, b)
	if over := len(d.Blocks) - MaxBlocks; over > 0 {
		d.Blocks = append([]Block(nil), d.Blocks[over:]...)
	}
}

func clip(s string) string {
	if len(s) <= MaxOutput {
		return s
	}
	return s[:MaxOutput] + fmt.Sprintf("\n[%d more bytes are not shown: the console keeps %d a line]\n", len(s)-MaxOutput, MaxOutput)
}

// request finds a logged request by its number.
func (d *document) request(number int) (*simulator.Trace, bool) {
	for i := len(d.Log) - 1; i >= 0; i-- {
		if d.Log[i].Number == number {
			return d.Log[i], true
		}
	}
	return nil, false
}
