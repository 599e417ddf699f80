package lock

import (
	"strconv"
	"time"
)

// Rule is the default retention a configuration asks for, as its document has it: texts, nil where an element is absent.
type Rule struct{ Mode, Days, Years *string }

// Parse makes a Default of a rule. malformed: the document is not what the schema wants. (s3-wire 6.1)
func (r Rule) Parse() (d Default, malformed bool, refusal *Refusal) {
	if r.Mode == nil || !Mode(*r.Mode) || (r.Days == nil) == (r.Years == nil) {
		return d, true, nil
	}
	d.Mode = *r.Mode
	name, text, most, into := "Days", r.Days, MaxDays, &d.Days
	if r.Years != nil {
		name, text, most, into = "Years", r.Years, MaxYears, &d.Years
	}
	n, err := strconv.ParseInt(*text, 10, 32)
	switch {
	case err != nil:
		return Default{}, true, nil
	case n <= 0:
		return Default{}, false, invalid("Default retention period must be a positive integer value.", "A period is at least one day.", name, *text)
	case int(n) > most:
		return Default{}, false, invalid("Default retention period too large.", "A period is at most a hundred years.", name, *text)
	}
	*into = int(n)
	return d, false, nil
}

// Java is a moment as S3 prints the date it refuses: "Tue Dec 31 16:00:00 PST 2019", in the time of its home, by the
// rules for summer time that hold since 2007. (recorded: test_s3_object_retention_exc, update-retention-past-date)
func Java(t time.Time) string {
	t = t.UTC()
	zone := time.FixedZone("PST", -8*60*60)
	// Summer time begins at two on the second Sunday of March and ends at two on the first of November.
	if begin, end := sunday(t.Year(), time.March, 8).Add(10*time.Hour), sunday(t.Year(), time.November, 1).Add(9*time.Hour); !t.Before(begin) && t.Before(end) {
		zone = time.FixedZone("PDT", -7*60*60)
	}
	return t.In(zone).Format("Mon Jan 02 15:04:05 MST 2006")
}

// sunday is the first Sunday on or after a day, at midnight UTC.
func sunday(year int, month time.Month, day int) time.Time {
	t := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	return t.AddDate(0, 0, (7-int(t.Weekday()))%7)
}
