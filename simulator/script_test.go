package simulator

import (
	"bytes"
	"crypto/md5"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"keyhole/simulator/sigv4"
	"keyhole/simulator/world"
)

// script plays a list of requests and expectations. The grammar of a file:
//
//	prose
//	-- world.json --         a world of its own; without it that of testdata/world.json
//	-- request: … --
//	METHOD /path?query
//	@as NAME                 alice (default), root, bob of another account, nobody (unsigned); another user of the world;
//	                         ROLE/SESSION, then a session policy in JSON or nothing
//	@through ENDPOINT        through a VPC endpoint of the world
//	@from ADDRESS            from another address than the world's
//	@plain                   over HTTP instead of TLS
//	@region R                signed for another region
//	@host NAME               sent to another host than s3.amazonaws.com
//	@kms OPERATION           a call of KMS: the body is its JSON
//	@cloudtrail OPERATION    a call of CloudTrail, likewise
//	@presign SECONDS [DATE]  signed in the query, at DATE
//	@v2                      signed with Signature Version 2: in its header, or with @presign in its query
//	@form POLICY             a browser's form: the body's lines "name: value" are its fields, "file NAME: TEXT" is its last;
//	                         POLICY (JSON) is signed; without it the form is anonymous. $BUCKET is not known to it.
//	@field name: value       a field that is added after signing; "name: (none)" takes one away
//	@key 32CHARS             the three customer key headers; @source-key for those of a copy's source
//	@body BYTES TEXT         the body: TEXT again and again; @base64: the body stands below in base64
//	@checksum crc32          the body's checksum in its header; @md5: its Content-MD5
//	@mfa DEVICE [SPAN]       x-amz-mfa with the code that a device of account 111122223333 shows, or did a SPAN ago
//	(now), (now-24h)         in a header: that moment on the simulated clock
//	@then Name: value        a header added after signing; "(none)" takes it away
//	Name: value              a header; an empty value is sent
//
//	body
//	-- want --
//	STATUS [CODE]
//	message TEXT
//	element NAME VALUE       all of them, in order
//	header NAME: VALUE | absent NAME | body TEXT | contains TEXT | empty
//	json PATH VALUE          a member of a JSON answer: "KeyMetadata.KeyState Enabled", "Keys.0.KeyId …"; no value: it is not there
//	stopped STAGE            the trace: at which stage the request ended; told TEXT: its headline; because TEXT: which rule
//	                         or check decided
//	differs NAME             the header is not what it was in the last answer that had it
//	save VAR header NAME     $VAR in what follows; "element NAME" instead of a header
//	-- jump: 24h --          the simulated clock goes on
//	-- device: NAME [USER] --  account 111122223333 has an MFA device, enabled for a user or, without one, for root
type script struct {
	t         *testing.T
	simulator *Simulator
	vars      map[string]string
	seen      map[string]string
	who       *sigv4.Keys // instead of alice, for a world that is not the file's
	answer    *http.Response
	body      []byte
}

func newScript(t *testing.T, profile string) *script {
	t.Helper()
	file, err := os.ReadFile(filepath.Join("testdata", "world.json"))
	if err != nil {
		t.Fatal(err)
	}
	return scriptOf(t, bytes.Replace(file, []byte(`"2026"`), []byte(strconv.Quote(profile)), 1))
}

// scriptOf plays in the world of a file.
func scriptOf(t *testing.T, file []byte) *script {
	t.Helper()
	w, err := ParseWorld(file, WorldOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return &script{t: t, simulator: New(Options{World: w}), vars: map[string]string{}, seen: map[string]string{}}
}

// play runs a whole file.
func (s *script) play(archive *txtar.Archive) {
	for i, f := range archive.Files {
		text := strings.TrimSuffix(string(f.Data), "\n")
		for name, value := range s.vars {
			text = strings.ReplaceAll(text, "$"+name, value)
		}
		switch kind, _, _ := strings.Cut(f.Name, ":"); kind {
		case "request":
			s.request(text)
		case "jump":
			_, span, _ := strings.Cut(f.Name, ": ")
			s.jump(span)
		case "device":
			_, who, _ := strings.Cut(f.Name, ": ")
			s.device(who)
		case "want":
			for _, problem := range s.want(text) {
				s.t.Errorf("step %d (%s): %s\nanswer: %s\n%s", i/2+1, archive.Files[i-1].Name, problem, s.answer.Status, s.body)
			}
		default:
			s.t.Fatalf("unknown section %q", f.Name)
		}
	}
}

// jump moves the simulated clock.
func (s *script) jump(span string) {
	d, err := time.ParseDuration(span)
	if err == nil {
		err = s.simulator.Advance(d)
	}
	if err != nil {
		s.t.Fatalf("jump %q: %v", span, err)
	}
}

func (s *script) keys(name string) sigv4.Keys {
	if s.who != nil && name == "alice" {
		return *s.who
	}
	if role, rest, ok := strings.Cut(name, "/"); ok {
		return s.session(role, rest)
	}
	who := map[string][2]string{"alice": {"111122223333", "alice"}, "root": {"111122223333", ""}, "bob": {"444455556666", "bob"}}[name]
	var key world.AccessKey
	s.simulator.View(func(w *World) {
		if key, _ = w.KeyOf(who[0], who[1]); key.ID != "" {
			return
		}
		for _, a := range w.Accounts() {
			if k, ok := w.KeyOf(a.ID, name); ok {
				key = k
			}
		}
	})
	if key.ID == "" {
		s.t.Fatalf("nobody is called %q", name)
	}
	return sigv4.Keys{AccessKey: key.ID, Secret: key.Secret}
}

func (s *script) now() (now time.Time) {
	s.simulator.View(func(w *World) { now = w.Now() })
	return now
}

func (s *script) request(text string) {
	head, body, _ := strings.Cut(text, "\n\n")
	lines, body := bodyWords(s.t, strings.Split(dates(s.t, head, s.now()), "\n"), body)
	method, target, _ := strings.Cut(lines[0], " ")
	r, err := http.NewRequest(method, "http://s3.amazonaws.com"+target, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	as, region, service, presign, transport, at := "alice", "us-east-1", "s3", "", Transport{Secure: true, TLS: "1.3", Network: "internet"}, s.now()
	s.simulator.View(func(w *World) { region = w.Region() })
	var then [][2]string
	v2, form, fields := false, "", [][2]string(nil)
	digest(r, body)
	for _, line := range lines[1:] {
		word, rest, _ := strings.Cut(line, " ")
		switch word {
		case "@mfa":
			r.Header.Set("x-amz-mfa", s.mfa(rest))
		case "@as":
			as = rest
		case "@plain":
			transport.Secure, transport.TLS = false, ""
		case "@through":
			transport.Network = rest
		case "@from":
			transport.SourceIP = rest
		case "@region":
			region = rest
		case "@host":
			r.Host, r.URL.Host = rest, rest
		case "@kms":
			service, r.Host, r.URL.Host = "kms", "kms."+region+".amazonaws.com", "kms."+region+".amazonaws.com"
			r.Header.Set("X-Amz-Target", "TrentService."+rest)
			r.Header.Set("Content-Type", "application/x-amz-json-1.1")
		case "@cloudtrail":
			service, r.Host, r.URL.Host = "cloudtrail", "cloudtrail."+region+".amazonaws.com", "cloudtrail."+region+".amazonaws.com"
			r.Header.Set("X-Amz-Target", targeted["cloudtrail"].prefix+rest)
			r.Header.Set("Content-Type", "application/x-amz-json-1.1")
		case "@presign":
			var date string
			if presign, date, _ = strings.Cut(rest, " "); date != "" {
				if at, err = time.Parse(time.RFC3339, date); err != nil {
					s.t.Fatal(err)
				}
			}
		case "@v2":
			v2 = true
		case "@form":
			form = "form " + rest
		case "@field":
			name, value, _ := strings.Cut(rest, ": ")
			fields = append(fields, [2]string{name, value})
		case "@key":
			customer(r.Header, "X-Amz-Server-Side-Encryption-Customer-", rest)
		case "@source-key":
			customer(r.Header, "X-Amz-Copy-Source-Server-Side-Encryption-Customer-", rest)
		case "@then":
			name, value, _ := strings.Cut(rest, ":")
			then = append(then, [2]string{name, strings.TrimSpace(value)})
		default:
			name, value, ok := strings.Cut(line, ":")
			if !ok {
				s.t.Fatalf("not a header: %q", line)
			}
			if value = strings.TrimSpace(value); value == "(none)" {
				r.Header.Del(name)
			} else {
				r.Header.Set(name, value)
			}
		}
	}
	if form != "" {
		as = s.fill(r, body, strings.TrimPrefix(form, "form "), fields, as, region, at, v2)
	}
	switch {
	case v2 && presign != "":
		seconds, _ := strconv.Atoi(presign)
		sigv4.PresignV2(r, s.keys(as), "", at.Add(time.Duration(seconds)*time.Second))
	case v2 && as != "nobody":
		sigv4.SignV2(r, s.keys(as), "", at)
	case presign != "":
		seconds, _ := strconv.Atoi(presign)
		sigv4.Presign(r, s.keys(as), region, service, at, time.Duration(seconds)*time.Second)
	case as != "nobody":
		sum := sha256.Sum256([]byte(body))
		sigv4.Sign(r, s.keys(as), region, service, hex.EncodeToString(sum[:]), at)
	}
	for _, h := range then {
		if h[1] == "(none)" {
			r.Header.Del(h[0])
			continue
		}
		r.Header.Set(h[0], h[1])
	}
	if s.answer, err = s.simulator.Client(transport).RoundTrip(r); err != nil {
		s.t.Fatal(err)
	}
	s.body, _ = io.ReadAll(s.answer.Body)
}

// requestAs sends a request without a body, signed with keys that are nobody's in the file.
func (s *script) requestAs(k sigv4.Keys, method, target string) {
	r, err := http.NewRequest(method, "http://s3.amazonaws.com"+target, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	sigv4.Sign(r, k, "us-east-1", "s3", hex.EncodeToString(sha256.New().Sum(nil)), s.now())
	if s.answer, err = s.simulator.Client(Transport{Secure: true, TLS: "1.3", Network: "internet"}).RoundTrip(r); err != nil {
		s.t.Fatal(err)
	}
	s.body, _ = io.ReadAll(s.answer.Body)
}

func customer(h http.Header, prefix, key string) {
	sum := md5.Sum([]byte(key))
	h.Set(prefix+"Algorithm", "AES256")
	h.Set(prefix+"Key", base64.StdEncoding.EncodeToString([]byte(key)))
	h.Set(prefix+"Key-Md5", base64.StdEncoding.EncodeToString(sum[:]))
}

// fault is an error document taken apart.
type fault struct {
	Code, Message string
	Extra         []string // "Name Value"
}

// controlError is what S3 Control wraps around an error.
var controlError = regexp.MustCompile(`(?s)<ErrorResponse>(<Error>.*</Error>)<RequestId>[^<]+</RequestId><HostId>[^<]+</HostId></ErrorResponse>`)

func parseFault(body []byte) (f fault) {
	var doc struct {
		XMLName  xml.Name `xml:"Error"`
		Children []struct {
			XMLName xml.Name
			Text    string `xml:",chardata"`
		} `xml:",any"`
	}
	if inner := controlError.FindSubmatch(body); inner != nil {
		body = inner[1]
	}
	if xml.Unmarshal(body, &doc) != nil {
		return parseJSONFault(body)
	}
	for _, c := range doc.Children {
		switch c.XMLName.Local {
		case "Code":
			f.Code = c.Text
		case "Message":
			f.Message = c.Text
		case "RequestId", "HostId":
		default:
			f.Extra = append(f.Extra, strings.TrimSpace(c.XMLName.Local+" "+c.Text))
		}
	}
	return f
}

func (s *script) want(text string) (problems []string) {
	miss := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	lines := strings.Split(text, "\n")
	status, code, _ := strings.Cut(lines[0], " ")
	if got := strconv.Itoa(s.answer.StatusCode); got != status {
		miss("status %s, want %s", got, status)
	}
	f := parseFault(s.body)
	if f.Code != code {
		miss("code %q, want %q", f.Code, code)
	}
	var elements []string
	for _, line := range lines[1:] {
		word, rest, _ := strings.Cut(line, " ")
		switch word {
		case "message":
			if f.Message != rest {
				miss("message %q, want %q", f.Message, rest)
			}
		case "stopped", "told", "because":
			if got := s.traced(word); got != rest {
				miss("%s %q, want %q", word, got, rest)
			}
		case "element":
			elements = append(elements, rest)
		case "header":
			name, value, _ := strings.Cut(rest, ":")
			if got := s.answer.Header.Get(name); got != strings.TrimSpace(value) {
				miss("header %s is %q, want %q", name, got, strings.TrimSpace(value))
			}
		case "absent":
			if got := s.answer.Header.Values(rest); len(got) > 0 {
				miss("header %s is there: %q", rest, got)
			}
		case "body":
			if string(s.body) != rest {
				miss("body %q, want %q", s.body, rest)
			}
		case "lacks":
			if strings.Contains(string(s.body), rest) {
				miss("the body contains %q", rest)
			}
		case "unzipped", "unlogged":
			if text := gunzipped(s.body); strings.Contains(text, rest) != (word == "unzipped") {
				miss("%s %q: the file is %s", word, rest, text)
			}
		case "contains":
			if !strings.Contains(string(s.body), rest) {
				miss("the body does not contain %q", rest)
			}
		case "json":
			path, value, _ := strings.Cut(rest, " ")
			if got := member(s.body, path); got != value {
				miss("%s is %q, want %q", path, got, value)
			}
		case "empty":
			if len(s.body) > 0 {
				miss("the body is not empty")
			}
		case "differs":
			if got := s.answer.Header.Get(rest); got == s.seen[rest] || got == "" {
				miss("header %s is %q again", rest, got)
			}
		case "save":
			name, what, _ := strings.Cut(rest, " ")
			value := s.answer.Header.Get(strings.TrimPrefix(what, "header "))
			if path, ok := strings.CutPrefix(what, "json "); ok {
				value = member(s.body, path)
			}
			if element, ok := strings.CutPrefix(what, "element "); ok {
				if m := regexp.MustCompile("<" + element + ">([^<]*)<").FindSubmatch(s.body); m != nil {
					value = string(m[1])
				}
			}
			if s.vars[name] = value; value == "" {
				miss("nothing to save as %s", name)
			}
		default:
			s.t.Fatalf("unknown word %q", line)
		}
	}
	for name := range s.answer.Header {
		s.seen[name] = s.answer.Header.Get(name)
	}
	if code != "" && strings.Join(elements, "\n") != strings.Join(f.Extra, "\n") {
		miss("elements %q, want %q", f.Extra, elements)
	}
	return problems
}

// TestTraps plays every file of testdata/traps: answers of S3 that are easy to get wrong (s3-wire.md section 12).
func TestTraps(t *testing.T) {
	playAll(t, "traps", 20)
}

// TestCases plays the rest of what the operations do.
func TestCases(t *testing.T) { playAll(t, "cases", 5) }

func playAll(t *testing.T, folder string, least int) {
	files, err := filepath.Glob(filepath.Join("testdata", folder, "*.txtar"))
	if err != nil || len(files) < least {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if len(strings.TrimSpace(string(archive.Comment))) < 20 {
				t.Error("a case begins with a sentence about what it shows")
			}
			s := newScript(t, "2026")
			if len(archive.Files) > 0 && archive.Files[0].Name == "world.json" {
				s = scriptOf(t, archive.Files[0].Data)
				archive.Files = archive.Files[1:]
			}
			s.play(archive)
		})
	}
}
