package main

import (
	"fmt"
	"log/slog"
	"net"
	"net/http"

	"keyhole/labs"
	"keyhole/simulator"
)

// way is one listener of the AWS side. Which network its requests come from is a matter of the listener: no header says it.
type way struct {
	what, addr string
	network    string // "internet" or the id of a VPC endpoint
	sourceIP   string // of every request that comes this way; "": the peer's address
	secure     bool
}

// openWays opens listeners; either all of them or none. The authority's leaves name the addresses that are not loopback.
func openWays(ways []way, h http.Handler, ca *authority, logger *slog.Logger) (services []*service, err error) {
	for _, w := range ways {
		l, err := listen(w.what, w.addr)
		if err != nil {
			for _, s := range services {
				_ = s.listener.Close()
			}
			return nil, err
		}
		if w.secure {
			if ip := l.Addr().(*net.TCPAddr).IP; !ip.IsUnspecified() && !ip.IsLoopback() {
				ca.ips = append(ca.ips, ip)
			}
			l = newTLSListener(l, ca)
		}
		services = append(services, newService(l, http.NotFoundHandler(), logger))
	}
	handleWays(ways, services, h, ca, logger)
	return services, nil
}

// handleWays puts a handler behind the listeners of ways: each states its transport, answers before a body is through,
// and, over plain HTTP, opens tunnels to itself and to the TLS listener of its network.
func handleWays(ways []way, services []*service, h http.Handler, ca *authority, logger *slog.Logger) {
	for i, w := range ways {
		handler := drained(stateTransport(h, w.network, w.sourceIP))
		if !w.secure {
			secure := ""
			for j, other := range ways {
				if other.secure && other.network == w.network {
					secure = services[j].addr()
				}
			}
			handler = newTunnels(handler, ca.owns, services[i].addr(), secure, logger)
		}
		services[i].server.Handler = handler
	}
}

// endpoint is a VPC endpoint as far as a listener is concerned.
type endpoint struct{ id, vpc, plain, secure string }

func endpointsOf(w *simulator.World) (out []endpoint) {
	for _, e := range w.Endpoints() {
		out = append(out, endpoint{e.ID, e.VPC, e.HTTP, e.TLS})
	}
	return out
}

// endpointsOfLabs are the VPC endpoints that the labs' worlds give an address, each id once.
func endpointsOfLabs(all []labs.Lab) (out []endpoint, err error) {
	seen := map[string]bool{}
	for i := range all {
		w, err := simulator.ParseWorld(all[i].Start, simulator.WorldOptions{Seed: all[i].ID})
		if err != nil {
			return nil, fmt.Errorf("the world of lab %s is not right: %w", all[i].ID, err)
		}
		for _, e := range endpointsOf(w) {
			if !seen[e.id] && e.plain+e.secure != "" {
				seen[e.id] = true
				out = append(out, e)
			}
		}
	}
	return out, nil
}

// anyPort is where a VPC endpoint listens when its world names no address at all.
const anyPort = "127.0.0.1:0"

// endpointWays are the listeners of VPC endpoints. One that names neither address gets both, on free ports.
func endpointWays(endpoints []endpoint, sourceIP string) (ways []way) {
	for _, e := range endpoints {
		if e.plain == "" && e.secure == "" {
			e.plain, e.secure = anyPort, anyPort
		}
		what := "the VPC endpoint " + e.id
		if e.plain != "" {
			ways = append(ways, way{what + " over HTTP", e.plain, e.id, sourceIP, false})
		}
		if e.secure != "" {
			ways = append(ways, way{what + " over TLS", e.secure, e.id, sourceIP, true})
		}
	}
	return ways
}

// readyEndpoint is one VPC endpoint of the ready line.
type readyEndpoint struct {
	ID   string `json:"id"`
	VPC  string `json:"vpc,omitempty"`
	HTTP string `json:"http,omitempty"`
	TLS  string `json:"tls,omitempty"`
}

// readyEndpoints says where the VPC endpoints answer. services are those of ways, in their order.
func readyEndpoints(endpoints []endpoint, ways []way, services []*service) (out []readyEndpoint) {
	for _, e := range endpoints {
		one := readyEndpoint{ID: e.id, VPC: e.vpc}
		for i, w := range ways {
			switch {
			case w.network != e.id:
			case w.secure:
				one.TLS = "https://" + services[i].addr()
			default:
				one.HTTP = "http://" + services[i].addr()
			}
		}
		out = append(out, one)
	}
	return out
}
