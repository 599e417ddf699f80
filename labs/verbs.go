package labs

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"keyhole/labs/shell"
)

// verbs are the commands of the workspace. Each is also a control on the page. They run while sb.mu is held.
func (sb *sandbox) verbs() map[string]shell.Verb {
	verbs := map[string]shell.Verb{
		"as": sb.verbAs, "clock": sb.verbClock, "xray": sb.verbXray, "check": sb.verbCheck, "hint": sb.verbHint, "answer": sb.verbAnswer,
	}
	verbs["sim"] = func(ctx context.Context, s *shell.Session, args []string, stdin []byte) (string, string, int) {
		if len(args) == 0 || verbs[args[0]] == nil || args[0] == "sim" {
			names := slices.DeleteFunc(slices.Sorted(maps.Keys(verbs)), func(name string) bool { return name == "sim" })
			return usage("sim " + strings.Join(names, "|"))
		}
		return verbs[args[0]](ctx, s, args[1:], stdin)
	}
	return verbs
}

func usage(text string) (string, string, int) { return "", "usage: " + text + "\n", 2 }

func (sb *sandbox) verbAs(_ context.Context, s *shell.Session, args []string, _ []byte) (string, string, int) {
	if len(args) == 0 {
		var b strings.Builder
		for _, p := range sb.lab.Principals {
			mark := " "
			if p.Profile == s.Profile {
				mark = "*"
			}
			fmt.Fprintf(&b, "%s %-10s %s\n", mark, p.Profile, p.Title())
		}
		return b.String(), "", 0
	}
	p, ok := sb.lab.Principal(args[0])
	if !ok || len(args) > 1 {
		return usage("as " + strings.Join(sb.lab.profiles(), "|"))
	}
	s.Profile = p.Profile
	return "acting as " + p.Profile + ": " + p.Title() + "\n", "", 0
}

// Title says who a principal is: "role app-uploader".
func (p Principal) Title() string {
	return strings.TrimSpace(p.Kind + " " + p.Name)
}

func (l *Lab) profiles() []string {
	var names []string
	for _, p := range l.Principals {
		names = append(names, p.Profile)
	}
	return names
}

func (sb *sandbox) verbClock(_ context.Context, _ *shell.Session, args []string, _ []byte) (string, string, int) {
	if len(args) > 0 && args[0] == "advance" {
		args = args[1:]
		if len(args) == 0 {
			return usage("clock advance 1h|1d|30d")
		}
	}
	if len(args) == 1 && args[0] != "now" {
		d, ok := ParseJump(args[0])
		if !ok {
			return usage("clock [now | +1h | +1d | +30d]")
		}
		if err := sb.jump(d); err != nil {
			return "", err.Error() + "\n", 1
		}
	}
	return sb.now().Format("2006-01-02T15:04:05Z") + "\n", "", 0
}

// ParseJump reads how far the clock should go: "+1h", "30d", "90m".
func ParseJump(s string) (time.Duration, bool) {
	s = strings.TrimPrefix(s, "+")
	if days, ok := strings.CutSuffix(s, "d"); ok {
		n, err := strconv.Atoi(days)
		if err != nil || n <= 0 || n > int(MaxJump/(24*time.Hour)) {
			return 0, false
		}
		return time.Duration(n) * 24 * time.Hour, true
	}
	d, err := time.ParseDuration(s)
	return d, err == nil && d > 0 && d <= MaxJump
}

func (sb *sandbox) verbXray(_ context.Context, _ *shell.Session, args []string, _ []byte) (string, string, int) {
	sb.pull()
	number := sb.doc.Next - 1
	if len(args) > 0 {
		n, err := strconv.Atoi(args[0])
		if err != nil || len(args) > 1 {
			return usage("xray [REQUEST NUMBER]")
		}
		number = n
	}
	t, ok := sb.doc.request(number)
	if !ok {
		return "", fmt.Sprintf("xray: there is no request %d to look at\n", number), 1
	}
	var b strings.Builder
	fmt.Fprintf(&b, "request %d  %s\n%s\n", t.Number, t.Request.Line, t.Response.Line)
	if t.Fault != nil && t.Fault.Say != "" {
		fmt.Fprintf(&b, "%s\n", t.Fault.Say)
	}
	for _, s := range t.Stages {
		fmt.Fprintf(&b, "  %-13s %-10s %s\n", s.Name, s.Verdict, s.Say)
	}
	return b.String(), "", 0
}

func (sb *sandbox) verbCheck(ctx context.Context, _ *shell.Session, _ []string, _ []byte) (string, string, int) {
	rep, err := sb.check(context.WithoutCancel(ctx))
	if err != nil {
		return "", "check: the report could not be kept\n", 1
	}
	var b strings.Builder
	for _, r := range rep.Results {
		verdict := "ok  "
		if !r.OK {
			verdict = "open"
		}
		fmt.Fprintf(&b, "%s  %s\n", verdict, r.Text)
		if !r.OK {
			fmt.Fprintf(&b, "      asked: %s\n      got: %s\n      %s\n", r.Asked, r.Got, r.Say)
		}
	}
	if !rep.Passed {
		return b.String(), "", 1
	}
	return b.String() + "The lab is passed.\n", "", 0
}

func (sb *sandbox) verbHint(ctx context.Context, _ *shell.Session, _ []string, _ []byte) (string, string, int) {
	for _, s := range sb.lab.Steps {
		if _, done := sb.doc.Steps[s.ID]; done {
			continue
		}
		h, err := sb.hint(ctx, s.ID)
		if err != nil {
			return "", "hint: there is no further hint for this step\n", 1
		}
		return fmt.Sprintf("%s: %s\n(costs %d %%)\n", s.Title, h.Text, h.Cost), "", 0
	}
	return "", "hint: every step is done\n", 1
}
