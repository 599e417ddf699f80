package trail

import (
	"encoding/json"
	"strconv"
	"time"

	"keyhole/simulator/exchange"
	"keyhole/simulator/world"
)

// History is how long LookupEvents goes back. (CloudTrail user guide, event history)
const History = 90 * 24 * time.Hour

// lookupPage is how many events one answer has at most.
const lookupPage = 50

type attribute struct {
	AttributeKey   string `aws:"required,enum=EventId|EventName|ReadOnly|Username|ResourceType|ResourceName|EventSource|AccessKeyId"`
	AttributeValue string `aws:"required,min=1,max=2000"`
}

type shownResource struct {
	ResourceType string
	ResourceName string
}

type shownEvent struct {
	EventId         string
	EventName       string
	ReadOnly        string
	AccessKeyId     string `json:",omitempty"`
	EventTime       *float64
	EventSource     string
	Username        string `json:",omitempty"`
	Resources       []shownResource
	CloudTrailEvent string
}

// shown is a kept event as LookupEvents answers it.
func shown(v world.Event) shownEvent {
	var r Record
	_ = json.Unmarshal(v.Record, &r) // it was made here
	e := shownEvent{EventId: v.ID, EventName: v.Name, ReadOnly: strconv.FormatBool(r.ReadOnly), AccessKeyId: r.UserIdentity.AccessKeyID,
		EventTime: seconds(v.At.Truncate(time.Second)), EventSource: v.Source, Username: r.UserIdentity.called(), Resources: []shownResource{}, CloudTrailEvent: string(v.Record)}
	for _, about := range r.Resources {
		e.Resources = append(e.Resources, shownResource{about.Type, about.short()})
	}
	return e
}

// has says whether an event has an attribute.
func (e shownEvent) has(a attribute) bool {
	switch a.AttributeKey {
	case "EventId":
		return e.EventId == a.AttributeValue
	case "EventName":
		return e.EventName == a.AttributeValue
	case "ReadOnly":
		return e.ReadOnly == a.AttributeValue
	case "Username":
		return e.Username == a.AttributeValue
	case "EventSource":
		return e.EventSource == a.AttributeValue
	case "AccessKeyId":
		return e.AccessKeyId == a.AttributeValue
	}
	for _, r := range e.Resources {
		if a.AttributeKey == "ResourceType" && r.ResourceType == a.AttributeValue || a.AttributeKey == "ResourceName" && r.ResourceName == a.AttributeValue {
			return true
		}
	}
	return false
}

func lookup(c *call) *exchange.Fault {
	in := c.in
	if len(in.LookupAttributes) > 1 {
		return fail("InvalidLookupAttributesException", "You can provide only one lookup attribute.", "One attribute at a time.")
	}
	from, to := c.World.Now().Add(-History), c.World.Now()
	if in.StartTime != nil {
		if asked := time.Unix(int64(*in.StartTime), 0); asked.After(from) {
			from = asked
		}
	}
	if in.EndTime != nil {
		to = time.Unix(int64(*in.EndTime), 0).Add(time.Second - 1)
	}
	if in.StartTime != nil && in.EndTime != nil && *in.StartTime > *in.EndTime {
		return fail("InvalidTimeRangeException", "End time should be later than start time.", "The end is before the beginning.")
	}
	most := lookupPage
	if in.MaxResults != nil {
		most = *in.MaxResults
	}
	out := struct {
		Events    []shownEvent
		NextToken string `json:",omitempty"`
	}{Events: []shownEvent{}}
	reached := in.NextToken == ""
	for _, v := range c.World.Events(c.Caller.Account) {
		if v.At.Before(from) || v.At.After(to) || in.EventCategory != "" {
			continue
		}
		e := shown(v)
		if len(in.LookupAttributes) == 1 && !e.has(in.LookupAttributes[0]) {
			continue
		}
		if !reached { // the token is the last event of the page before
			reached = v.ID == in.NextToken
			continue
		}
		if len(out.Events) == most {
			out.NextToken = out.Events[most-1].EventId
			break
		}
		out.Events = append(out.Events, e)
	}
	if !reached {
		return fail("InvalidNextTokenException", "Invalid token specified.", "No page ended with this token.")
	}
	c.Output(out)
	return nil
}
