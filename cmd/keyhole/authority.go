package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// Names of the authority's files in its folder. The certificate may be handed out; the key may not.
const (
	authorityCert = "ca.pem"
	authorityKey  = "ca.key"
)

// How long certificates live, and how early a leaf is made anew.
const (
	authorityLife = 10 * 365 * 24 * time.Hour
	leafLife      = 30 * 24 * time.Hour
	leafRenewal   = 24 * time.Hour
	maxLeaves     = 256 // names remembered; a client that asks for more gets them minted again
)

// authority is the local certificate authority: made once for a folder, it signs the TLS listener's certificates.
type authority struct {
	path string // of ca.pem
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	now  func() time.Time
	ips  []net.IP // addresses the listener answers on

	mu     sync.Mutex
	leaves map[string]*tls.Certificate
}

// openAuthority reads the authority of a folder or makes it; the key file is 0600.
func openAuthority(dir string, now func() time.Time) (*authority, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("the folder %s for the local certificate authority cannot be made: %w", dir, rootCause(err))
	}
	a := &authority{path: filepath.Join(dir, authorityCert), now: now, leaves: map[string]*tls.Certificate{},
		ips: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}}
	pair, err := tls.LoadX509KeyPair(a.path, filepath.Join(dir, authorityKey))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return a, a.make(dir)
	case err != nil:
		return nil, fmt.Errorf("the local certificate authority in %s cannot be read (%w); remove %s and %s to have it made again", dir, err, authorityCert, authorityKey)
	}
	key, ok := pair.PrivateKey.(*ecdsa.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("the key in %s is not the kind Keyhole makes; remove %s and %s to have them made again", dir, authorityCert, authorityKey)
	}
	a.key = key
	a.cert, err = x509.ParseCertificate(pair.Certificate[0])
	if err != nil {
		return nil, fmt.Errorf("openAuthority(%s): %w", dir, err)
	}
	if now().After(a.cert.NotAfter.Add(-leafLife)) {
		return a, a.make(dir)
	}
	return a, nil
}

func (a *authority) make(dir string) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return fmt.Errorf("authority.make: %w", err)
	}
	template := &x509.Certificate{
		SerialNumber: serial(), Subject: pkix.Name{CommonName: "Keyhole local authority", Organization: []string{"Keyhole on this machine"}},
		NotBefore: a.now().Add(-time.Hour), NotAfter: a.now().Add(authorityLife),
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign, BasicConstraintsValid: true, IsCA: true, MaxPathLenZero: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return fmt.Errorf("authority.make: %w", err)
	}
	if a.cert, err = x509.ParseCertificate(der); err != nil {
		return fmt.Errorf("authority.make: %w", err)
	}
	a.key = key
	secret, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return fmt.Errorf("authority.make: %w", err)
	}
	// The key first: a certificate without its key would be refused at the next start.
	if err := writeWhole(filepath.Join(dir, authorityKey), pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: secret}), 0o600); err != nil {
		return err
	}
	return writeWhole(a.path, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o644)
}

// writeWhole replaces a file so that a reader never sees half of it.
func writeWhole(path string, data []byte, mode os.FileMode) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return fmt.Errorf("%s cannot be written: %w", path, rootCause(err))
	}
	defer os.Remove(tmp.Name())
	if err = tmp.Chmod(mode); err == nil {
		_, err = tmp.Write(data)
	}
	if closed := tmp.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("%s cannot be written: %w", path, rootCause(err))
	}
	return nil
}

// config is the TLS side of a listener: HTTP/1.1 only, a leaf for each name it owns.
func (a *authority) config() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}, GetCertificate: a.certificate}
}

// owns says whether the listener may answer for a name: localhost, and names below it or below one of its addresses.
// A leaf never holds a wildcard: OpenSSL refuses *.localhost.
func (a *authority) owns(name string) bool {
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	if name == "" || len(name) > 253 {
		return false
	}
	if name == "localhost" || strings.HasSuffix(name, ".localhost") {
		return true
	}
	for _, ip := range a.ips {
		if strings.HasSuffix(name, "."+ip.String()) {
			return true
		}
	}
	return false
}

func (a *authority) certificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	name := strings.ToLower(strings.TrimSuffix(hello.ServerName, "."))
	if name != "" && net.ParseIP(name) == nil && !a.owns(name) {
		return nil, fmt.Errorf("this listener does not answer for %q", name)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if leaf := a.leaves[name]; leaf != nil && a.now().Before(leaf.Leaf.NotAfter.Add(-leafRenewal)) {
		return leaf, nil
	}
	leaf, err := a.mint(name)
	if err != nil {
		return nil, err
	}
	if len(a.leaves) >= maxLeaves {
		clear(a.leaves)
	}
	a.leaves[name] = leaf
	return leaf, nil
}

func (a *authority) mint(name string) (*tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("authority.mint(%q): %w", name, err)
	}
	names := []string{"localhost"}
	if name != "" && name != "localhost" && net.ParseIP(name) == nil {
		names = append(names, name)
	}
	template := &x509.Certificate{
		SerialNumber: serial(), Subject: pkix.Name{CommonName: names[len(names)-1]},
		NotBefore: a.now().Add(-time.Hour), NotAfter: a.now().Add(leafLife),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames: names, IPAddresses: a.ips,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, &key.PublicKey, a.key)
	if err != nil {
		return nil, fmt.Errorf("authority.mint(%q): %w", name, err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("authority.mint(%q): %w", name, err)
	}
	return &tls.Certificate{Certificate: [][]byte{der, a.cert.Raw}, PrivateKey: key, Leaf: leaf}, nil
}

func serial() *big.Int {
	n, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		panic("crypto/rand cannot be read: " + err.Error())
	}
	return n
}
