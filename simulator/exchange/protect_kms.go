package exchange

import (
	"strings"

	"keyhole/simulator/sse"
	"keyhole/simulator/world"
)

// SignedV4 says whether the request carries Signature Version 4, in its headers, its query or its form.
func (x *Exchange) SignedV4() bool {
	a := x.Trace.Authentication
	return !x.Anonymous && (a == nil || !strings.HasSuffix(a.Scheme, "2"))
}

// sealKMS finds the key of a choice, asks whether the caller may use it, and has a data key made.
func (x *Exchange) sealKMS(d *sse.SealDecision) (sse.CustomerSecret, *Fault) {
	fail := func(f *Fault) (sse.CustomerSecret, *Fault) {
		d.Refusal = told(f)
		return sse.CustomerSecret{}, f
	}
	checks, refusal := sse.CheckTransport(x.SignedV4(), x.Transport.Secure)
	if d.Checks = append(d.Checks, checks...); refusal != nil {
		return fail(Refused(refusal))
	}
	key, fault := x.FindKey(d.KMS.Asked)
	if d.Checks = append(d.Checks, found(d.KMS.Asked, key.ARN, fault)); fault != nil {
		return fail(fault)
	}
	d.KMS.Found(key.ARN, x.BucketARN(), x.ObjectARN())
	held, reused := x.heldBucketKey(d.KMS)
	why := "to encrypt with a KMS key"
	if d.KMS.Reused = reused; reused {
		why = "to encrypt with a bucket key that S3 still holds"
	}
	fault = x.UseKey(key, "kms:GenerateDataKey", d.KMS.Context, why)
	if d.Checks = append(d.Checks, permitted("kms:GenerateDataKey", fault)); fault != nil {
		return fail(fault)
	}
	x.sealing = sse.Sealed{Method: d.Method, KeyARN: key.ARN, BucketKey: d.KMS.BucketKey, Context: d.KMS.Context}
	if reused {
		x.Note("the bucket key is still held for this caller, so KMS is not called for this object; modelled: the permission is asked for all the same")
		plain, fault := x.OpenDataKey(held, d.KMS.Context)
		if fault != nil {
			return fail(fault)
		}
		x.sealing.WrappedKey = held
		return sse.NewCustomerSecret(plain), nil
	}
	plain, blob := x.DataKey(key, d.KMS.Context)
	x.sealing.WrappedKey = blob
	if d.KMS.BucketKey {
		if fault := x.holdBucketKey(d.KMS, blob); fault != nil {
			return fail(fault)
		}
	}
	return sse.NewCustomerSecret(plain), nil
}

// openKMS has KMS open the data key of what is stored.
func (x *Exchange) openKMS(stored sse.Sealed, checks *[]sse.KeyCheck, why string) (sse.CustomerSecret, *Fault) {
	made, refusal := sse.CheckTransport(x.SignedV4(), x.Transport.Secure)
	if *checks = append(*checks, made...); refusal != nil {
		return sse.CustomerSecret{}, Refused(refusal)
	}
	if fault := x.mayUse(stored, "kms:Decrypt", checks, why); fault != nil {
		return sse.CustomerSecret{}, fault
	}
	plain, fault := x.OpenDataKey(stored.WrappedKey, stored.Context)
	if fault != nil {
		return sse.CustomerSecret{}, fault
	}
	return sse.NewCustomerSecret(plain), nil
}

// mayUse asks whether the caller may do one thing with the key that something is stored under.
func (x *Exchange) mayUse(stored sse.Sealed, action string, checks *[]sse.KeyCheck, why string) *Fault {
	key, fault := x.FindKey(stored.KeyARN)
	if *checks = append(*checks, found(stored.KeyARN, key.ARN, fault)); fault != nil {
		return fault
	}
	fault = x.UseKey(key, action, stored.Context, why)
	*checks = append(*checks, permitted(action, fault))
	return fault
}

// OpenUpload asks KMS to open the data key of an upload under a KMS key, for who wants to know its parts.
func (x *Exchange) OpenUpload(u *world.Upload) *Fault {
	if !u.Method.KMS() {
		return nil
	}
	d := sse.OpenDecision{Stored: u.Method, KMS: sse.ChoiceOf(u.Template.Sealed)}
	x.Trace.Open = &d
	_, fault := x.openKMS(u.Template.Sealed, &d.Checks, "because the upload is encrypted with a KMS key")
	if fault != nil {
		d.Refusal = told(fault)
	}
	x.noteModelled(d.Checks)
	return fault
}

// Reseal is Seal for something that is stored already: it gets another KMS key, whose ARN the request gives, and keeps
// what the client once added to the encryption context.
func (x *Exchange) Reseal(stored sse.Sealed, arn string, bucketKey bool) (sse.Method, sse.CustomerSecret, *Fault) {
	d := sse.Resealed(stored, arn, bucketKey)
	x.Trace.Seal = &d
	x.Note("modelled: the reference lists the permissions of UpdateObjectEncryption; which key each is asked of is our choice")
	context := sse.ContextFor(d.KMS.Client, bucketKey, x.BucketARN(), x.ObjectARN())
	asks := []keyUse{{arn, "kms:Encrypt", context}, {arn, "kms:ReEncryptTo", context}}
	if stored.Method.KMS() {
		asks = append(asks, keyUse{stored.KeyARN, "kms:ReEncryptFrom", stored.Context})
	}
	for _, ask := range asks {
		key, fault := x.FindKey(ask.key)
		if fault == nil {
			fault = x.UseKey(key, ask.action, ask.context, "because the object's key is changed")
		}
		if fault != nil {
			d.Checks, d.Refusal = append(d.Checks, permitted(ask.action, fault)), told(fault)
			return d.Method, sse.CustomerSecret{}, fault
		}
	}
	secret, fault := x.sealKMS(&d)
	return d.Method, secret, fault
}

// keyUse is one thing that S3 asks of KMS.
type keyUse struct {
	key, action string
	context     map[string]string
}

// found and permitted are what the trace keeps of a KMS key beside the decision of the policies.
func found(asked, arn string, fault *Fault) sse.KeyCheck {
	if asked == "" {
		asked = sse.ManagedAlias
	}
	c := sse.KeyCheck{Name: "KMS key", Passed: fault == nil, Sent: asked, Want: arn}
	if fault != nil {
		c.Want = "a key that S3 can use"
	}
	return c
}

func permitted(action string, fault *Fault) sse.KeyCheck {
	c := sse.KeyCheck{Name: "KMS permission", Passed: fault == nil, Sent: action, Want: "allowed, and the key can be used"}
	if fault != nil {
		c.Sent += ": " + fault.Code
	}
	return c
}

// told is a fault as the decision about encryption keeps it.
func told(f *Fault) *sse.Refusal {
	r := &sse.Refusal{Status: f.Status, Code: f.Code, Message: f.Message, Say: f.Say}
	for _, e := range f.Extra {
		r.Extra = append(r.Extra, [2]string{e.Name, e.Value})
	}
	return r
}
