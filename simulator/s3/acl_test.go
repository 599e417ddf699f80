package s3

import (
	"net/http"
	"reflect"
	"strings"
	"testing"

	"keyhole/simulator/exchange"
	"keyhole/simulator/world"
)

func TestWhatACannedACLGrants(t *testing.T) {
	const me, other = "me", "other"
	mine := user(me, fullControl)
	for name, row := range map[string]struct {
		canned      string
		bucketOwner string
		want        []world.ACLGrant
	}{
		"private is nothing besides the owner":      {"private", me, nil},
		"public-read":                               {"public-read", me, []world.ACLGrant{mine, group(allUsers, canRead)}},
		"log delivery writes and looks":             {"log-delivery-write", me, []world.ACLGrant{mine, group(logDelivery, canWrite), group(logDelivery, canReadACP)}},
		"images are read by another account":        {"aws-exec-read", me, []world.ACLGrant{mine, user(imageReader, canRead)}},
		"my object in another's bucket, shared":     {"bucket-owner-read", other, []world.ACLGrant{mine, user(other, canRead)}},
		"my object in another's bucket, for all":    {"bucket-owner-full-control", other, []world.ACLGrant{mine, user(other, fullControl)}},
		"my object in my bucket has nobody to name": {"bucket-owner-full-control", me, nil},
	} {
		if got := (askedACL{canned: row.canned}).settled(me, row.bucketOwner); !reflect.DeepEqual(got, row.want) {
			t.Errorf("%s: %v, want %v", name, got, row.want)
		}
	}
	if got := (askedACL{grants: []world.ACLGrant{mine}}).settled(me, other); got != nil {
		t.Errorf("FULL_CONTROL for the owner is kept as %v", got)
	}
	if cannedACLs["public-read"].grants[0] != group(allUsers, canRead) {
		t.Error("the table was changed")
	}
}

func TestWhatIsPublic(t *testing.T) {
	for canned, want := range map[string]bool{"private": false, "public-read": true, "public-read-write": true, "authenticated-read": true,
		"aws-exec-read": false, "bucket-owner-read": false, "bucket-owner-full-control": false, "log-delivery-write": false} {
		if (askedACL{canned: canned}).public() != want {
			t.Errorf("%s: public is not %v", canned, want)
		}
	}
	if len(cannedACLs) != 8 {
		t.Errorf("%d canned ACLs", len(cannedACLs))
	}
	for _, g := range []world.ACLGrant{group(allUsers, canReadACP), group(authenticatedUsers, fullControl)} {
		if !(askedACL{grants: []world.ACLGrant{user("x", canRead), g}}).public() {
			t.Errorf("%v is public", g)
		}
	}
}

// aclExchange is a request in a world with one account.
func aclExchange() *exchange.Exchange {
	return &exchange.Exchange{World: world.New(world.Options{}), Method: "PUT", Header: http.Header{}, Trace: &exchange.Trace{}}
}

func anyCanned(cannedACL) bool { return true }

func TestGrantHeaders(t *testing.T) {
	x := aclExchange()
	id := x.World.Accounts()[0].CanonicalID
	for name, row := range map[string]struct{ header, code, message string }{
		"in quotes":                  {`id="` + id + `"`, "", ""},
		"without":                    {`id=` + id, "", ""},
		"two":                        {`id=` + id + `, uri="` + allUsers + `"`, "", ""},
		"an unknown account":         {`id="` + strings.Repeat("a", 64) + `"`, "InvalidArgument", "Invalid id"},
		"an unknown group":           {`uri="http://acs.amazonaws.com/groups/global/Everybody"`, "InvalidArgument", "Invalid group uri"},
		"nothing said of it":         {id, "InvalidArgument", "Argument format not recognized"},
		"the second is nothing":      {`id=` + id + `,`, "InvalidArgument", "Argument format not recognized"},
		"an address":                 {`emailAddress="a@example.com"`, "MethodNotAllowed", "The specified method is not allowed against this resource."},
		"as the CLI's manual has it": {`emailaddress=a@example.com`, "MethodNotAllowed", "The specified method is not allowed against this resource."},
		"a hundred":                  {strings.Repeat(","+`id=`+id, maxGrants)[1:], "", ""},
		"one more":                   {strings.Repeat(","+`id=`+id, maxGrants+1)[1:], "MalformedACLError", "The XML you provided was not well-formed or did not validate against our published schema"},
	} {
		x.Header = http.Header{"X-Amz-Grant-Read": {row.header}}
		asked, fault := headerACL(x, anyCanned)
		switch {
		case fault == nil && row.code != "" || fault != nil && (fault.Code != row.code || fault.Message != row.message):
			t.Errorf("%s: %v", name, fault)
		case fault == nil && (len(asked.grants) != strings.Count(row.header, "=") || asked.grants[0] != user(id, canRead)):
			t.Errorf("%s: %v", name, asked.grants)
		}
	}
}

// Whatever a header says, a grant that comes of it names somebody who exists.
func FuzzGrantHeader(f *testing.F) {
	f.Add(`id="x", uri="` + logDelivery + `"`)
	f.Add(`emailAddress=a@b,=,`)
	x := aclExchange()
	f.Fuzz(func(t *testing.T, header string) {
		x.Header = http.Header{"X-Amz-Grant-Write-Acp": {header}}
		asked, fault := headerACL(x, anyCanned)
		if fault != nil {
			if fault.Status/100 != 4 {
				t.Fatalf("%q: %v", header, fault)
			}
			return
		}
		for _, g := range asked.grants {
			if g.Permission != canWriteACP || g.Kind == "Group" && g.URI == "" || g.Kind == "CanonicalUser" && !canonical(x, g.ID) {
				t.Fatalf("%q grants %v", header, g)
			}
		}
	})
}
