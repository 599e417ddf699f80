package s3

import (
	"strings"

	"keyhole/simulator/world"
)

// ruleFilter is the Filter of a lifecycle or replication rule: one condition, or And with several. Replication has no sizes.
type ruleFilter struct {
	And     *ruleAnd  `xml:"And"`
	Larger  *int64    `xml:"ObjectSizeGreaterThan"`
	Smaller *int64    `xml:"ObjectSizeLessThan"`
	Prefix  *string   `xml:"Prefix"`
	Tag     *tagEntry `xml:"Tag"`
}

type ruleAnd struct {
	Larger  *int64     `xml:"ObjectSizeGreaterThan"`
	Smaller *int64     `xml:"ObjectSizeLessThan"`
	Prefix  *string    `xml:"Prefix"`
	Tags    []tagEntry `xml:"Tag"`
}

// all are the conditions of a filter, whichever way it puts them.
func (f *ruleFilter) all() ruleAnd {
	if f.And != nil {
		return *f.And
	}
	all := ruleAnd{Larger: f.Larger, Smaller: f.Smaller, Prefix: f.Prefix}
	if f.Tag != nil {
		all.Tags = []tagEntry{*f.Tag}
	}
	return all
}

// wellFormed says whether a filter is at most one condition, and whether what it says can be.
func (f *ruleFilter) wellFormed(sizes bool) bool {
	n := 0
	for _, set := range []bool{f.And != nil, f.Larger != nil, f.Smaller != nil, f.Prefix != nil, f.Tag != nil} {
		if set {
			n++
		}
	}
	all := f.all()
	if n > 1 || !sizes && (all.Larger != nil || all.Smaller != nil) {
		return false
	}
	for _, size := range []*int64{all.Larger, all.Smaller} {
		if size != nil && *size < 0 {
			return false
		}
	}
	for _, t := range all.Tags {
		if t.Key == nil || t.Value == nil || *t.Key == "" {
			return false
		}
	}
	return all.Prefix == nil || len(*all.Prefix) <= world.MaxKeyBytes
}

// duplicate says whether a tag is named twice.
func (f *ruleFilter) duplicate() bool {
	seen := map[string]bool{}
	for _, t := range f.all().Tags {
		if seen[*t.Key] {
			return true
		}
		seen[*t.Key] = true
	}
	return false
}

// picky says whether a filter asks for more than a prefix.
func (f *ruleFilter) picky() bool {
	all := f.all()
	return len(all.Tags) > 0 || all.Larger != nil || all.Smaller != nil
}

// sized says whether a filter is about sizes, which does away with the smallest size of a transition.
func (f *ruleFilter) sized() bool {
	return f != nil && (f.all().Larger != nil || f.all().Smaller != nil)
}

// takes says whether the filter means an object. A nil filter means every one.
func (f *ruleFilter) takes(key string, size int64, tags map[string]string) bool {
	if f == nil {
		return true
	}
	all := f.all()
	if all.Prefix != nil && !strings.HasPrefix(key, *all.Prefix) ||
		all.Larger != nil && size <= *all.Larger || all.Smaller != nil && size >= *all.Smaller {
		return false
	}
	for _, t := range all.Tags {
		if value, ok := tags[*t.Key]; !ok || value != *t.Value {
			return false
		}
	}
	return true
}

// selects is the prefix and the filter of a rule of either form.
func (r lifecycleRule) selects() (prefix string, f *ruleFilter) {
	if r.Prefix != nil {
		return *r.Prefix, nil
	}
	if p := r.Filter.all().Prefix; p != nil {
		prefix = *p
	}
	return prefix, r.Filter
}

// takes says whether the rule means a version.
func (r lifecycleRule) takes(v *world.Version) bool {
	prefix, f := r.selects()
	return enabled(r.Status) && strings.HasPrefix(v.Key, prefix) && f.takes(v.Key, v.Size, v.Tags)
}
