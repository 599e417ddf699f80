package shell

import (
	"strings"

	"keyhole/labs/call"
)

// maxSkeleton is how deep a skeleton goes; no operation's parameters are nested deeper.
const maxSkeleton = 12

// skeleton prints the JSON that --cli-input-json reads, with empty values; or, for "output", what an answer looks like,
// once the command line was found right.
func (m *machine) skeleton(g globals, op call.Op, p params, std stdio) error {
	s := &sketch{order: map[string][]string{}, named: p.skeleton == "output"}
	if !s.named {
		all := s.members(op.Members, 0)
		(&printer{out: std.out, keys: s.keys}).json(all, "")
		std.out.text("\n")
		return nil
	}
	all, _ := s.value(op.Result(), 0).(map[string]any)
	if err := op.CheckResult(all); err != nil { // the CLI looks at its made-up answer first
		return err
	}
	if err := call.Check(op.Qualified(), p.values); err != nil {
		return err
	}
	return m.display(g, op.Name, all, s.keys, std)
}

// sketch makes values that stand for those of a caller, or of a service when they are named by their members.
type sketch struct {
	order map[string][]string // keys of a structure in the CLI's order, by the keys sorted
	named bool
}

func (s *sketch) value(mem call.Member, depth int) any {
	if depth > maxSkeleton {
		return nil
	}
	switch mem.Kind {
	case call.Integer:
		return float64(0)
	case call.Double:
		return float64(0)
	case call.Boolean:
		return true
	case call.Time:
		return "1970-01-01T00:00:00"
	case call.Blob, call.Body:
		return nil
	case call.List:
		item := mem.Item()
		if s.named && item.Kind == call.Text {
			return []any{mem.ItemType()}
		}
		item.Name = ""
		return []any{s.value(item, depth+1)}
	case call.Map:
		item := mem.Item()
		item.Name = ""
		return map[string]any{"KeyName": s.value(item, depth+1)}
	case call.Struct:
		return s.members(mem.Fields(), depth+1)
	}
	switch {
	case s.named:
		return mem.Name
	case len(mem.Enum) > 0:
		return mem.Enum[0]
	}
	return ""
}

func (s *sketch) members(members []call.Member, depth int) map[string]any {
	all, names := map[string]any{}, []string{}
	for _, mem := range members {
		all[mem.Name] = s.value(mem, depth)
		names = append(names, mem.Name)
	}
	s.order[strings.Join(sortedNames(all), " ")] = names
	return all
}

func (s *sketch) keys(m map[string]any) []string {
	names := sortedNames(m)
	if order, ok := s.order[strings.Join(names, " ")]; ok {
		return order
	}
	return names
}
