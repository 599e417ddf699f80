package exchange

import (
	"slices"

	"keyhole/simulator/sse"
	"keyhole/simulator/world"
)

// The three verbs are the only way a handler touches protection. Each leaves its decision in the trace.

// Seal decides how what the request writes is encrypted at rest. The plaintext is handed to Store afterwards.
func (x *Exchange) Seal() (sse.Method, sse.CustomerSecret, *Fault) {
	d, secret := sse.Seal(sse.Read(x.Header), x.Defaults(), x.Transport.Secure, x.Subject())
	x.Trace.Seal = &d
	x.noteModelled(d.Checks)
	return d.Method, secret, Refused(d.Refusal)
}

// SealPart is Seal for a part: the upload decided, and the part's key must be the upload's.
func (x *Exchange) SealPart(u *world.Upload) (sse.Method, sse.CustomerSecret, *Fault) {
	asked := sse.Read(x.Header)
	if r := sse.CheckBlocked(asked.Customer() || u.Method == sse.SSEC, x.Defaults(), x.Subject()); r != nil {
		x.Trace.Seal = &sse.SealDecision{Method: u.Method, Because: "upload", Blocked: true, Refusal: r}
		return u.Method, sse.CustomerSecret{}, Refused(r)
	}
	d, secret := sse.MatchUpload(asked, u.Method, u.Customer, x.Transport.Secure)
	x.Trace.Seal = &d
	x.noteModelled(d.Checks)
	return d.Method, secret, Refused(d.Refusal)
}

// Store encrypts plain and keeps the ciphertext. Call it last: a blob no version names is only garbage, but it is garbage.
func (x *Exchange) Store(plain []byte, m sse.Method, key sse.CustomerSecret) sse.Sealed {
	sealed, ciphertext := sse.Encrypt(plain, m, x.World.Master(), key, x.World.Random)
	sealed.Ciphertext = x.World.PutBlob(ciphertext)
	return sealed
}

// Open decides whether the request's key opens what is stored. source: the headers are those of a copy source.
func (x *Exchange) Open(stored sse.Sealed, source bool) (sse.CustomerSecret, *Fault) {
	asked := sse.Read(x.Header)
	if source {
		asked = sse.ReadCopySource(x.Header)
	}
	d, secret := sse.Open(asked, stored, x.Transport.Secure, source)
	x.Trace.Open = &d
	x.noteModelled(d.Checks)
	return secret, Refused(d.Refusal)
}

// noteModelled says which failed check has an answer that nobody recorded of AWS.
func (x *Exchange) noteModelled(checks []sse.KeyCheck) {
	for _, c := range checks {
		if !c.Passed && c.Modelled {
			x.Note("modelled: what AWS answers when the %s fails was never recorded; status, code and words here are our choice", c.Name)
		}
	}
}

// Load decrypts what Open allowed.
func (x *Exchange) Load(stored sse.Sealed, key sse.CustomerSecret) ([]byte, *Fault) {
	ciphertext, err := x.World.Blob(stored.Ciphertext)
	if err != nil {
		x.Note("the stored bytes are missing: %v", err)
		return nil, Internal()
	}
	plain, err := sse.Decrypt(stored, ciphertext, x.World.Master(), key)
	if err != nil {
		x.Note("the stored bytes cannot be opened: %v", err)
		return nil, Internal()
	}
	return plain, nil
}

// Guard decides whether a version may be changed or removed now. This version has no Object Lock, so nothing holds it.
func (x *Exchange) Guard(v *world.Version) *Fault {
	id := v.ID
	x.Note("guard: no lock applies to version %s of %s (Object Lock is not imitated in this version)", id, v.Key)
	return nil
}

// Subject is who does what to what, for the texts that name them.
func (x *Exchange) Subject() sse.Subject {
	action := "s3:PutObject"
	if x.Op != nil && x.Op.Name == "CopyObject" {
		action = "s3:CopyObject" // AWS names the operation here, not the permission (s3-wire 4.5)
	}
	s := sse.Subject{Action: action, ResourceARN: x.ObjectARN()}
	if !x.Anonymous {
		s.PrincipalARN = x.Caller.ARN
	}
	return s
}

// Defaults is the default encryption of the bucket.
func (x *Exchange) Defaults() sse.Default {
	b := x.At
	return sse.Default{Algorithm: b.Encryption.Algorithm, Blocked: slices.Clone(b.Encryption.Blocked)}
}
