package shell

import (
	"context"
	"fmt"
	"sort"
)

// Limits of one line. A learner's line is hostile until it has run: each value is charged before it is built.
const (
	// MaxLine is the length of what Run takes, in bytes.
	MaxLine = 16 << 10
	// MaxNesting is how deep openings may stand in one another.
	MaxNesting = 64
	// MaxKeywords is how often one keyword that nests may stand in a line.
	MaxKeywords = 500
	// MaxSteps is how many commands a line may run.
	MaxSteps = 10000
	// MaxOutput is how many bytes all commands of a line may write, pipes and files included.
	MaxOutput = 8 << 20
	// MaxPrinted is how many bytes of each of the two outputs are shown.
	MaxPrinted = 256 << 10
	// MaxVariables is the size of all variables with their names, in bytes.
	MaxVariables = 64 << 10
	// MaxWords is the size of a command's words after expansion, in bytes.
	MaxWords = 2 << 20
)

// budget is what a line may still use.
type budget struct {
	steps, output, matching int
}

func newBudget() *budget { return &budget{steps: MaxSteps, output: MaxOutput, matching: MaxMatching} }

// step charges one command.
func (b *budget) step(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("the line was ended: %w", err)
	}
	if b.steps--; b.steps < 0 {
		return &LimitError{"the number of commands in a line", MaxSteps}
	}
	return nil
}

// output collects what a command writes. What goes beyond the budget is dropped, and said once at the end.
type output struct {
	left    *budget
	data    []byte
	dropped bool
}

func (o *output) Write(p []byte) (int, error) {
	n := len(p)
	if n > o.left.output {
		p = p[:o.left.output]
		o.dropped = true
	}
	o.left.output -= len(p)
	o.data = append(o.data, p...)
	return n, nil
}

// over says that nothing more can be written, so that a command which produces without end can stop.
func (o *output) over() bool { return o.dropped }

func (o *output) print(format string, a ...any) {
	if len(a) == 0 {
		o.text(format)
		return
	}
	fmt.Fprintf(o, format, a...)
}

func (o *output) text(s string) { _, _ = o.Write([]byte(s)) }

// String is what the page shows.
func (o *output) String() string {
	data, note := o.data, ""
	if len(data) > MaxPrinted {
		data, note = data[:MaxPrinted], fmt.Sprintf("\n(the rest is not shown: at most %d bytes)\n", MaxPrinted)
	}
	if o.dropped {
		note += fmt.Sprintf("\n(%v)\n", &LimitError{"the output of a line in bytes", MaxOutput})
	}
	return string(data) + note
}

func sortedNames[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}
