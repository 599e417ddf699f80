package simulator

import (
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"keyhole/simulator/exchange"
	"keyhole/simulator/sigv4"
	"keyhole/simulator/wire"
	"keyhole/simulator/world"
)

// authenticate finds out who sent the request and then receives its body.
func authenticate(s *Simulator, v *visit) (string, *exchange.Fault) {
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
		return "", exchange.Refused(d.Refusal)
	}
	v.receive(s, d, secret)
	if d.Scheme == "anonymous" {
		v.Trace.Caller = exchange.Caller{Kind: "anonymous"}
		return "the request is not signed: the caller is anonymous", nil
	}
	v.Anonymous = false
	how := "signature valid"
	if d.Scheme == "presigned" {
		how = "signature of the link valid"
	}
	return how + ", signed by " + v.Caller.ARN, nil
}

// endpoint is what the verifier needs to know. The key's secret goes to secret, for the chunks of the body, and nowhere else.
func (s *Simulator) endpoint(v *visit, request sigv4.Request, secret *string) sigv4.Options {
	o := sigv4.Options{Service: "s3"}
	date, _, _ := sigv4.Peek(request)
	s.View(func(w *World) {
		v.Base, _ = w.BaseOf(date)
		o.Now = w.In(v.Base, w.Now())
		o.Region = w.Region()
		if b, ok := w.Bucket(v.Bucket); ok && strings.Contains(request.Header.Get("Authorization")+request.RawQuery, b.Region) {
			o.Region = b.Region // a bucket of another region also takes signatures for its own
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

// receive reads the body as far as the operation takes one. What is wrong with it is told later, when the handler asks.
func (v *visit) receive(s *Simulator, d sigv4.Decision, secret string) {
	if v.Op.Payload == exchange.NoPayload {
		return
	}
	o := wire.BodyOptions{
		Header: v.Header, PayloadHash: d.PayloadHash, ContentLength: v.request.ContentLength,
		NeedLength: v.Op.Payload == exchange.Bytes, Limit: wire.XMLBytes,
	}
	if v.Op.Payload == exchange.Bytes {
		s.View(func(w *World) { o.Limit = w.Limits().ObjectBytes })
	}
	if d.Scheme == "header" {
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
	v.Receive(body, exchange.Refused(refusal))
	v.Trace.Request.Body, v.Trace.Request.Size = shown(body.Data), max(int64(len(body.Data)), v.Trace.Request.Size)
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
