package simulator

import (
	"crypto/md5"
	"encoding/base64"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"keyhole/simulator/sigv4"
	"keyhole/simulator/wire"
	"keyhole/simulator/world"
)

var nowWord = regexp.MustCompile(`\(now([+-]\w+)?\)`)

// dates replaces (now), (now-24h) and their kin by that moment on the simulated clock, as headers print it.
func dates(t *testing.T, text string, now time.Time) string {
	return nowWord.ReplaceAllStringFunc(text, func(word string) string {
		at := now
		if span := nowWord.FindStringSubmatch(word)[1]; span != "" {
			d, err := time.ParseDuration(span)
			if err != nil {
				t.Fatal(err)
			}
			at = at.Add(d)
		}
		return wire.HTTPDate(at)
	})
}

// bodyWords replaces the words of a request that are about its body by what they stand for: a body that is too long to
// write down, and digests of it as header lines.
func bodyWords(t *testing.T, lines []string, body string) ([]string, string) {
	t.Helper()
	for _, line := range lines {
		word, rest, _ := strings.Cut(line, " ")
		switch word {
		case "@body":
			size, unit, _ := strings.Cut(rest, " ")
			n, err := strconv.Atoi(size)
			if err != nil || unit == "" {
				t.Fatalf("%q: a size in bytes and what is repeated", line)
			}
			if quoted, err := strconv.Unquote(unit); err == nil { // a byte that no text holds
				unit = quoted
			}
			body = strings.Repeat(unit, n/len(unit)+1)[:n]
		case "@base64":
			raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(body))
			if err != nil {
				t.Fatal(err)
			}
			body = string(raw)
		}
	}
	var out []string
	for _, line := range lines {
		word, rest, _ := strings.Cut(line, " ")
		switch word {
		case "@body", "@base64":
		case "@checksum":
			a, refusal := wire.ParseAlgorithm(rest)
			if refusal != nil {
				t.Fatal(refusal)
			}
			out = append(out, a.Header()+": "+a.Sum([]byte(body)))
		case "@md5":
			sum := md5.Sum([]byte(body))
			out = append(out, "Content-MD5: "+base64.StdEncoding.EncodeToString(sum[:]))
		default:
			out = append(out, line)
		}
	}
	return out, body
}

// session is a session of a role of the world: rest is its name, and a session policy after a space.
func (s *script) session(role, rest string) sigv4.Keys {
	name, document, _ := strings.Cut(rest, " ")
	var session world.Session
	s.simulator.View(func(w *World) {
		for _, a := range w.Accounts() {
			if _, ok := w.Principal(a.ID, "role", role); !ok {
				continue
			}
			var err error
			session, err = w.MintSession(world.SessionAsk{Kind: "role", Account: a.ID, Name: role, Session: name, Duration: time.Hour, Base: world.BaseSimulated, Policy: []byte(document)})
			if err != nil {
				s.t.Fatal(err)
			}
		}
	})
	if session.AccessKey == "" {
		s.t.Fatalf("no role is called %q", role)
	}
	return sigv4.Keys{AccessKey: session.AccessKey, Secret: session.Secret, Token: session.Token}
}
