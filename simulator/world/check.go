package world

import (
	"encoding/json"
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
	if e.Bucket == "" && e.ofThings() {
		return w.checkThings(e)
	}
	if e.Bucket == "" && (e.Target != nil || e.ofPeople() > 0) {
		return w.checkPeople(e)
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
		if b.Objects.Len() > 0 {
			return fmt.Errorf("%w: %s", ErrNotEmpty, e.Bucket)
		}
	case KindBucketSet:
		return checkSettings(*e.Set)
	case KindVersionStored:
		return w.checkVersion(b, *e.Stored)
	case KindVersionRemoved:
		v, ok := b.Version(e.Key, e.Version)
		if !ok {
			return fmt.Errorf("%w: %s of %q", ErrNoVersion, e.Version, e.Key)
		}
		return w.checkLoose(v)
	case KindVersionSet:
		v, ok := b.Version(e.Key, e.Version)
		if !ok || v.DeleteMarker {
			return fmt.Errorf("%w: %s of %q", ErrNoVersion, e.Version, e.Key)
		}
		return w.checkChange(v, *e.Change)
	case KindObjectGrantsSet:
		v, ok := b.Version(e.Key, e.Version)
		if !ok || v.DeleteMarker {
			return fmt.Errorf("%w: %s of %q", ErrNoVersion, e.Version, e.Key)
		}
		return checkGrants(e.Grants.List)
	case KindUploadStarted:
		if _, ok := b.Uploads.Find(e.Upload); ok {
			return fmt.Errorf("%w: upload", ErrExists)
		}
		return checkUpload(*e.Started)
	case KindPartStored:
		if _, ok := b.Uploads.Find(e.Upload); !ok {
			return ErrNoUpload
		}
		return w.checkPart(*e.Part)
	case KindUploadEnded:
		if _, ok := b.Uploads.Find(e.Upload); !ok {
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
		fits = e.Made != nil && e.Made.Name == e.Bucket && e.Made.Objects.Len()+e.Made.Uploads.Len() == 0
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
	case KindObjectGrantsSet:
		fits = e.Grants != nil
	case KindVersionSet:
		fits = e.Change != nil
	case KindKMSKeyPut:
		fits = e.KMSKey != nil && e.Bucket == ""
	case KindKMSAliasPut:
		fits = e.KMSAlias != nil && e.Bucket == ""
	case KindAccessPointPut:
		fits = e.AccessPoint != nil && e.Bucket == ""
	case KindJobAdded:
		fits = e.Job != nil && e.Bucket == ""
	case KindEventWritten:
		fits = e.Event != nil && e.Bucket == ""
	case KindTrailPut:
		fits = e.Trail != nil && e.Bucket == ""
	case KindKMSKeyRemoved, KindKMSAliasRemoved, KindAccessPointRemoved, KindJobDone, KindTrailRemoved:
		fits = e.Target != nil && e.Bucket == ""
	case KindJobsDone:
		fits = len(e.Jobs) > 0 && e.Bucket == ""
	case KindPrincipalPut:
		fits = e.Principal != nil && e.Bucket == ""
	case KindGroupPut:
		fits = e.Group != nil && e.Bucket == ""
	case KindPolicyPut:
		fits = e.Policy != nil && e.Bucket == ""
	case KindAccessKeyPut:
		fits = e.AccessKey != nil && e.Bucket == ""
	case KindMFAPut:
		fits = e.MFA != nil && e.Bucket == ""
	case KindPrincipalRemoved, KindGroupRemoved, KindPolicyRemoved, KindAccessKeyRemoved, KindMFARemoved:
		fits = e.Target != nil && e.Bucket == "" && e.Public == nil
	case KindAccountPublicSet:
		fits = e.Target != nil && e.Bucket == ""
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
	for _, set := range []bool{e.Made != nil, e.Set != nil, e.Stored != nil, e.Started != nil, e.Part != nil, e.Jump != nil, e.Grants != nil, e.Target != nil,
		e.Change != nil, e.KMSKey != nil, e.KMSAlias != nil, e.AccessPoint != nil, e.Job != nil, e.Event != nil, e.Trail != nil, e.Jobs != nil} {
		if set {
			n++
		}
	}
	if e.Public != nil && e.Kind != KindAccountPublicSet {
		n++
	}
	return n + e.ofPeople()
}

// ofThings says whether an effect is about what exists beside accounts and buckets.
func (e Effect) ofThings() bool {
	switch e.Kind {
	case KindKMSKeyPut, KindKMSAliasPut, KindAccessPointPut, KindJobAdded, KindEventWritten, KindTrailPut,
		KindKMSKeyRemoved, KindKMSAliasRemoved, KindAccessPointRemoved, KindJobDone, KindJobsDone, KindTrailRemoved:
		return true
	}
	return false
}

func (e Effect) ofPeople() (n int) {
	for _, set := range []bool{e.Principal != nil, e.Group != nil, e.Policy != nil, e.AccessKey != nil, e.MFA != nil} {
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
	if err := checkAccess(b.Policy, b.Ownership, b.Grants); err != nil {
		return err
	}
	return checkTime(b.Created)
}

func checkSettings(s Settings) error {
	if s == (Settings{}) {
		return invalid("a setting without a value")
	}
	if v := s.Versioning; v != nil && *v != "Enabled" && *v != "Suspended" {
		return invalid("versioning %q", *v)
	}
	if c := s.Config; c != nil && (c.Name == "" || len(c.Name) > MaxKeyBytes || len(c.Text) > ConfigurationBytes) {
		return invalid("a setting %.40q of %d bytes", c.Name, len(c.Text))
	}
	if s.Tags != nil && len(*s.Tags) > MaxTags {
		return invalid("a bucket with %d tags", len(*s.Tags))
	}
	var text json.RawMessage
	var grants []ACLGrant
	ownership := OwnerEnforced
	give(&text, s.Policy)
	give(&ownership, s.Ownership)
	give(&grants, s.Grants)
	return checkAccess(text, ownership, grants)
}

// checkAccess is what holds for who may use a bucket. Whether the policy can be decoded is not asked: those who put it
// did, and a stored world must be readable when the decoder has become stricter.
func checkAccess(text json.RawMessage, ownership string, grants []ACLGrant) error {
	if len(text) > PolicyBytes {
		return invalid("a bucket policy of %d bytes", len(text))
	}
	switch ownership {
	case OwnerEnforced, OwnerPreferred, ObjectWriter, "":
	default:
		return invalid("object ownership %.40q", ownership)
	}
	return checkGrants(grants)
}

func checkGrants(list []ACLGrant) error {
	if len(list) > MaxGrants {
		return invalid("an access control list of %d grants", len(list))
	}
	for _, g := range list {
		switch g.Permission {
		case "READ", "WRITE", "READ_ACP", "WRITE_ACP", "FULL_CONTROL":
		default:
			return invalid("the permission %.40q in an access control list", g.Permission)
		}
		if (g.Kind != "CanonicalUser" || !canonicalHex.MatchString(g.ID)) && (g.Kind != "Group" || g.URI == "") || len(g.URI) > MaxKeyBytes {
			return invalid("a grantee of the kind %.40q that does not fit", g.Kind)
		}
	}
	return nil
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
	if old, there := b.Version(v.Key, NullID); there && v.ID == NullID {
		if err := w.checkLoose(old); err != nil {
			return err
		}
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
	if err := checkGrants(v.Grants); err != nil {
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
	if err := firstError(checkTime(v.Retention.Until), checkTime(v.Restored)); err != nil {
		return err
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
