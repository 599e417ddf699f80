package s3

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"keyhole/simulator/exchange"
	"keyhole/simulator/wire"
)

// twins are rows that look the same on the wire; the deprecated one is never chosen.
var twins = []string{"GetBucketLifecycle", "PutBucketLifecycle", "GetBucketNotification", "PutBucketNotification"}

func TestThereAreAllOperationsOfS3(t *testing.T) {
	names := map[string]bool{}
	for _, o := range Operations() {
		if names[o.Name] {
			t.Errorf("%s is there twice", o.Name)
		}
		names[o.Name] = true
		if o.Deprecated != slices.Contains(twins, o.Name) {
			t.Errorf("%s: deprecated is %v", o.Name, o.Deprecated)
		}
	}
	if len(names) != 117 {
		t.Errorf("%d operations, want 117", len(names))
	}
	client := reflect.TypeFor[*sdk.Client]()
	for i := range client.NumMethod() {
		if m := client.Method(i); isOperation(m) && !names[m.Name] {
			t.Errorf("the SDK has %s and the table does not", m.Name)
		}
	}
}

// Every row's own request goes to that row, and no other row has as many discriminators for it.
func TestNoTwoRowsMatchOneRequest(t *testing.T) {
	for _, o := range Operations() {
		if o.Deprecated {
			continue
		}
		query, header := map[string][]string{"x-id": {"Anything"}}, http.Header{}
		for name, value := range o.Query {
			if value == exchange.Any {
				value = ""
			}
			query[name] = []string{value}
		}
		if o.Header != "" {
			header.Set(o.Header, "x")
		}
		path, host := []string{"/", "/b", "/b/k"}[o.Scope], "localhost"
		if o.Path != "" {
			path = o.Path
		}
		if o.Host != "" {
			host = o.Host + "us-east-1.amazonaws.com"
		}
		row, tied := exchange.Route(Operations(), o.Method, o.Scope, path, host, query, header)
		switch {
		case row == nil:
			t.Errorf("%s is not found", o.Name)
		case tied != nil:
			t.Errorf("%s: %s and %s match alike", o.Name, row.Name, tied.Name)
		case row.Name != o.Name:
			t.Errorf("%s goes to %s", o.Name, row.Name)
		}
	}
}

// The SDK knows what every operation looks like on the wire, so it tests the table: whatever *s3.Client sends for a
// method must go to the row of the same name.
func TestEverySDKMethodGoesToItsRow(t *testing.T) {
	var sent *http.Request
	client := sdk.New(sdk.Options{
		Region: "us-east-1", Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "secret"}, nil
		}),
		Retryer:    aws.NopRetryer{},
		HTTPClient: doer(func(r *http.Request) (*http.Response, error) { sent = r; return nil, errCaptured }),
	})
	hosts := []string{"s3.us-east-1.amazonaws.com", "s3-object-lambda.us-east-1.amazonaws.com"}
	routed := 0
	value := reflect.ValueOf(client)
	for i := range value.NumMethod() {
		m := value.Type().Method(i)
		if !isOperation(m) {
			continue
		}
		t.Run(m.Name, func(t *testing.T) {
			sent = nil
			input := reflect.New(m.Type.In(2).Elem())
			populate(input.Elem(), "", 0)
			out := value.Method(i).Call([]reflect.Value{reflect.ValueOf(context.Background()), input})
			if sent == nil {
				t.Fatalf("nothing was sent: %v", out[1].Interface())
			}
			routed++
			bucket, key, refusal := wire.Address(sent.URL.Host, sent.URL.EscapedPath(), hosts)
			if refusal != nil {
				t.Fatal(refusal)
			}
			if m.Name == "WriteGetObjectResponse" {
				bucket, key = "", ""
			}
			scope := exchange.Service
			if bucket != "" {
				scope = exchange.Bucket
			}
			if key != "" {
				scope = exchange.Object
			}
			row, tied := exchange.Route(Operations(), sent.Method, scope, sent.URL.EscapedPath(), sent.URL.Host, sent.URL.Query(), sent.Header)
			if row == nil || row.Name != m.Name || tied != nil {
				t.Errorf("%s %s goes to %v (tied: %v)", sent.Method, sent.URL, name(row), name(tied))
			}
		})
	}
	if routed < 112 {
		t.Errorf("only %d methods were tried", routed)
	}
}

func name(o *exchange.Operation) string {
	if o == nil {
		return "nothing"
	}
	return o.Name
}

var errCaptured = errors.New("captured")

type doer func(*http.Request) (*http.Response, error)

func (f doer) Do(r *http.Request) (*http.Response, error) { return f(r) }

// isOperation: func (c *Client) Name(context.Context, *NameInput, ...func(*Options)) (*NameOutput, error).
func isOperation(m reflect.Method) bool {
	return m.Type.NumIn() == 4 && m.Type.In(2).Kind() == reflect.Pointer && m.Type.In(2).Elem().Name() == m.Name+"Input"
}

// populate gives every member a value: what is required stands in the SDK's doc comments only.
func populate(v reflect.Value, name string, depth int) {
	if depth > 20 {
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		populate(v.Elem(), name, depth)
	case reflect.String:
		v.SetString(text(name, v))
	case reflect.Int32, reflect.Int64:
		v.SetInt(1)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Unix(1780272000, 0)))
			return
		}
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && f.Name != "ContentLength" {
				populate(v.Field(i), f.Name, depth+1)
			}
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			v.SetBytes([]byte("x"))
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		populate(v.Index(0), name, depth+1)
	case reflect.Interface:
		switch {
		case v.Type() == reflect.TypeFor[io.Reader]():
			v.Set(reflect.ValueOf(bytes.NewReader(nil)))
		default:
			fillUnion(v, depth)
		}
	}
}

func text(name string, v reflect.Value) string {
	switch name {
	case "Bucket":
		return "a-bucket"
	case "CopySource", "RenameSource":
		return "a-bucket/a-key"
	case "RequestRoute":
		return "route"
	}
	if values := v.MethodByName("Values"); values.IsValid() { // an enumeration: any of its values
		if list := values.Call(nil)[0]; list.Len() > 0 {
			return list.Index(0).String()
		}
	}
	return "x"
}

// fillUnion leaves unions the SDK cannot make by reflection empty; the few that are required are tried one by one.
func fillUnion(v reflect.Value, depth int) {
	for _, candidate := range unions {
		if t := reflect.TypeOf(candidate); t.Implements(v.Type()) {
			made := reflect.New(t.Elem())
			populate(made.Elem().FieldByName("Value"), "", depth+1)
			v.Set(made)
			return
		}
	}
}

// testdata/needs.tsv is copied by hand from the action map in facts/s3-wire.md section 5.4 and cases/policy.
func TestNeedsAreThoseOfTheActionMap(t *testing.T) {
	file, err := os.ReadFile("testdata/needs.tsv")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(file)) {
		name, action, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if !ok {
			continue
		}
		i := slices.IndexFunc(Operations(), func(o exchange.Operation) bool { return o.Name == name })
		if i < 0 {
			t.Errorf("no operation %s", name)
			continue
		}
		if !slices.ContainsFunc(Operations()[i].Needs, func(n exchange.Need) bool { return n.Action == action }) {
			t.Errorf("%s does not need %s", name, action)
		}
	}
}

var unions = []any{
	(*types.AnalyticsFilterMemberPrefix)(nil), (*types.MetricsFilterMemberPrefix)(nil), (*types.ObjectEncryptionMemberSSEKMS)(nil),
}
