package situation

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"keyhole/labs/call"
	"keyhole/simulator"
	"keyhole/simulator/policy"
	"keyhole/simulator/sse"
	"keyhole/simulator/world"
)

// sandbox is a world with nothing in it but the situation, and the caller's credentials.
func (s *Situation) sandbox(in sending) (*simulator.Simulator, call.Credentials, string) {
	file, err := s.file(in)
	if err != nil {
		return nil, call.Credentials{}, "its world cannot be written down."
	}
	w, err := simulator.ParseWorld(file, simulator.WorldOptions{Now: func() time.Time { return in.clock }})
	if err != nil {
		why := err.Error()
		if f, ok := errors.AsType[*world.FileError](err); ok && len(f.Problems) > 0 {
			why = f.Problems[0].Text
		}
		return nil, call.Credentials{}, "a world with this situation is refused: " + strings.ReplaceAll(why, "`", "'") + "."
	}
	if in.row.scope == onObject && in.row.operation != "PutObject" {
		if err := seed(w, in, s.Owner); err != nil {
			return nil, call.Credentials{}, "the object cannot be made: " + strings.ReplaceAll(err.Error(), "`", "'") + "."
		}
	}
	keys, why := s.credentials(w)
	if why != "" {
		return nil, call.Credentials{}, why
	}
	return simulator.New(simulator.Options{World: w}), keys, ""
}

// seed stores the object that the request is about, without asking anybody.
func seed(w *simulator.World, in sending, owner string) error {
	bucket, _ := in.params["Bucket"].(string)
	key, _ := in.params["Key"].(string)
	plain := []byte("quarter,total\n1,4200\n")
	sealed, ciphertext := sse.Encrypt(plain, sse.SSES3, w.Master(), sse.CustomerSecret{}, w.Random)
	sealed.Ciphertext = w.PutBlob(ciphertext)
	v := world.Version{
		Key: key, ETag: sse.ETag(sse.SSES3, plain, w.Random), Size: int64(len(plain)), ContentType: "text/csv", Sealed: sealed, Owner: owner,
	}
	if len(in.existing) > 0 {
		v.Tags = in.existing
	}
	_, _, err := w.StoreVersion(bucket, v)
	return err
}

// sessionTime is how long the caller's session lasts.
const sessionTime = time.Hour

// credentials are those with which the caller signs; the zero value of an anonymous one.
func (s *Situation) credentials(w *simulator.World) (call.Credentials, string) {
	p := s.Principal
	switch p.Kind {
	case policy.Anonymous:
		return call.Credentials{}, ""
	case policy.RoleSession:
		ask := world.SessionAsk{Kind: "role", Account: p.Account, Name: p.Name, Session: p.Session, Duration: sessionTime, Base: world.BaseSimulated}
		if text := strings.TrimSpace(s.Documents["session"]); text != "" {
			ask.Policy = []byte(text)
		}
		session, err := w.MintSession(ask)
		if err != nil {
			return call.Credentials{}, "STS refuses the session: " + strings.ReplaceAll(err.Error(), "`", "'") + "."
		}
		return call.Credentials{AccessKey: session.AccessKey, Secret: session.Secret, Token: session.Token}, ""
	}
	key, ok := w.KeyOf(p.Account, p.Name)
	if !ok {
		return call.Credentials{}, fmt.Sprintf("`%s` has no access key in its world.", cut(p.ARN))
	}
	return call.Credentials{AccessKey: key.ID, Secret: key.Secret}, ""
}
