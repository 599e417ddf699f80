package labs

import (
	"fmt"
	"net/url"
	"time"

	"keyhole/labs/call"
	"keyhole/labs/shell"
	"keyhole/simulator"
	"keyhole/simulator/world"
)

// sessionTime is how long the credentials of one console line or probe live.
const sessionTime = time.Hour

// client is how the console reaches the sandbox: in process, signing in simulated time. An unknown profile gives the
// CLI's own sentence.
func (sb *sandbox) client(profile string, o shell.Connect) (*call.Client, error) {
	c, err := connect(sb.sim, sb.lab, profile, o)
	if err != nil {
		return nil, err
	}
	c.Transport = notebook{sb, c.Transport}
	return c, nil
}

// connect makes a client of a profile on a simulator, from the internet.
func connect(sim *simulator.Simulator, l *Lab, profile string, o shell.Connect) (*call.Client, error) {
	return connectBy(sim, l, profile, o, way{})
}

// connectBy is connect over another connection. The scheme that o names wins over the one of w.
func connectBy(sim *simulator.Simulator, l *Lab, profile string, o shell.Connect, w way) (*call.Client, error) {
	host := ""
	w.plain = w.plain && o.Endpoint == "" || o.Plain
	if o.Endpoint != "" {
		u, err := url.Parse(o.Endpoint)
		if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
			return nil, fmt.Errorf("Invalid endpoint: %s", o.Endpoint) //nolint:staticcheck // the CLI's words
		}
		// The console never leaves the sandbox: of the address typed, only the scheme and the Host header matter.
		w.plain, host = u.Scheme == "http", u.Host
	}
	c, err := reach(sim, w)
	if err != nil {
		return nil, err
	}
	c.Region = either(o.Region, c.Region)
	if host != "" {
		c.Endpoint = scheme(w) + host
	}
	if o.Unsigned {
		return c, nil
	}
	c.Credentials, err = credentialsOf(sim, l, profile)
	return c, err
}

// reach makes a client without credentials. Error: a VPC endpoint that is not there.
func reach(sim *simulator.Simulator, w way) (*call.Client, error) {
	var region string
	known := !w.private()
	sim.View(func(in *world.World) {
		region = in.Region()
		if !known {
			_, known = in.Endpoint(w.network)
		}
	})
	if !known {
		return nil, fmt.Errorf("%w: %q", ErrNetwork, w.network)
	}
	return &call.Client{Region: region, Endpoint: scheme(w) + "s3." + region + ".amazonaws.com", Transport: sim.Client(w.transport()), Now: func() (t time.Time) {
		sim.View(func(w *world.World) { t = w.Now() })
		return t
	}}, nil
}

func scheme(w way) string {
	if w.plain {
		return "http://"
	}
	return "https://"
}

// credentialsOf are credentials of a profile in simulated time. The anonymous profile has none.
func credentialsOf(sim *simulator.Simulator, l *Lab, profile string) (call.Credentials, error) {
	p, ok := l.Principal(profile)
	if !ok {
		return call.Credentials{}, fmt.Errorf("The config profile (%s) could not be found", profile) //nolint:staticcheck // the CLI's words
	}
	if p.Kind == "anonymous" {
		return call.Credentials{}, nil
	}
	var s world.Session
	var err error
	sim.View(func(w *world.World) { s, err = credentials(w, p, sessionTime, world.BaseSimulated) })
	return call.Credentials{AccessKey: s.AccessKey, Secret: s.Secret, Token: s.Token}, err
}

// credentials are a session of a role, or the access key of a user or root, which has no token and no end.
func credentials(w *world.World, p Principal, life time.Duration, base world.Base) (world.Session, error) {
	if p.Kind == "role" {
		return w.RoleSession(p.Account, p.Name, "keyhole", life, base)
	}
	name := p.Name
	if p.Kind == "root" {
		name = ""
	}
	k, ok := w.KeyOf(p.Account, name)
	if !ok {
		return world.Session{}, fmt.Errorf("%w: %s", ErrPrincipal, p.Profile)
	}
	return world.Session{AccessKey: k.ID, Secret: k.Secret, Base: base}, nil
}
