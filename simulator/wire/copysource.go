package wire

import (
	"net/url"
	"strings"
)

// Source is what x-amz-copy-source names. VersionID "" is the current version.
type Source struct{ Bucket, Key, VersionID string }

// ParseCopySource reads x-amz-copy-source: ["/"] bucket "/" key ["?versionId=" id], URL-encoded. A question mark
// that belongs to the key is encoded, so the first plain one starts the version.
func ParseCopySource(header string) (Source, *Refusal) {
	bad := badArgument("x-amz-copy-source", "x-amz-copy-source", "Invalid copy source object key", "The copy source cannot be read.")
	if strings.HasPrefix(header, "arn:") {
		return Source{}, notImplemented("x-amz-copy-source", "Keyhole does not imitate copy sources of this kind",
			"Copying from this kind of ARN is not imitated.")
	}
	path, query, hasQuery := strings.Cut(header, "?")
	var version string
	if hasQuery {
		escaped, ok := strings.CutPrefix(query, "versionId=")
		id, err := url.QueryUnescape(escaped)
		if !ok || err != nil {
			return Source{}, bad
		}
		version = id
	}
	plain, err := url.QueryUnescape(path)
	if err != nil {
		return Source{}, bad
	}
	bucket, key, ok := strings.Cut(strings.TrimPrefix(plain, "/"), "/")
	if !ok || bucket == "" || key == "" {
		return Source{}, bad
	}
	if refusal := CheckKey(key); refusal != nil {
		return Source{}, refusal
	}
	return Source{bucket, key, version}, nil
}
