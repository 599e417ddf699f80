package simulator

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"keyhole/simulator/exchange"
	"keyhole/simulator/iam"
	"keyhole/simulator/sigv4"
	"keyhole/simulator/sts"
)

// TestIAM and TestSTS play calls of the query services between those of S3, in the format of the other scripts. A body with an
// Action is a form for the service that has it; line feeds in it are left out. "@as KEY SECRET TOKEN" are credentials that
// an earlier answer held.
func TestIAM(t *testing.T) { playForms(t, "iam", 10) }

func TestSTS(t *testing.T) { playForms(t, "sts", 8) }

func playForms(t *testing.T, folder string, least int) {
	files, err := filepath.Glob(filepath.Join("testdata", folder, "*.txtar"))
	if err != nil || len(files) < least {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil || len(strings.TrimSpace(string(archive.Comment))) < 20 {
				t.Fatalf("a case begins with a sentence about what it shows (%v)", err)
			}
			if archive.Files[0].Name != "world.json" {
				t.Fatal("a case of IAM or STS brings its world")
			}
			s := scriptOf(t, archive.Files[0].Data)
			s.playForms(archive.Files[1:])
		})
	}
}

func (s *script) playForms(files []txtar.File) {
	for i, f := range files {
		text := strings.TrimSuffix(string(f.Data), "\n")
		for name, value := range s.vars {
			text = strings.ReplaceAll(text, "$"+name, value)
		}
		if kind, _, _ := strings.Cut(f.Name, ":"); kind == "request" {
			s.formOrRequest(text)
			continue
		}
		s.body = plainFault(s.body)
		for _, problem := range s.want(text) {
			s.t.Errorf("step %d (%s): %s\nanswer: %s\n%s", i/2+1, files[i-1].Name, problem, s.answer.Status, s.body)
		}
	}
}

// formOrRequest sends a form to its service, and anything else to S3.
func (s *script) formOrRequest(text string) {
	head, body, _ := strings.Cut(text, "\n\n")
	as := "alice"
	var rest []string
	for _, line := range strings.Split(head, "\n") {
		if name, ok := strings.CutPrefix(line, "@as "); ok {
			as = name
			continue
		}
		rest = append(rest, line)
	}
	s.who = nil
	keys := sigv4.Keys{}
	if words := strings.Fields(as); len(words) == 3 {
		keys = sigv4.Keys{AccessKey: words[0], Secret: words[1], Token: words[2]}
	} else if as != "nobody" {
		keys = s.keys(as)
	}
	body = strings.ReplaceAll(body, "\n", "")
	values, _ := url.ParseQuery(body)
	service := ""
	switch action := values.Get("Action"); {
	case exchange.Named(iam.Operations(), action) != nil:
		service = "iam"
	case exchange.Named(sts.Operations(), action) != nil:
		service = "sts"
	case as == "nobody":
		s.request(strings.Join(append(rest, "@as nobody"), "\n") + text[len(head):])
		return
	default:
		s.who = &keys
		s.request(strings.Join(rest, "\n") + text[len(head):])
		return
	}
	r, err := http.NewRequest("POST", "http://"+service+".amazonaws.com/", strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	if as != "nobody" {
		sum := sha256.Sum256([]byte(body))
		sigv4.Sign(r, keys, "us-east-1", service, hex.EncodeToString(sum[:]), s.now())
	}
	if s.answer, err = s.simulator.Client(Transport{Secure: true, TLS: "1.3", Network: "internet"}).RoundTrip(r); err != nil {
		s.t.Fatal(err)
	}
	s.body, _ = io.ReadAll(s.answer.Body)
}

// plainFault is the error of a query service in the form of S3's, so that expectations read the same.
func plainFault(body []byte) []byte {
	_, inner, ok := bytes.Cut(body, []byte("</Type>"))
	if !ok || !bytes.Contains(body, []byte("<ErrorResponse ")) {
		return body
	}
	inner, _, _ = bytes.Cut(inner, []byte("</Error>"))
	return append(append([]byte("<Error>"), inner...), "</Error>"...)
}

// A trust policy that asks for MFA lets in whoever sends a code of an own device, or has a session that began with one.
func TestMFAOnTheWire(t *testing.T) {
	s := scriptOf(t, []byte(`{"seed": "mfa", "clock": "2026-06-01T00:00:00Z", "accounts": [{"id": "111122223333", "name": "main",
		"users": [{"name": "alice", "policies": {"Everything": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}}}],
		"roles": [{"name": "app", "trust": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/alice"},
			"Action": "sts:AssumeRole", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}]}}]}]}`))
	const serial = "arn:aws:iam::111122223333:mfa/phone"
	play := func(as, form, want string) {
		t.Helper()
		s.formOrRequest("POST /\n@as " + as + "\n\n" + form)
		s.body = plainFault(s.body)
		for _, problem := range s.want(want) {
			t.Errorf("%s: %s\n%s", form, problem, s.body)
		}
	}
	play("alice", "Action=CreateVirtualMFADevice&VirtualMFADeviceName=phone", "200\nsave SEED element Base32StringSeed")
	text, err := base64.StdEncoding.DecodeString(s.vars["SEED"])
	if err != nil {
		t.Fatal(err)
	}
	seed, err := base32.StdEncoding.DecodeString(string(text))
	if err != nil {
		t.Fatal(err)
	}
	code := iam.Code(seed, s.now())
	play("alice", "Action=EnableMFADevice&UserName=alice&SerialNumber="+serial+"&AuthenticationCode1="+code+"&AuthenticationCode2="+iam.Code(seed, s.now().Add(30*time.Second)), "200")
	const assume = "Action=AssumeRole&RoleSessionName=one&RoleArn=arn:aws:iam::111122223333:role/app"
	play("alice", assume, "403 AccessDenied")
	play("alice", assume+"&SerialNumber="+serial+"&TokenCode="+code, "200")
	if err := s.simulator.Advance(time.Hour); err != nil {
		t.Fatal(err)
	}
	play("alice", "Action=GetSessionToken&SerialNumber="+serial+"&TokenCode="+code, "403 AccessDenied\nmessage MultiFactorAuthentication failed with invalid MFA one time pass code. ")
	play("alice", "Action=GetSessionToken&SerialNumber="+serial+"&TokenCode="+iam.Code(seed, s.now()), "200\nsave KEY element AccessKeyId\nsave SECRET element SecretAccessKey\nsave TOKEN element SessionToken")
	session := s.vars["KEY"] + " " + s.vars["SECRET"] + " " + s.vars["TOKEN"]
	play(session, assume, "200")
	play(session, "Action=ListMFADevices", "200\ncontains "+serial)
}
