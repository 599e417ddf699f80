package iam

import (
	"cmp"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/query"
	"keyhole/simulator/world"
)

// What IAM answers. (botocore iam 2010-05-08; which members which operation leaves out: recorded)

type tagShape struct{ Key, Value string }

type boundaryShape struct {
	PermissionsBoundaryType string
	PermissionsBoundaryArn  string
}

type userShape struct {
	Path                string
	UserName            string
	UserID              string `xml:"UserId"`
	ARN                 string `xml:"Arn"`
	CreateDate          string
	PermissionsBoundary *boundaryShape
	Tags                *query.Members[tagShape]
}

type groupShape struct {
	Path, GroupName string
	GroupID         string `xml:"GroupId"`
	ARN             string `xml:"Arn"`
	CreateDate      string
}

type roleShape struct {
	Path, RoleName           string
	RoleID                   string `xml:"RoleId"`
	ARN                      string `xml:"Arn"`
	CreateDate               string
	AssumeRolePolicyDocument string
	Description              string `xml:",omitempty"`
	MaxSessionDuration       int    `xml:",omitempty"`
	PermissionsBoundary      *boundaryShape
	Tags                     *query.Members[tagShape]
}

type attachedShape struct {
	PolicyName string
	PolicyARN  string `xml:"PolicyArn"`
}

// shapeOfUser is a user as lists show it; Get and Create show the tags and the boundary too.
func shapeOfUser(x *exchange.Exchange, p world.Principal, whole bool) userShape {
	s := userShape{Path: pathOf(p.Path), UserName: p.Name, UserID: p.ID, ARN: p.ARN, CreateDate: when(x, p.Created)}
	if whole {
		s.PermissionsBoundary, s.Tags = shapeOfBoundary(p.Boundary), shapeOfTags(p.Tags)
	}
	return s
}

func shapeOfGroup(x *exchange.Exchange, g world.Group) groupShape {
	return groupShape{Path: pathOf(g.Path), GroupName: g.Name, GroupID: g.ID, ARN: g.ARN, CreateDate: when(x, g.Created)}
}

// shapeOfRole is a role with its trust policy. Create and UpdateRoleDescription do not tell how long a session may last.
func shapeOfRole(x *exchange.Exchange, p world.Principal, whole, duration bool) roleShape {
	s := roleShape{
		Path: pathOf(p.Path), RoleName: p.Name, RoleID: p.ID, ARN: p.ARN, CreateDate: when(x, p.Created),
		AssumeRolePolicyDocument: escape(p.Trust), Description: p.Description,
	}
	if duration {
		s.MaxSessionDuration = int(MaxSessionOf(p).Seconds())
	}
	if whole {
		s.PermissionsBoundary, s.Tags = shapeOfBoundary(p.Boundary), shapeOfTags(p.Tags)
	}
	return s
}

func shapeOfBoundary(arn string) *boundaryShape {
	if arn == "" {
		return nil
	}
	return &boundaryShape{"Policy", arn}
}

// shapeOfTags is nil for no tags, which leaves the element out.
func shapeOfTags(tags map[string]string) *query.Members[tagShape] {
	if len(tags) == 0 {
		return nil
	}
	return &query.Members[tagShape]{Member: tagList(tags)}
}

// tagList is tags by key.
func tagList(tags map[string]string) []tagShape {
	out := make([]tagShape, 0, len(tags))
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		out = append(out, tagShape{key, tags[key]})
	}
	return out
}

// attachedList is the managed policies of a user, group or role below the path the form asks for, by name.
func attachedList(x *exchange.Exchange, arns []string) []attachedShape {
	out := []attachedShape{}
	for _, arn := range arns {
		if p, ok := x.World.ManagedPolicy(arn); ok && strings.HasPrefix(pathOf(p.Path), x.Form.Get("PathPrefix")) {
			out = append(out, attachedShape{p.Name, p.ARN})
		}
	}
	slices.SortFunc(out, func(a, b attachedShape) int { return cmp.Compare(a.PolicyName, b.PolicyName) })
	return out
}

// escape is a document as IAM answers it: the text as it was sent, percent-encoded after RFC 3986.
func escape(document json.RawMessage) string {
	return strings.ReplaceAll(url.QueryEscape(string(document)), "+", "%20")
}
