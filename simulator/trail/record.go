package trail

import (
	"encoding/json"
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/world"
)

// The categories of events.
const (
	Management = "Management"
	Data       = "Data"
)

// Event is what selectors ask about one call, with its record.
type Event struct {
	Category, Name, Source string
	ReadOnly               bool
	ARN                    string // of the object of a data event, or its bucket's with a slash; ""
	Caller                 string // ARN
	Record                 Record
}

// Record is one entry of a log. (s3-wire 10.1)
type Record struct {
	EventVersion        string         `json:"eventVersion"`
	UserIdentity        Identity       `json:"userIdentity"`
	EventTime           string         `json:"eventTime"`
	EventSource         string         `json:"eventSource"`
	EventName           string         `json:"eventName"`
	AWSRegion           string         `json:"awsRegion"`
	SourceIPAddress     string         `json:"sourceIPAddress"`
	UserAgent           string         `json:"userAgent"`
	ErrorCode           string         `json:"errorCode,omitempty"`
	ErrorMessage        string         `json:"errorMessage,omitempty"`
	RequestParameters   map[string]any `json:"requestParameters"`
	ResponseElements    map[string]any `json:"responseElements"`
	AdditionalEventData map[string]any `json:"additionalEventData,omitempty"`
	RequestID           string         `json:"requestID"`
	EventID             string         `json:"eventID"`
	ReadOnly            bool           `json:"readOnly"`
	Resources           []Resource     `json:"resources,omitempty"`
	EventType           string         `json:"eventType"`
	ManagementEvent     bool           `json:"managementEvent"`
	RecipientAccountID  string         `json:"recipientAccountId"`
	VPCEndpointID       string         `json:"vpcEndpointId,omitempty"`
	EventCategory       string         `json:"eventCategory"`
	TLSDetails          map[string]any `json:"tlsDetails,omitempty"`
}

// Identity is who called.
type Identity struct {
	Type           string         `json:"type"`
	PrincipalID    string         `json:"principalId,omitempty"`
	ARN            string         `json:"arn,omitempty"`
	AccountID      string         `json:"accountId,omitempty"`
	AccessKeyID    string         `json:"accessKeyId,omitempty"`
	UserName       string         `json:"userName,omitempty"`
	SessionContext map[string]any `json:"sessionContext,omitempty"`
	InvokedBy      string         `json:"invokedBy,omitempty"`
}

// Resource is what a call was about.
type Resource struct {
	AccountID string `json:"accountId,omitempty"`
	Type      string `json:"type"`
	ARN       string `json:"ARN"`
}

// short is a resource as LookupEvents names it: a bucket, a user and a role by their name, a key by its ARN.
func (r Resource) short() string {
	if r.Type == "AWS::S3::Bucket" {
		return strings.TrimPrefix(r.ARN, "arn:aws:s3:::")
	}
	if strings.HasPrefix(r.Type, "AWS::IAM::") || strings.HasPrefix(r.Type, "AWS::CloudTrail::") {
		return r.ARN[strings.LastIndexByte(r.ARN, '/')+1:]
	}
	return r.ARN
}

// called is a caller as LookupEvents names it.
func (i Identity) called() string {
	switch i.Type {
	case "Root":
		return "root"
	case "AssumedRole", "FederatedUser":
		return i.ARN[strings.LastIndexByte(i.ARN, '/')+1:]
	}
	return i.UserName
}

// identityOf is the caller of a request.
func identityOf(x *exchange.Exchange) Identity {
	if x.Anonymous {
		return Identity{Type: "AWSAccount", AccountID: "anonymous"}
	}
	c := x.Caller
	id := Identity{Type: "IAMUser", PrincipalID: c.UserID, ARN: c.ARN, AccountID: c.Account, AccessKeyID: x.Trace.Caller.AccessKey, UserName: c.Name}
	attributes := map[string]any{"creationDate": c.Issued.UTC().Format(stamp), "mfaAuthenticated": boolText(!c.MFA.IsZero())}
	switch c.Kind {
	case "root":
		id.Type, id.UserName, id.PrincipalID = "Root", "", c.Account
	case "role":
		id.Type, id.UserName = "AssumedRole", ""
		id.SessionContext = map[string]any{"attributes": attributes}
		if role, ok := x.World.Principal(c.Account, "role", c.Name); ok {
			id.SessionContext["sessionIssuer"] = map[string]any{"type": "Role", "principalId": role.ID, "arn": role.ARN, "accountId": c.Account, "userName": c.Name}
		}
	case "federated-user":
		id.Type, id.UserName = "FederatedUser", ""
		id.SessionContext = map[string]any{"attributes": attributes}
	default:
		if c.Temporary {
			id.SessionContext = map[string]any{"attributes": attributes}
		}
	}
	return id
}

// stamp is how CloudTrail writes a moment.
const stamp = "2006-01-02T15:04:05Z"

func boolText(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

// Kept is an event as the world keeps it for LookupEvents.
func (e Event) Kept(x *exchange.Exchange) (world.Event, error) {
	text, err := json.Marshal(e.Record)
	return world.Event{ID: e.Record.EventID, At: x.Trace.At, Account: e.Record.RecipientAccountID, Name: e.Name, Source: e.Source, Record: text}, err
}

// For is the event as another account gets it, under an id of its own.
func (e Event) For(account string, x *exchange.Exchange) Event {
	e.Record.RecipientAccountID = account
	e.Record.EventID = eventID(x, e.Name, e.Source, account)
	return e
}
