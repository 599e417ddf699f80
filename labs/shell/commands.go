package shell

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"sort"
	"strconv"
	"strings"
	"time"
)

// command is one tool of the console.
type command struct {
	use string // one line for help
	run func(m *machine, args []string, std stdio) int
}

// commands are the tools, by name. Filled in init, because help lists them.
var commands map[string]command

func init() {
	commands = map[string]command{
		"aws":       {"aws s3|s3api|kms|iam|sts|s3control|cloudtrail|configure …: the AWS CLI; try aws help", runAWS},
		"base64":    {"base64 [-d] [FILE]: encode or decode", base64Tool},
		"cat":       {"cat [FILE…]: print files", cat},
		"cd":        {"cd [FOLDER]: go to a folder", cd},
		"clear":     {"clear: empty the screen", func(*machine, []string, stdio) int { return 0 }},
		"cp":        {"cp FROM… TO: copy files", func(m *machine, a []string, s stdio) int { return copyFiles(m, a, s, false) }},
		"date":      {"date [-u] [+FORMAT]: the sandbox's time", date},
		"echo":      {"echo [-n] TEXT…: print words", echo},
		"env":       {"env: list variables", env},
		"exit":      {"exit [CODE]: end the line", exitLine},
		"false":     {"false: fail", func(*machine, []string, stdio) int { return 1 }},
		"head":      {"head [-n N | -c N] [FILE]: the first lines or bytes", func(m *machine, a []string, s stdio) int { return ends(m, a, s, "head") }},
		"help":      {"help [COMMAND | versions]: this list; where version 2 of the CLI differs", help},
		"ls":        {"ls [-l] [FOLDER]: list files", ls},
		"md5":       {"md5 [FILE…]: MD5 as OpenSSL prints it", md5Tool},
		"md5sum":    {"md5sum [FILE…]: MD5", sumTool("md5")},
		"mkdir":     {"mkdir [-p] FOLDER…: make folders", mkdir},
		"mv":        {"mv FROM… TO: move files", func(m *machine, a []string, s stdio) int { return copyFiles(m, a, s, true) }},
		"openssl":   {"openssl rand|dgst|md5|base64 …: random bytes and digests", openssl},
		"printf":    {"printf FORMAT [WORD…]: print with a format", printf},
		"pwd":       {"pwd: the current folder", func(m *machine, _ []string, s stdio) int { s.out.text(m.pwd() + "\n"); return 0 }},
		"rm":        {"rm [-f] [-r] FILE…: remove files", rm},
		"sha1sum":   {"sha1sum [FILE…]: SHA-1", sumTool("sha1")},
		"sha256sum": {"sha256sum [FILE…]: SHA-256", sumTool("sha256")},
		"tail":      {"tail [-n N | -c N] [FILE]: the last lines or bytes", func(m *machine, a []string, s stdio) int { return ends(m, a, s, "tail") }},
		"touch":     {"touch FILE…: make empty files", touch},
		"true":      {"true: succeed", func(*machine, []string, stdio) int { return 0 }},
		"unset":     {"unset NAME…: forget variables", unset},
		"wc":        {"wc [-l] [-w] [-c] [FILE…]: count lines, words, bytes", wc},
		"xxd":       {"xxd [-p] [-r] [FILE]: bytes in hex", xxd},
	}
}

// Commands lists the names of what can be typed, verbs of the workspace included.
func (s *Session) Commands() []string {
	names := commandNames()
	for name := range s.Verbs {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

func commandNames() []string { return append(sortedNames(commands), "export") }

// run finds a command by name and runs it.
func (m *machine) run(args []string, std stdio) int {
	name := args[0]
	if verb, ok := m.Verbs[name]; ok {
		before := m.Env
		m.Env = m.env
		stdout, stderr, code := verb(m.ctx, m.Session, args[1:], std.in)
		m.Env = before
		std.out.text(stdout)
		std.err.text(stderr)
		return code
	}
	if c, ok := commands[name]; ok {
		return c.run(m, args[1:], std)
	}
	std.err.print("%s: command not found", name)
	if near := nearest(name, m.Commands()); near != "" {
		std.err.print("; did you mean %s?", near)
	}
	std.err.text("\n(help lists what this console knows)\n")
	return 127
}

// nearest is the name that differs least from a mistyped one, "" when none is near.
func nearest(name string, names []string) string {
	if len(name) > 64 {
		return ""
	}
	best, at := "", max(2, len(name)/3)+1
	for _, candidate := range names {
		if d := distance(name, candidate); d < at {
			best, at = candidate, d
		}
	}
	return best
}

// distance counts insertions, deletions and replacements of bytes.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := diagonal
			if a[i-1] != b[j-1] {
				cost++
			}
			diagonal = row[j]
			row[j] = min(cost, row[j]+1, row[j-1]+1)
		}
	}
	return row[len(b)]
}

// complain prints "NAME: FILE: what went wrong" and returns 1.
func complain(std stdio, name, file string, err error) int {
	std.err.print("%s: %s: %v\n", name, file, err)
	return 1
}

func help(m *machine, args []string, std stdio) int {
	if len(args) > 0 && args[0] == "versions" {
		std.out.text(versionsText)
		return 0
	}
	if len(args) > 0 {
		c, ok := commands[args[0]]
		if !ok {
			std.err.print("help: no such command: %s\n", args[0])
			return 1
		}
		std.out.text(c.use + "\n")
		return 0
	}
	std.out.text("This console understands quoting, variables, $( ), pipes, &&, ||, ;, > >> <, here-documents, for and if.\n\n")
	for _, name := range sortedNames(commands) {
		std.out.text("  " + commands[name].use + "\n")
	}
	if len(m.Verbs) > 0 {
		std.out.text("\nOf this workspace: " + strings.Join(sortedNames(m.Verbs), ", ") + "\n")
	}
	return 0
}

func echo(_ *machine, args []string, std stdio) int {
	newline, escapes := "\n", false
	for len(args) > 0 && (args[0] == "-n" || args[0] == "-e" || args[0] == "-en" || args[0] == "-ne") {
		if strings.Contains(args[0], "n") {
			newline = ""
		}
		escapes = escapes || strings.Contains(args[0], "e")
		args = args[1:]
	}
	text := strings.Join(args, " ")
	if escapes {
		text = ansi(text)
	}
	std.out.text(text + newline)
	return 0
}

// eachInput hands the tool the bytes of every named file, or of standard input when none is named. What cannot be
// read is complained of in the tool's name, the rest still goes on, and the exit code is 1.
func (m *machine) eachInput(tool string, names []string, std stdio, use func(name string, data []byte)) int {
	if len(names) == 0 {
		names = []string{"-"}
	}
	code := 0
	for _, name := range names {
		data, err := m.input(name, std)
		if err != nil {
			code = complain(std, tool, name, err)
			continue
		}
		use(name, data)
	}
	return code
}

func cat(m *machine, args []string, std stdio) int {
	return m.eachInput("cat", args, std, func(_ string, data []byte) { _, _ = std.out.Write(data) })
}

// input reads a file, or standard input for "-".
func (m *machine) input(name string, std stdio) ([]byte, error) {
	if name == "-" {
		return std.in, nil
	}
	return m.readFile(name)
}

func cd(m *machine, args []string, std stdio) int {
	to := "~"
	if len(args) > 0 {
		to = args[0]
	}
	p, err := m.Home.Clean(m.Dir, to)
	if err != nil {
		return complain(std, "cd", to, err)
	}
	if !m.Home.IsFolder(p) {
		return complain(std, "cd", to, ErrNoFile)
	}
	m.Dir = p
	return 0
}

func ls(m *machine, args []string, std stdio) int {
	long, names := false, []string{}
	for _, a := range args {
		if strings.HasPrefix(a, "-") {
			long = long || strings.Contains(a, "l")
		} else {
			names = append(names, a)
		}
	}
	if len(names) == 0 {
		names = []string{"."}
	}
	code := 0
	for _, name := range names {
		p, err := m.Home.Clean(m.Dir, name)
		if err == nil && !m.Home.IsFolder(p) {
			_, err = m.Home.Read(p)
		}
		if err != nil {
			std.err.print("ls: cannot access '%s': %v\n", name, err)
			code = 2
			continue
		}
		items := []string{name}
		if m.Home.IsFolder(p) {
			items = m.Home.List(p)
		}
		for _, item := range items {
			if long {
				at := path.Join(p, item)
				if !m.Home.IsFolder(p) {
					at = p
				}
				std.out.print("%8d  %s\n", len(m.Home.Files[at]), item)
			} else {
				std.out.text(item + "\n")
			}
		}
	}
	return code
}

func copyFiles(m *machine, args []string, std stdio, move bool) int {
	name := map[bool]string{true: "mv", false: "cp"}[move]
	if len(args) < 2 {
		std.err.print("%s: missing file operand\n", name)
		return 1
	}
	to, err := m.Home.Clean(m.Dir, args[len(args)-1])
	if err != nil {
		return complain(std, name, args[len(args)-1], err)
	}
	into := m.Home.IsFolder(to)
	if len(args) > 2 && !into {
		std.err.print("%s: target '%s' is not a directory\n", name, args[len(args)-1])
		return 1
	}
	code := 0
	for _, from := range args[:len(args)-1] {
		data, err := m.readFile(from)
		if err == nil {
			target := to
			if into {
				target = path.Join(to, path.Base(from))
			}
			if err = m.Home.Write(target, data); err == nil && move {
				if p, _ := m.Home.Clean(m.Dir, from); p != target {
					err = m.Home.Remove(p)
				}
			}
		}
		if err != nil {
			code = complain(std, name, from, err)
		}
	}
	return code
}

func rm(m *machine, args []string, std stdio) int {
	force, deep, code := false, false, 0
	for _, a := range args {
		if strings.HasPrefix(a, "-") {
			force = force || strings.Contains(a, "f")
			deep = deep || strings.ContainsAny(a, "rR")
			continue
		}
		p, err := m.Home.Clean(m.Dir, a)
		switch {
		case err != nil:
		case m.Home.IsFolder(p) && deep && p != "":
			m.Home.RemoveAll(p)
		default:
			err = m.Home.Remove(p)
		}
		if err != nil && (!force || !errors.Is(err, ErrNoFile)) {
			std.err.print("rm: cannot remove '%s': %v\n", a, err)
			code = 1
		}
	}
	return code
}

func mkdir(m *machine, args []string, std stdio) int {
	parents, code := false, 0
	for _, a := range args {
		if a == "-p" {
			parents = true
			continue
		}
		p, err := m.Home.Clean(m.Dir, a)
		if err == nil {
			err = m.Home.Mkdir(p, parents)
		}
		if err != nil {
			std.err.print("mkdir: cannot create directory '%s': %v\n", a, err)
			code = 1
		}
	}
	return code
}

func touch(m *machine, args []string, std stdio) int {
	code := 0
	for _, a := range args {
		if _, err := m.readFile(a); errors.Is(err, ErrNoFile) {
			if err := m.writeFile(a, nil); err != nil {
				code = complain(std, "touch", a, err)
			}
		}
	}
	return code
}

func env(m *machine, _ []string, std stdio) int {
	for _, name := range sortedNames(m.env) {
		std.out.text(name + "=" + m.env[name] + "\n")
	}
	return 0
}

func unset(m *machine, args []string, _ stdio) int {
	for _, a := range args {
		delete(m.env, a)
	}
	return 0
}

func exitLine(m *machine, args []string, std stdio) int {
	code := m.code
	if len(args) > 0 {
		n, err := strconv.Atoi(args[0])
		if err != nil {
			std.err.print("exit: %s: numeric argument required\n", args[0])
			n = 2
		}
		code = n & 255
	}
	m.fail(&exit{code})
	return code
}

// dateForms are the letters of date's format that are understood.
var dateForms = map[byte]string{
	'Y': "2006", 'm': "01", 'd': "02", 'H': "15", 'M': "04", 'S': "05", 'F': "2006-01-02", 'T': "15:04:05", 'Z': "MST",
	'b': "Jan", 'a': "Mon", 'e': "_2", 'j': "002", 'y': "06",
}

func date(m *machine, args []string, std stdio) int {
	now := m.Now().UTC()
	for _, a := range args {
		switch {
		case a == "-u" || a == "--utc":
		case strings.HasPrefix(a, "+"):
			var b bytes.Buffer
			for i := 1; i < len(a); i++ {
				if a[i] != '%' || i+1 == len(a) {
					b.WriteByte(a[i])
					continue
				}
				i++
				if a[i] == 's' {
					fmt.Fprint(&b, now.Unix())
				} else if form, ok := dateForms[a[i]]; ok {
					b.WriteString(now.Format(form))
				} else {
					b.WriteString("%" + a[i:i+1])
				}
			}
			std.out.text(b.String() + "\n")
			return 0
		default:
			std.err.print("date: %s is not supported here: only -u and +FORMAT\n", a)
			return 1
		}
	}
	std.out.text(now.Format(time.UnixDate) + "\n")
	return 0
}
