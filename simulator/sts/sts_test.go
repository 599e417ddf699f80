package sts

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"keyhole/simulator/exchange"
	"keyhole/simulator/iam"
	"keyhole/simulator/policy"
	"keyhole/simulator/world"
)

// desk takes calls in one world, without the pipeline: nothing is authorized here.
type desk struct {
	t     *testing.T
	world *world.World
	as    world.Identity
}

const (
	account = "111122223333"
	role    = "arn:aws:iam::111122223333:role/app"
	phone   = "arn:aws:iam::111122223333:mfa/phone"
)

var seed = []byte("12345678901234567890")

func newDesk(t *testing.T) *desk {
	t.Helper()
	w, err := world.Parse([]byte(`{"seed": "desk", "clock": "2026-06-01T00:00:00Z", "accounts": [{"id": "111122223333", "name": "main",
		"users": [{"name": "ana", "tags": {"team": "a"}}],
		"roles": [{"name": "app", "max_session": 7200, "tags": {"role": "x"}}, {"name": "next"}]}]}`), world.Options{})
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{t: t, world: w}
	d.as = d.identity("ana")
	if err := w.Apply(world.MFAPut(world.MFADevice{Account: account, Name: "phone", Serial: phone, User: "ana", Seed: seed, Enabled: w.Now()})); err != nil {
		t.Fatal(err)
	}
	return d
}

func (d *desk) identity(user string) world.Identity {
	d.t.Helper()
	k, _ := d.world.KeyOf(account, user)
	id, err := d.world.Identity(k.ID, "", world.BaseSimulated)
	if err != nil {
		d.t.Fatal(err)
	}
	return id
}

func (d *desk) exchange(action, form string) *exchange.Exchange {
	d.t.Helper()
	values, err := url.ParseQuery(form)
	op := exchange.Named(Operations(), action)
	if err != nil || op == nil || op.Handle == nil {
		d.t.Fatalf("%s: %v", action, err)
	}
	return &exchange.Exchange{
		World: d.world, Op: op, Form: values, Caller: d.as, Base: world.BaseSimulated, Trace: &exchange.Trace{}, Answer: exchange.Answer{Header: http.Header{}},
	}
}

// call makes one call and answers the body, or "STATUS CODE MESSAGE".
func (d *desk) call(action, form string) string {
	d.t.Helper()
	x := d.exchange(action, form)
	var fault *exchange.Fault
	if x.Op.Inspect != nil {
		fault = x.Op.Inspect(x)
	}
	if fault == nil {
		fault = x.Op.Handle(x)
	}
	if fault != nil {
		return fmt.Sprintf("%d %s %s", fault.Status, fault.Code, fault.Message)
	}
	return string(x.Answer.Body)
}

// become makes the credentials of an answer those of the caller.
func (d *desk) become(answer string) {
	d.t.Helper()
	element := func(name string) string {
		if m := regexp.MustCompile("<" + name + ">([^<]+)<").FindStringSubmatch(answer); m != nil {
			return m[1]
		}
		d.t.Fatalf("no %s in %s", name, answer)
		return ""
	}
	id, err := d.world.Identity(element("AccessKeyId"), element("SessionToken"), world.BaseSimulated)
	if err != nil || id.Secret != element("SecretAccessKey") {
		d.t.Fatalf("the credentials are no good: %v", err)
	}
	d.as = id
}

func (d *desk) want(shows, got, want string) {
	d.t.Helper()
	if refusal := got[0] != '<'; refusal && got != want || !refusal && !strings.Contains(got, want) {
		d.t.Errorf("%s:\n got %s\nwant %s", shows, got, want)
	}
}

func TestWhoHoldsTheKey(t *testing.T) {
	d := newDesk(t)
	d.want("a user", d.call("GetCallerIdentity", ""), "<GetCallerIdentityResult><Arn>arn:aws:iam::111122223333:user/ana</Arn><UserId>"+d.as.UserID+"</UserId><Account>111122223333</Account>")
	d.want("a key", d.call("GetAccessKeyInfo", "AccessKeyId="+d.as.AccessKey), "<Account>111122223333</Account>")
	d.want("nobody's key", d.call("GetAccessKeyInfo", "AccessKeyId=AKIAIOSFODNN7EXAMPLE"), "400 ValidationError Invalid AccessKeyId")
	d.as = d.identity("")
	d.want("root", d.call("GetCallerIdentity", ""), "<UserId>111122223333</UserId>")
}

func TestSessionsOfARole(t *testing.T) {
	d := newDesk(t)
	ask := "RoleArn=" + role + "&RoleSessionName=one"
	answer := d.call("AssumeRole", ask)
	d.want("whose session", answer, "<Arn>arn:aws:sts::111122223333:assumed-role/app/one</Arn>")
	d.want("an hour", answer, "<Expiration>2026-06-01T01:00:00Z</Expiration>")
	if strings.Contains(answer, "PackedPolicySize") {
		t.Error("nothing was packed, and its size is told")
	}
	d.want("as long as the role says", d.call("AssumeRole", ask+"&DurationSeconds=7200"), "<Expiration>2026-06-01T02:00:00Z</Expiration>")
	d.want("longer", d.call("AssumeRole", ask+"&DurationSeconds=7201"), "400 ValidationError The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
	d.want("no ARN", d.call("AssumeRole", "RoleArn=nothing-valid-in-here&RoleSessionName=one"), "400 ValidationError nothing-valid-in-here is invalid")
	d.want("a bad name", d.call("AssumeRole", "RoleArn="+role+"&RoleSessionName=Session1:2"), `400 ValidationError 1 validation error detected: Value 'Session1:2' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w+=,.@-]*`)
	d.want("a policy that is none", d.call("AssumeRole", ask+"&Policy={}"), "400 MalformedPolicyDocument Syntax errors in policy.")
	d.want("a policy too long", d.call("AssumeRole", ask+"&Policy="+url.QueryEscape(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::`+strings.Repeat("b", 2048)+`"}}`)),
		"400 PackedPolicyTooLarge Packed policy consumes 104% of allotted space, please use smaller policy.")
	d.want("a managed policy of nobody", d.call("AssumeRole", ask+"&PolicyArns.member.1.arn=arn:aws:iam::111122223333:policy/none"), "400 ValidationError Policy arn:aws:iam::111122223333:policy/none does not exist or is not attachable.")
	d.want("a policy", d.call("AssumeRole", ask+"&Policy="+url.QueryEscape(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}`)), "<PackedPolicySize>")
	d.become(answer)
	d.want("a session of a session", d.call("AssumeRole", "RoleArn=arn:aws:iam::111122223333:role/next&RoleSessionName=two&DurationSeconds=3600"), "assumed-role/next/two")
	d.want("lasts an hour", d.call("AssumeRole", "RoleArn=arn:aws:iam::111122223333:role/next&RoleSessionName=two&DurationSeconds=3601"),
		"400 ValidationError The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.")
	d.want("no session token", d.call("GetSessionToken", ""), "403 AccessDenied Cannot call GetSessionToken with session credentials")
	d.want("no federation", d.call("GetFederationToken", "Name=bo"), "403 AccessDenied Cannot call GetFederationToken with session credentials")
	d.as = d.identity("")
	d.want("root", d.call("AssumeRole", ask), "403 AccessDenied Roles may not be assumed by root accounts.")
}

// The texts are recorded AWS answers.
func TestSessionTags(t *testing.T) {
	d := newDesk(t)
	ask := "RoleArn=" + role + "&RoleSessionName=one&Tags.member.1.Key=Cost&Tags.member.1.Value=1"
	d.want("a tag twice", d.call("AssumeRole", ask+"&Tags.member.2.Key=cost&Tags.member.2.Value=2"), "400 InvalidParameterValue Duplicate tag keys found. Please note that Tag keys are case insensitive.")
	d.want("transitive and not there", d.call("AssumeRole", ask+"&TransitiveTagKeys.member.1=other"), "400 InvalidParameterValue The specified transitive tag key must be included in the requested tags.")
	d.become(d.call("AssumeRole", ask+"&TransitiveTagKeys.member.1=cost&Tags.member.2.Key=here&Tags.member.2.Value=2&SourceIdentity=ana"))
	if d.as.Tags["Cost"] != "1" || d.as.Tags["here"] != "2" || d.as.Tags["role"] != "x" || d.as.SourceIdentity != "ana" {
		t.Errorf("the session has %v of %s", d.as.Tags, d.as.SourceIdentity)
	}
	next := "RoleArn=arn:aws:iam::111122223333:role/next&RoleSessionName=two"
	d.want("over a transitive one", d.call("AssumeRole", next+"&Tags.member.1.Key=COST&Tags.member.1.Value=9"),
		"400 InvalidParameterValue One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.")
	d.want("another source", d.call("AssumeRole", next+"&SourceIdentity=bo"), "403 AccessDenied SourceIdentity cannot be changed once it is set")
	d.become(d.call("AssumeRole", next))
	if d.as.Tags["Cost"] != "1" || d.as.Tags["here"] != "" || d.as.SourceIdentity != "ana" {
		t.Errorf("the next session has %v of %s", d.as.Tags, d.as.SourceIdentity)
	}
}

func TestMFA(t *testing.T) {
	d := newDesk(t)
	code := iam.Code(seed, d.world.Now())
	d.want("a wrong code", d.call("GetSessionToken", "SerialNumber="+phone+"&TokenCode="+iam.Code(seed, d.world.Now().Add(time.Hour))), "403 AccessDenied MultiFactorAuthentication failed with invalid MFA one time pass code. ")
	d.want("another device", d.call("GetSessionToken", "SerialNumber="+phone+"s&TokenCode="+code), "403 AccessDenied MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.")
	d.want("a code alone", d.call("GetSessionToken", "TokenCode="+code), "403 AccessDenied MultiFactorAuthentication failed, both the serial number and the code are needed.")
	d.become(d.call("GetSessionToken", "SerialNumber="+phone+"&TokenCode="+code))
	if d.as.ARN != "arn:aws:iam::111122223333:user/ana" || !d.as.MFA.Equal(d.world.Now()) || !d.as.Temporary {
		t.Errorf("%+v", d.as)
	}
}

func TestUsersSessions(t *testing.T) {
	d := newDesk(t)
	d.want("half a day", d.call("GetSessionToken", ""), "<Expiration>2026-06-01T12:00:00Z</Expiration>")
	d.want("too short", d.call("GetSessionToken", "DurationSeconds=899"), "400 ValidationError 1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900")
	d.want("somebody outside", d.call("GetFederationToken", "Name=bo&DurationSeconds=900"), "<FederatedUserId>111122223333:bo</FederatedUserId><Arn>arn:aws:sts::111122223333:federated-user/bo</Arn></FederatedUser><PackedPolicySize>0</PackedPolicySize>")
	answer := d.call("GetFederationToken", "Name=bo")
	d.as = d.identity("")
	d.want("root's last an hour", d.call("GetSessionToken", "DurationSeconds=7200"), "<Expiration>2026-06-01T01:00:00Z</Expiration>")
	d.become(answer)
	d.want("a federated user assumes nothing", d.call("AssumeRole", "RoleArn="+role+"&RoleSessionName=one"), "403 AccessDenied Cannot call AssumeRole with federation credentials")
}

// What a trust policy can ask about a call.
func TestContext(t *testing.T) {
	d := newDesk(t)
	code := iam.Code(seed, d.world.Now())
	tags := "aws:ResourceTag/role=x iam:ResourceTag/role=x"
	for what, row := range map[string]struct{ form, want string }{
		"names":        {"ExternalId=e&SourceIdentity=ana", tags + " sts:ExternalId=e sts:RoleSessionName=one sts:SourceIdentity=ana"},
		"tags":         {"Tags.member.1.Key=a&Tags.member.1.Value=1&TransitiveTagKeys.member.1=a", "aws:RequestTag/a=1 " + strings.Replace(tags, " ", " aws:TagKeys=a ", 1) + " sts:RoleSessionName=one sts:TransitiveTagKeys=a"},
		"a code":       {"SerialNumber=" + phone + "&TokenCode=" + code, "aws:MultiFactorAuthAge=0 aws:MultiFactorAuthPresent=true " + tags + " sts:RoleSessionName=one"},
		"a wrong code": {"SerialNumber=" + phone + "s&TokenCode=" + code, tags + " sts:RoleSessionName=one"},
	} {
		var c policy.Context
		Context(d.exchange("AssumeRole", "RoleArn="+role+"&RoleSessionName=one&"+row.form), &c)
		var got []string
		for _, v := range c.Keys() {
			got = append(got, v.Name+"="+strings.Join(v.List, ","))
		}
		if strings.Join(got, " ") != row.want {
			t.Errorf("%s: %s, want %s", what, strings.Join(got, " "), row.want)
		}
	}
}
