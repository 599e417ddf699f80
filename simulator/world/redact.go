package world

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
)

// Hidden stands wherever a secret would be printed.
const Hidden = "(hidden)"

// The types below print, log and marshal to JSON without their secrets, under every verb. CBOR does carry the secrets
// of access keys: a snapshot must bring them back.

func (k AccessKey) String() string {
	return fmt.Sprintf("access key %s of %s/%s, secret %s", k.ID, k.Account, userOrRoot(k.User), Hidden)
}

func (s Session) String() string {
	return fmt.Sprintf("session %s of %s, secret and token %s", s.AccessKey, s.ARN, Hidden)
}

func (d MFADevice) String() string {
	return fmt.Sprintf("MFA device %s of %q, seed %s", d.Serial, d.User, Hidden)
}

func (i Identity) String() string {
	return fmt.Sprintf("%s %s by %s, secret %s", i.Kind, i.ARN, i.AccessKey, Hidden)
}

func (w *World) String() string {
	return fmt.Sprintf("world %s of profile %s, seed %s", w.Tag(), w.profile, Hidden)
}

func (o Options) String() string {
	return fmt.Sprintf("profile %q, region %q, seed %s", o.Profile, o.Region, Hidden)
}

func userOrRoot(user string) string {
	if user == "" {
		return "root"
	}
	return user
}

func (k AccessKey) GoString() string { return k.String() }
func (d MFADevice) GoString() string { return d.String() }
func (s Session) GoString() string   { return s.String() }
func (i Identity) GoString() string  { return i.String() }
func (w *World) GoString() string    { return w.String() }
func (o Options) GoString() string   { return o.String() }

// Format catches the verbs that would print the fields past String, such as %d.
func (k AccessKey) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, k.String()) }
func (d MFADevice) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, d.String()) }
func (s Session) Format(f fmt.State, _ rune)   { _, _ = io.WriteString(f, s.String()) }
func (i Identity) Format(f fmt.State, _ rune)  { _, _ = io.WriteString(f, i.String()) }
func (w *World) Format(f fmt.State, _ rune)    { _, _ = io.WriteString(f, w.String()) }
func (o Options) Format(f fmt.State, _ rune)   { _, _ = io.WriteString(f, o.String()) }

func (k AccessKey) LogValue() slog.Value { return slog.StringValue(k.String()) }
func (d MFADevice) LogValue() slog.Value { return slog.StringValue(d.String()) }
func (s Session) LogValue() slog.Value   { return slog.StringValue(s.String()) }
func (i Identity) LogValue() slog.Value  { return slog.StringValue(i.String()) }
func (w *World) LogValue() slog.Value    { return slog.StringValue(w.String()) }
func (o Options) LogValue() slog.Value   { return slog.StringValue(o.String()) }

func (k AccessKey) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]any{"ID": k.ID, "Account": k.Account, "User": k.User, "Active": k.Active})
}

func (d MFADevice) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]any{"Account": d.Account, "Name": d.Name, "Serial": d.Serial, "User": d.User, "Enabled": d.Enabled})
}

func (s Session) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]any{"AccessKey": s.AccessKey, "ARN": s.ARN, "Base": s.Base, "Expires": s.Expires})
}

func (i Identity) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]any{"Kind": i.Kind, "Account": i.Account, "Name": i.Name, "Session": i.Session,
		"ARN": i.ARN, "AccessKey": i.AccessKey, "Expires": i.Expires})
}

func (w *World) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]any{"Tag": w.Tag(), "Profile": w.profile, "Region": w.region})
}

func (o Options) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]any{"Profile": o.Profile, "Region": o.Region})
}
