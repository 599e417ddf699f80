package progress

import "time"

// Weeks is the length of the study strip.
const Weeks = 12

// Day is one square of the study strip.
type Day struct {
	Date  time.Time // midnight in the learner's zone
	Count int       // answers, steps passed, labs passed, notes read and proofs run
	Ahead bool      // later than today: drawn empty
}

// Strip counts study by day over the last 12 weeks, Monday to Sunday, this week last: always 84 days. It counts, it
// does not reward streaks: a week off is a week off. now's location is the learner's zone.
func Strip(entries []Entry, now time.Time) []Day {
	zone := now.Location()
	today := midnight(now)
	monday := today.AddDate(0, 0, -(int(today.Weekday())+6)%7)
	start := monday.AddDate(0, 0, -7*(Weeks-1))

	counts := map[time.Time]int{}
	for _, e := range entries {
		switch e.Kind {
		case Answered, StepPassed, LabPassed, NoteRead, ProofRun:
			counts[midnight(e.At.In(zone))]++
		}
	}
	days := make([]Day, 0, 7*Weeks)
	for i := range 7 * Weeks {
		date := start.AddDate(0, 0, i)
		days = append(days, Day{Date: date, Count: counts[date], Ahead: date.After(today)})
	}
	return days
}

// midnight starts the calendar day of t in t's zone. Days are counted by calendar, not by 24 hours: clocks change.
func midnight(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
}
