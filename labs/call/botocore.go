package call

import (
	"crypto/md5"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"strings"
)

// accountLabel is what may stand as an account in the host name of S3 Control.
var accountLabel = regexp.MustCompile(`^[a-zA-Z0-9\-]{1,63}$`)

// prepare is what botocore does with the parameters of a service before it checks them.
func (r row) prepare(params map[string]any) (out map[string]any, decode bool, err error) {
	switch r.service {
	case "s3":
		return prepare(r.name, params)
	case "s3control":
		if account, ok := params["AccountId"].(string); ok && !accountLabel.MatchString(account) {
			return nil, false, errors.New("AccountId must only contain a-z, A-Z, 0-9 and `-`.") //nolint:staticcheck // the CLI's words
		}
	}
	return params, false, nil
}

// prepare copies the parameters and adds what botocore adds. decode says that list results were asked for URL-encoded
// without the caller's knowing, so they must be decoded again.
func prepare(operation string, params map[string]any) (out map[string]any, decode bool, err error) {
	out = maps.Clone(params)
	if out == nil {
		out = map[string]any{}
	}
	if bucket, ok := out["Bucket"].(string); ok {
		if !bucketName.MatchString(bucket) && !bucketARN.MatchString(bucket) {
			return nil, false, &ParamError{Problems: []string{fmt.Sprintf(
				`Invalid bucket name "%s": Bucket name must match the regex "%s" or be an ARN matching the regex "%s"`,
				bucket, bucketName, bucketARN)}}
		}
	}
	for _, prefix := range []string{"SSECustomer", "CopySourceSSECustomer"} {
		if err := customerKey(out, prefix); err != nil {
			return nil, false, err
		}
	}
	if source, ok := out["CopySource"].(string); ok {
		out["CopySource"] = quoteSource(source)
	}
	switch operation {
	case "ListObjects", "ListObjectsV2", "ListObjectVersions":
		if _, given := out["EncodingType"]; !given {
			out["EncodingType"], decode = "url", true
		}
	}
	return out, decode, nil
}

var (
	bucketName = regexp.MustCompile(`^[a-zA-Z0-9.\-_]{1,255}$`)
	bucketARN  = regexp.MustCompile(`^arn:(aws).*:(s3|s3-object-lambda):[a-z\-0-9]*:[0-9]{12}:accesspoint[/:][a-zA-Z0-9\-.]{1,63}$|` +
		`^arn:(aws).*:s3-outposts:[a-z\-0-9]+:[0-9]{12}:outpost[/:][a-zA-Z0-9\-]{1,63}[/:]accesspoint[/:][a-zA-Z0-9\-]{1,63}$`)
	versionSuffix = regexp.MustCompile(`\?versionId=[^\s]+$`)
)

// customerKey encodes a raw key and adds its MD5, unless the caller gave an MD5: then the key is sent as it is. A key
// that was already encoded is thus encoded twice, which S3 refuses; a well-known trap that a lesson teaches.
func customerKey(params map[string]any, prefix string) error {
	name, sum := prefix+"Key", prefix+"KeyMD5"
	var raw []byte
	switch key := params[name].(type) {
	case nil:
		return nil
	case []byte:
		if _, given := params[sum]; given {
			// The real message shows the key; ours must not.
			return &ParamError{Problems: []string{fmt.Sprintf(
				"Invalid type for parameter %s, value: (%d bytes, not shown), type: <class 'bytes'>, valid types: <class 'str'>", name, len(key))}}
		}
		raw = key
	case string:
		if _, given := params[sum]; given {
			return nil
		}
		raw = []byte(key)
	default:
		return &ParamError{Problems: []string{fmt.Sprintf("Invalid type for parameter %s, valid types: <class 'str'>", name)}}
	}
	digest := md5.Sum(raw)
	params[name] = base64.StdEncoding.EncodeToString(raw)
	params[sum] = base64.StdEncoding.EncodeToString(digest[:])
	return nil
}

// quoteSource encodes the key of a copy source but not its version.
func quoteSource(source string) string {
	version := versionSuffix.FindString(source)
	return escape(strings.TrimSuffix(source, version), "/") + version
}

// escape percent-encodes all but unreserved characters and those of keep.
func escape(s, keep string) string {
	const unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if strings.IndexByte(unreserved, s[i]) >= 0 || strings.IndexByte(keep, s[i]) >= 0 {
			b.WriteByte(s[i])
		} else {
			fmt.Fprintf(&b, "%%%02X", s[i])
		}
	}
	return b.String()
}

// decodeKeys undoes the URL encoding of a list result.
func decodeKeys(fields map[string]any) {
	if fields["EncodingType"] != "url" {
		return
	}
	decode := func(m map[string]any, names ...string) {
		for _, name := range names {
			if s, ok := m[name].(string); ok {
				if plain, err := url.QueryUnescape(s); err == nil {
					m[name] = plain
				}
			}
		}
	}
	decode(fields, "Delimiter", "Marker", "NextMarker", "Prefix", "StartAfter", "KeyMarker", "NextKeyMarker")
	for _, list := range []string{"Contents", "CommonPrefixes", "Versions", "DeleteMarkers"} {
		items, _ := fields[list].([]any)
		for _, item := range items {
			if m, ok := item.(map[string]any); ok {
				decode(m, "Key", "Prefix")
			}
		}
	}
}
