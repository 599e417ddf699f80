package kms

import (
	"maps"
	"slices"
	"strings"

	"keyhole/simulator/exchange"
)

// maxTags is how many tags a key may have. (KMS quotas)
const maxTags = 50

var tagRows = []row{
	{name: "TagResource", takes: "KeyId! Tags!", locate: byOwn, do: tagKey},
	{name: "UntagResource", takes: "KeyId! TagKeys!", locate: byOwn, do: untagKey},
	{name: "ListResourceTags", takes: "KeyId! Limit Marker", locate: byOwn, do: listTags},
}

// tagMap is a key's tags after some were added.
func tagMap(tags []tag, before map[string]string) map[string]string {
	if len(tags)+len(before) == 0 {
		return nil
	}
	out := maps.Clone(before)
	if out == nil {
		out = make(map[string]string, len(tags))
	}
	for _, t := range tags {
		out[t.TagKey] = t.TagValue
	}
	return out
}

// checkTags judges tags that are to be added. (recorded: localstack's KMS snapshots)
func checkTags(tags []tag, before map[string]string) *exchange.Fault {
	if len(tags) > maxTags {
		return fail("TagException", "Too many tags", "A key has at most 50 tags.")
	}
	seen := map[string]bool{}
	for _, t := range tags {
		if strings.HasPrefix(strings.ToLower(t.TagKey), "aws:") {
			return fail("TagException", "Tags beginning with aws: are reserved", "Tags beginning with aws: are AWS's.")
		}
		if seen[t.TagKey] {
			return fail("TagException", "Duplicate tag keys", "One tag was sent twice.")
		}
		seen[t.TagKey] = true
	}
	if len(tagMap(tags, before)) > maxTags {
		return fail("TagException", "Too many tags", "A key has at most 50 tags.")
	}
	return nil
}

func tagKey(c *call) *exchange.Fault {
	if fault := checkTags(c.in.Tags, c.key.Tags); fault != nil {
		return fault
	}
	return c.tagged(tagMap(c.in.Tags, c.key.Tags), "key %s has other tags")
}

func untagKey(c *call) *exchange.Fault {
	left := maps.Clone(c.key.Tags)
	for _, name := range c.in.TagKeys {
		delete(left, name)
	}
	return c.tagged(left, "key %s has fewer tags")
}

func (c *call) tagged(tags map[string]string, say string) *exchange.Fault {
	if fault := c.changeable(); fault != nil {
		return fault
	}
	if fault := c.ready(); fault != nil {
		return fault
	}
	k := c.key
	k.Tags = tags
	if fault := c.put(k); fault != nil {
		return fault
	}
	c.Did(say, k.ID)
	c.Output(nil)
	return nil
}

func listTags(c *call) *exchange.Fault {
	type entry struct{ TagKey, TagValue string }
	page, next, fault := paged(c, 50, slices.Sorted(maps.Keys(c.key.Tags)), func(name string) string { return name })
	if fault != nil {
		return fault
	}
	out := []entry{}
	for _, name := range page {
		out = append(out, entry{name, c.key.Tags[name]})
	}
	c.Output(struct {
		Tags []entry
		more
	}{out, next})
	return nil
}
