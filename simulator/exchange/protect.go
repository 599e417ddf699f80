package exchange

import (
	"slices"

	"keyhole/simulator/sse"
	"keyhole/simulator/world"
)

// The verbs are the only way a handler touches protection. Each leaves its decision in the trace.

// Seal decides how what the request writes is encrypted at rest, and asks KMS where that takes a KMS key. The plaintext is
// handed to Store afterwards, with what Seal returned: the customer's key, or the data key of KMS.
func (x *Exchange) Seal() (sse.Method, sse.CustomerSecret, *Fault) {
	d, secret := sse.Seal(sse.Read(x.Header), x.Defaults(), x.Transport.Secure, x.Subject())
	x.Trace.Seal = &d
	fault := Refused(d.Refusal)
	if fault == nil && d.KMS != nil {
		secret, fault = x.sealKMS(&d)
	}
	x.noteModelled(d.Checks)
	return d.Method, secret, fault
}

// SealPart is Seal for a part: the upload decided, and the part's key must be the upload's. Under KMS all parts share the
// data key that was made when the upload began.
func (x *Exchange) SealPart(u *world.Upload) (sse.Method, sse.CustomerSecret, *Fault) {
	asked := sse.Read(x.Header)
	if fault := x.blocked(u, asked.Customer()); fault != nil {
		return u.Method, sse.CustomerSecret{}, fault
	}
	d, secret := sse.MatchUpload(asked, u.Method, u.Customer, x.Transport.Secure)
	x.Trace.Seal = &d
	fault := Refused(d.Refusal)
	if fault == nil && u.Method.KMS() {
		x.sealing, d.KMS = u.Template.Sealed, sse.ChoiceOf(u.Template.Sealed)
		if secret, fault = x.openKMS(x.sealing, &d.Checks, "because the parts of an upload share its data key"); fault == nil && x.Op.Name != "CompleteMultipartUpload" {
			fault = x.mayUse(x.sealing, "kms:GenerateDataKey", &d.Checks, "to encrypt with a KMS key")
		}
		if fault != nil {
			d.Refusal = told(fault)
		}
	}
	x.noteModelled(d.Checks)
	return d.Method, secret, fault
}

// SealEnd is SealPart for the end of an upload, where the headers of a customer key may be left out.
func (x *Exchange) SealEnd(u *world.Upload) *Fault {
	asked := sse.Read(x.Header)
	if fault := x.blocked(u, asked.Customer()); fault != nil {
		return fault
	}
	if !asked.Customer() && !asked.MethodSent && !u.Method.KMS() {
		d := sse.Continued(u.Method, u.Customer)
		x.Trace.Seal = &d
		return nil
	}
	_, _, fault := x.SealPart(u)
	return fault
}

// blocked refuses what continues an SSE-C upload, or would, in a bucket that blocks SSE-C by now.
func (x *Exchange) blocked(u *world.Upload, customer bool) *Fault {
	r := sse.CheckBlocked(customer || u.Method == sse.SSEC, x.Defaults(), x.Subject())
	if r != nil {
		x.Trace.Seal = &sse.SealDecision{Method: u.Method, Because: "multipart upload", Blocked: true, Refusal: r}
	}
	return Refused(r)
}

// Sealing is how what Seal decided about will be encrypted, as far as that is known before there are bytes: an upload
// keeps it for its parts.
func (x *Exchange) Sealing(m sse.Method, customer sse.CustomerKey) sse.Sealed {
	if m.KMS() {
		return x.sealing
	}
	return sse.Sealed{Method: m, Customer: customer}
}

// Store encrypts plain and keeps the ciphertext. Call it last: a blob no version names is only garbage, but it is garbage.
func (x *Exchange) Store(plain []byte, m sse.Method, key sse.CustomerSecret) sse.Sealed {
	var sealed sse.Sealed
	var ciphertext []byte
	if m.KMS() {
		var err error
		if sealed, ciphertext, err = sse.EncryptKMS(plain, x.sealing, key, x.World.Master(), x.World.Random); err != nil {
			panic(err) // Seal returned the data key, so a handler dropped it
		}
	} else {
		sealed, ciphertext = sse.Encrypt(plain, m, x.World.Master(), key, x.World.Random)
	}
	x.World.PutNamedBlob(sealed.Ciphertext, ciphertext)
	return sealed
}

// Open decides whether the request's key opens what is stored, and asks KMS to open what is under a KMS key. source: the
// headers are those of a copy source.
func (x *Exchange) Open(stored sse.Sealed, source bool) (sse.CustomerSecret, *Fault) {
	asked := sse.Read(x.Header)
	if source {
		asked = sse.ReadCopySource(x.Header)
	}
	d, secret := sse.Open(asked, stored, x.Transport.Secure, source)
	x.Trace.Open = &d
	fault := Refused(d.Refusal)
	if fault == nil && d.KMS != nil && x.wantsBytes() {
		if secret, fault = x.openKMS(stored, &d.Checks, "to open the object with its KMS key"); fault != nil {
			d.Refusal = told(fault)
		}
	}
	x.noteModelled(d.Checks)
	return secret, fault
}

// wantsBytes says whether a read needs what is encrypted. HEAD does not, unless it asks for the checksum, which is kept
// under the same key. (API reference of HeadObject)
func (x *Exchange) wantsBytes() bool {
	return x.Op.Name != "HeadObject" || x.Header.Get("X-Amz-Checksum-Mode") == "ENABLED"
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
	var plain []byte
	if stored.Method.KMS() {
		plain, err = sse.DecryptKMSInto(x.room(len(ciphertext)), stored, ciphertext, key, x.World.Master())
	} else {
		plain, err = sse.DecryptInto(x.room(len(ciphertext)), stored, ciphertext, x.World.Master(), key)
	}
	if err != nil {
		x.Note("the stored bytes cannot be opened: %v", err)
		return nil, Internal()
	}
	return plain, nil
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
	return sse.Default{Algorithm: b.Encryption.Algorithm, KMSKey: b.Encryption.KMSKey, BucketKey: b.Encryption.BucketKeyEnabled,
		Blocked: slices.Clone(b.Encryption.Blocked)}
}
