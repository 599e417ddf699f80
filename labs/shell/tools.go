package shell

import (
	"bytes"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// errFormat is a file that is not what a decoder reads.
var errFormat = errors.New("invalid input")

// maxRandom is how many bytes openssl rand makes at once.
const maxRandom = MaxFile

func digest(name string, data []byte) []byte {
	switch name {
	case "md5":
		sum := md5.Sum(data)
		return sum[:]
	case "sha1":
		sum := sha1.Sum(data)
		return sum[:]
	case "sha256":
		sum := sha256.Sum256(data)
		return sum[:]
	}
	return nil
}

// sumTool is md5sum and its sisters.
func sumTool(kind string) func(*machine, []string, stdio) int {
	return func(m *machine, args []string, std stdio) int {
		return m.eachInput(kind+"sum", args, std, func(name string, data []byte) {
			std.out.print("%x  %s\n", digest(kind, data), name)
		})
	}
}

func md5Tool(m *machine, args []string, std stdio) int {
	return dgst(m, append([]string{"-md5"}, args...), std)
}

func base64Tool(m *machine, args []string, std stdio) int {
	decode, wrap, name := false, 76, "-"
	for i := 0; i < len(args); i++ {
		switch a := args[i]; {
		case a == "-d" || a == "-D" || a == "--decode":
			decode = true
		case a == "-w" && i+1 < len(args):
			i++
			wrap, _ = strconv.Atoi(args[i])
		case strings.HasPrefix(a, "-w"):
			wrap, _ = strconv.Atoi(a[2:])
		case strings.HasPrefix(a, "--wrap="):
			wrap, _ = strconv.Atoi(a[7:])
		default:
			name = a
		}
	}
	data, err := m.input(name, std)
	if err != nil {
		return complain(std, "base64", name, err)
	}
	if decode {
		out, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(string(data)), ""))
		_, _ = std.out.Write(out)
		if err != nil {
			std.err.text("base64: invalid input\n")
			return 1
		}
		return 0
	}
	text := base64.StdEncoding.EncodeToString(data)
	if wrap <= 0 {
		std.out.text(text)
		return 0
	}
	writeWrapped(std.out, text, wrap)
	return 0
}

func writeWrapped(o *output, text string, width int) {
	for len(text) > width {
		o.text(text[:width] + "\n")
		text = text[width:]
	}
	if text != "" {
		o.text(text + "\n")
	}
}

func openssl(m *machine, args []string, std stdio) int {
	sub := ""
	if len(args) > 0 {
		sub = args[0]
	}
	switch sub {
	case "rand":
		return opensslRand(m, args[1:], std)
	case "dgst":
		return dgst(m, args[1:], std)
	case "md5", "sha1", "sha256":
		return dgst(m, append([]string{"-" + sub}, args[1:]...), std)
	case "base64", "enc":
		rest := args[1:]
		if sub == "enc" {
			if len(rest) == 0 || rest[0] != "-base64" && rest[0] != "-a" {
				std.err.text("openssl: enc knows only -base64 here\n")
				return 1
			}
			rest = rest[1:]
		}
		return opensslBase64(m, rest, std)
	}
	std.err.print("openssl: %q is not supported here: rand, dgst, md5, sha1, sha256 and base64 are\n", sub)
	return 1
}

func opensslRand(m *machine, args []string, std stdio) int {
	form, n, out := "", -1, ""
	for i := 0; i < len(args); i++ {
		switch a := args[i]; {
		case a == "-hex" || a == "-base64":
			form = a
		case a == "-out" && i+1 < len(args):
			i++
			out = args[i]
		default:
			var err error
			if n, err = strconv.Atoi(a); err != nil || n < 1 || n > maxRandom {
				std.err.print("openssl: rand: a number from 1 to %d is needed\n", maxRandom)
				return 1
			}
		}
	}
	if n < 0 {
		std.err.text("openssl: rand: how many bytes?\n")
		return 1
	}
	if m.Rand == nil {
		std.err.text("openssl: there is no source of random bytes here\n")
		return 1
	}
	data := m.Rand(n)
	switch form {
	case "-hex":
		data = []byte(hex.EncodeToString(data) + "\n")
	case "-base64":
		o := &output{left: m.left}
		writeWrapped(o, base64.StdEncoding.EncodeToString(data), 64)
		data = o.data
	}
	return m.deliver("openssl", out, data, std)
}

// deliver writes a result to a file, or to standard output without one.
func (m *machine) deliver(tool, file string, data []byte, std stdio) int {
	if file == "" {
		_, _ = std.out.Write(data)
		return 0
	}
	if err := m.writeFile(file, data); err != nil {
		return complain(std, tool, file, err)
	}
	return 0
}

func dgst(m *machine, args []string, std stdio) int {
	kind, form, out, files := "sha256", "", "", []string{}
	for i := 0; i < len(args); i++ {
		switch a := args[i]; {
		case a == "-binary" || a == "-hex":
			form = a
		case a == "-r":
			form = a
		case a == "-out" && i+1 < len(args):
			i++
			out = args[i]
		case strings.HasPrefix(a, "-") && a != "-":
			kind = a[1:]
			if digest(kind, nil) == nil {
				std.err.print("openssl: dgst: %s is not supported here: -md5, -sha1 and -sha256 are\n", a)
				return 1
			}
		default:
			files = append(files, a)
		}
	}
	if len(files) == 0 {
		files = []string{"-"}
	}
	var b bytes.Buffer
	for _, name := range files {
		data, err := m.input(name, std)
		if err != nil {
			return complain(std, "openssl", name, err)
		}
		sum := digest(kind, data)
		title := strings.ToUpper(kind)
		if kind == "sha256" {
			title = "SHA2-256"
		}
		shown := name
		if name == "-" {
			shown = "stdin"
		}
		switch form {
		case "-binary":
			b.Write(sum)
		case "-r":
			fmt.Fprintf(&b, "%x *%s\n", sum, shown)
		default:
			fmt.Fprintf(&b, "%s(%s)= %x\n", title, shown, sum)
		}
	}
	return m.deliver("openssl", out, b.Bytes(), std)
}

func opensslBase64(m *machine, args []string, std stdio) int {
	decode, oneLine, in, out := false, false, "-", ""
	for i := 0; i < len(args); i++ {
		switch a := args[i]; {
		case a == "-d":
			decode = true
		case a == "-A":
			oneLine = true
		case a == "-e":
		case a == "-in" && i+1 < len(args):
			i++
			in = args[i]
		case a == "-out" && i+1 < len(args):
			i++
			out = args[i]
		default:
			std.err.print("openssl: base64: %s is not supported here\n", a)
			return 1
		}
	}
	data, err := m.input(in, std)
	if err != nil {
		return complain(std, "openssl", in, err)
	}
	if decode {
		if data, err = base64.StdEncoding.DecodeString(strings.Join(strings.Fields(string(data)), "")); err != nil {
			return complain(std, "openssl", in, errFormat)
		}
		return m.deliver("openssl", out, data, std)
	}
	text := base64.StdEncoding.EncodeToString(data)
	if oneLine {
		return m.deliver("openssl", out, []byte(text), std)
	}
	o := &output{left: m.left}
	writeWrapped(o, text, 64)
	return m.deliver("openssl", out, o.data, std)
}

func xxd(m *machine, args []string, std stdio) int {
	plain, reverse, width, name := false, false, 16, "-"
	for i := 0; i < len(args); i++ {
		switch a := args[i]; {
		case a == "-p" || a == "-ps":
			plain, width = true, 30
		case a == "-r":
			reverse = true
		case a == "-c" && i+1 < len(args):
			i++
			width, _ = strconv.Atoi(args[i])
		default:
			name = a
		}
	}
	data, err := m.input(name, std)
	if err != nil {
		return complain(std, "xxd", name, err)
	}
	if reverse {
		out, err := hex.DecodeString(strings.Join(strings.Fields(string(data)), ""))
		if err != nil || !plain {
			std.err.text("xxd: -r reads only what -p writes here\n")
			return 1
		}
		_, _ = std.out.Write(out)
		return 0
	}
	if plain {
		writeWrapped(std.out, hex.EncodeToString(data), max(2*width, 2))
		return 0
	}
	width = max(1, min(width, 64))
	for at := 0; at < len(data) && !std.out.over(); at += width {
		chunk := data[at:min(at+width, len(data))]
		var groups, text strings.Builder
		for i, c := range chunk {
			fmt.Fprintf(&groups, "%02x", c)
			if i%2 == 1 {
				groups.WriteByte(' ')
			}
			if c < 32 || c > 126 {
				c = '.'
			}
			text.WriteByte(c)
		}
		std.out.print("%08x: %-*s %s\n", at, width*2+(width+1)/2, groups.String(), text.String())
	}
	return 0
}
