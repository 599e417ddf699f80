package trail

import (
	"maps"
	"slices"
	"strings"

	"keyhole/simulator/exchange"
)

// maxTags is how many tags a trail may have. (CloudTrail API reference, AddTags)
const maxTags = 50

type tag struct {
	Key   string
	Value string
}

// tagMap is a trail's tags after some were added.
func tagMap(list []tag, before map[string]string) (map[string]string, *exchange.Fault) {
	if len(list)+len(before) == 0 {
		return nil, nil
	}
	out := maps.Clone(before)
	if out == nil {
		out = map[string]string{}
	}
	for _, t := range list {
		if t.Key == "" || len(t.Key) > 128 || len(t.Value) > 256 || strings.HasPrefix(strings.ToLower(t.Key), "aws:") {
			return nil, fail("InvalidTagParameterException", "The specified tag is not valid: "+t.Key, "That cannot be a tag.")
		}
		out[t.Key] = t.Value
	}
	if len(out) > maxTags {
		return nil, fail("TagsLimitExceededException", "The number of tags per trail has exceeded the permitted amount.", "A trail has at most 50 tags.")
	}
	return out, nil
}

func addTags(c *call) *exchange.Fault {
	t, fault := c.find(c.in.ResourceId)
	if fault == nil {
		t.Tags, fault = tagMap(c.in.TagsList, t.Tags)
	}
	if fault == nil {
		fault = c.put(t, "trail %s has other tags")
	}
	if fault == nil {
		c.Output(struct{}{})
	}
	return fault
}

func removeTags(c *call) *exchange.Fault {
	t, fault := c.find(c.in.ResourceId)
	if fault != nil {
		return fault
	}
	t.Tags = maps.Clone(t.Tags)
	for _, gone := range c.in.TagsList {
		delete(t.Tags, gone.Key)
	}
	if fault := c.put(t, "trail %s has fewer tags"); fault != nil {
		return fault
	}
	c.Output(struct{}{})
	return nil
}

func listTags(c *call) *exchange.Fault {
	type tagged struct {
		ResourceId string
		TagsList   []tag
	}
	list := []tagged{}
	for _, id := range c.in.ResourceIdList {
		t, fault := c.find(id)
		if fault != nil {
			return fault
		}
		entry := tagged{id, []tag{}}
		for _, key := range slices.Sorted(maps.Keys(t.Tags)) {
			entry.TagsList = append(entry.TagsList, tag{key, t.Tags[key]})
		}
		list = append(list, entry)
	}
	c.Output(map[string]any{"ResourceTagList": list})
	return nil
}
