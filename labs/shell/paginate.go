package shell

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"strconv"
	"strings"

	"keyhole/labs/call"
)

// MaxPages is how many pages of a list one command reads.
const MaxPages = 64

// paginator says how an operation lists in pages.
type paginator = call.Pages

// paginators are the operations of S3 that the CLI reads to the end unless told otherwise.
var paginators = func() map[string]paginator {
	m := map[string]paginator{}
	for _, name := range []string{"ListBuckets", "ListMultipartUploads", "ListObjectVersions", "ListObjects", "ListObjectsV2", "ListParts"} {
		m[name], _ = call.Op{Service: "s3", Name: name}.Pages()
	}
	return m
}()

// truncated is the member of a token that says how much of a page was already printed.
const truncated = "boto_truncate_amount"

// paginate reads every page and prints them as one result, or page by page as text.
func (m *machine) paginate(c *call.Client, op call.Op, pg paginator, p params, g globals, std stdio) error {
	pages, keys, err := m.pages(c, op, pg, p)
	if err != nil {
		return err
	}
	if m.outputForm(g) == "text" {
		return m.textPages(pg, pages, g, std)
	}
	all := map[string]any{}
	for _, page := range pages.list {
		for _, name := range pg.Results {
			list, ok := page[name].([]any)
			if !ok {
				continue
			}
			before, _ := all[name].([]any)
			all[name] = append(before, list...)
		}
	}
	for _, name := range pg.Once {
		all[name] = pages.first[name]
	}
	if pages.next != "" {
		all["NextToken"] = pages.next
	}
	top := func(fields map[string]any) []string {
		if len(fields) != len(all) || !maps.EqualFunc(fields, all, func(a, b any) bool { return scalar(a) == scalar(b) }) {
			return keys(fields)
		}
		var names []string
		for _, list := range [][]string{pg.Results, pg.Once, {"NextToken"}} {
			for _, name := range list {
				if _, ok := fields[name]; ok {
					names = append(names, name)
				}
			}
		}
		return names
	}
	return m.display(g, op.Name, all, top, std)
}

// gathered are the pages of a list.
type gathered struct {
	first map[string]any // members of the first page
	list  []map[string]any
	next  string // token to go on with, "" at the end
}

func (m *machine) pages(c *call.Client, op call.Op, pg paginator, p params) (gathered, keyOrder, error) {
	var got gathered
	orders := []call.Output{}
	keys := func(fields map[string]any) []string {
		for _, o := range orders {
			if names := o.Keys(fields); len(names) > 0 && !sameStrings(names, sortedNames(fields)) {
				return names
			}
		}
		return sortedNames(fields)
	}
	values := maps.Clone(p.values)
	if p.sized {
		values[pg.Limit] = p.pageSize
	}
	token, skip, err := readToken(p.startingToken, pg)
	if err != nil {
		return got, nil, err
	}
	total := 0
	for len(got.list) < MaxPages {
		for name, v := range token {
			if v != nil {
				values[name] = v
			}
		}
		out, err := m.do(c, op.Qualified(), values)
		if err != nil {
			return got, nil, err
		}
		orders = append(orders, out)
		page := out.Fields
		if got.first == nil {
			got.first = maps.Clone(page)
		}
		primary, _ := page[pg.Results[0]].([]any)
		started := 0
		if len(got.list) == 0 && skip > 0 {
			started = min(skip, len(primary))
			primary = primary[started:]
			page[pg.Results[0]] = primary
			for _, other := range pg.Results[1:] {
				delete(page, other)
			}
		}
		if p.capped && total+len(primary) > p.maxItems {
			keep := p.maxItems - total
			if kept := keep; kept >= 0 {
				page[pg.Results[0]] = primary[:kept]
			} else { // "undefined behaviour", says the CLI, and leaves out the last ones
				page[pg.Results[0]] = primary[:max(0, len(primary)+kept)]
			}
			got.list = append(got.list, page)
			got.next = writeToken(pg, token, keep+started, true)
			return got, keys, nil
		}
		got.list = append(got.list, page)
		total += len(primary)
		next := nextToken(pg, page)
		if next == nil {
			return got, keys, nil
		}
		if p.capped && total == p.maxItems {
			got.next = writeToken(pg, next, 0, false)
			return got, keys, nil
		}
		token = next
	}
	return got, nil, &LimitError{"the number of pages a command reads", MaxPages}
}

// nextToken is what the next page is asked with, nil after the last.
func nextToken(pg paginator, page map[string]any) map[string]any {
	if pg.More != "" && page[pg.More] != true {
		return nil
	}
	next, some := map[string]any{}, false
	for i, name := range pg.Out {
		v := page[name]
		if name == "NextMarker" && v == nil {
			if list, _ := page["Contents"].([]any); len(list) > 0 {
				last, _ := list[len(list)-1].(map[string]any)
				v = last["Key"]
			}
		}
		if v == "" {
			v = nil
		}
		next[pg.In[i]] = v
		some = some || v != nil
	}
	if !some {
		return nil
	}
	return next
}

// writeToken is what a later command goes on with; within says that skip results of the page were printed.
func writeToken(pg paginator, token map[string]any, skip int, within bool) string {
	text := "{"
	for _, name := range pg.In {
		v, err := json.Marshal(token[name])
		if err != nil {
			v = []byte("null")
		}
		text += fmt.Sprintf("%q: %s, ", name, v)
	}
	if within {
		text += fmt.Sprintf("%q: %d", truncated, skip)
	} else {
		text = text[:len(text)-2]
	}
	return base64.StdEncoding.EncodeToString([]byte(text + "}"))
}

func readToken(text string, pg paginator) (map[string]any, int, error) {
	token := map[string]any{}
	if text == "" {
		return token, 0, nil
	}
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil || json.Unmarshal(raw, &token) != nil {
		return oldToken(text, pg)
	}
	skip, _ := token[truncated].(float64)
	if skip < 0 || skip > 1<<20 {
		skip = 0
	}
	delete(token, truncated)
	return token, int(skip), nil
}

// oldToken reads the form of tokens before they were JSON: the values, and how much was printed, between "___".
func oldToken(text string, pg paginator) (map[string]any, int, error) {
	parts, skip := strings.Split(text, "___"), 0
	if len(parts) == len(pg.In)+1 {
		if n, err := strconv.Atoi(parts[len(parts)-1]); err == nil {
			parts, skip = parts[:len(parts)-1], max(0, min(n, 1<<20))
		} else {
			parts = []string{text}
		}
	}
	if len(parts) > len(pg.In) {
		return nil, 0, fmt.Errorf("Bad starting token: %s", text) //nolint:staticcheck // the CLI's words
	}
	token := map[string]any{}
	for i, part := range parts {
		if part != "None" {
			token[pg.In[i]] = part
		}
	}
	return token, skip, nil
}

// textPages prints page after page, as the CLI does for text.
func (m *machine) textPages(pg paginator, pages gathered, g globals, std stdio) error {
	p := &printer{out: std.out, keys: sortedOrder}
	for i, page := range pages.list {
		current := map[string]any{}
		if i == 0 {
			for _, name := range pg.Once {
				current[name] = pages.first[name]
			}
		}
		for _, name := range pg.Results {
			current[name] = page[name]
		}
		v, err := search(g, current)
		if err != nil {
			return err
		}
		p.text(v, "", nil)
	}
	if pages.next != "" {
		v, err := search(g, map[string]any{"NextToken": map[string]any{"NextToken": pages.next}})
		if err != nil {
			return err
		}
		p.text(v, "", nil)
	}
	return nil
}

func sameStrings(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
