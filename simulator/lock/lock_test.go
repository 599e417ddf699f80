package lock

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var now = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

func until(mode string, days int) Retention { return Retention{mode, now.AddDate(0, 0, days)} }

func TestMayThisVersionBeRemoved(t *testing.T) {
	asked, permitted := Bypass{Asked: true}, Bypass{Asked: true, Permitted: true}
	for _, c := range []struct {
		name   string
		p      Protected
		bypass Bypass
		by     string // "": it may
		rungs  string
	}{
		{"no lock", Protected{}, Bypass{}, "", "legal hold none, retention none"},
		{"a delete marker, whatever it says", Protected{Marker: true, Retention: until(Compliance, 9), Hold: On}, Bypass{}, "", "delete marker none"},
		{"governance", Protected{Retention: until(Governance, 9)}, Bypass{}, Governance, "legal hold none, retention holds, bypass none"},
		{"governance, a bypass without permission", Protected{Retention: until(Governance, 9)}, asked, Governance, "legal hold none, retention holds, bypass none"},
		{"governance, permission without a bypass", Protected{Retention: until(Governance, 9)}, Bypass{Permitted: true}, Governance, "legal hold none, retention holds, bypass none"},
		{"governance, bypassed", Protected{Retention: until(Governance, 9)}, permitted, "", "legal hold none, retention lifted, bypass lifted"},
		{"governance, over", Protected{Retention: until(Governance, -1)}, Bypass{}, "", "legal hold none, retention over"},
		{"the last moment belongs to nobody", Protected{Retention: Retention{Governance, now}}, Bypass{}, "", "legal hold none, retention over"},
		{"compliance", Protected{Retention: until(Compliance, 9)}, Bypass{}, Compliance, "legal hold none, retention holds"},
		{"compliance, bypassed", Protected{Retention: until(Compliance, 9)}, permitted, Compliance, "legal hold none, retention holds, bypass none"},
		{"compliance, over", Protected{Retention: until(Compliance, -1)}, Bypass{}, "", "legal hold none, retention over"},
		{"a hold", Protected{Hold: On}, Bypass{}, "legal hold", "legal hold holds, retention none"},
		{"a hold, bypassed", Protected{Hold: On, Retention: until(Governance, 9)}, permitted, "legal hold", "legal hold holds, retention lifted, bypass lifted"},
		{"a hold that was switched off", Protected{Hold: Off}, Bypass{}, "", "legal hold over, retention none"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := Remove(c.p, "remove", now, c.bypass)
			if d.Allowed != (c.by == "") || d.By != c.by || (d.Refusal == nil) != d.Allowed || (d.Lifter == "") != d.Allowed || d.Say == "" {
				t.Errorf("%+v", d)
			}
			if got := rungs(d); got != c.rungs {
				t.Errorf("ladder %q, want %q", got, c.rungs)
			}
		})
	}
}

func rungs(d Decision) string {
	var list []string
	for _, r := range d.Ladder {
		list = append(list, r.Name+" "+string(r.State))
	}
	return strings.Join(list, ", ")
}

func TestMayARetentionBecomeAnother(t *testing.T) {
	permitted := Bypass{Asked: true, Permitted: true}
	for _, c := range []struct {
		name     string
		from, to Retention
		bypass   Bypass
		allowed  bool
	}{
		{"the first one", Retention{}, until(Compliance, 1), Bypass{}, true},
		{"after the old one is over", until(Compliance, -1), until(Governance, 1), Bypass{}, true},
		{"governance longer", until(Governance, 1), until(Governance, 2), Bypass{}, true},
		{"governance the same again", until(Governance, 1), until(Governance, 1), Bypass{}, true},
		{"governance shorter", until(Governance, 2), until(Governance, 1), Bypass{}, false},
		{"governance shorter, bypassed", until(Governance, 2), until(Governance, 1), permitted, true},
		{"governance taken away", until(Governance, 2), Retention{}, Bypass{}, false},
		{"governance taken away, bypassed", until(Governance, 2), Retention{}, permitted, true},
		{"governance to compliance", until(Governance, 1), until(Compliance, 2), Bypass{}, false},
		{"governance to compliance, bypassed", until(Governance, 1), until(Compliance, 2), permitted, true},
		{"compliance longer", until(Compliance, 1), until(Compliance, 2), Bypass{}, true},
		{"compliance shorter", until(Compliance, 2), until(Compliance, 1), permitted, false},
		{"compliance to governance, though longer", until(Compliance, 1), until(Governance, 2), permitted, false},
		{"compliance taken away", until(Compliance, 1), Retention{}, permitted, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := Change(Protected{Retention: c.from, Hold: On}, c.to, now, c.bypass)
			if d.Allowed != c.allowed || len(d.Ladder) == 0 || (d.Refusal == nil) != d.Allowed {
				t.Errorf("%+v", d)
			}
		})
	}
}

// However often and however the retention is changed, a version that is under COMPLIANCE cannot be removed before the date
// it had first.
func TestComplianceNeverEndsEarlier(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		first := until(Compliance, rapid.IntRange(1, 400).Draw(t, "days"))
		p, at := Protected{Retention: first}, now
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			at = at.Add(time.Duration(rapid.IntRange(0, 240).Draw(t, "hours")) * time.Hour)
			b := Bypass{rapid.Bool().Draw(t, "asked"), rapid.Bool().Draw(t, "permitted")}
			to := until(rapid.SampledFrom([]string{Governance, Compliance, ""}).Draw(t, "mode"), rapid.IntRange(-10, 500).Draw(t, "to"))
			if Change(p, to, at, b).Allowed {
				p.Retention = to
			}
			p.Hold = rapid.SampledFrom([]string{"", On, Off}).Draw(t, "hold")
			if Remove(p, "remove", at, b).Allowed && at.Before(first.Until) {
				t.Fatalf("removed at %v, protected until %v", at, first.Until)
			}
		}
	})
}

func TestWhatADefaultGives(t *testing.T) {
	leap := time.Date(2028, 2, 29, 10, 30, 15, 999, time.UTC)
	for _, c := range []struct {
		name    string
		rule    Default
		created time.Time
		want    time.Time
	}{
		{"nothing", Default{}, now, time.Time{}},
		{"a day, exact to the second", Default{Governance, 1, 0}, leap, time.Date(2028, 3, 1, 10, 30, 15, 0, time.UTC)},
		{"a year of the calendar", Default{Compliance, 0, 1}, now, time.Date(2027, 6, 1, 12, 0, 0, 0, time.UTC)},
		{"a year from a leap day", Default{Compliance, 0, 1}, leap, time.Date(2029, 3, 1, 10, 30, 15, 0, time.UTC)},
		{"the longest", Default{Compliance, 0, MaxYears}, now, time.Date(2126, 6, 1, 12, 0, 0, 0, time.UTC)},
	} {
		if got := c.rule.From(c.created); !got.Until.Equal(c.want) || got.Mode != c.rule.Mode {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestRulesOfABucket(t *testing.T) {
	s := func(text string) *string { return &text }
	for _, c := range []struct {
		name      string
		rule      Rule
		want      Default
		malformed bool
		message   string
	}{
		{"days", Rule{s("GOVERNANCE"), s("30"), nil}, Default{Governance, 30, 0}, false, ""},
		{"years", Rule{s("COMPLIANCE"), nil, s("7")}, Default{Compliance, 0, 7}, false, ""},
		{"no mode", Rule{nil, s("1"), nil}, Default{}, true, ""},
		{"another mode", Rule{s("governance"), s("1"), nil}, Default{}, true, ""},
		{"no period", Rule{s("GOVERNANCE"), nil, nil}, Default{}, true, ""},
		{"both periods", Rule{s("GOVERNANCE"), s("1"), s("1")}, Default{}, true, ""},
		{"a word", Rule{s("GOVERNANCE"), s("ten"), nil}, Default{}, true, ""},
		{"no days", Rule{s("GOVERNANCE"), s("0"), nil}, Default{}, false, "Default retention period must be a positive integer value."},
		{"days before", Rule{s("GOVERNANCE"), s("-1"), nil}, Default{}, false, "Default retention period must be a positive integer value."},
		{"the most days", Rule{s("GOVERNANCE"), s("36500"), nil}, Default{Governance, 36500, 0}, false, ""},
		{"a day too many", Rule{s("GOVERNANCE"), s("36501"), nil}, Default{}, false, "Default retention period too large."},
		{"a year too many", Rule{s("GOVERNANCE"), nil, s("101")}, Default{}, false, "Default retention period too large."},
	} {
		got, malformed, refusal := c.rule.Parse()
		message := ""
		if refusal != nil {
			message = refusal.Message
		}
		if got != c.want && c.message == "" || malformed != c.malformed || message != c.message {
			t.Errorf("%s: %+v %v %q", c.name, got, malformed, message)
		}
	}
}

func TestLockHeadersOfAWrite(t *testing.T) {
	const later, both = "2030-01-01T00:00:00Z", "x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied"
	for _, c := range []struct {
		name, headers, message, argument string
	}{
		{"none", "", "", ""},
		{"a retention", "mode=GOVERNANCE until=" + later, "", ""},
		{"a hold", "hold=ON", "", ""},
		{"a mode alone, right or wrong", "mode=BAD-VALUE", both, UntilHeader},
		{"a date alone", "until=" + later, both, ModeHeader},
		{"another mode", "mode=BAD-VALUE until=" + later, "Unknown wormMode directive.", ModeHeader},
		{"a mode in lower case", "mode=governance until=" + later, "Unknown wormMode directive.", ModeHeader},
		{"no date", "mode=GOVERNANCE until=tomorrow", "The retain until date must be provided in ISO 8601 format", UntilHeader},
		{"a date that is over", "mode=GOVERNANCE until=2020-01-01T00:00:00Z", "The retain until date must be in the future!", UntilHeader},
		{"another hold", "hold=wrong", "Legal Hold must be either of 'ON' or 'OFF'", HoldHeader},
		{"an empty hold", "hold=", "Legal Hold must be either of 'ON' or 'OFF'", HoldHeader},
		{"the mode is judged before the hold", "mode=x until=" + later + " hold=x", "Unknown wormMode directive.", ModeHeader},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := http.Header{}
			for _, field := range strings.Fields(c.headers) {
				name, value, _ := strings.Cut(field, "=")
				h.Set(map[string]string{"mode": ModeHeader, "until": UntilHeader, "hold": HoldHeader}[name], value)
			}
			asked, refusal := Read(h, now)
			switch {
			case c.message == "" && refusal == nil:
				if asked.Retention.Set() != strings.Contains(c.headers, "mode=") || (asked.Hold != "") != strings.Contains(c.headers, "hold=") {
					t.Errorf("%+v", asked)
				}
			case refusal == nil || refusal.Message != c.message || refusal.Extra[0][1] != c.argument:
				t.Errorf("%+v", refusal)
			}
		})
	}
}

func TestADateAsJavaPrintsIt(t *testing.T) {
	for want, at := range map[string]time.Time{
		"Tue Dec 31 16:00:00 PST 2019": time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), // recorded
		"Mon Jun 01 05:00:00 PDT 2026": now,
		"Sun Mar 08 01:59:59 PST 2026": time.Date(2026, 3, 8, 9, 59, 59, 0, time.UTC),
		"Sun Mar 08 03:00:00 PDT 2026": time.Date(2026, 3, 8, 10, 0, 0, 0, time.UTC),
		"Sun Nov 01 01:59:59 PDT 2026": time.Date(2026, 11, 1, 8, 59, 59, 0, time.UTC),
		"Sun Nov 01 01:00:00 PST 2026": time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC),
	} {
		if got := Java(at); got != want {
			t.Errorf("%v is %q, want %q", at, got, want)
		}
	}
}

func FuzzDates(f *testing.F) {
	for _, s := range []string{"2030-01-01T00:00:00Z", "2030-01-01T00:00:00.123+02:00", "20300101T000000Z", "9999-12-31T23:59:59-23:59", "", "tomorrow", "2030-01-01"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		at, ok := ParseDate(s)
		if !ok {
			return
		}
		again, ok := ParseDate(at.Format("2006-01-02T15:04:05.000Z"))
		if !ok || !again.Equal(at) {
			t.Fatalf("%q is %v, printed and read again %v", s, at, again)
		}
	})
}
