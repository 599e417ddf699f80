package simulator

import (
	"encoding/base32"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"keyhole/simulator/exchange"
	"keyhole/simulator/totp"
)

// lockedUp is a bucket with Object Lock and one version of the key a, whose id is in $ID.
func lockedUp(t *testing.T, headers string) *script {
	t.Helper()
	s := newScript(t, "2026")
	s.request("PUT /worm\nx-amz-bucket-object-lock-enabled: true")
	s.request("PUT /worm/a\n" + headers + "\n@md5\n\none")
	for _, problem := range s.want("200\nsave ID header X-Amz-Version-Id") {
		t.Fatal(problem)
	}
	return s
}

const (
	june  = "x-amz-object-lock-mode: GOVERNANCE\nx-amz-object-lock-retain-until-date: 2026-06-10T00:00:00Z"
	never = "x-amz-object-lock-legal-hold: ON"
)

// The trace keeps what held the version, until when, who could lift it, and what became of a bypass.
func TestTheTraceSaysWhatHeldAVersion(t *testing.T) {
	for _, c := range []struct{ name, headers, request, by, ladder string }{
		{"a retention", june, "DELETE /worm/a?versionId=$ID", "GOVERNANCE", "legal hold none, retention holds, bypass none"},
		{"a retention, bypassed", june, "DELETE /worm/a?versionId=$ID\nx-amz-bypass-governance-retention: true", "", "legal hold none, retention lifted, bypass lifted"},
		{"a hold", never, "DELETE /worm/a?versionId=$ID\nx-amz-bypass-governance-retention: true", "legal hold", "legal hold holds, retention none"},
		{"of a list, what was held", june, "POST /worm?delete\n\n<Delete><Object><Key>b</Key></Object><Object><Key>a</Key><VersionId>$ID</VersionId></Object></Delete>", "GOVERNANCE", "legal hold none, retention holds, bypass none"},
		{"a shorter retention", june, "PUT /worm/a?retention\n\n<Retention><Mode>GOVERNANCE</Mode><RetainUntilDate>2026-06-09T00:00:00Z</RetainUntilDate></Retention>", "GOVERNANCE", "retention holds, bypass none"},
		{"a longer one", june, "PUT /worm/a?retention\n\n<Retention><Mode>GOVERNANCE</Mode><RetainUntilDate>2026-06-11T00:00:00Z</RetainUntilDate></Retention>", "", "retention lifted"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := lockedUp(t, c.headers)
			s.request(strings.ReplaceAll(c.request, "$ID", s.vars["ID"]))
			g := s.last().Guard
			if g == nil {
				t.Fatal("no decision")
			}
			var ladder []string
			for _, r := range g.Ladder {
				ladder = append(ladder, r.Name+" "+string(r.State))
			}
			if g.By != c.by || g.Allowed != (c.by == "") || strings.Join(ladder, ", ") != c.ladder || (g.Lifter == "") != g.Allowed {
				t.Errorf("%+v", *g)
			}
			if c.by == "GOVERNANCE" && g.Until.Format(time.DateOnly) != "2026-06-10" {
				t.Errorf("until %v", g.Until)
			}
		})
	}
}

// Who lacks the permission is refused before the lock is asked; what the lock would have said is in the shadow.
func TestTheShadowAsksTheLockToo(t *testing.T) {
	s := lockedUp(t, june)
	s.request("DELETE /worm/a?versionId=" + s.vars["ID"] + "\n@as bob")
	trace := s.last()
	if trace.Stopped != "authorize" || trace.Guard != nil || trace.Shadow == nil || trace.Shadow.Guard == nil || trace.Shadow.Guard.By != "GOVERNANCE" {
		t.Errorf("stopped at %s, %+v, %+v", trace.Stopped, trace.Guard, trace.Shadow)
	}
}

// The default that protected a version is told of, where it cannot be read from a header.
func TestWhatADefaultDidIsSaid(t *testing.T) {
	s := lockedUp(t, never)
	s.request("PUT /worm?object-lock\n\n<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention><Mode>COMPLIANCE</Mode><Days>1</Days></DefaultRetention></Rule></ObjectLockConfiguration>")
	if said := strings.Join(s.last().Effects, "; "); said != "new objects of worm are protected by default: COMPLIANCE for 1 day" {
		t.Errorf("%q", said)
	}
	s.request("PUT /worm/b\n@md5\n\ntwo")
	if said := strings.Join(s.last().Effects, "; "); !strings.Contains(said, "; COMPLIANCE until 2026-06-02T00:00:") {
		t.Errorf("%q", said)
	}
}

// The root user makes its device through IAM, and its codes are good for MFA delete by the simulated clock.
func TestTheRootUserTurnsMFADeleteOn(t *testing.T) {
	s := newScript(t, "2026")
	form := func(form, want string) {
		t.Helper()
		s.formOrRequest("POST /\n@as root\n\n" + form)
		s.body = plainFault(s.body)
		for _, problem := range s.want(want) {
			t.Fatalf("%s: %s\n%s", form, problem, s.body)
		}
	}
	form("Action=CreateVirtualMFADevice&VirtualMFADeviceName="+totp.RootDevice, "200\nsave SEED element Base32StringSeed")
	text, _ := base64.StdEncoding.DecodeString(s.vars["SEED"])
	seed, err := base32.StdEncoding.DecodeString(string(text))
	if err != nil {
		t.Fatal(err)
	}
	const serial = "arn:aws:iam::111122223333:mfa/" + totp.RootDevice
	code := func(after time.Duration) string { return totp.Code(seed, s.now().Add(after)) }
	enable := func() {
		s.request("PUT /vault?versioning\n@as root\nx-amz-mfa: " + serial + " " + code(0) + "\n\n<VersioningConfiguration><Status>Enabled</Status><MfaDelete>Enabled</MfaDelete></VersioningConfiguration>")
	}
	s.request("PUT /vault")
	if enable(); parseFault(s.body).Code != "DeviceNotActiveError" {
		t.Fatalf("a device that was never enabled: %s", s.body)
	}
	form("Action=EnableMFADevice&UserName=root&SerialNumber="+serial+"&AuthenticationCode1="+code(0)+"&AuthenticationCode2="+code(totp.Step), "200")
	form("Action=EnableMFADevice&UserName=root&SerialNumber="+serial+"&AuthenticationCode1="+code(0)+"&AuthenticationCode2="+code(totp.Step), "409 EntityAlreadyExists")
	s.jump("9000h")
	if enable(); s.answer.StatusCode != 200 {
		t.Fatalf("%s", s.body)
	}
	var state string
	s.simulator.View(func(w *World) { b, _ := w.Bucket("vault"); state = b.MFADelete })
	if state != "Enabled" || s.last().Fault != (*exchange.Fault)(nil) {
		t.Errorf("MFA delete is %q", state)
	}
}
