package main

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"
)

func fixedNow() time.Time { return time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC) }

func TestTheAuthorityIsMadeOnceAndItsKeyIsPrivate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "tls")
	first, err := openAuthority(dir, fixedNow)
	if err != nil {
		t.Fatal(err)
	}
	second, err := openAuthority(dir, fixedNow)
	if err != nil {
		t.Fatal(err)
	}
	if !first.cert.Equal(second.cert) {
		t.Error("a second start made another authority")
	}
	info, err := os.Stat(filepath.Join(dir, authorityKey))
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("the key file is %v, want 0600", info.Mode().Perm())
	}
}

func TestTheAuthorityIsRenewedBeforeItEnds(t *testing.T) {
	dir := t.TempDir()
	first, err := openAuthority(dir, fixedNow)
	if err != nil {
		t.Fatal(err)
	}
	late, err := openAuthority(dir, func() time.Time { return fixedNow().Add(authorityLife) })
	if err != nil {
		t.Fatal(err)
	}
	if first.cert.Equal(late.cert) {
		t.Error("an authority at its end was used again")
	}
}

func TestABrokenAuthorityIsNamedNotReplaced(t *testing.T) {
	dir := t.TempDir()
	if _, err := openAuthority(dir, fixedNow); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, authorityCert), []byte("not a certificate"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := openAuthority(dir, fixedNow); err == nil {
		t.Error("a broken certificate was accepted")
	}
}

func TestWhichNamesTheTLSListenerAnswersFor(t *testing.T) {
	a, err := openAuthority(t.TempDir(), fixedNow)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{
		"localhost": true, "": true, "vault.localhost": true, "LOCALHOST": true, "111122223333.127.0.0.1": true,
		"s3.us-east-1.amazonaws.com": false, "evil.example": false, "localhost.evil.example": false,
	} {
		leaf, err := a.certificate(&tls.ClientHelloInfo{ServerName: name})
		if (err == nil) != want {
			t.Errorf("certificate(%q): err %v, want served %v", name, err, want)
			continue
		}
		if err != nil {
			continue
		}
		roots := x509.NewCertPool()
		roots.AddCert(a.cert)
		check := name
		if check == "" {
			check = "127.0.0.1"
		}
		if _, err := leaf.Leaf.Verify(x509.VerifyOptions{Roots: roots, DNSName: check, CurrentTime: fixedNow()}); err != nil {
			t.Errorf("the leaf for %q does not verify: %v", name, err)
		}
		for _, san := range leaf.Leaf.DNSNames {
			if san[0] == '*' {
				t.Errorf("the leaf for %q holds a wildcard, which OpenSSL refuses", name)
			}
		}
		if !containsIP(leaf.Leaf.IPAddresses, net.IPv4(127, 0, 0, 1)) {
			t.Errorf("the leaf for %q does not name 127.0.0.1", name)
		}
	}
}

func containsIP(all []net.IP, one net.IP) bool {
	for _, ip := range all {
		if ip.Equal(one) {
			return true
		}
	}
	return false
}
