package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"keyhole/content"
	"keyhole/labs"
	"keyhole/quiz/store"
)

// processCredentials is what the AWS SDKs expect of a credential_process.
type processCredentials struct {
	Version         int
	AccessKeyId     string //nolint:revive // the SDKs' spelling
	SecretAccessKey string
	SessionToken    string    `json:",omitempty"`
	Expiration      time.Time `json:",omitzero"`
}

// sessionLife is how long a role session lasts; the SDKs ask again before it ends.
const sessionLife = time.Hour

// runCredentials mints a role session of a lab run. It only reads the data folder, so it works beside a running server.
func runCredentials(ctx context.Context, m *machine, args []string) error {
	f := m.flags("credentials", "session credentials of a lab role, as credential_process wants them")
	data := f.String("data", defaultDataDir(m.env), "the data folder of the server")
	run := f.String("run", "", "the lab run; the lab's Own tools panel prints the whole line")
	role := f.String("role", "", "the role to act as")
	learner := f.String("learner", soloLearner, "whose run it is")
	if err := f.parse(args); err != nil {
		return err
	}
	if *run == "" || *role == "" {
		return usageError{"keyhole credentials: --run and --role are needed; the lab's Own tools panel prints the whole line"}
	}
	db, err := store.OpenReadOnly(ctx, store.Options{Dir: *data, Now: m.now})
	if err != nil {
		return err
	}
	defer db.Close()
	library, err := content.Embedded()
	if err != nil {
		return err
	}
	s, err := labs.RoleSession(ctx, db, library.Labs, *learner, *run, *role, sessionLife, m.now)
	if err != nil {
		return err
	}
	out := json.NewEncoder(m.stdout)
	out.SetIndent("", "  ")
	if err := out.Encode(processCredentials{1, s.AccessKey, s.Secret, s.Token, s.Expires.UTC()}); err != nil {
		return fmt.Errorf("credentials: %w", err)
	}
	return nil
}
