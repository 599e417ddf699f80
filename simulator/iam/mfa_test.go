package iam

import (
	"encoding/base32"
	"encoding/base64"
	"regexp"
	"testing"
	"time"

	"keyhole/simulator/exchange"
	"keyhole/simulator/world"
)

// RFC 6238 appendix B, SHA-1, the last six of its eight digits.
func TestCodes(t *testing.T) {
	for at, want := range map[int64]string{59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130"} {
		if got := Code([]byte("12345678901234567890"), time.Unix(at, 0)); got != want {
			t.Errorf("at %d: %s, want %s", at, got, want)
		}
	}
}

func TestMFADevices(t *testing.T) {
	d := newDesk(t)
	serial := "arn:aws:iam::111122223333:mfa/phone"
	answer := d.call("CreateVirtualMFADevice", "VirtualMFADeviceName=phone")
	m := regexp.MustCompile("<Base32StringSeed>(.*)</Base32StringSeed>").FindStringSubmatch(answer)
	if m == nil {
		t.Fatal(answer)
	}
	text, _ := base64.StdEncoding.DecodeString(m[1])
	seed, err := base32.StdEncoding.DecodeString(string(text))
	if err != nil || len(text) != 64 {
		t.Fatalf("a seed of %d characters: %v", len(text), err)
	}
	now := d.world.Now()
	codes := func(one, two time.Duration) string {
		return "UserName=ana&SerialNumber=" + serial + "&AuthenticationCode1=" + Code(seed, now.Add(one)) + "&AuthenticationCode2=" + Code(seed, now.Add(two))
	}
	d.play(step{"the name is taken", "CreateVirtualMFADevice", "VirtualMFADeviceName=phone", "409 EntityAlreadyExists MFA device already exists."},
		step{"nobody's", "ListVirtualMFADevices", "AssignmentStatus=Unassigned", "<VirtualMFADevices><member><SerialNumber>" + serial + "</SerialNumber></member></VirtualMFADevices>"},
		step{"the same code twice", "EnableMFADevice", codes(0, 0), "403 InvalidAuthenticationCode Authentication code for device is not valid."},
		step{"codes of an hour ago", "EnableMFADevice", codes(-time.Hour, -time.Hour+tick), "403 InvalidAuthenticationCode Authentication code for device is not valid."},
		step{"a user of nobody", "EnableMFADevice", "UserName=nobody&SerialNumber=" + serial + "&AuthenticationCode1=000000&AuthenticationCode2=000000", "404 NoSuchEntity The user with name nobody cannot be found."},
		step{"the last code and this one", "EnableMFADevice", codes(-tick, 0), "<ResponseMetadata>"},
		step{"in use", "EnableMFADevice", codes(0, tick), "409 EntityAlreadyExists MFA Device is already in use."},
		step{"whose", "ListVirtualMFADevices", "AssignmentStatus=Assigned", "<UserName>ana</UserName>"},
		step{"mine", "ListMFADevices", "", "<MFADevices><member><UserName>ana</UserName><SerialNumber>" + serial},
		step{"one of mine", "GetMFADevice", "SerialNumber=" + serial, "<UserName>ana</UserName>"},
		step{"in step", "ResyncMFADevice", codes(0, tick), "<ResponseMetadata>"},
		step{"what is in use stays", "DeleteVirtualMFADevice", "SerialNumber=" + serial, "409 DeleteConflict Cannot delete entity, must deactivate MFA device first."})
	x := &exchange.Exchange{World: d.world, Caller: d.as, Base: world.BaseSimulated}
	if fault := CheckMFA(x, serial, Code(seed, now)); fault != nil {
		t.Errorf("the code of now: %v", fault)
	}
	if fault := CheckMFA(x, serial, Code(seed, now.Add(-5*time.Minute))); fault == nil {
		t.Error("a code of five minutes ago was taken")
	}
	d.play(step{"deactivated", "DeactivateMFADevice", "SerialNumber=" + serial, "<ResponseMetadata>"},
		step{"once", "DeactivateMFADevice", "SerialNumber=" + serial, "404 NoSuchEntity MFA Device with serial number " + serial + " does not exist."},
		step{"deleted", "DeleteVirtualMFADevice", "SerialNumber=" + serial, "<ResponseMetadata>"},
		step{"none", "ListVirtualMFADevices", "", "<VirtualMFADevices></VirtualMFADevices>"})
	if fault := CheckMFA(x, serial, Code(seed, now)); fault == nil {
		t.Error("a device that is gone was taken")
	}
	d = newDesk(t)
	device := world.MFADevice{Account: d.as.Account, Name: "phone", Serial: serial, User: "ana", Seed: seed, Enabled: now}
	if err := d.world.Apply(world.MFAPut(device)); err != nil {
		t.Fatal(err)
	}
	if err := d.world.Jump(24 * time.Hour); err != nil {
		t.Fatal(err)
	}
	for what, row := range map[string]struct {
		base world.Base
		at   time.Duration
		want bool
	}{
		"the simulated clock, simulated client":     {world.BaseSimulated, 24 * time.Hour, true},
		"the simulated clock, real client":          {world.BaseReal, 24 * time.Hour, true},
		"the phone's clock, real client":            {world.BaseReal, 0, true},
		"the time before the jump, simulated again": {world.BaseSimulated, 0, false},
	} {
		x := &exchange.Exchange{World: d.world, Caller: d.as, Base: row.base}
		if got := CheckMFA(x, serial, Code(seed, now.Add(row.at))) == nil; got != row.want {
			t.Errorf("%s: taken %t", what, got)
		}
	}
}
