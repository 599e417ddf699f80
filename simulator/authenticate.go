package simulator

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"keyhole/simulator/exchange"
	"keyhole/simulator/s3"
	"keyhole/simulator/sigv4"
	"keyhole/simulator/wire"
	"keyhole/simulator/world"
)

// authenticate finds out who sent the request and then receives its body.
func authenticate(s *Simulator, v *visit) (string, *exchange.Fault) {
	if v.Op.Name == s3.PostObject {
		return authenticateForm(s, v)
	}
	request := v.signed()
	var secret string
	d := sigv4.Verify(request, s.endpoint(v, request, &secret))
	v.Trace.Authentication = &d
	exchange.Sign(v.Trace.Request.Headers, d.SignedHeaders)
	v.Header = sigv4.EffectiveHeader(request)
	if d.Refusal != nil {
		if v.Trace.Caller.Kind == "" {
			v.Trace.Caller = exchange.Caller{Kind: "unknown", AccessKey: d.AccessKey}
		}
		return "", v.refusal(exchange.Refused(d.Refusal))
	}
	if d.Scheme == "anonymous" && v.called() {
		v.Trace.Caller = exchange.Caller{Kind: "anonymous"}
		fault := exchange.Err(403, "MissingAuthenticationToken", "Request is missing Authentication Token").Told("This service takes signed requests only.")
		if targeted[v.Trace.Service].rows != nil {
			fault.Status, fault.Code, fault.Message = 400, "MissingAuthenticationTokenException", "Missing Authentication Token"
		}
		return "", fault
	}
	if refusal := v.receive(s, d, secret); refusal != nil {
		return "", refusal
	}
	if d.Scheme == "anonymous" {
		v.Trace.Caller = exchange.Caller{Kind: "anonymous"}
		return "the request is not signed: the caller is anonymous", nil
	}
	v.Anonymous = false
	how := "signature valid"
	if strings.HasPrefix(d.Scheme, "presigned") {
		how = "signature of the link valid"
	}
	return how + ", signed by " + v.Caller.ARN, nil
}

// endpoint is what the verifier needs to know. The key's secret goes to secret, for the chunks of the body, and nowhere else.
func (s *Simulator) endpoint(v *visit, request sigv4.Request, secret *string) sigv4.Options {
	o := sigv4.Options{Service: "s3", Keys: &s.signing}
	if v.called() {
		sum := sha256.Sum256(v.form)
		o.Service, o.Payload = v.Trace.Service, hex.EncodeToString(sum[:])
	}
	date, _, _ := sigv4.Peek(request)
	if at := v.signedAt(); !at.IsZero() {
		date = at
	}
	s.View(func(w *World) {
		v.Base, _ = w.BaseOf(date)
		o.Now = w.In(v.Base, w.Now())
		o.Region = w.Region()
		if !v.called() && v.Trace.Service == "s3" {
			o.Region = v.regionFor(w, request.Header.Get("Authorization")+request.RawQuery+v.credential())
			o.NoV2 = sigv4.V4Only(o.Region)
			if b, ok := w.Bucket(v.Bucket); ok && sigv4.V4Only(b.Region) {
				o.NoV2 = true
			}
		}
		if queried[o.Service] != nil && (o.Service == "iam" || strings.Contains(request.Header.Get("Authorization")+request.RawQuery, globalRegion)) {
			o.Region = globalRegion // IAM has no other; STS has an endpoint for all regions there
		}
		if region, ok := v.regionOf(request.Host, scopeOf(request.Header, v.Query)); ok && targeted[o.Service].rows != nil {
			o.Region = region // every region has its own KMS
		}
	})
	o.Lookup = func(accessKey, token string, _ *sigv4.Decision) (string, *sigv4.Refusal) {
		var id world.Identity
		var err error
		s.View(func(w *World) { id, err = w.Identity(accessKey, token, v.Base) })
		switch {
		case err == nil:
		case errors.Is(err, world.ErrExpiredToken):
			return "", sigv4.ExpiredToken()
		case errors.Is(err, world.ErrBadToken):
			return "", sigv4.InvalidToken()
		default:
			return "", sigv4.UnknownKey(accessKey)
		}
		*secret = id.Secret
		id.Secret = ""
		v.Caller = id
		v.Trace.Caller = exchange.Caller{Kind: id.Kind, Account: id.Account, Name: id.Name, Session: id.Session, ARN: id.ARN, AccessKey: id.AccessKey}
		return *secret, nil
	}
	return o
}

// globalRegion is where services without regions are signed for.
const globalRegion = "us-east-1"

// refusal is what is wrong with a signature in the words of the service that was asked: S3's, or the query services'.
func (v *visit) refusal(f *exchange.Fault) *exchange.Fault {
	if !v.called() {
		return f
	}
	v.Note("modelled: how %s words this refusal", nameOf[v.Trace.Service])
	if targeted[v.Trace.Service].rows != nil {
		return refusedJSON(f)
	}
	for _, row := range []struct {
		code   string // S3's
		status int
		Code   string
		text   string // "": S3's
	}{
		{"InvalidAccessKeyId", 403, "InvalidClientTokenId", "The security token included in the request is invalid."},
		{"InvalidToken", 403, "InvalidClientTokenId", "The security token included in the request is invalid."},
		{"ExpiredToken", 403, "ExpiredToken", "The security token included in the request is expired"},
		{"SignatureDoesNotMatch", 403, "SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details."},
		{"RequestTimeTooSkewed", 403, "SignatureDoesNotMatch", "Signature expired or not yet current: it was made more than 15 minutes from the time of this service."},
		{"AccessDenied", 403, "SignatureDoesNotMatch", ""},
	} {
		if row.code == f.Code {
			if row.text == "" {
				row.text = f.Message
			}
			return exchange.Err(row.status, row.Code, row.text).Told(f.Say)
		}
	}
	if len(f.Extra) == 1 && f.Extra[0].Name == "Region" {
		return exchange.Err(403, "SignatureDoesNotMatch", "Credential should be scoped to a valid region.").Told(f.Say)
	}
	return exchange.Err(400, "IncompleteSignature", f.Message).Told(f.Say)
}

// receive reads the body as far as the operation takes one. What is wrong with it is told later, when the handler asks;
// a form has been read already and is refused at once.
func (v *visit) receive(s *Simulator, d sigv4.Decision, secret string) *exchange.Fault {
	if v.called() {
		if refusal := wire.CheckPayload(d.PayloadHash, v.form); refusal != nil {
			return v.refusal(exchange.Err(403, "SignatureDoesNotMatch", refusal.Message).Told(refusal.Say))
		}
		v.Receive(wire.Body{Data: v.form}, nil)
		return nil
	}
	if v.Op.Payload == exchange.NoPayload {
		return nil
	}
	o := wire.BodyOptions{
		Header: v.Header, PayloadHash: d.PayloadHash, ContentLength: v.request.ContentLength,
		NeedLength: v.Op.Payload == exchange.Bytes, Limit: wire.XMLBytes,
	}
	if v.Op.Payload == exchange.Bytes {
		s.View(func(w *World) { o.Limit = w.Limits().ObjectBytes })
	}
	if d.Scheme == "header" && wire.ModeOf(d.PayloadHash).Streaming() {
		o.Signer = d.ChunkSigner(secret)
	}
	var from io.Reader
	if v.request.Body != nil {
		from = v.request.Body
	}
	body, refusal := wire.ReadBody(from, o)
	if refusal == nil {
		refusal = wire.CheckPayload(d.PayloadHash, body.Data)
	}
	if refusal == nil {
		refusal = wire.CheckMD5(v.Header, body.Data)
	}
	if refusal == nil && v.Op.Payload == exchange.Bytes {
		if claim, bad := wire.ReadClaim(v.Header); bad == nil {
			body.Digest(claim, !v.Sent("X-Amz-Server-Side-Encryption-Customer-Algorithm"))
		}
	}
	v.Receive(body, exchange.Refused(refusal))
	v.Trace.Request.Body, v.Trace.Request.Size = shown(body.Data), max(int64(len(body.Data)), v.Trace.Request.Size)
	return nil
}

// shown is the part of a body that a trace keeps: the beginning, when it is text.
func shown(data []byte) string {
	cut := data[:min(len(data), exchange.BodyShown)]
	for range utf8.UTFMax - 1 { // do not let a cut through a character make text look like bytes
		if len(cut) == len(data) || len(cut) == 0 || utf8.Valid(cut) {
			break
		}
		cut = cut[:len(cut)-1]
	}
	for _, c := range cut {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' || c == 0x7f {
			return ""
		}
	}
	if !utf8.Valid(cut) {
		return ""
	}
	return string(cut)
}
