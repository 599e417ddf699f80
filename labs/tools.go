package labs

import (
	"context"
	"fmt"
	"strings"
	"time"

	"keyhole/simulator/world"
)

// Tools is what a learner needs to do the lab with the real AWS CLI or an SDK. It holds no secret: the credentials of
// every profile come from `keyhole credentials`.
type Tools struct {
	HTTP, TLS string // endpoints; "" when the server has no AWS listeners
	Prefix    string // path prefix that names this sandbox for unsigned requests: "/-/RUN"
	CA        string
	Region    string
	Config    string   // text for the AWS config file, one profile for each principal
	Profiles  []string // the names of those
	Bash      []string // lines for bash: use the config, try it
	Shell     []string // the same for PowerShell
}

// Everything between the marks below is read by botocore as INI: values run to the end of the line.
func (sb *sandbox) tools(w *world.World) Tools {
	e := sb.rs.o.Endpoints()
	t := Tools{HTTP: e.HTTP, TLS: e.TLS, Prefix: prefixPath + sb.id, CA: e.CA, Region: w.Region()}
	if e.TLS == "" {
		return t
	}
	binary := either(e.Binary, "keyhole")
	var b strings.Builder
	for _, p := range sb.lab.Principals {
		if p.Kind == "anonymous" {
			continue
		}
		t.Profiles = append(t.Profiles, p.Profile)
		fmt.Fprintf(&b, "[profile %s]\nregion = %s\nendpoint_url = %s\nca_bundle = %s\n", p.Profile, w.Region(), e.TLS, e.CA)
		fmt.Fprintf(&b, "credential_process = %s credentials --data %s --learner %s --run %s --role %s\n",
			quoted(binary), quoted(e.Data), quoted(sb.learner), sb.id, p.Profile)
		b.WriteString("s3 =\n    addressing_style = path\n    signature_version = s3v4\n\n")
	}
	t.Config = strings.TrimRight(b.String(), "\n") + "\n"
	first := ""
	if len(t.Profiles) > 0 {
		first = t.Profiles[0]
	}
	try := "aws s3api get-bucket-encryption --bucket " + sb.lab.Bucket + " --profile " + first
	// A CA file in the environment would win over the one of the profile.
	t.Bash = []string{"export AWS_CONFIG_FILE=$PWD/keyhole.config", "export AWS_CA_BUNDLE='" + e.CA + "'", try}
	t.Shell = []string{`$env:AWS_CONFIG_FILE = "$PWD\keyhole.config"`, `$env:AWS_CA_BUNDLE = "` + e.CA + `"`, try}
	return t
}

// quoted protects a word of credential_process, which botocore splits like a shell does.
func quoted(s string) string {
	if s != "" && !strings.ContainsAny(s, " \t\"'\\$`") {
		return s
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

// RoleSession mints credentials of a profile of a run from what the store holds, so that it works beside a running
// server. profile is the name of a profile, or of a role or user of the lab. A user's key has no token and no end.
// Errors: ErrNoRun when the run is not the learner's or was reset, ErrPrincipal.
func RoleSession(ctx context.Context, store Store, labs []Lab, learner, run, profile string, life time.Duration, now func() time.Time) (world.Session, error) {
	rows, err := store.RunIDs(ctx)
	if err != nil {
		return world.Session{}, fmt.Errorf("labs: list the runs: %w", err)
	}
	for _, row := range rows {
		if row[0] != run || row[1] != learner {
			continue
		}
		for i := range labs {
			if labs[i].ID == row[2] {
				return labs[i].session(ctx, store, learner, run, profile, life, now)
			}
		}
	}
	return world.Session{}, fmt.Errorf("%w: %s", ErrNoRun, run)
}

func (l *Lab) session(ctx context.Context, store Store, learner, run, profile string, life time.Duration, now func() time.Time) (world.Session, error) {
	p, ok := l.Principal(profile)
	for _, one := range l.Principals {
		if !ok && one.Name == profile {
			p, ok = one, true
		}
	}
	if !ok || p.Kind == "anonymous" {
		return world.Session{}, fmt.Errorf("%w: %q", ErrPrincipal, profile)
	}
	w, _, _, err := restore(ctx, store, world.Options{Now: now}, l, learner, run)
	if err != nil {
		return world.Session{}, err
	}
	return credentials(w, p, life, world.BaseReal)
}
