package call

import (
	"bytes"
	"fmt"
	"math"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"time"

	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	control "github.com/aws/aws-sdk-go-v2/service/s3control/types"
)

// unions maps the SDK's sum types to their members.
var unions = map[reflect.Type][]reflect.Type{
	reflect.TypeFor[types.AnalyticsFilter](): {
		reflect.TypeFor[types.AnalyticsFilterMemberPrefix](), reflect.TypeFor[types.AnalyticsFilterMemberTag](),
		reflect.TypeFor[types.AnalyticsFilterMemberAnd](),
	},
	reflect.TypeFor[types.MetricsFilter](): {
		reflect.TypeFor[types.MetricsFilterMemberPrefix](), reflect.TypeFor[types.MetricsFilterMemberTag](),
		reflect.TypeFor[types.MetricsFilterMemberAccessPointArn](), reflect.TypeFor[types.MetricsFilterMemberAnd](),
	},
	reflect.TypeFor[types.ObjectEncryption](): {
		reflect.TypeFor[types.ObjectEncryptionMemberSSEKMS](),
	},
	reflect.TypeFor[iamtypes.PolicyIdentifier](): {
		reflect.TypeFor[iamtypes.PolicyIdentifierMemberInlinePolicyIdentifier](),
		reflect.TypeFor[iamtypes.PolicyIdentifierMemberPolicyArn](), reflect.TypeFor[iamtypes.PolicyIdentifierMemberPolicyType](),
	},
	reflect.TypeFor[control.JobManifestGenerator](): {
		reflect.TypeFor[control.JobManifestGeneratorMemberS3JobManifestGenerator](),
	},
	reflect.TypeFor[control.ObjectEncryptionFilter](): {
		reflect.TypeFor[control.ObjectEncryptionFilterMemberSSES3](), reflect.TypeFor[control.ObjectEncryptionFilterMemberSSEKMS](),
		reflect.TypeFor[control.ObjectEncryptionFilterMemberDSSEKMS](), reflect.TypeFor[control.ObjectEncryptionFilterMemberSSEC](),
		reflect.TypeFor[control.ObjectEncryptionFilterMemberNOTSSE](),
	},
	reflect.TypeFor[control.ObjectLambdaContentTransformation](): {
		reflect.TypeFor[control.ObjectLambdaContentTransformationMemberAwsLambda](),
	},
}

// unionMember splits "MetricsFilterMemberTag" into the member's name and the type of its value.
func unionMember(t reflect.Type) (string, reflect.Type) {
	_, name, _ := strings.Cut(t.Name(), "Member")
	f, _ := t.FieldByName("Value")
	return name, f.Type
}

// fill sets a structure of the SDK from validated values.
func fill(dst reflect.Value, values map[string]any) error {
	for name, v := range values {
		f := dst.FieldByName(goName(name))
		if !f.IsValid() || v == nil {
			continue
		}
		if n, ok := asInt(v); ok && numbered[name] && kindOf(f.Type()) == Text {
			v = strconv.FormatInt(n, 10)
		}
		if err := set(f, v); err != nil {
			return &ParamError{Problems: []string{fmt.Sprintf("Invalid value for parameter %s: %v", name, err)}}
		}
	}
	return nil
}

func set(dst reflect.Value, v any) error {
	t := dst.Type()
	if t.Kind() == reflect.Pointer {
		p := reflect.New(t.Elem())
		dst.Set(p)
		return set(p.Elem(), v)
	}
	switch kindOf(t) {
	case Time:
		at, err := parseTime(v)
		dst.Set(reflect.ValueOf(at))
		return err
	case Blob:
		dst.SetBytes(asBytes(v))
	case Body:
		dst.Set(reflect.ValueOf(bytes.NewReader(asBytes(v))))
	case Boolean:
		b, _ := v.(bool)
		dst.SetBool(b)
	case Integer:
		n, ok := asInt(v)
		if !ok || dst.OverflowInt(n) {
			return fmt.Errorf("%v does not fit", v)
		}
		dst.SetInt(n)
	case Double:
		n, ok := asFloat(v)
		if !ok {
			return fmt.Errorf("%v is no number", v)
		}
		dst.SetFloat(n)
	case Text:
		dst.SetString(reflect.ValueOf(v).String())
	case List:
		return setList(dst, v)
	case Map:
		m := asMap(v)
		dst.Set(reflect.MakeMapWithSize(t, len(m)))
		for key, item := range m {
			e := reflect.New(t.Elem()).Elem()
			if err := set(e, item); err != nil {
				return err
			}
			dst.SetMapIndex(reflect.ValueOf(key).Convert(t.Key()), e)
		}
	case Struct:
		if t.Kind() == reflect.Interface {
			return setUnion(dst, asMap(v))
		}
		return fill(dst, asMap(v))
	}
	return nil
}

func setList(dst reflect.Value, v any) error {
	items := asList(v)
	list := reflect.MakeSlice(dst.Type(), len(items), len(items))
	for i, item := range items {
		if err := set(list.Index(i), item); err != nil {
			return err
		}
	}
	dst.Set(list)
	return nil
}

func setUnion(dst reflect.Value, m map[string]any) error {
	for _, t := range unions[dst.Type()] {
		name, _ := unionMember(t)
		v, ok := m[name]
		if !ok {
			continue
		}
		p := reflect.New(t)
		if err := set(p.Elem().FieldByName("Value"), v); err != nil {
			return err
		}
		dst.Set(p)
	}
	return nil
}

func asBytes(v any) []byte {
	switch v := v.(type) {
	case []byte:
		return v
	case string:
		return []byte(v)
	}
	return nil
}

func asInt(v any) (int64, bool) {
	switch v := v.(type) {
	case int:
		return int64(v), true
	case int32:
		return int64(v), true
	case int64:
		return v, true
	case uint64:
		return int64(v), v <= math.MaxInt64
	case float64:
		return int64(v), v == math.Trunc(v) && math.Abs(v) < 1<<53
	}
	return 0, false
}

func asFloat(v any) (float64, bool) {
	if n, ok := v.(float64); ok {
		return n, true
	}
	n, ok := asInt(v)
	return float64(n), ok
}

// asMap reads the map types that JSON, YAML and Go callers give; nil for others.
func asMap(v any) map[string]any {
	switch v := v.(type) {
	case map[string]any:
		return v
	case map[string]string:
		m := make(map[string]any, len(v))
		for key, item := range v {
			m[key] = item
		}
		return m
	}
	return nil
}

// asList reads the list types that JSON, YAML and Go callers give; nil for others.
func asList(v any) []any {
	if _, ok := v.([]byte); ok {
		return nil
	}
	list := reflect.ValueOf(v)
	if !list.IsValid() || list.Kind() != reflect.Slice {
		return nil
	}
	out := make([]any, list.Len())
	for i := range out {
		out[i] = list.Index(i).Interface()
	}
	return out
}

// timeForms are the spellings of a time that are understood, tried in this order.
var timeForms = []string{
	time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02T15:04Z07:00", "2006-01-02 15:04:05", "2006-01-02",
	"20060102T150405Z", http.TimeFormat, time.RFC1123Z,
}

// parseTime reads a time.Time, one of timeForms, or seconds since 1970.
func parseTime(v any) (time.Time, error) {
	if at, ok := v.(time.Time); ok {
		return at, nil
	}
	if n, ok := asInt(v); ok {
		return time.Unix(n, 0).UTC(), nil
	}
	s, _ := v.(string)
	if n, err := strconv.ParseInt(s, 10, 64); err == nil && len(s) > 8 {
		return time.Unix(n, 0).UTC(), nil
	}
	for _, form := range timeForms {
		if at, err := time.Parse(form, s); err == nil {
			return at, nil
		}
	}
	return time.Time{}, fmt.Errorf("Invalid timestamp %q", s) //nolint:staticcheck // the CLI's words
}
