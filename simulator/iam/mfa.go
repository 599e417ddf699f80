package iam

import (
	"encoding/base32"
	"encoding/base64"
	"strconv"
	"time"

	"keyhole/simulator/exchange"
	"keyhole/simulator/query"
	"keyhole/simulator/totp"
	"keyhole/simulator/world"
)

var mfaRows = []row{
	{"CreateVirtualMFADevice", onDevice, takes(deviceName.Needed(), path), createVirtualMFADevice},
	{"EnableMFADevice", onUser, takes(anyUser.Needed(), serial.Needed(), code.Needed(), code.Named("AuthenticationCode2").Needed()), enableMFADevice},
	{"ResyncMFADevice", onUser, takes(anyUser.Needed(), serial.Needed(), code.Needed(), code.Named("AuthenticationCode2").Needed()), resyncMFADevice},
	{"DeactivateMFADevice", onUser, takes(anyUser, serial.Needed()), deactivateMFADevice},
	{"ListMFADevices", onUser, paged(anyUser), listMFADevices},
	{"GetMFADevice", onUser, takes(serial.Needed(), userName), getMFADevice},
	{"ListVirtualMFADevices", onPaths("mfa"), paged(assignment), listVirtualMFADevices},
	{"DeleteVirtualMFADevice", onDevice, takes(serial.Needed()), deleteVirtualMFADevice},
}

var assignment = query.Param{Name: "AssignmentStatus", OneOf: []string{"Assigned", "Unassigned", "Any"}}

type virtualShape struct {
	SerialNumber     string
	Base32StringSeed string `xml:",omitempty"` // base64 of the base 32 text
	User             *userShape
	EnableDate       string `xml:",omitempty"`
}

type deviceShape struct {
	UserName     string `xml:",omitempty"`
	SerialNumber string
	EnableDate   string `xml:",omitempty"`
}

// clocks are the times an authenticator may go by: the simulated one, and the one of the clock the caller signs by, which
// is that of the phone beside a real client. They part when the simulated clock jumps.
func clocks(x *exchange.Exchange) [2]time.Time {
	now := x.World.Now()
	return [2]time.Time{now, x.World.In(x.Base, now)}
}

func createVirtualMFADevice(x *exchange.Exchange) *exchange.Fault {
	path, fault := checkPath(x.Form.Get("Path"))
	if fault != nil {
		return fault
	}
	if path != "/" {
		return exchange.Err(501, "NotImplemented", "This simulator does not imitate paths of MFA devices.").Told("MFA devices have no paths here.")
	}
	if tags := query.Tags(x.Form); len(tags) > 0 {
		x.Note("tags of MFA devices are not imitated; they were left out")
	}
	d := world.MFADevice{Account: x.Caller.Account, Name: x.Form.Get("VirtualMFADeviceName"), Seed: x.World.Random(seedBytes)}
	d.Serial = arnOf(x, "mfa", path, d.Name)
	if _, there := x.World.MFADevice(d.Serial); there {
		return exists("MFA device already exists.")
	}
	if fault := room(x, "MFADevices", len(x.World.MFADevices(x.Caller.Account, "")), SandboxEntities); fault != nil {
		return fault
	}
	if fault := apply(x, "MFA device "+d.Name+" was created", world.MFAPut(d)); fault != nil {
		return fault
	}
	x.Note("the answer has the seed as text and no QR code: this simulator draws none")
	seed := base32.StdEncoding.EncodeToString(d.Seed)
	x.Result(struct{ VirtualMFADevice virtualShape }{virtualShape{SerialNumber: d.Serial, Base32StringSeed: base64.StdEncoding.EncodeToString([]byte(seed))}})
	return nil
}

// theDevice finds the device a form names.
func theDevice(x *exchange.Exchange) (world.MFADevice, *exchange.Fault) {
	serial := x.Form.Get("SerialNumber")
	d, ok := x.World.MFADevice(serial)
	if !ok || d.Account != x.Caller.Account {
		return d, noSuch("MFA Device with serial number " + serial + " does not exist.")
	}
	return d, nil
}

// wrongCode is the 403 for codes that the device does not show.
func wrongCode() *exchange.Fault {
	return exchange.Err(403, "InvalidAuthenticationCode", "Authentication code for device is not valid.").Told("The device does not show these codes now.")
}

func codesFit(x *exchange.Exchange, d world.MFADevice) bool {
	for _, now := range clocks(x) {
		if totp.ShowsBoth(d.Seed, x.Form.Get("AuthenticationCode1"), x.Form.Get("AuthenticationCode2"), now) {
			return true
		}
	}
	return false
}

// enableRootDevice enables the root user's own device, which MFA delete of S3 needs.
func enableRootDevice(x *exchange.Exchange, d world.MFADevice) *exchange.Fault {
	x.Note("modelled: in AWS the console enables the root user's device; here its key may, whatever UserName says")
	switch {
	case !d.Enabled.IsZero():
		return exists("MFA Device is already in use.")
	case !codesFit(x, d):
		return wrongCode()
	}
	d.Enabled = x.World.Now()
	return finish(x, "MFA device "+d.Name+" is enabled for the root user", world.MFAPut(d))
}

func enableMFADevice(x *exchange.Exchange) *exchange.Fault {
	if d, fault := theDevice(x); fault == nil && x.Caller.Kind == "root" && d.Name == totp.RootDevice {
		return enableRootDevice(x, d)
	}
	p, fault := theUser(x)
	if fault != nil {
		return fault
	}
	d, fault := theDevice(x)
	switch {
	case fault != nil:
		return fault
	case d.User != "":
		return exists("MFA Device is already in use.")
	case len(x.World.MFADevices(p.Account, p.Name)) >= world.MaxMFADevicesPerUser:
		return quota("MFADevicesPerUser", strconv.Itoa(world.MaxMFADevicesPerUser))
	case !codesFit(x, d):
		return wrongCode()
	}
	d.User, d.Enabled = p.Name, x.World.Now()
	return finish(x, "MFA device "+d.Name+" is enabled for user "+p.Name, world.MFAPut(d))
}

// resyncMFADevice judges the codes and changes nothing: devices here never drift.
func resyncMFADevice(x *exchange.Exchange) *exchange.Fault {
	d, fault := usersDevice(x)
	if fault != nil {
		return fault
	}
	if !codesFit(x, d) {
		return wrongCode()
	}
	x.Result(nil)
	return nil
}

// usersDevice finds a device that is enabled for the user a form names, or for the caller.
func usersDevice(x *exchange.Exchange) (world.MFADevice, *exchange.Fault) {
	p, fault := userOrCaller(x)
	if fault != nil {
		return world.MFADevice{}, fault
	}
	d, fault := theDevice(x)
	if fault == nil && (d.User != p.Name || p.Name == "") {
		fault = noSuch("MFA Device with serial number " + d.Serial + " does not exist.")
	}
	return d, fault
}

func deactivateMFADevice(x *exchange.Exchange) *exchange.Fault {
	d, fault := usersDevice(x)
	if fault != nil {
		return fault
	}
	user := d.User
	d.User, d.Enabled = "", time.Time{}
	return finish(x, "MFA device "+d.Name+" is no longer enabled for user "+user, world.MFAPut(d))
}

func listMFADevices(x *exchange.Exchange) *exchange.Fault {
	p, fault := userOrCaller(x)
	if fault != nil {
		return fault
	}
	list := []world.MFADevice{}
	if p.Name != "" {
		list = x.World.MFADevices(p.Account, p.Name)
	}
	part, more, fault := query.Page(x.Form, list, func(d world.MFADevice) string { return d.Serial })
	if fault != nil {
		return fault
	}
	devices := query.Members[deviceShape]{}
	for _, d := range part.Member {
		devices.Member = append(devices.Member, deviceShape{d.User, d.Serial, when(x, d.Enabled)})
	}
	x.Result(struct {
		MFADevices query.Members[deviceShape]
		query.More
	}{devices, more})
	return nil
}

func getMFADevice(x *exchange.Exchange) *exchange.Fault {
	d, fault := theDevice(x)
	if fault != nil {
		return fault
	}
	s := deviceShape{UserName: d.User, SerialNumber: d.Serial}
	if d.User != "" {
		s.EnableDate = when(x, d.Enabled)
	}
	x.Result(s)
	return nil
}

func listVirtualMFADevices(x *exchange.Exchange) *exchange.Fault {
	var list []world.MFADevice
	for _, d := range x.World.MFADevices(x.Caller.Account, "") {
		if asked := x.Form.Get("AssignmentStatus"); asked != "Assigned" && asked != "Unassigned" || (asked == "Assigned") == (d.User != "") {
			list = append(list, d)
		}
	}
	part, more, fault := query.Page(x.Form, list, func(d world.MFADevice) string { return d.Serial })
	if fault != nil {
		return fault
	}
	devices := query.Members[virtualShape]{}
	for _, d := range part.Member {
		s := virtualShape{SerialNumber: d.Serial}
		if p, ok := x.World.Principal(d.Account, "user", d.User); ok {
			user := shapeOfUser(x, p, false)
			s.User, s.EnableDate = &user, when(x, d.Enabled)
		}
		devices.Member = append(devices.Member, s)
	}
	x.Result(struct {
		VirtualMFADevices query.Members[virtualShape]
		query.More
	}{devices, more})
	return nil
}

func deleteVirtualMFADevice(x *exchange.Exchange) *exchange.Fault {
	d, fault := theDevice(x)
	if fault != nil {
		return fault
	}
	if d.User != "" {
		ours(x)
		return conflict("Cannot delete entity, must deactivate MFA device first.")
	}
	return finish(x, "MFA device "+d.Name+" was deleted", world.MFARemoved(d.Serial))
}

// CheckMFA says why a serial number and a code do not prove that the caller has the device; nil when they do. (texts: public
// reports of STS answers)
func CheckMFA(x *exchange.Exchange, serial, code string) *exchange.Fault {
	d, ok := x.World.MFADevice(serial)
	if !ok || x.Caller.Kind != "user" || d.Account != x.Caller.Account || d.User != x.Caller.Name {
		return exchange.Err(403, "AccessDenied", "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.").
			Told("The caller has no such MFA device.")
	}
	at := clocks(x)
	if !totp.Shows(d.Seed, code, at[0]) && !totp.Shows(d.Seed, code, at[1]) {
		return exchange.Err(403, "AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code. ").Told("The device does not show that code now.")
	}
	return nil
}
