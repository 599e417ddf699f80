package trail

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/world"
)

// classic is an event selector of the older kind.
type classic struct {
	ReadWriteType                 string `aws:"enum=ReadOnly|WriteOnly|All"`
	IncludeManagementEvents       *bool
	DataResources                 []dataResource
	ExcludeManagementEventSources []string
}

type dataResource struct {
	Type   string
	Values []string
}

// advanced is one of the newer kind: every field has to fit.
type advanced struct {
	Name           string `json:",omitempty"`
	FieldSelectors []fieldSelector
}

type fieldSelector struct {
	Field         string
	Equals        []string `json:",omitempty"`
	StartsWith    []string `json:",omitempty"`
	EndsWith      []string `json:",omitempty"`
	NotEquals     []string `json:",omitempty"`
	NotStartsWith []string `json:",omitempty"`
	NotEndsWith   []string `json:",omitempty"`
}

// selectors are what a trail keeps of either kind.
type selectors struct {
	EventSelectors         []classic  `json:",omitempty"`
	AdvancedEventSelectors []advanced `json:",omitempty"`
}

// usual selects the management events, which a new trail does.
func usual() selectors {
	yes := true
	return selectors{EventSelectors: []classic{{"All", &yes, []dataResource{}, []string{}}}}
}

func selectorsOf(t world.Trail) selectors {
	var s selectors
	if len(t.Selectors) == 0 || json.Unmarshal(t.Selectors, &s) != nil {
		return usual()
	}
	return s
}

// objectType is the type of S3's data events.
const objectType = "AWS::S3::Object"

// dataTypes are the types that a classic selector takes.
var dataTypes = []string{objectType, "AWS::Lambda::Function", "AWS::DynamoDB::Table"}

func putSelectors(c *call) *exchange.Fault {
	t, fault := c.find(c.in.TrailName)
	if fault != nil {
		return fault
	}
	s := selectors{c.in.EventSelectors, c.in.AdvancedEventSelectors}
	invalid := func(message string) *exchange.Fault {
		c.Note("modelled: the words of this refusal")
		return fail("InvalidEventSelectorsException", message, "These selectors do not fit.")
	}
	if (len(s.EventSelectors) > 0) == (len(s.AdvancedEventSelectors) > 0) {
		return invalid("Specify either event selectors or advanced event selectors.")
	}
	for i := range s.EventSelectors {
		e := &s.EventSelectors[i]
		if e.ReadWriteType == "" {
			e.ReadWriteType = "All"
		}
		if e.IncludeManagementEvents == nil {
			yes := true
			e.IncludeManagementEvents = &yes
		}
		for _, r := range e.DataResources {
			if !slices.Contains(dataTypes, r.Type) {
				return invalid("Value " + r.Type + " for DataResources.Type is invalid.")
			}
			for _, v := range r.Values {
				if r.Type == objectType && v != "arn:aws:s3" && v != "arn:aws:s3:::" && (!strings.HasPrefix(v, "arn:aws:s3:::") || !strings.Contains(v, "/")) {
					return invalid("Value " + v + " for DataResources.Values is invalid.")
				}
			}
		}
		e.DataResources = slices.Concat([]dataResource{}, e.DataResources)
		e.ExcludeManagementEventSources = slices.Concat([]string{}, e.ExcludeManagementEventSources)
	}
	for _, a := range s.AdvancedEventSelectors {
		category := false
		for _, f := range a.FieldSelectors {
			if _, known := fields[f.Field]; !known {
				return invalid("Field " + f.Field + " is invalid.")
			}
			category = category || f.Field == "eventCategory" && len(f.Equals) == 1
		}
		if !category {
			return invalid("An advanced event selector needs the field eventCategory with one value of Equals.")
		}
	}
	kept, err := json.Marshal(s)
	if err != nil {
		return c.Failed(err)
	}
	t.Selectors = kept
	if fault := c.put(t, "trail %s selects other events"); fault != nil {
		return fault
	}
	c.Output(shownSelectors{ARN(t), s})
	return nil
}

type shownSelectors struct {
	TrailARN string
	selectors
}

func getSelectors(c *call) *exchange.Fault {
	t, fault := c.find(c.in.TrailName)
	if fault == nil {
		c.Output(shownSelectors{ARN(t), selectorsOf(t)})
	}
	return fault
}

// fields are what an advanced selector may ask of an event.
var fields = map[string]func(Event) []string{
	"eventCategory": func(e Event) []string { return []string{e.Category} },
	"eventName":     func(e Event) []string { return []string{e.Name} },
	"eventSource":   func(e Event) []string { return []string{e.Source} },
	"readOnly":      func(e Event) []string { return []string{strconv.FormatBool(e.ReadOnly)} },
	"resources.type": func(e Event) []string {
		if e.ARN == "" {
			return nil
		}
		return []string{objectType}
	},
	"resources.ARN":    func(e Event) []string { return []string{e.ARN} },
	"userIdentity.arn": func(e Event) []string { return []string{e.Caller} },
	"eventType":        func(Event) []string { return []string{"AwsApiCall"} },
}

// Selects says whether a trail writes an event down. (CloudTrail user guide, logging data events)
func Selects(t world.Trail, e Event) bool {
	s := selectorsOf(t)
	return slices.ContainsFunc(s.EventSelectors, func(c classic) bool { return c.selects(e) }) ||
		slices.ContainsFunc(s.AdvancedEventSelectors, func(a advanced) bool { return a.selects(e) })
}

func (c classic) selects(e Event) bool {
	if c.ReadWriteType == "ReadOnly" && !e.ReadOnly || c.ReadWriteType == "WriteOnly" && e.ReadOnly {
		return false
	}
	if e.Category == Management {
		return is(c.IncludeManagementEvents) && !slices.Contains(c.ExcludeManagementEventSources, e.Source)
	}
	for _, r := range c.DataResources {
		if r.Type == objectType && slices.ContainsFunc(r.Values, func(v string) bool { return strings.HasPrefix(e.ARN, v) }) {
			return true
		}
	}
	return false
}

func (a advanced) selects(e Event) bool {
	for _, f := range a.FieldSelectors {
		read := fields[f.Field]
		if read == nil || !f.fits(read(e)) {
			return false
		}
	}
	return len(a.FieldSelectors) > 0
}

// fits: a positive list wants one hit among all its operators, a negative one none.
func (f fieldSelector) fits(values []string) bool {
	value := ""
	if len(values) > 0 {
		value = values[0]
	}
	any := func(list []string, match func(string, string) bool) bool {
		return slices.ContainsFunc(list, func(v string) bool { return match(value, v) })
	}
	same := func(a, b string) bool { return a == b }
	if any(f.NotEquals, same) || any(f.NotStartsWith, strings.HasPrefix) || any(f.NotEndsWith, strings.HasSuffix) {
		return false
	}
	if len(f.Equals)+len(f.StartsWith)+len(f.EndsWith) == 0 {
		return true
	}
	return any(f.Equals, same) || any(f.StartsWith, strings.HasPrefix) || any(f.EndsWith, strings.HasSuffix)
}
