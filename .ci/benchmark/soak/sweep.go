package main

import (
	"context"
	"encoding/xml"
	"strings"
)

// sweep removes versions and markers for good, in one list.
func (c *crowd) sweep(ctx context.Context) {
	_, body := c.answer(ctx, request{method: "GET", target: "/versions?versions&max-keys=100"})
	type entry struct {
		Key       string
		VersionID string `xml:"VersionId"`
	}
	var listed struct {
		Version      []entry
		DeleteMarker []entry
	}
	if xml.Unmarshal(body, &listed) != nil {
		return
	}
	var list strings.Builder
	for _, e := range append(listed.Version, listed.DeleteMarker...) {
		list.WriteString("<Object><Key>" + e.Key + "</Key><VersionId>" + e.VersionID + "</VersionId></Object>")
	}
	if list.Len() == 0 {
		return
	}
	c.count("POST", c.send(ctx, request{method: "POST", target: "/versions?delete", body: "<Delete>" + list.String() + "</Delete>"}))
}
