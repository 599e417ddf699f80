package labs

import (
	"slices"
	"strings"

	"keyhole/simulator/exchange"
)

// way is the connection that requests are made over. The zero value is HTTPS with TLS 1.3 from the internet.
type way struct {
	network string // "" or "internet", "onprem", or the id of a VPC endpoint
	tls     string // "" is newestTLS; no matter when plain
	plain   bool   // HTTP
}

// The networks that are no VPC endpoint.
const (
	internet = "internet"
	onprem   = "onprem"
)

// newestTLS is what a client negotiates that is told nothing.
const newestTLS = "1.3"

// tlsVersions are what a probe or a line may ask for.
var tlsVersions = []string{"1.0", "1.1", "1.2", newestTLS}

// The addresses that requests come from: TEST-NET-3 for the internet, TEST-NET-2 for the office, which are nobody's, and
// one of a VPC.
const (
	internetAddress = "203.0.113.10"
	officeAddress   = "198.51.100.10"
	privateAddress  = "10.0.0.10"
)

// transport is what an in-process connection looks like to the simulator.
func (w way) transport() exchange.Transport {
	t := exchange.Transport{Network: either(w.network, internet), SourceIP: internetAddress}
	switch {
	case w.network == onprem:
		t.SourceIP = officeAddress
	case w.private():
		t.SourceIP = privateAddress
	}
	if !w.plain {
		t.Secure, t.TLS = true, either(w.tls, newestTLS)
	}
	return t
}

// private says that it goes through a VPC endpoint.
func (w way) private() bool { return !slices.Contains([]string{"", internet, onprem}, w.network) }

// String says how: "over http through vpce-app".
func (w way) String() string {
	words := []string{"over https"}
	if w.plain {
		words[0] = "over http"
	} else if w.tls != "" {
		words = append(words, "with TLS "+w.tls)
	}
	switch {
	case w.private():
		words = append(words, "through "+w.network)
	case w.network == onprem:
		words = append(words, "from the office")
	}
	return strings.Join(words, " ")
}
