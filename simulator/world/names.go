package world

import (
	"net/netip"
	"regexp"
	"strings"
)

var (
	bucketName    = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]*[a-z0-9]$`)
	accountDigits = regexp.MustCompile(`^[0-9]{12}$`)
	canonicalHex  = regexp.MustCompile(`^[0-9a-f]{64}$`)
	accessKeyForm = regexp.MustCompile(`^\w{16,128}$`)
	secretKeyForm = regexp.MustCompile(`^[!-~]{1,128}$`)
	iamName       = regexp.MustCompile(`^[\w+=,.@-]{1,64}$`)
	regionName    = regexp.MustCompile(`^[a-z]{2}(-[a-z]+)+-[0-9]$`)
	policyName    = regexp.MustCompile(`^[\w+=,.@-]{1,128}$`)
	iamPath       = regexp.MustCompile(`^/([!-.0-~]+/)*$`)
	uniqueID      = regexp.MustCompile(`^[A-Z0-9]{16,32}$`)
	versionName   = regexp.MustCompile(`^v[1-9][0-9]{0,9}$`)
	endpointID    = regexp.MustCompile(`^vpce-[0-9a-f]{8,17}$`)
	vpcID         = regexp.MustCompile(`^vpc-[0-9a-f]{8,17}$`)
	orgID         = regexp.MustCompile(`^o-[a-z0-9]{10,32}$`)
	rootID        = regexp.MustCompile(`^r-[0-9a-z]{4,32}$`)
	unitID        = regexp.MustCompile(`^ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}$`)
)

// MaxPath is how many characters the path of a user, group, role or policy may have.
const MaxPath = 512

// maxSeed is how many bytes an MFA seed may have; ours have 20.
const maxSeed = 64

var (
	reservedPrefixes = []string{"xn--", "sthree-", "amzn-s3-demo-"}
	reservedSuffixes = []string{"-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"}
)

// ValidBucketName says why a name cannot be that of a general purpose bucket, as an ErrInvalid; nil when it can.
// (s3-wire 7.6)
func ValidBucketName(name string) error {
	if len(name) < 3 || len(name) > 63 {
		return invalid("a bucket name of %d characters, not 3 to 63", len(name))
	}
	if !bucketName.MatchString(name) {
		return invalid("bucket name %q: only lower-case letters, digits, dots and hyphens, and a letter or digit at both ends", name)
	}
	if strings.Contains(name, "..") {
		return invalid("bucket name %q: two dots in a row", name)
	}
	if _, err := netip.ParseAddr(name); err == nil {
		return invalid("bucket name %q: it looks like an IP address", name)
	}
	for _, p := range reservedPrefixes {
		if strings.HasPrefix(name, p) {
			return invalid("bucket name %q: the prefix %s is reserved", name, p)
		}
	}
	for _, s := range reservedSuffixes {
		if strings.HasSuffix(name, s) {
			return invalid("bucket name %q: the suffix %s is reserved", name, s)
		}
	}
	return nil
}
