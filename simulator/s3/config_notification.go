package s3

import (
	"fmt"
	"regexp"
	"strings"

	"keyhole/simulator/exchange"
)

// notificationSetting is kept and given back; nothing is sent, because a sandbox has no queues, topics or functions.
var notificationSetting = setting{name: "notification", root: "NotificationConfiguration", what: "notification configuration"}

type notificationDocument struct {
	XMLName   struct{}           `xml:"NotificationConfiguration"`
	Topics    []notificationRule `xml:"TopicConfiguration"`
	Queues    []notificationRule `xml:"QueueConfiguration"`
	Functions []notificationRule `xml:"CloudFunctionConfiguration"`
	Bridge    *struct{}          `xml:"EventBridgeConfiguration"`
}

type notificationRule struct {
	ID       string              `xml:"Id"`
	Topic    string              `xml:"Topic,omitempty"`
	Queue    string              `xml:"Queue,omitempty"`
	Function string              `xml:"CloudFunction,omitempty"`
	Events   []string            `xml:"Event"`
	Filter   *notificationFilter `xml:"Filter"`
}

type notificationFilter struct {
	Key *notificationKey `xml:"S3Key"`
}

type notificationKey struct {
	Rules []notificationPart `xml:"FilterRule"`
}

type notificationPart struct {
	Name  *string `xml:"Name"`
	Value *string `xml:"Value"`
}

// destination is one kind of receiver: its element, the service in its ARN, and what S3 says when it is not there.
type destination struct {
	element, service string
	absent           func(arn string) (name, value string)
}

var (
	queues    = destination{"Queue", "sqs", func(arn string) (string, string) { return arn, "The destination queue does not exist" }}
	topics    = destination{"Topic", "sns", func(arn string) (string, string) { return arn, "The destination topic does not exist" }}
	functions = destination{"CloudFunction", "lambda", func(arn string) (string, string) {
		return arn + ", null", "Not authorized to invoke function [" + arn + "]"
	}}
)

func (n notificationRule) target() string { return n.Queue + n.Topic + n.Function }

func getNotification(x *exchange.Exchange) *exchange.Fault { return notificationSetting.get(x) }

func putNotification(x *exchange.Exchange) *exchange.Fault {
	var doc notificationDocument
	if fault := verified(x, &doc); fault != nil {
		return fault
	}
	var absent [][2]string
	for _, list := range []struct {
		rules []notificationRule
		to    destination
	}{{doc.Topics, topics}, {doc.Queues, queues}, {doc.Functions, functions}} {
		for i := range list.rules {
			if fault := list.rules[i].judge(list.to); fault != nil {
				return fault
			}
		}
		for i := range list.rules {
			r := &list.rules[i]
			if r.ID == "" {
				r.ID = x.World.NewID("config-")
			}
			name, value := list.to.absent(r.target())
			absent = append(absent, [2]string{name, value})
		}
	}
	if len(absent) > 0 && !strings.EqualFold(x.Header.Get("X-Amz-Skip-Destination-Validation"), "true") {
		fault := exchange.Err(400, "InvalidArgument", "Unable to validate the following destination configurations").
			Told("A sandbox has no queues, topics or functions.")
		for i, a := range absent {
			fault = fault.With(fmt.Sprintf("ArgumentName%d", i+1), a[0]).With(fmt.Sprintf("ArgumentValue%d", i+1), a[1])
		}
		return fault
	}
	x.Note("the configuration is kept; this simulator sends no notifications")
	return notificationSetting.keep(x, doc)
}

var eventName = regexp.MustCompile(`^s3:[A-Za-z]+(:([A-Za-z]+|\*))?$`)

func (n *notificationRule) judge(to destination) *exchange.Fault {
	parts := strings.Split(n.target(), ":")
	if len(parts) < 6 || parts[0] != "arn" || parts[2] != to.service {
		return exchange.Invalid("The ARN could not be parsed", to.element, n.target()).Told("That is not the ARN of a receiver.")
	}
	if len(n.Events) == 0 {
		return exchange.MalformedXML()
	}
	for _, e := range n.Events {
		if !eventName.MatchString(e) {
			return exchange.MalformedXML()
		}
	}
	if n.Filter == nil || n.Filter.Key == nil {
		return nil
	}
	for i, r := range n.Filter.Key.Rules {
		if r.Name == nil || r.Value == nil {
			return exchange.MalformedXML()
		}
		name := strings.ToLower(*r.Name)
		if name != "prefix" && name != "suffix" {
			return exchange.Invalid("filter rule name must be either prefix or suffix", "FilterRule.Name", *r.Name).Told("A filter is a prefix or a suffix.")
		}
		name = strings.ToUpper(name[:1]) + name[1:]
		n.Filter.Key.Rules[i].Name = &name
	}
	return nil
}
