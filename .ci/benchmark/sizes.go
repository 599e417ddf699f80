package main

import (
	"debug/elf"
	"fmt"
	"os"
	"sort"
	"strings"
)

// sizes prints the stripped size and what each large module adds: the bytes of the symbols that carry its name, and its
// share of the tables the runtime keeps for every function, taken as proportional to code.
func sizes(binary, symbols string) error {
	info, err := os.Stat(binary)
	if err != nil {
		return err
	}
	fmt.Printf("binary, stripped: %.1f MiB (limit 45)\n", float64(info.Size())/(1<<20))
	f, err := elf.Open(symbols)
	if err != nil {
		fmt.Println("the cost of dependencies is read from an ELF binary; this one is none:", err)
		return nil //nolint:nilerr // a Mac or Windows machine has the other figures
	}
	defer f.Close()
	all, err := f.Symbols()
	if err != nil {
		return fmt.Errorf("symbols of %s: %w", symbols, err)
	}
	code, data := map[string]float64{}, map[string]float64{}
	var text float64
	for _, one := range all {
		if int(one.Section) >= len(f.Sections) || f.Sections[one.Section].Type == elf.SHT_NOBITS {
			continue // memory that is zero at start is not in the file
		}
		module := moduleOf(one.Name)
		if f.Sections[one.Section].Flags&elf.SHF_EXECINSTR != 0 {
			code[module] += float64(one.Size)
			text += float64(one.Size)
		} else {
			data[module] += float64(one.Size)
		}
	}
	tables := 0.0
	if s := f.Section(".gopclntab"); s != nil {
		tables = float64(s.Size)
	}
	type row struct {
		name              string
		code, data, table float64
	}
	var rows []row
	for name, c := range code {
		rows = append(rows, row{name, c, data[name], tables * c / text})
	}
	sort.Slice(rows, func(i, j int) bool {
		return rows[i].code+rows[i].data+rows[i].table > rows[j].code+rows[j].data+rows[j].table
	})
	fmt.Println("cost of the large dependencies, MiB: all = code + data + share of the function tables")
	for _, r := range rows[:min(14, len(rows))] {
		fmt.Printf("  %6.2f = %5.2f + %5.2f + %5.2f  %s\n", (r.code+r.data+r.table)/(1<<20), r.code/(1<<20), r.data/(1<<20), r.table/(1<<20), r.name)
	}
	return nil
}

// moduleOf is the module a symbol belongs to, as far as its name says.
func moduleOf(symbol string) string {
	for _, prefix := range []string{"type:.eq.", "type:.hash.", "type:", "go:itab."} {
		symbol = strings.TrimPrefix(symbol, prefix)
	}
	symbol = strings.TrimLeft(symbol, "*[]()")
	parts := strings.SplitN(symbol, "/", 4)
	switch {
	case strings.HasPrefix(symbol, "keyhole/") || strings.HasPrefix(symbol, "main."):
		return "keyhole itself"
	case len(parts) >= 3 && strings.Contains(parts[0], "."):
		return strings.Join([]string{parts[0], parts[1], strings.SplitN(parts[2], ".", 2)[0]}, "/")
	case len(parts) == 2 && strings.Contains(parts[0], "."):
		return parts[0] + "/" + strings.SplitN(parts[1], ".", 2)[0]
	}
	return "Go runtime, standard library and data without a name"
}
