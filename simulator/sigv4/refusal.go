package sigv4

import (
	"fmt"
	"strings"
	"time"
)

// MaxSkew is how far a header's signing date may be from the server's clock.
const MaxSkew = 15 * time.Minute

// MaxExpires is the longest life of a presigned URL.
const MaxExpires = 7 * 24 * time.Hour

const isoSeconds = "2006-01-02T15:04:05Z"

const expectedCredential = `expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".`

func malformedHeader(detail string) *Refusal {
	return &Refusal{
		Status: 400, Code: "AuthorizationHeaderMalformed",
		Message: "The authorization header is malformed; " + detail,
		Say:     "The Authorization header is not well formed.",
	}
}

func badQuery(message string) *Refusal {
	return &Refusal{
		Status: 400, Code: "AuthorizationQueryParametersError", Message: message,
		Say: "The link's signing parameters are not right.",
	}
}

func badCredentialQuery(detail string) *Refusal {
	return badQuery("Error parsing the X-Amz-Credential parameter; " + detail)
}

func badAuthorization(message, value string) *Refusal {
	return &Refusal{
		Status: 400, Code: "InvalidArgument", Message: message,
		Extra: [][2]string{{"ArgumentName", "Authorization"}, {"ArgumentValue", value}},
		Say:   "The Authorization header cannot be read.",
	}
}

func denied(message, say string, extra ...[2]string) *Refusal {
	return &Refusal{Status: 403, Code: "AccessDenied", Message: message, Extra: extra, Say: say}
}

// UnknownKey is what a Lookup answers for a key that does not exist or is inactive,
// and for a temporary key that came without its token.
func UnknownKey(accessKey string) *Refusal {
	return &Refusal{
		Status: 403, Code: "InvalidAccessKeyId",
		Message: "The AWS Access Key Id you provided does not exist in our records.",
		Extra:   [][2]string{{"AWSAccessKeyId", accessKey}},
		Say:     "Nobody here has this access key.",
	}
}

// ExpiredToken is what a Lookup answers for a session that is over. AWS prints the token; Keyhole never does.
func ExpiredToken() *Refusal {
	return &Refusal{Status: 400, Code: "ExpiredToken", Message: "The provided token has expired.",
		Say: "The role session is over."}
}

// InvalidToken is what a Lookup answers for a token that is no token or belongs to another key.
func InvalidToken() *Refusal {
	return &Refusal{Status: 400, Code: "InvalidToken", Message: "The provided token is malformed or otherwise invalid.",
		Say: "The session token does not fit the key."}
}

func skewed(sent string, now time.Time) *Refusal {
	return &Refusal{
		Status: 403, Code: "RequestTimeTooSkewed",
		Message: "The difference between the request time and the current time is too large.",
		Extra: [][2]string{
			{"RequestTime", sent},
			{"ServerTime", now.UTC().Format(isoSeconds)},
			{"MaxAllowedSkewMilliseconds", fmt.Sprint(MaxSkew.Milliseconds())},
		},
		Say: "The signing clock is more than 15 minutes off.",
	}
}

func mismatch(d Decision) *Refusal {
	r := &Refusal{
		Status: 403, Code: "SignatureDoesNotMatch",
		Message: "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
		Extra: [][2]string{
			{"AWSAccessKeyId", d.AccessKey},
			{"StringToSign", d.StringToSign},
			{"SignatureProvided", d.Signature},
			{"StringToSignBytes", spacedHex(d.StringToSign)},
		},
		Say: "The signature does not match.",
	}
	if d.CanonicalRequest != "" { // Version 2 and forms have none
		r.Extra = append(r.Extra, [2]string{"CanonicalRequest", d.CanonicalRequest}, [2]string{"CanonicalRequestBytes", spacedHex(d.CanonicalRequest)})
	}
	return r
}

// spacedHex prints bytes as S3 does: two lower-case digits each, single spaces.
func spacedHex(s string) string {
	const digits = "0123456789abcdef"
	var b strings.Builder
	b.Grow(3 * len(s))
	for i := 0; i < len(s); i++ {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteByte(digits[s[i]>>4])
		b.WriteByte(digits[s[i]&15])
	}
	return b.String()
}
