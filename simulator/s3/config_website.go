package s3

import (
	"strings"

	"keyhole/simulator/exchange"
)

// websiteSetting is kept and given back; the website endpoint itself is not imitated.
var websiteSetting = setting{name: "website", root: "WebsiteConfiguration", what: "website configuration",
	none: missing("NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration", "The bucket is no website.")}

type websiteDocument struct {
	XMLName  struct{}         `xml:"WebsiteConfiguration"`
	Redirect *websiteRedirect `xml:"RedirectAllRequestsTo"`
	Index    *websiteIndex    `xml:"IndexDocument"`
	Error    *websiteError    `xml:"ErrorDocument"`
	Rules    *websiteRules    `xml:"RoutingRules"`
}

type websiteIndex struct {
	Suffix string `xml:"Suffix"`
}

type websiteError struct {
	Key string `xml:"Key"`
}

type websiteRedirect struct {
	HostName string `xml:"HostName"`
	Protocol string `xml:"Protocol,omitempty"`
}

type websiteRules struct {
	Rules []websiteRule `xml:"RoutingRule"`
}

type websiteRule struct {
	Condition *websiteCondition `xml:"Condition"`
	Redirect  websiteTo         `xml:"Redirect"`
}

type websiteCondition struct {
	Prefix string `xml:"KeyPrefixEquals,omitempty"`
	Code   string `xml:"HttpErrorCodeReturnedEquals,omitempty"`
}

type websiteTo struct {
	Protocol string  `xml:"Protocol,omitempty"`
	HostName string  `xml:"HostName,omitempty"`
	Prefix   *string `xml:"ReplaceKeyPrefixWith"`
	Key      *string `xml:"ReplaceKeyWith"`
	Code     string  `xml:"HttpRedirectCode,omitempty"`
}

func getWebsite(x *exchange.Exchange) *exchange.Fault    { return websiteSetting.get(x) }
func deleteWebsite(x *exchange.Exchange) *exchange.Fault { return websiteSetting.remove(x) }

func putWebsite(x *exchange.Exchange) *exchange.Fault {
	var doc websiteDocument
	if fault := verified(x, &doc); fault != nil {
		return fault
	}
	if fault := doc.judge(); fault != nil {
		return fault
	}
	x.Note("the configuration is kept; this simulator has no website endpoint")
	return websiteSetting.keep(x, doc)
}

// judge says what is wrong with a website, in the words that were recorded.
func (d websiteDocument) judge() *exchange.Fault {
	switch {
	case d.Redirect != nil && (d.Index != nil || d.Error != nil || d.Rules != nil):
		return exchange.Invalid("RedirectAllRequestsTo cannot be provided in conjunction with other Routing Rules.", "RedirectAllRequestsTo", "not null").
			Told("A website redirects everything, or has pages.")
	case d.Redirect != nil:
		if d.Redirect.HostName == "" {
			return exchange.MalformedXML()
		}
		return webProtocol(d.Redirect.Protocol)
	case d.Index == nil:
		return exchange.Invalid("A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is empty", "IndexDocument", "null").
			Told("A website needs an index document.")
	case d.Index.Suffix == "" || strings.Contains(d.Index.Suffix, "/"):
		return exchange.Invalid("The IndexDocument Suffix is not well formed", "IndexDocument", d.Index.Suffix).Told("The index document is a plain name.")
	case d.Error != nil && d.Error.Key == "", d.Rules != nil && len(d.Rules.Rules) == 0:
		return exchange.MalformedXML()
	case d.Rules == nil:
		return nil
	}
	for _, r := range d.Rules.Rules {
		if fault := r.judge(); fault != nil {
			return fault
		}
	}
	return nil
}

func (r websiteRule) judge() *exchange.Fault {
	if fault := webProtocol(r.Redirect.Protocol); fault != nil {
		return fault
	}
	switch {
	case r.Redirect.Key != nil && r.Redirect.Prefix != nil:
		return exchange.BadRequest("You can only define ReplaceKeyPrefix or ReplaceKey but not both.").Told("Replace the prefix or the key, not both.")
	case r.Condition != nil && *r.Condition == websiteCondition{}:
		return exchange.BadRequest("Condition cannot be empty. To redirect all requests without a condition, the condition element shouldn't be present.").
			Told("The condition is empty.")
	}
	return nil
}

func webProtocol(p string) *exchange.Fault {
	if p == "" || p == "http" || p == "https" {
		return nil
	}
	return exchange.BadRequest("Invalid protocol, protocol can be http or https. If not defined the protocol will be selected automatically.").
		Told("The protocol is http or https.")
}
