package shell_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"keyhole/labs/shell"
)

// What a learner types besides aws, and what it prints.
func TestEverydayLines(t *testing.T) {
	s, _ := console(t)
	play(t, s, `
$ echo one two   three
one two three
$ echo "a  $HOME" 'b $HOME' c\ d
a  /home/student b $HOME c d
$ NAME=value; echo $NAME ${NAME}s ${#NAME} ${OTHER:-none} "$(echo inner)"
value values 5 none inner
$ echo hello > a.txt && cat a.txt && echo more >> a.txt && wc -l < a.txt
hello
2
$ cat a.txt | head -n 1 | base64
aGVsbG8K
$ for f in *.txt; do echo "file $f"; done
file a.txt
$ if cat nothing 2> /dev/null; then echo yes; else echo no; fi
no
$ false || echo rescued; true && echo went
rescued
went
$ (cd sub; NAME=inner); echo $NAME; mkdir sub; cd sub; pwd; cd
value
/home/student/sub
cd: sub: No such file or directory
$ ls
…a.txt
k1.bin
k2.bin
sub/
$ cp a.txt sub/b.txt; mv sub/b.txt c.txt; rm c.txt; cat c.txt
cat: c.txt: No such file or directory
code 1
$ printf '%s-%d\n' a 1 b 2
a-1
b-2
$ echo -n abc | md5sum; echo -n abc | sha256sum
900150983cd24fb0d6963f7d28e17f72  -
ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  -
$ openssl rand 32 > k3.bin; wc -c k3.bin; openssl rand -hex 4 | wc -c
32 k3.bin
9
$ openssl dgst -md5 -binary k1.bin | base64
…==
$ echo -n hi | xxd -p | xxd -r -p
hi
$ cat ../../etc/passwd
cat: ../../etc/passwd: Permission denied
code 1
$ cat /etc/passwd
cat: /etc/passwd: Permission denied
code 1
$ awz s3 ls
awz: command not found; did you mean aws?
(help lists what this console knows)
code 127
$ i=0; while [ $i -lt 3 ]; do i=$((i+1)); if [ $i = 2 ]; then continue; fi; echo $i; done; until false; do break; done
1
3
$ case a.txt in *.md) echo no;; "b"|a.*) echo text;; esac
text
$ greet() { local who=$1; echo "hi $who $#"; return 4; }; greet bob x; echo $?
hi bob 2
4
$ printf 'a b\nc d\n' | while read -r x y; do echo "$y-$x"; done
b-a
d-c
$ for ((i=0; i<2; i++)); do echo $i; done; [[ $i == 2 && a.txt == *.txt ]] && echo right
0
1
right
$ set -e; false || true; if false; then :; fi; false; echo never
code 1
$ sleep 1 &
keyhole: background commands are not supported yet
code 2
$ echo $((1+1)) $((2**10 % 7)) $((1 < 2 ? 5 : 6))
2 2 5
$ echo "open
keyhole: syntax error: …
code 2
$ date -u +%F
2026-06-01
$ export AWS_PROFILE=nobody; aws s3 ls
The config profile (nobody) could not be found
code 255
$ exit 3
code 3
`)
}

func TestHereDocuments(t *testing.T) {
	s, _ := console(t)
	for line, want := range map[string]string{
		"N=v; cat <<EOF\nname is $N\nEOF":                 "name is v\n",
		"N=v; cat <<'EOF'\nname is $N\nEOF":               "name is $N\n",
		"cat > p.json <<EOF\n{\"a\": 1}\nEOF\ncat p.json": "{\"a\": 1}\n",
		"cat <<-EOF\n\tx\n\tEOF":                          "x\n",
		"cat <<< word":                                    "word\n",
	} {
		if out := s.Run(context.Background(), line); out.Stdout != want || out.Code != 0 {
			t.Errorf("%q printed %q %q (code %d), want %q", line, out.Stdout, out.Stderr, out.Code, want)
		}
	}
}

// Hostile lines end within a limit that is named.
func TestLimits(t *testing.T) {
	long := strings.Repeat("x", 1<<10)
	for _, c := range []struct{ name, line, want string }{
		{"a line that is too long", strings.Repeat("x", shell.MaxLine+1), "a line in bytes"},
		{"too many openings", strings.Repeat("$(", shell.MaxNesting+1), "nested openings"},
		{"too many commands", "for a in " + strings.Repeat("1 ", 120) + "; do for b in " + strings.Repeat("1 ", 120) + "; do true; done; done", "number of commands"},
		{"a variable that doubles", "a=" + long + "; for i in " + strings.Repeat("1 ", 60) + "; do a=$a$a; done", "size of all variables"},
		{"a file that doubles", "echo " + long + " > f; for i in " + strings.Repeat("1 ", 60) + "; do cat f f > g; cp g f; done", "limit reached"},
		{"an output that floods", "openssl rand 1048576 > r; for i in " + strings.Repeat("1 ", 90) + "; do cat r; done", "output of a line"},
		{"a file that is too large", "openssl rand 1048576 > r; cat r r > s", "size of one file"},
		{"a nested value", "aws s3api put-bucket-tagging --bucket b --tagging 'a=" + strings.Repeat("[", 60) + "'", "nesting of a shorthand value"},
		{"a query that doubles", "aws s3api list-buckets --query '@" + strings.Repeat("|[@,@][]", 60) + "'", "product of the sizes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, _ := console(t)
			out := s.Run(context.Background(), c.line)
			if all := out.Stdout + out.Stderr; !strings.Contains(all, c.want) {
				t.Errorf("printed %.300q, want something about %q", all[max(0, len(all)-300):], c.want)
			}
			if n := len(out.Stdout); n > shell.MaxPrinted+1000 {
				t.Errorf("%d bytes shown", n)
			}
			if s.Home.Size() > shell.MaxHome {
				t.Errorf("the home folder holds %d bytes", s.Home.Size())
			}
		})
	}
}

// A verb of the workspace sees its words and what was piped to it.
func TestVerbs(t *testing.T) {
	s, _ := console(t)
	s.Verbs = map[string]shell.Verb{"as": func(_ context.Context, s *shell.Session, args []string, in []byte) (string, string, int) {
		s.Profile = args[0]
		return fmt.Sprintf("now %s (%s)\n", args[0], in), "", 0
	}}
	out := s.Run(context.Background(), "printf x | as app")
	if out.Stdout != "now app (x)\n" || s.Profile != "app" {
		t.Errorf("printed %q, profile %q", out.Stdout, s.Profile)
	}
}

func FuzzRun(f *testing.F) {
	for _, line := range []string{"echo a | cat > b; cat b", "aws s3api put-object --bucket b --key k --body a", "for i in 1 2; do echo $i; done",
		"cat <<E\n$(echo x)\nE", "printf '%s %d' a 1", "aws s3 cp k1.bin s3://b/k --sse-c --sse-c-key fileb://k1.bin", "xxd k1.bin | tail -c 3"} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		s, _ := console(t)
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		out := s.Run(ctx, line)
		if ctx.Err() != nil {
			t.Fatalf("%q took more than 5 s", line)
		}
		if s.Home.Size() > shell.MaxHome || len(out.Stdout) > shell.MaxPrinted+1000 {
			t.Fatalf("%q passed a limit", line)
		}
	})
}
