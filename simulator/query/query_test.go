package query

import (
	"net/url"
	"reflect"
	"strings"
	"testing"

	"keyhole/simulator/exchange"
)

func form(t testing.TB, encoded string) url.Values {
	t.Helper()
	v, err := url.ParseQuery(encoded)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func asking(form url.Values) *exchange.Exchange {
	return &exchange.Exchange{Form: form, Trace: &exchange.Trace{}}
}

// The first six texts are recorded AWS answers.
func TestCheck(t *testing.T) {
	name := Param{Name: "RoleSessionName", Min: 2, Max: 64, Like: Like(`[\w+=,.@-]*`)}
	for what, row := range map[string]struct {
		form  string
		shown bool
		param Param
		want  string
	}{
		"STS shows the value": {"RoleSessionName=Session1:2", true, name,
			`1 validation error detected: Value 'Session1:2' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w+=,.@-]*`},
		"IAM does not": {"Status=Up", false, Param{Name: "Status", OneOf: []string{"Active", "Inactive"}},
			`1 validation error detected: Value at 'status' failed to satisfy constraint: Member must satisfy enum value set`},
		"a path too long": {"Path=" + strings.Repeat("a", 513), false, Param{Name: "Path", Max: 512},
			`1 validation error detected: Value at 'path' failed to satisfy constraint: Member must have length less than or equal to 512`},
		"a long tag key": {"Tags.member.1.Key=" + strings.Repeat("k", 129) + "&Tags.member.1.Value=v", false, RequestTags,
			`1 validation error detected: Value at 'tags.1.member.key' failed to satisfy constraint: Member must have length less than or equal to 128`},
		"a tag key with a percent sign": {"Tags.member.1.Key=%25&Tags.member.1.Value=v", false, RequestTags,
			`1 validation error detected: Value at 'tags.1.member.key' failed to satisfy constraint: Member must satisfy regular expression pattern: [\p{L}\p{Z}\p{N}_.:/=+\-@]+`},
		"a tag key to remove": {"TagKeys.member.1=%25", false, TagKeys,
			`1 validation error detected: Value at 'tagKeys' failed to satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to 128, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: [\p{L}\p{Z}\p{N}_.:/=+\-@]+, Member must not be null]`},
		"nothing where something is needed": {"", true, name.Needed(),
			`1 validation error detected: Value null at 'roleSessionName' failed to satisfy constraint: Member must not be null`},
		"two problems at once": {"RoleSessionName=:", true, name,
			`2 validation errors detected: Value ':' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w+=,.@-]*; Value ':' at 'roleSessionName' failed to satisfy constraint: Member must have length greater than or equal to 2`},
		"too many items of a page": {"MaxItems=1001", false, MaxItems,
			`1 validation error detected: Value at 'maxItems' failed to satisfy constraint: Member must have value less than or equal to 1000`},
		"letters for a number":  {"MaxItems=ten", false, MaxItems, `1 validation error detected: Value at 'maxItems' failed to satisfy constraint: Member must be a whole number`},
		"a line feed":           {"PolicyDocument=%7B%0A%7D", false, Param{Name: "PolicyDocument", Like: Like(`[\u0009\u000A\u000D\u0020-\u00FF]+`)}, ""},
		"an optional one unset": {"", true, name, ""},
		"an empty tag value":    {"Tags.member.1.Key=k&Tags.member.1.Value=", false, RequestTags, ""},
	} {
		got, x := "", asking(form(t, row.form))
		if fault := Check(x, row.shown, row.param); fault != nil {
			if got = fault.Message; fault.Code != "ValidationError" || fault.Status != 400 {
				t.Errorf("%s: %d %s", what, fault.Status, fault.Code)
			}
		}
		if got != row.want {
			t.Errorf("%s:\n got %s\nwant %s", what, got, row.want)
		}
		if ours := strings.HasSuffix(got, missing) || strings.HasSuffix(got, notWhole); ours != (len(x.Trace.Notes) > 0) {
			t.Errorf("%s: the trace says %q", what, x.Trace.Notes)
		}
	}
}

func TestListsComeInTheOrderOfTheirNumbers(t *testing.T) {
	f := form(t, "A.member.10=j&A.member.2=b&A.member.1=a&A.member.x=no&A.member.0=no&B.member.1=other&Tags.member.1.Key=k&Tags.member.1.Value=v&Empty=")
	if got := Strings(f, "A"); !reflect.DeepEqual(got, []string{"a", "b", "j"}) {
		t.Errorf("A is %q", got)
	}
	if got := Strings(f, "Empty"); got != nil {
		t.Errorf("an empty list is %q", got)
	}
	if got := Tags(f); !reflect.DeepEqual(got, []Tag{{"k", "v"}}) {
		t.Errorf("tags %q", got)
	}
}

// Pages that follow one another hold every item once, also when an item of an earlier page went in between.
func TestPages(t *testing.T) {
	all := []string{"a", "b", "c", "d", "e"}
	self := func(s string) string { return s }
	first, more, fault := Page(form(t, "MaxItems=2"), all, self)
	if fault != nil || !reflect.DeepEqual(first.Member, []string{"a", "b"}) || !more.IsTruncated {
		t.Fatalf("%v %v %v", first, more, fault)
	}
	f := url.Values{"MaxItems": {"2"}, "Marker": {more.Marker}}
	second, _, _ := Page(f, all[1:], self)
	if !reflect.DeepEqual(second.Member, []string{"c", "d"}) {
		t.Errorf("after a went: %q", second.Member)
	}
	rest, more, _ := Page(url.Values{"Marker": {more.Marker}}, all, self)
	if !reflect.DeepEqual(rest.Member, []string{"c", "d", "e"}) || more.IsTruncated || more.Marker != "" {
		t.Errorf("the rest: %q %v", rest.Member, more)
	}
	if _, _, fault := Page(url.Values{"Marker": {"x"}}, all, self); fault == nil || fault.Message != "Invalid Marker." {
		t.Errorf("a marker that is none: %v", fault)
	}
}

func FuzzForm(f *testing.F) {
	f.Add("Tags.member.1.Key=k&Tags.member.99999999999999999999.Key=x&Marker=MSBh&MaxItems=1")
	f.Fuzz(func(t *testing.T, encoded string) {
		v, err := url.ParseQuery(encoded)
		if err != nil {
			return
		}
		_ = Check(asking(v), true, RequestTags, TagKeys, Marker, MaxItems)
		_ = Tags(v)
		if Check(asking(v), false, MaxItems, Marker) == nil {
			_, _, _ = Page(v, []string{"a", "b"}, func(s string) string { return s })
		}
	})
}
