package main

import (
	"crypto/tls"
	"net"
)

// tlsListener is a TLS listener that still says the address it was opened on.
type tlsListener struct {
	net.Listener
	inner net.Listener
}

func newTLSListener(l net.Listener, a *authority) net.Listener {
	return tlsListener{tls.NewListener(l, a.config()), l}
}

func (t tlsListener) Addr() net.Addr { return t.inner.Addr() }
