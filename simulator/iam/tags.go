package iam

import (
	"maps"
	"strconv"
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/query"
	"keyhole/simulator/world"
)

// tagRows are Tag, Untag and List…Tags of users, roles and policies.
var tagRows = func() []row {
	var out []row
	for _, t := range tagged {
		out = append(out,
			row{"Tag" + t.Name, t.on, takes(t.param.Needed(), query.RequestTags.Needed()), t.tag},
			row{"Untag" + t.Name, t.on, takes(t.param.Needed(), query.TagKeys.Needed()), t.untag},
			row{"List" + t.Name + "Tags", t.on, paged(t.param.Needed()), t.list})
	}
	return out
}()

// taggable is something that has tags.
type taggable struct {
	Name  string
	on    func(*exchange.Exchange) string
	param query.Param
	same  keys
	find  func(*exchange.Exchange) (tags map[string]string, with func(map[string]string) world.Effect, fault *exchange.Fault)
}

var tagged = []taggable{
	{"User", onUser, anyUser, foldKeys, principalTags(theUser)},
	{"Role", onRole, roleName, foldKeys, principalTags(theRole)},
	{"Policy", onPolicy, arn, exactKeys, func(x *exchange.Exchange) (map[string]string, func(map[string]string) world.Effect, *exchange.Fault) {
		p, fault := ownPolicy(x)
		return p.Tags, func(tags map[string]string) world.Effect { p.Tags = tags; return world.PolicyPut(p) }, fault
	}},
}

func principalTags(find func(*exchange.Exchange) (world.Principal, *exchange.Fault)) func(*exchange.Exchange) (map[string]string, func(map[string]string) world.Effect, *exchange.Fault) {
	return func(x *exchange.Exchange) (map[string]string, func(map[string]string) world.Effect, *exchange.Fault) {
		p, fault := find(x)
		return p.Tags, func(tags map[string]string) world.Effect { p.Tags = tags; return world.PrincipalPut(p) }, fault
	}
}

// keys says which tag keys are one key: those of users and roles compare without case, those of policies with it. (recorded)
type keys struct {
	fold  bool
	twice string
}

var (
	foldKeys  = keys{true, "Duplicate tag keys found. Please note that Tag keys are case insensitive."}
	exactKeys = keys{false, "Duplicate tag keys found."}
)

func (k keys) equal(a, b string) bool { return a == b || k.fold && strings.EqualFold(a, b) }

// put sets one tag in place of the one with an equal key.
func (k keys) put(tags map[string]string, key, value string) {
	maps.DeleteFunc(tags, func(old, _ string) bool { return k.equal(old, key) })
	tags[key] = value
}

// newTags are the tags of a request; nil when it has none.
func newTags(x *exchange.Exchange, k keys) (map[string]string, *exchange.Fault) {
	sent := query.Tags(x.Form)
	if len(sent) == 0 {
		return nil, nil
	}
	tags := map[string]string{}
	for _, t := range sent {
		if strings.HasPrefix(strings.ToLower(t.Key), "aws:") {
			ours(x)
			return nil, exchange.Err(400, "InvalidInput", "Tag keys beginning with aws: are reserved for AWS use.").Told("That beginning belongs to AWS.")
		}
		before := len(tags)
		if k.put(tags, t.Key, t.Value); len(tags) == before {
			return nil, exchange.Err(400, "InvalidInput", k.twice).Told("A tag key is there twice.")
		}
	}
	return tags, nil
}

func (t taggable) tag(x *exchange.Exchange) *exchange.Fault {
	tags, with, fault := t.find(x)
	if fault != nil {
		return fault
	}
	sent, fault := newTags(x, t.same)
	if fault != nil {
		return fault
	}
	all := maps.Clone(tags)
	if all == nil {
		all = map[string]string{}
	}
	for key, value := range sent {
		t.same.put(all, key, value)
	}
	if len(all) > query.MaxTags {
		ours(x)
		return quota("TagsPer"+t.Name, strconv.Itoa(query.MaxTags))
	}
	return finish(x, "tags were put", with(all))
}

func (t taggable) untag(x *exchange.Exchange) *exchange.Fault {
	tags, with, fault := t.find(x)
	if fault != nil {
		return fault
	}
	rest := maps.Clone(tags)
	for _, key := range query.Strings(x.Form, "TagKeys") {
		maps.DeleteFunc(rest, func(old, _ string) bool { return t.same.equal(old, key) })
	}
	return finish(x, "tags were removed", with(rest))
}

func (t taggable) list(x *exchange.Exchange) *exchange.Fault {
	tags, _, fault := t.find(x)
	if fault != nil {
		return fault
	}
	part, more, fault := query.Page(x.Form, tagList(tags), func(t tagShape) string { return t.Key })
	if fault != nil {
		return fault
	}
	x.Result(struct {
		Tags query.Members[tagShape]
		query.More
	}{part, more})
	return nil
}
