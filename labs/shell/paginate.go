package shell

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"

	"keyhole/labs/call"
)

// MaxPages is how many pages of a list one command reads.
const MaxPages = 64

// paginator says how an operation lists in pages: which members carry tokens, which the results.
type paginator struct {
	more    string   // member that says whether more follows; "" when the token alone does
	in, out []string // tokens asked with and answered with
	limit   string   // member for the size of a page
	results []string
	once    []string // members of the first page that the CLI prints too
}

// paginators are the operations that the CLI reads to the end unless told otherwise.
var paginators = map[string]paginator{
	"ListBuckets": {in: []string{"ContinuationToken"}, out: []string{"ContinuationToken"}, limit: "MaxBuckets",
		results: []string{"Buckets"}, once: []string{"Owner", "Prefix"}},
	"ListDirectoryBuckets": {in: []string{"ContinuationToken"}, out: []string{"ContinuationToken"}, limit: "MaxDirectoryBuckets",
		results: []string{"Buckets"}},
	"ListObjects": {more: "IsTruncated", in: []string{"Marker"}, out: []string{"NextMarker"}, limit: "MaxKeys",
		results: []string{"Contents", "CommonPrefixes"}, once: []string{"RequestCharged", "Prefix"}},
	"ListObjectsV2": {more: "IsTruncated", in: []string{"ContinuationToken"}, out: []string{"NextContinuationToken"}, limit: "MaxKeys",
		results: []string{"Contents", "CommonPrefixes"}, once: []string{"RequestCharged", "Prefix"}},
	"ListObjectVersions": {more: "IsTruncated", in: []string{"KeyMarker", "VersionIdMarker"}, out: []string{"NextKeyMarker", "NextVersionIdMarker"},
		limit: "MaxKeys", results: []string{"Versions", "DeleteMarkers", "CommonPrefixes"}, once: []string{"RequestCharged", "Prefix"}},
	"ListMultipartUploads": {more: "IsTruncated", in: []string{"KeyMarker", "UploadIdMarker"}, out: []string{"NextKeyMarker", "NextUploadIdMarker"},
		limit: "MaxUploads", results: []string{"Uploads", "CommonPrefixes"}, once: []string{"RequestCharged", "Prefix"}},
	"ListParts": {more: "IsTruncated", in: []string{"PartNumberMarker"}, out: []string{"NextPartNumberMarker"}, limit: "MaxParts",
		results: []string{"Parts"}, once: []string{"ChecksumAlgorithm", "Initiator", "Owner", "StorageClass", "ChecksumType"}},
}

// truncated is the member of a token that says how much of a page was already printed.
const truncated = "boto_truncate_amount"

// paginate reads every page and prints them as one result, or page by page as text.
func (m *machine) paginate(c *call.Client, op call.Op, pg paginator, p params, g globals, std stdio) error {
	if p.pageSize == 0 && p.maxItems == 0 && p.startingToken == "" && tokenGiven(pg, p.values) {
		return m.onePage(c, op, p, g, std) // a page asked for by hand is not continued
	}
	pages, keys, err := m.pages(c, op, pg, p)
	if err != nil {
		return err
	}
	if firstOf(g.output, m.env["AWS_DEFAULT_OUTPUT"]) == "text" {
		return m.textPages(pg, pages, g, std)
	}
	all := map[string]any{}
	for _, page := range pages.list {
		for _, name := range pg.results {
			list, ok := page[name].([]any)
			if !ok {
				continue
			}
			before, _ := all[name].([]any)
			all[name] = append(before, list...)
		}
	}
	for _, name := range pg.once {
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
		for _, list := range [][]string{pg.results, pg.once, {"NextToken"}} {
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

func tokenGiven(pg paginator, values map[string]any) bool {
	for _, name := range append([]string{pg.limit}, pg.in...) {
		if values[name] != nil {
			return true
		}
	}
	return false
}

func (m *machine) onePage(c *call.Client, op call.Op, p params, g globals, std stdio) error {
	out, err := m.do(c, op.Name, p.values)
	if err != nil {
		return err
	}
	return m.display(g, op.Name, out.Fields, out.Keys, std)
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
	if p.pageSize > 0 {
		values[pg.limit] = p.pageSize
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
		out, err := m.do(c, op.Name, values)
		if err != nil {
			return got, nil, err
		}
		orders = append(orders, out)
		page := out.Fields
		if got.first == nil {
			got.first = maps.Clone(page)
		}
		primary, _ := page[pg.results[0]].([]any)
		started := 0
		if len(got.list) == 0 && skip > 0 {
			started = min(skip, len(primary))
			primary = primary[started:]
			page[pg.results[0]] = primary
			for _, other := range pg.results[1:] {
				delete(page, other)
			}
		}
		if p.maxItems > 0 && total+len(primary) > p.maxItems {
			keep := p.maxItems - total
			page[pg.results[0]] = primary[:keep]
			got.list = append(got.list, page)
			got.next = writeToken(pg, token, keep+started)
			return got, keys, nil
		}
		got.list = append(got.list, page)
		total += len(primary)
		next := nextToken(pg, page)
		if next == nil {
			return got, keys, nil
		}
		if p.maxItems > 0 && total == p.maxItems {
			got.next = writeToken(pg, next, 0)
			return got, keys, nil
		}
		token = next
	}
	return got, nil, &LimitError{"the number of pages a command reads", MaxPages}
}

// nextToken is what the next page is asked with, nil after the last.
func nextToken(pg paginator, page map[string]any) map[string]any {
	if pg.more != "" && page[pg.more] != true {
		return nil
	}
	next, some := map[string]any{}, false
	for i, name := range pg.out {
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
		next[pg.in[i]] = v
		some = some || v != nil
	}
	if !some {
		return nil
	}
	return next
}

func writeToken(pg paginator, token map[string]any, skip int) string {
	text := "{"
	for _, name := range pg.in {
		v, err := json.Marshal(token[name])
		if err != nil {
			v = []byte("null")
		}
		text += fmt.Sprintf("%q: %s, ", name, v)
	}
	if skip > 0 {
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
		return nil, 0, fmt.Errorf("Bad starting token: %s", text) //nolint:staticcheck // the CLI's words
	}
	skip, _ := token[truncated].(float64)
	if skip < 0 || skip > 1<<20 {
		skip = 0
	}
	delete(token, truncated)
	return token, int(skip), nil
}

// textPages prints page after page, as the CLI does for text.
func (m *machine) textPages(pg paginator, pages gathered, g globals, std stdio) error {
	p := &printer{out: std.out, keys: sortedOrder}
	for i, page := range pages.list {
		current := map[string]any{}
		if i == 0 {
			for _, name := range pg.once {
				current[name] = pages.first[name]
			}
		}
		for _, name := range pg.results {
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
