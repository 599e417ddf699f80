package shell_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"slices"
	"testing"

	"keyhole/labs/shell"
)

type completeFlags []struct {
	F, N string
	E    []string
	R, B int
}

func (f completeFlags) find(flag string) int {
	return slices.IndexFunc(f, func(one struct {
		F, N string
		E    []string
		R, B int
	}) bool {
		return one.F == flag
	})
}

type completionData struct {
	S3API    map[string]completeFlags
	Services map[string]map[string]completeFlags
	Waiters  map[string][]string
	Common   completeFlags
	Commands []string
	Names    shell.Names
}

// maxCompletions is what the page may spend on the whole completion data, in bytes on the wire.
const maxCompletions = 24 << 10

func TestCompletions(t *testing.T) {
	var got, all completionData
	if err := json.Unmarshal(shell.Completions("PutObject", "GetObject", "CreateBucket", "kms:Encrypt"), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.S3API) != 3 || len(got.S3API["put-object"]) < 30 || len(got.Services) != 1 || len(got.Services["kms"]) != 1 {
		t.Errorf("%d operations of S3, put-object has %d flags, services %v", len(got.S3API), len(got.S3API["put-object"]), got.Services)
	}
	data := shell.CompletionsWith(shell.Names{Buckets: []string{"vault"}, Keys: map[string][]string{"vault": {"a.txt"}}, Files: []string{"k1.bin"}})
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		what string
		ok   bool
	}{
		{"every service is there", len(all.Services) == 5 && len(all.Services["iam"]) > 170 && len(all.S3API) > 100},
		{"a bucket's flag says that buckets complete it", all.S3API["put-object"][all.S3API["put-object"].find("--bucket")].N == "bucket"},
		{"a required flag says so", all.Services["kms"]["encrypt"][all.Services["kms"]["encrypt"].find("--key-id")].R == 1},
		{"enum values are there", slices.Contains(all.S3API["put-object"][all.S3API["put-object"].find("--acl")].E, "public-read")},
		{"a list in pages offers --max-items, not its own marker", all.Services["iam"]["list-users"].find("--max-items") >= 0 && all.Services["iam"]["list-users"].find("--marker") < 0},
		{"waiters are there", slices.Contains(all.Waiters["s3api"], "bucket-exists")},
		{"global options are there", all.Common.find("--query") >= 0 && all.Common[all.Common.find("--no-paginate")].B == 1},
		{"the sandbox's names are there", all.Names.Keys["vault"][0] == "a.txt" && all.Names.Files[0] == "k1.bin"},
	} {
		if !row.ok {
			t.Error(row.what + ": not so")
		}
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write(data)
	_ = z.Close()
	if packed.Len() > maxCompletions {
		t.Errorf("the completion data takes %d bytes compressed (%d not), at most %d", packed.Len(), len(data), maxCompletions)
	}
}

func TestFileNames(t *testing.T) {
	s := &shell.Session{Home: shell.NewHome(map[string][]byte{"a": nil, "notes/b": nil}), Dir: "notes"}
	if got := s.FileNames(); !slices.Equal(got, []string{"~/a", "b"}) {
		t.Errorf("in notes the files are %q", got)
	}
}
