package world

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/json"
	"sync"
	"time"
)

// AWS is the account of the managed policies that AWS makes.
const AWS = "aws"

// awsManaged holds a few of them as AWS has them in 2026, the version in force only. Those whose description begins
// with "modelled:" are cut down to the services there are here. (AWS Managed Policy Reference Guide; the listing of
// iam:GetAccountAuthorizationDetails that moto 5.2.1 carries says the same)
//
//go:embed awsmanaged.json
var awsManaged []byte

var builtIn = sync.OnceValue(func() map[string]ManagedPolicy {
	var list []struct {
		Name, Path, Version, Description string
		Created, Updated                 time.Time
		Document                         json.RawMessage
	}
	if err := json.Unmarshal(awsManaged, &list); err != nil {
		panic(err) // the file is part of the program
	}
	out := make(map[string]ManagedPolicy, len(list))
	for _, p := range list {
		arn := arnOf("policy", AWS, p.Path, p.Name)
		sum := sha256.Sum256([]byte(arn))
		var document bytes.Buffer
		if err := json.Indent(&document, p.Document, "", "  "); err != nil {
			panic(err) // it was JSON a moment ago
		}
		out[arn] = ManagedPolicy{
			Account: AWS, Name: p.Name, Path: p.Path, ID: "ANPA" + base32ID(sum[:], uniqueIDLength), ARN: arn,
			Description: p.Description, Created: utc(p.Created), Default: p.Version,
			Versions: []PolicyVersion{{ID: p.Version, Document: document.Bytes(), Created: utc(p.Updated)}},
		}
	}
	return out
})
