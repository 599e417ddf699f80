package world

import (
	"fmt"
	"time"
	"unicode/utf8"
)

// NullID is the id of a version that was written while versioning was not enabled.
const NullID = "null"

func invalid(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{ErrInvalid}, args...)...)
}

// check says whether an effect is possible now. It changes nothing; limits are quota's business, because a stored
// journal is read back under whatever limits hold then.
func (w *World) check(e Effect) error {
	if err := e.shape(); err != nil {
		return err
	}
	if e.Kind == KindClockJumped {
		return w.checkJump(*e.Jump)
	}
	b, ok := w.buckets[e.Bucket]
	if e.Kind == KindBucketMade {
		if ok {
			return fmt.Errorf("%w: bucket %s", ErrExists, e.Bucket)
		}
		return w.checkBucket(*e.Made)
	}
	if !ok {
		return fmt.Errorf("%w: %q", ErrNoBucket, e.Bucket)
	}
	switch e.Kind {
	case KindBucketRemoved:
		if len(b.Objects) > 0 {
			return fmt.Errorf("%w: %s", ErrNotEmpty, e.Bucket)
		}
	case KindBucketSet:
		if v := e.Set.Versioning; v != nil && *v != "Enabled" && *v != "Suspended" {
			return invalid("versioning %q", *v)
		}
		if e.Set.Encryption == nil && e.Set.Versioning == nil {
			return invalid("a setting without a value")
		}
	case KindVersionStored:
		return w.checkVersion(b, *e.Stored)
	case KindVersionRemoved:
		if _, ok := b.Version(e.Key, e.Version); !ok {
			return fmt.Errorf("%w: %s of %q", ErrNoVersion, e.Version, e.Key)
		}
	case KindUploadStarted:
		if _, ok := b.Uploads[e.Upload]; ok {
			return fmt.Errorf("%w: upload", ErrExists)
		}
		return checkUpload(*e.Started)
	case KindPartStored:
		if _, ok := b.Uploads[e.Upload]; !ok {
			return ErrNoUpload
		}
		return w.checkPart(*e.Part)
	case KindUploadEnded:
		if _, ok := b.Uploads[e.Upload]; !ok {
			return ErrNoUpload
		}
	}
	return nil
}

// shape says whether the fields fit the kind, so that the rest need not ask for nil.
func (e Effect) shape() error {
	fits := false
	switch e.Kind {
	case KindBucketMade:
		fits = e.Made != nil && e.Made.Name == e.Bucket && len(e.Made.Objects)+len(e.Made.Uploads) == 0
	case KindBucketRemoved, KindVersionRemoved:
		fits = true
	case KindBucketSet:
		fits = e.Set != nil
	case KindVersionStored:
		fits = e.Stored != nil && e.Stored.Key == e.Key
	case KindUploadStarted:
		fits = e.Started != nil && e.Started.ID == e.Upload && e.Upload != "" && len(e.Started.Parts) == 0
	case KindPartStored:
		fits = e.Part != nil
	case KindUploadEnded:
		fits = e.Upload != ""
	case KindClockJumped:
		fits = e.Jump != nil
	default:
		return invalid("effect of the unknown kind %.40q", e.Kind)
	}
	if !fits {
		return invalid("the fields of a %s effect do not fit together", e.Kind)
	}
	// One payload only: a second one would be stored and mean nothing.
	if n := e.payloads(); n > 1 {
		return invalid("a %s effect with %d payloads", e.Kind, n)
	}
	return nil
}

func (e Effect) payloads() (n int) {
	for _, set := range []bool{e.Made != nil, e.Set != nil, e.Stored != nil, e.Started != nil, e.Part != nil, e.Jump != nil} {
		if set {
			n++
		}
	}
	return n
}

func (w *World) checkBucket(b Bucket) error {
	if err := ValidBucketName(b.Name); err != nil {
		return err
	}
	if _, ok := w.Account(b.Account); !ok {
		return invalid("bucket %s of the unknown account %q", b.Name, b.Account)
	}
	if !b.Profile.Known() {
		return invalid("bucket %s of the unknown profile %q", b.Name, b.Profile)
	}
	if b.Versioning != "" && b.Versioning != "Enabled" && b.Versioning != "Suspended" {
		return invalid("versioning %q", b.Versioning)
	}
	return checkTime(b.Created)
}

func (w *World) checkVersion(b *Bucket, v Version) error {
	if v.ID == "" || len(v.ID) > MaxKeyBytes {
		return invalid("a version id of %d bytes", len(v.ID))
	}
	if (v.ID == NullID) == (b.Versioning == "Enabled") {
		return invalid("version id %q where versioning is %q", v.ID, b.Versioning)
	}
	if v.DeleteMarker && b.Versioning == "" {
		return invalid("a delete marker where versioning was never enabled")
	}
	if _, there := b.Version(v.Key, v.ID); there && v.ID != NullID {
		return fmt.Errorf("%w: version %s of %q", ErrExists, v.ID, v.Key)
	}
	return w.checkStored(v)
}

// checkStored is what holds for a version wherever it is.
func (w *World) checkStored(v Version) error {
	if err := checkKey(v.Key); err != nil {
		return err
	}
	if err := checkTime(v.Created); err != nil {
		return err
	}
	if v.DeleteMarker {
		if v.Size != 0 || v.Sealed.Ciphertext != "" || len(v.Parts) > 0 {
			return invalid("a delete marker with content")
		}
		return nil
	}
	if v.Size < 0 {
		return invalid("a version of %d bytes", v.Size)
	}
	if v.Sealed.Ciphertext == "" && len(v.Parts) == 0 {
		return invalid("a version without ciphertext")
	}
	for _, p := range v.Parts {
		if v.Sealed.Ciphertext == "" && p.Sealed.Ciphertext == "" {
			return invalid("part %d of a version without ciphertext", p.Number)
		}
		if err := checkTime(p.Modified); err != nil {
			return err
		}
	}
	for _, hash := range v.hashes() {
		if !w.blobs.has(hash) && !w.reading {
			return fmt.Errorf("%w: %.16s", ErrNoBlob, hash)
		}
	}
	return nil
}

func checkUpload(u Upload) error {
	if err := checkTime(u.Started); err != nil {
		return err
	}
	if err := checkTime(u.Template.Created); err != nil {
		return err
	}
	return checkKey(u.Key)
}

func (w *World) checkPart(p Part) error {
	if p.Number < 1 || p.Number > MaxPartNumber {
		return invalid("part number %d", p.Number)
	}
	if p.Size < 0 || p.Sealed.Ciphertext == "" {
		return invalid("a part without ciphertext")
	}
	if !w.blobs.has(p.Sealed.Ciphertext) && !w.reading {
		return fmt.Errorf("%w: %.16s", ErrNoBlob, p.Sealed.Ciphertext)
	}
	return checkTime(p.Modified)
}

func (w *World) checkJump(p Point) error {
	last := w.points[len(w.points)-1]
	if p.Real.Before(last.Real) {
		return invalid("a jump before the last one")
	}
	if !p.Simulated.After(w.Simulated(p.Real)) {
		return invalid("the clock only jumps forward")
	}
	if len(w.points) > MaxJumps {
		return invalid("more than %d jumps", MaxJumps)
	}
	if err := checkTime(p.Real); err != nil {
		return err
	}
	return checkTime(p.Simulated)
}

func checkKey(key string) error {
	if key == "" || len(key) > MaxKeyBytes || !utf8.ValidString(key) {
		return invalid("an object key of %d bytes that is not 1 to %d bytes of UTF-8", len(key), MaxKeyBytes)
	}
	return nil
}

// checkTime keeps moments where their text form has four digits for the year.
func checkTime(t time.Time) error {
	if y := t.UTC().Year(); y < 1 || y > 9000 {
		return invalid("a moment in the year %d", y)
	}
	return nil
}
