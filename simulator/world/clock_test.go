package world

import (
	"errors"
	"testing"
	"time"
)

func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t
}

// summer was made at noon on 23 November with its clock at 1 June.
func summer(t *testing.T) (*World, *hand) {
	t.Helper()
	h := &hand{noon}
	w, err := Parse([]byte(`{"clock":"2026-06-01T00:00:00Z"}`), Options{Now: h.now})
	if err != nil {
		t.Fatal(err)
	}
	return w, h
}

func TestTheClock(t *testing.T) {
	w, h := summer(t)
	shows := func(when, want string) {
		t.Helper()
		if !w.Now().Equal(at(want)) {
			t.Errorf("%s the clock shows %s, want %s", when, w.Now().Format(time.RFC3339), want)
		}
	}
	shows("at first", "2026-06-01T00:00:00Z")
	h.advance(time.Hour)
	shows("after an hour", "2026-06-01T01:00:00Z")
	if err := w.Jump(31 * 24 * time.Hour); err != nil {
		t.Fatal(err)
	}
	shows("after a jump of 31 days", "2026-07-02T01:00:00Z")
	h.advance(time.Hour)
	shows("an hour later", "2026-07-02T02:00:00Z")
	h.advance(-365 * 24 * time.Hour)
	shows("when the real clock is set back a year it waits at the jump", "2026-07-02T01:00:00Z")
	for _, d := range []time.Duration{0, -time.Second} {
		if err := w.Jump(d); !errors.Is(err, ErrInvalid) {
			t.Errorf("a jump of %s: %v", d, err)
		}
	}
	for w.Jump(290*365*24*time.Hour) == nil {
	}
	if y := w.Now().Year(); y > 9000 {
		t.Errorf("jumping on and on led to the year %d", y)
	}
}

func TestRealAndSimulatedTimes(t *testing.T) {
	w, h := summer(t)
	h.advance(time.Hour)
	if err := w.Jump(24 * time.Hour); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, simulated, real string }{
		{"before the world was made", "2026-05-31T23:00:00Z", "2026-11-23T11:00:00Z"},
		{"before the jump", "2026-06-01T00:30:00Z", "2026-11-23T12:30:00Z"},
		{"jumped over: the moment of the jump", "2026-06-01T12:00:00Z", "2026-11-23T13:00:00Z"},
		{"after the jump", "2026-06-02T01:30:00Z", "2026-11-23T13:30:00Z"},
	}
	for _, tt := range tests {
		if got := w.Real(at(tt.simulated)); !got.Equal(at(tt.real)) {
			t.Errorf("%s: %s was at %s, want %s", tt.name, tt.simulated, got.Format(time.RFC3339), tt.real)
		}
	}
}

func TestBaseOf(t *testing.T) {
	w, h := summer(t)
	h.advance(time.Hour) // real 13:00, simulated 01:00
	tests := []struct {
		name, date string
		base       Base
		simulated  string
	}{
		{"the real now", "2026-11-23T13:00:00Z", BaseReal, "2026-06-01T01:00:00Z"},
		{"15 minutes before the world was made", "2026-11-23T11:45:00Z", BaseReal, "2026-05-31T23:45:00Z"},
		{"a second earlier", "2026-11-23T11:44:59Z", BaseSimulated, "2026-11-23T11:44:59Z"},
		{"15 minutes ahead", "2026-11-23T13:15:00Z", BaseReal, "2026-06-01T01:15:00Z"},
		{"a second more", "2026-11-23T13:15:01Z", BaseSimulated, "2026-11-23T13:15:01Z"},
		{"the simulated now", "2026-06-01T01:00:00Z", BaseSimulated, "2026-06-01T01:00:00Z"},
	}
	for _, tt := range tests {
		base, simulated := w.BaseOf(at(tt.date))
		if base != tt.base || !simulated.Equal(at(tt.simulated)) {
			t.Errorf("%s: %s, %s; want %s, %s", tt.name, base, simulated.Format(time.RFC3339), tt.base, tt.simulated)
		}
	}
}

func TestAJumpOutlivesARestart(t *testing.T) {
	w, h := summer(t)
	s := shelve(t, w)
	if err := w.Jump(time.Hour); err != nil {
		t.Fatal(err)
	}
	s.keep(w)
	h.advance(time.Minute)
	if back := s.restore(t, h.now); !back.Now().Equal(w.Now()) || !back.Now().Equal(at("2026-06-01T01:01:00Z")) {
		t.Errorf("after a restart the clock shows %s", back.Now())
	}
}
