package s3

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"keyhole/simulator/exchange"
	"keyhole/simulator/wire"
	"keyhole/simulator/world"
)

// deed is what a lifecycle rule does.
type deed string

// The deeds, in the order in which one run does them.
const (
	expire  deed = "expire"  // the current version: a delete marker goes before it, or it goes where there are no versions
	discard deed = "discard" // a noncurrent version, for good
	unmark  deed = "unmark"  // a delete marker with nothing behind it
	abandon deed = "abandon" // an upload that was not completed
	move    deed = "move"    // to another storage class
)

// planned is one deed of one rule and when it is due.
type planned struct {
	deed    deed
	due     time.Time
	rule    string
	key     string
	version *world.Version // nil of an upload
	upload  string
	class   string // of move
}

// due rounds up to the next midnight UTC, as S3 counts days.
func dueAfter(since time.Time, days int) time.Time {
	return midnight(since.Add(time.Duration(days) * day))
}

// plan is everything the rules of a bucket will do to what is in it, now or later. Nothing is done.
func plan(b *world.Bucket, doc lifecycleDocument) (list []planned) {
	minimum := minimumOf(b)
	for _, r := range doc.Rules {
		if !enabled(r.Status) {
			continue
		}
		prefix, _ := r.selects()
		for _, versions := range b.Below(prefix, "") {
			list = append(list, r.forCurrent(versions, minimum)...)
			for i := 1; i < len(versions); i++ {
				list = append(list, r.forNoncurrent(versions, i, minimum)...)
			}
		}
		if r.Abort == nil {
			continue
		}
		for _, u := range b.UploadList() {
			if strings.HasPrefix(u.Key, prefix) {
				list = append(list, planned{deed: abandon, due: dueAfter(u.Started, *r.Abort.Days), rule: r.ID, key: u.Key, upload: u.ID})
			}
		}
	}
	return list
}

// forCurrent is what a rule does to the newest version of a key, or to its delete marker.
func (r lifecycleRule) forCurrent(versions []*world.Version, minimum string) (list []planned) {
	v := versions[0]
	p := planned{rule: r.ID, key: v.Key, version: v}
	if v.DeleteMarker {
		e := r.Expiration
		if len(versions) > 1 || e == nil || r.Filter != nil && r.Filter.picky() {
			return nil
		}
		p.deed, p.due = unmark, v.Created
		switch {
		case e.DeleteMarker != nil && *e.DeleteMarker:
		case e.Days != nil: // an expiration in days also clears markers of that age
			p.due = dueAfter(v.Created, *e.Days)
		default:
			return nil
		}
		return []planned{p}
	}
	if !r.takes(v) {
		return nil
	}
	if at, ok := r.expiry(v); ok {
		p.deed, p.due = expire, at
		list = append(list, p)
	}
	for _, t := range r.Transitions {
		p.deed, p.class = move, t.StorageClass
		if t.Days != nil {
			p.due = dueAfter(v.Created, *t.Days)
		} else {
			p.due, _ = dateOf(t.Date)
		}
		if r.moves(v, t.StorageClass, minimum) {
			list = append(list, p)
		}
	}
	return list
}

// forNoncurrent is what a rule does to the version at i of a key's list. It became noncurrent when the one before it came.
func (r lifecycleRule) forNoncurrent(versions []*world.Version, i int, minimum string) (list []planned) {
	v, since := versions[i], versions[i-1].Created
	if !r.takes(v) {
		return nil
	}
	p := planned{rule: r.ID, key: v.Key, version: v}
	newer := i - 1 // noncurrent versions above this one
	if n := r.Noncurrent; n != nil && (n.Newer == nil || newer >= *n.Newer) {
		p.deed, p.due = discard, dueAfter(since, *n.Days)
		list = append(list, p)
	}
	for _, t := range r.NoncurrentTransitions {
		if !v.DeleteMarker && (t.Newer == nil || newer >= *t.Newer) && r.moves(v, t.StorageClass, minimum) {
			p.deed, p.class, p.due = move, t.StorageClass, dueAfter(since, *t.Days)
			list = append(list, p)
		}
	}
	return list
}

// expiry is when a rule ends a current version; false when it does not.
func (r lifecycleRule) expiry(v *world.Version) (at time.Time, ok bool) {
	switch e := r.Expiration; {
	case e == nil || v.DeleteMarker || !r.takes(v):
	case e.Days != nil:
		return dueAfter(v.Created, *e.Days), true
	case e.Date != "":
		return dateOf(e.Date)
	}
	return at, false
}

// smallestMove is how many bytes an object has to have before S3 moves it, unless the rule speaks of sizes. (user guide)
const smallestMove = 128 << 10

// moves says whether a transition would change anything: only to a colder class, and not for small objects.
func (r lifecycleRule) moves(v *world.Version, class, minimum string) bool {
	if slices.Index(waterfall, class) <= slices.Index(waterfall, v.StorageClass) {
		return false
	}
	small := v.Size < smallestMove && !r.Filter.sized()
	return !small || minimum == minimumVaries && retrievals[class] != nil
}

// expirationHeader tells when the current version of a key will expire, and by which rule. Of a version that the request
// names S3 does not tell it. (recorded)
func expirationHeader(x *exchange.Exchange, v *world.Version) {
	doc, ok := lifecycleOf(x.At)
	if !ok || x.Asked("versionId") {
		return
	}
	var first time.Time
	var rule string
	for _, r := range doc.Rules {
		if at, ends := r.expiry(v); ends && (first.IsZero() || at.Before(first)) {
			first, rule = at, r.ID
		}
	}
	if !first.IsZero() {
		x.Set("X-Amz-Expiration", `expiry-date="`+wire.HTTPDate(first)+`", rule-id="`+url.PathEscape(rule)+`"`)
	}
}
