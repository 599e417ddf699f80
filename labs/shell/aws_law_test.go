package shell

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jmespath/go-jmespath"
	"pgregory.net/rapid"

	"keyhole/labs/call"
)

// What aws configure writes, it reads again, and what it did not write it leaves as it was.
func TestWrittenSettingsAreRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, want := rapid.SampledFrom([]string{"", "# mine\n", "[default]\noutput = json", "[profile a]\ns3 =\n  x = 1\n\n[default]\nregion=r\n"}).Draw(t, "before"), profiles{}
		if err := want.read(text); err != nil {
			t.Fatal(err)
		}
		for range rapid.IntRange(1, 8).Draw(t, "values") {
			profile := rapid.SampledFrom([]string{"default", "a", "b"}).Draw(t, "profile")
			name := rapid.SampledFrom([]string{"region", "output", "s3.x", "s3.y", "role_arn", "s3api.z"}).Draw(t, "name")
			value := rapid.StringMatching(`[a-z0-9:/=#;.]{1,9}`).Draw(t, "value")
			section := "profile " + profile
			if profile == "default" {
				section = profile
			}
			text = setValue(text, section, name, value)
			if want[profile] == nil {
				want[profile] = map[string]string{}
			}
			want[profile][name] = value
			if outer, _, nested := strings.Cut(name, "."); nested {
				want[profile][outer] = ""
			}
		}
		got := profiles{}
		if err := got.read(text); err != nil {
			t.Fatalf("%v in\n%s", err, text)
		}
		if !maps.EqualFunc(got, want, maps.Equal) {
			t.Fatalf("read %v, want %v from\n%s", got, want, text)
		}
	})
}

// A word that is one of the choices is the closest to itself, and closeness does not depend on the order of the choices.
func TestClosestIsTheWordItself(t *testing.T) {
	names := operationNames("iam")
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.SampledFrom(names).Draw(t, "word")
		shuffled := rapid.Permutation(names).Draw(t, "order")
		if near := closeMatches(word, shuffled); len(near) == 0 || near[0] != word {
			t.Fatalf("closest to %s is %v", word, near)
		}
		typo := word[:len(word)-1]
		if a, b := closeMatches(typo, names), closeMatches(typo, shuffled); !slices.Equal(a, b) {
			t.Fatalf("closest to %s is %v or %v", typo, a, b)
		}
	})
}

func TestClosestWords(t *testing.T) {
	for _, row := range []struct{ word, want string }{
		{"get-usr", "get-user"}, {"lst-users", "list-users"}, {"zzz", ""}, {strings.Repeat("a", 99), ""},
	} {
		near := closeMatches(row.word, operationNames("iam"))
		if got := strings.Join(near[:min(1, len(near))], ""); got != row.want {
			t.Errorf("closest to %.20s is %v, want %q", row.word, near, row.want)
		}
	}
}

// A query's error is told whatever the query is.
func FuzzQuery(f *testing.F) {
	for _, q := range []string{"Keys[", "a.1", "a b", "'x", "`{`", "[?a=b]", "length(a,b)", "{a b}", "[0", "#", "a.", "`a\\`b`", "join(',',@)", "@()"} {
		f.Add(q)
	}
	f.Fuzz(func(t *testing.T, query string) {
		if len(query) > MaxQuery {
			return
		}
		search, err := compile(query)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "Bad value for --query ") {
				t.Fatal(err)
			}
			return
		}
		if query != "" && search == nil {
			t.Fatal("neither a query nor an error")
		}
		if growth(query) <= MaxQueryGrowth && search != nil {
			if _, err := applied(search, map[string]any{"a": []any{1.0, "b"}, "Keys": nil}); err != nil && queryFailed(query, err).Error() == "" {
				t.Fatal("an empty error")
			}
		}
	})
}

// Words that are no JSON may stand in backquotes, and what is JSON keeps its meaning.
func TestBackquotedWords(t *testing.T) {
	for _, row := range []struct{ query, want string }{
		{"`a.txt`", "a.txt"}, {"`\"a\"`", "a"}, {"` x`", "x"}, {"`1`", "1"}, {"'`a`'", "`a`"}, {"\"k`\"", "<nil>"},
	} {
		search, err := jmespath.Compile(quoteLiterals(row.query))
		if err != nil {
			t.Errorf("%s: %v", row.query, err)
			continue
		}
		if got, err := search.Search(map[string]any{}); err != nil || fmt.Sprint(got) != row.want {
			t.Errorf("%s is %v, %v; want %s", row.query, got, err, row.want)
		}
	}
}

// A command line of aws ends with a result or a reason, and sends nothing that the CLI would not.
func FuzzAWS(f *testing.F) {
	for _, line := range []string{
		"aws kms encrypt --key-id a --plaintext b", "aws iam list-users --max-items 1 --query 'Users[0]'", "aws s3api wait bucket-exists --bucket b",
		"aws configure set s3.x y --profile p", "aws s3api put-bucket-tagging --bucket b --tagging 'TagSet=[{Key@=file://a,Value=b}]'",
		"aws sts assume-role --generate-cli-skeleton output", "aws s3control create-job --cli-input-json '{}'", "aws --debug cloudtrail list-trails",
	} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		s := &Session{Home: NewHome(map[string][]byte{"a": []byte("x")}), Now: time.Now}
		s.Open = func(string, Connect) (*call.Client, error) { return nil, fmt.Errorf("nobody is asked") }
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		out := s.Run(ctx, line)
		if out.Code < 0 || out.Code > 255 || len(out.Stderr) > MaxPrinted+1000 {
			t.Fatalf("%q ends with code %d and %d bytes", line, out.Code, len(out.Stderr))
		}
	})
}
