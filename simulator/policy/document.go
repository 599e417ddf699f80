package policy

// MaxDocumentBytes is how long a document may be here: the limit of a bucket policy. Identity policies have lower ones in IAM.
const MaxDocumentBytes = 20480

// Position is a place in a document's text: line and column from 1, columns in characters.
type Position struct{ Line, Column int }

// Document is a decoded policy, compiled to be evaluated. Nothing of it is ever changed.
type Document struct {
	ID         string
	Version    string // as written; "" when absent, which means 2008-10-17
	Variables  bool   // Version 2012-10-17: ${…} stands for a value
	Statements []Statement
	Text       string // as it was decoded
}

// Statement is one statement. Elements that it does not have are nil.
type Statement struct {
	Index      int // from 0
	Sid        string
	Allow      bool     // else Deny
	From, To   Position // its opening and closing brace
	Principal  *PrincipalList
	Action     *PatternList
	Resource   *PatternList
	Conditions []Condition
}

// Effect is "Allow" or "Deny".
func (s *Statement) Effect() string {
	if s.Allow {
		return "Allow"
	}
	return "Deny"
}

// PrincipalList is a Principal or NotPrincipal element.
type PrincipalList struct {
	At      Position // of its name
	Not     bool
	Entries []PrincipalEntry
}

// PrincipalEntry is one principal a statement names.
type PrincipalEntry struct {
	Type  string // "*" (a bare star), "AWS", "Service", "Federated", "CanonicalUser"
	Value string // as written
	At    Position

	account string        // the 12 digits of an account principal, else ""
	of      PrincipalKind // User or RoleSession, of the ARN of a user or a role
	in      string        // its account
	name    string        // its name after the path, which the ARN of a session does not have
}

// PatternList is an Action, NotAction, Resource or NotResource element.
type PatternList struct {
	At      Position // of its name
	Not     bool
	Entries []Pattern
}

// Pattern is one string that may hold wildcards and variables.
type Pattern struct {
	Text string // as written
	At   Position

	action     glob    // of an Action
	resource   arnGlob // of a Resource
	everything bool    // a Resource that is everything of a service: arn:aws:s3:::*
}

// Condition is one operator with one key: {"StringLike": {"s3:prefix": ["a/*", "b/*"]}}.
type Condition struct {
	Operator string   // as written: "ForAnyValue:StringLikeIfExists"
	Key      string   // as written
	At       Position // of the key
	Values   []ConditionValue

	op  operator
	key string // lower case
}

// ConditionValue is one policy value. Text is what was written, without quotes.
type ConditionValue struct {
	Text string
	At   Position
	want operand
}
