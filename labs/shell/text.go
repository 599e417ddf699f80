package shell

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
)

// ends is head and tail.
func ends(m *machine, args []string, std stdio, tool string) int {
	n, bytesNotLines, names := 10, false, []string{}
	for i := 0; i < len(args); i++ {
		a := args[i]
		value := ""
		switch {
		case (a == "-n" || a == "-c") && i+1 < len(args):
			i++
			value, bytesNotLines = args[i], a == "-c"
		case strings.HasPrefix(a, "-n") || strings.HasPrefix(a, "-c"):
			value, bytesNotLines = a[2:], a[1] == 'c'
		case strings.HasPrefix(a, "-") && len(a) > 1:
			value = a[1:]
		default:
			names = append(names, a)
			continue
		}
		v, err := strconv.Atoi(value)
		if err != nil || v < 0 {
			std.err.print("%s: invalid number: '%s'\n", tool, value)
			return 1
		}
		n = v
	}
	if len(names) == 0 {
		names = []string{"-"}
	}
	code := 0
	for _, name := range names {
		data, err := m.input(name, std)
		if err != nil {
			std.err.print("%s: cannot open '%s' for reading: %v\n", tool, name, err)
			code = 1
			continue
		}
		_, _ = std.out.Write(cut(data, n, bytesNotLines, tool == "tail"))
	}
	return code
}

// cut takes the first or last n lines or bytes.
func cut(data []byte, n int, bytesNotLines, last bool) []byte {
	if bytesNotLines {
		if n >= len(data) {
			return data
		}
		if last {
			return data[len(data)-n:]
		}
		return data[:n]
	}
	lines := bytes.SplitAfter(data, []byte("\n"))
	if len(lines) > 0 && len(lines[len(lines)-1]) == 0 {
		lines = lines[:len(lines)-1]
	}
	if n < len(lines) {
		if last {
			lines = lines[len(lines)-n:]
		} else {
			lines = lines[:n]
		}
	}
	return bytes.Join(lines, nil)
}

func wc(m *machine, args []string, std stdio) int {
	var show string
	names := []string{}
	for _, a := range args {
		if strings.HasPrefix(a, "-") && len(a) > 1 {
			show += a[1:]
		} else {
			names = append(names, a)
		}
	}
	if show == "" {
		show = "lwc"
	}
	return m.eachInput("wc", names, std, func(name string, data []byte) {
		var parts []string
		for _, kind := range "lwc" {
			if !strings.ContainsRune(show, kind) {
				continue
			}
			count := map[rune]int{'l': bytes.Count(data, []byte("\n")), 'w': len(bytes.Fields(data)), 'c': len(data)}[kind]
			parts = append(parts, strconv.Itoa(count))
		}
		if name != "-" {
			parts = append(parts, name)
		}
		std.out.text(strings.Join(parts, " ") + "\n")
	})
}

// printf prints with %s %d %x %c %% and the usual escapes; the format is used again while words are left.
func printf(_ *machine, args []string, std stdio) int {
	if len(args) == 0 {
		std.err.text("printf: a format is needed\n")
		return 2
	}
	format, words := ansi(args[0]), args[1:]
	for first := true; first || len(words) > 0 && !std.out.over(); first = false {
		before := len(words)
		var b strings.Builder
		for i := 0; i < len(format); i++ {
			if format[i] != '%' || i+1 == len(format) {
				b.WriteByte(format[i])
				continue
			}
			end := i + 1
			for end < len(format)-1 && strings.IndexByte("-0123456789.", format[end]) >= 0 {
				end++
			}
			spec, verb := format[i+1:end], format[end]
			i = end
			if verb == '%' {
				b.WriteByte('%')
				continue
			}
			word := ""
			if len(words) > 0 {
				word, words = words[0], words[1:]
			}
			if len(spec) > 3 {
				std.err.text("printf: a width has at most 3 characters here\n")
				return 1
			}
			if err := directive(&b, spec, verb, word); err != nil {
				std.err.print("printf: %v\n", err)
				return 1
			}
		}
		std.out.text(b.String())
		if len(words) == before {
			return 0
		}
	}
	return 0
}

func directive(b *strings.Builder, spec string, verb byte, word string) error {
	switch verb {
	case 's':
		fmt.Fprintf(b, "%"+spec+"s", word)
	case 'b':
		b.WriteString(ansi(word))
	case 'c':
		b.WriteString(cutString(word, 1))
	case 'd', 'i', 'x', 'X', 'o':
		n, err := strconv.ParseInt(word, 0, 64)
		if err != nil && word != "" {
			return fmt.Errorf("%s: invalid number", word)
		}
		if verb == 'i' {
			verb = 'd'
		}
		fmt.Fprintf(b, "%"+spec+string(verb), n)
	default:
		return fmt.Errorf("%%%c: invalid directive", verb)
	}
	return nil
}

func cutString(s string, n int) string { return s[:min(n, len(s))] }
