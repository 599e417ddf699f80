package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"

	"keyhole/simulator/strictjson"
)

// Malformed is why a document is refused.
type Malformed struct {
	Position        // where, in the document
	Message  string // AWS's text of MalformedPolicy
	Say      string // ours: what was expected there, in one sentence
	Modelled bool   // nobody recorded AWS's text for this: Message is ours
}

func (m *Malformed) Error() string { return m.Message }

// Bounds of a document's text before it is decoded.
const (
	MaxTextBytes = 4 * MaxDocumentBytes // with white space, which does not count for MaxDocumentBytes
	maxDepth     = 16                   // a policy needs 6
)

// Texts of MalformedPolicy. (s3-wire 5.2)
const (
	notAnObject      = "Policies must be valid JSON and the first byte must be '{'"
	invalidJSON      = "This policy contains invalid Json"
	invalidSyntax    = "Invalid policy syntax."
	noStatement      = "Missing required field Statement"
	emptyStatement   = "Could not parse the policy: Statement is empty!"
	invalidVersion   = "The policy must contain a valid version string"
	invalidPrincipal = "Invalid principal in policy"
	tooLong          = "Normalized policy document exceeds the maximum allowed size of 20480 bytes"
)

// Decode reads a policy strictly and compiles it:
//
//	policy    = "{" [ "Version" ] [ "Id" ] "Statement": statement | [ statement, … ] "}"
//	statement = "{" [ "Sid" ] "Effect" [ "Principal" | "NotPrincipal" ] ( "Action" | "NotAction" )
//	            [ "Resource" | "NotResource" ] [ "Condition" ] "}"
//	condition = { OPERATOR: { KEY: value | [ value, … ] } }
//
// Names count with their case; a name that repeats, or repeats in another case, is refused: reading one of two Effects
// would turn a Deny into an Allow. Which elements a kind of policy must have (a Principal in a bucket policy) is not
// judged here; see package review. The error is a *Malformed.
func Decode(text []byte) (*Document, error) {
	if len(text) == 0 || text[0] != '{' {
		return nil, &Malformed{Position: Position{1, 1}, Message: notAnObject, Say: "The document must begin with an opening brace."}
	}
	if len(text) > MaxTextBytes {
		return nil, &Malformed{Position: Position{1, 1}, Message: tooLong, Say: "The document is longer than any policy may be."}
	}
	d := &decoder{text: text, place: placer{text: text, line: 1, column: 1}}
	root, faults, err := strictjson.Parse(text, maxDepth)
	if err != nil {
		fault := &strictjson.Fault{Text: err.Error()}
		errors.As(err, &fault)
		faults = append([]strictjson.Fault{*fault}, faults...)
	}
	if len(faults) > 0 {
		d.refuse(faults[0].At, invalidJSON, sentence(faults[0].Text))
		return nil, d.failed
	}
	var compact bytes.Buffer
	if json.Compact(&compact, text) != nil {
		d.refuse(0, invalidJSON, "This is not JSON.")
		return nil, d.failed
	}
	if compact.Len() > MaxDocumentBytes {
		return nil, &Malformed{Position: Position{1, 1}, Message: tooLong, Say: "Without white space the document is still longer than 20,480 bytes."}
	}
	doc := d.document(root)
	if d.failed != nil {
		return nil, d.failed
	}
	return doc, nil
}

func sentence(s string) string { return strings.ToUpper(s[:1]) + s[1:] + "." }

// decoder turns nodes into a document. After the first failure it goes on without effect.
type decoder struct {
	text      []byte
	place     placer
	variables bool
	failed    *Malformed
}

func (d *decoder) refuse(at int, message, say string) {
	if d.failed == nil {
		d.failed = &Malformed{Position: d.place.of(at), Message: message, Say: say}
	}
}

func (d *decoder) document(root *strictjson.Node) *Document {
	doc := &Document{Text: string(d.text)}
	for _, m := range root.Members {
		switch m.Name {
		case "Version", "Id", "Statement":
		default:
			d.refuse(m.At, invalidSyntax, "A policy has the elements Version, Id and Statement, with these capitals.")
		}
	}
	list := root.Get("Statement")
	switch {
	case list == nil:
		d.refuse(root.At, noStatement, "A policy needs the element Statement.")
		return nil
	case list.Kind == strictjson.IsArray && len(list.Items) == 0:
		d.refuse(list.At, emptyStatement, "A policy needs at least one statement.")
	}
	doc.Version = d.optional(root, "Version", invalidVersion)
	if doc.Version != "" && doc.Version != "2012-10-17" && doc.Version != "2008-10-17" || doc.Version == "" && root.Get("Version") != nil {
		d.refuse(root.Get("Version").At, invalidVersion, `Version is "2012-10-17" or "2008-10-17"; it names the language, not your policy.`)
	}
	doc.Variables = doc.Version == "2012-10-17"
	doc.ID = d.optional(root, "Id", invalidSyntax)
	d.variables = doc.Variables
	statements := []*strictjson.Node{list}
	if list.Kind == strictjson.IsArray {
		statements = list.Items
	}
	for i, n := range statements {
		if d.failed != nil {
			return nil
		}
		doc.Statements = append(doc.Statements, d.statement(i, n))
	}
	return doc
}

// optional is a text that may be absent.
func (d *decoder) optional(n *strictjson.Node, name, message string) string {
	v := n.Get(name)
	if v == nil {
		return ""
	}
	if v.Kind != strictjson.IsText {
		d.refuse(v.At, message, name+" must be text, not "+v.Kind.String()+".")
	}
	return v.Text
}

// placer turns offsets into positions; it walks on from the last one, as offsets mostly grow.
type placer struct {
	text         []byte
	at           int
	line, column int
}

func (p *placer) of(at int) Position {
	if at < p.at {
		p.at, p.line, p.column = 0, 1, 1
	}
	for ; p.at < at && p.at < len(p.text); p.at++ {
		switch c := p.text[p.at]; {
		case c == '\n':
			p.line, p.column = p.line+1, 1
		case c&0xC0 != 0x80: // not a continuation byte
			p.column++
		}
	}
	return Position{p.line, p.column}
}
