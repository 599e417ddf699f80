package s3

import (
	"regexp"
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/totp"
	"keyhole/simulator/world"
)

// RootDevice is the name of the MFA device of an account's root user. (the ARN that every account's root device has)
const RootDevice = "root-account-mfa-device"

const mfaHeader = "X-Amz-Mfa"

// mfaForm is a serial number, one space, and the digits.
var mfaForm = regexp.MustCompile(`^[\w+=/:,.@-]{9,256} [0-9]{6}$`)

// inspectMFA judges the form of x-amz-mfa. (quoted: iterate-ch/cyberduck issue 16267)
func inspectMFA(x *exchange.Exchange) *exchange.Fault {
	if value := x.Header.Get(mfaHeader); x.Sent(mfaHeader) && !mfaForm.MatchString(value) {
		return exchange.Invalid("Mfa header is invalid -- the header should be formatted as {serialNumber}(space){tokenCode}", strings.ToLower(mfaHeader), value).
			Told("The header is a serial number and a code.")
	}
	return nil
}

// secondFactor is what a request needs where MFA delete is on: x-amz-mfa with the serial number of the caller's own device
// and the code it shows. (s3-wire 6.5)
func secondFactor(x *exchange.Exchange) *exchange.Fault {
	missing := exchange.Err(403, "AccessDenied", "Mfa Authentication must be used for this request").Told("MFA delete: a code is needed.")
	serial, code, _ := strings.Cut(x.Header.Get(mfaHeader), " ")
	switch {
	case code == "":
		return missing
	case !x.Transport.Secure:
		x.Note("modelled: a code that comes without TLS counts as none; S3 wants HTTPS for x-amz-mfa")
		return missing.Told("A code must come over HTTPS.")
	case x.Caller.Temporary:
		x.Note("modelled: the words for a code beside temporary credentials are from public reports, not from a recording")
		return exchange.BadRequest("DevPay and Mfa are mutually exclusive authorization methods.").Told("A code needs long-term credentials beside it.")
	}
	d, known := x.World.MFADevice(serial)
	now := x.World.Now()
	var wrong *exchange.Fault
	switch {
	case !known:
		wrong = wrongCode()
	case !owns(x, d):
		wrong = exchange.Err(400, "NotDeviceOwnerError", "The device that generated the token is not owned by the authenticated user.").
			Told("The device is somebody else's.")
	case d.Enabled.IsZero():
		wrong = exchange.Err(400, "DeviceNotActiveError", "The device is not currently active.").Told("The device was never enabled.")
	// A device beside a real client goes by that client's clock, which parts from the simulated one when that jumps.
	case !totp.Shows(d.Seed, code, now) && !totp.Shows(d.Seed, code, x.World.In(x.Base, now)):
		wrong = wrongCode()
	}
	if wrong != nil {
		x.Note("modelled: which of the documented errors answers a wrong code, another's device or one that is not active")
		return wrong
	}
	x.Note("the code is the one that MFA device %s shows now", d.Name)
	return nil
}

func wrongCode() *exchange.Fault {
	return exchange.Err(400, "TokenCodeInvalidError", "The serial number and/or token code you provided is not valid.").
		Told("The device does not show this code now.")
}

// owns says whether a device is the caller's: a user's own, or for the root user the account's root device.
func owns(x *exchange.Exchange, d world.MFADevice) bool {
	if d.Account != x.Caller.Account {
		return false
	}
	if x.Caller.Kind == "root" {
		return d.Name == totp.RootDevice
	}
	return x.Caller.Kind == "user" && d.User == x.Caller.Name
}
