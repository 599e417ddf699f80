package shell

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"keyhole/labs/call"
)

// s3Command is one high-level command.
type s3Command struct {
	paths int               // how many it needs
	usage string            // what it prints when they are of the wrong kind
	flags map[string]string // option to kind: "" takes a value, "bool" none, or the values it allows ("?" first: may be left out)
	run   func(m *machine, j *s3Job) error
}

func (c s3Command) flagNames() []string { return sortedNames(c.flags) }

var transferFlags = map[string]string{
	"--recursive": "bool", "--quiet": "bool", "--only-show-errors": "bool", "--no-progress": "bool", "--dryrun": "bool",
	"--no-guess-mime-type": "bool", "--acl": "", "--sse": "?AES256|aws:kms", "--sse-kms-key-id": "", "--sse-c": "?AES256",
	"--sse-c-key": "", "--sse-c-copy-source": "?AES256", "--sse-c-copy-source-key": "", "--storage-class": "", "--content-type": "",
	"--checksum-algorithm": "", "--cache-control": "", "--exclude": "", "--include": "",
}

// highLevel are the commands of aws s3. Filled in init, because their functions look options up in it.
var highLevel map[string]s3Command

func init() {
	transfer := "usage: aws s3 %s <LocalPath> <S3Uri> or <S3Uri> <LocalPath> or <S3Uri> <S3Uri>"
	highLevel = map[string]s3Command{
		"ls":      {0, "usage: aws s3 ls <S3Uri> or NONE", map[string]string{"--recursive": "bool", "--human-readable": "bool", "--summarize": "bool"}, s3ls},
		"cp":      {2, fmt.Sprintf(transfer, "cp"), transferFlags, s3transfer},
		"mv":      {2, fmt.Sprintf(transfer, "mv"), transferFlags, s3transfer},
		"rm":      {1, "usage: aws s3 rm <S3Uri>", map[string]string{"--recursive": "bool", "--quiet": "bool", "--only-show-errors": "bool", "--dryrun": "bool"}, s3rm},
		"mb":      {1, "<S3Uri>", nil, s3mb},
		"rb":      {1, "<S3Uri>", map[string]string{"--force": "bool"}, s3rb},
		"presign": {1, "<S3Uri>", map[string]string{"--expires-in": ""}, s3presign},
	}
}

// s3Job is one high-level command line, read.
type s3Job struct {
	name  string
	args  []string
	flags map[string]string
	g     globals
	c     *call.Client
	std   stdio
	bad   int // transfers that failed
}

func (j *s3Job) on(flag string) bool { _, ok := j.flags[flag]; return ok }

// s3 is aws s3.
func (m *machine) s3(g globals, args []string, std stdio) error {
	names := sortedNames(highLevel)
	if len(args) == 0 || args[0] == "help" {
		std.out.text("aws s3 " + strings.Join(names, "|") + "\n")
		return nil
	}
	cmd, ok := highLevel[args[0]]
	if !ok {
		if slices.Contains([]string{"sync", "website"}, args[0]) {
			return fmt.Errorf("aws s3 %s is not imitated yet", args[0])
		}
		return usagef("argument subcommand: Invalid choice, valid choices are:\n\n%s%s", choices(names), maybe(args[0], names))
	}
	j := &s3Job{name: args[0], flags: map[string]string{}, g: g, std: std}
	if err := j.read(cmd, args[1:]); err != nil {
		return err
	}
	if len(j.args) < cmd.paths {
		return usagef("the following arguments are required: %s", map[bool]string{true: "path", false: "paths"}[cmd.flags == nil || j.name == "rb" || j.name == "presign"])
	}
	if err := j.check(cmd); err != nil {
		return err
	}
	var err error
	if j.c, err = m.client(g); err != nil {
		return err
	}
	if err := cmd.run(m, j); err != nil {
		return err
	}
	if j.bad > 0 {
		return &errSilent{1}
	}
	return nil
}

func (j *s3Job) read(cmd s3Command, args []string) error {
	var unknown []string
	for i := 0; i < len(args); i++ {
		if !isOption(args[i]) {
			j.args = append(j.args, args[i])
			continue
		}
		flag, value, joined := strings.Cut(args[i], "=")
		kind, known := cmd.flags[flag]
		switch {
		case !known:
			unknown = append(unknown, args[i])
			continue
		case kind == "bool":
			j.flags[flag] = "true"
			continue
		case joined:
		case i+1 < len(args) && !isOption(args[i+1]) && (kind == "" || !strings.HasPrefix(args[i+1], "s3://") || i+2 < len(args)) && !(strings.HasPrefix(kind, "?") && !allowed(kind, args[i+1]) && looksLikePath(args[i+1])):
			i++
			value = args[i]
		case strings.HasPrefix(kind, "?"):
			value = strings.Split(kind[1:], "|")[0]
		default:
			return usagef("argument %s: expected one argument", flag)
		}
		if kind != "" && !allowed(kind, value) {
			return usagef("argument %s: Invalid choice, valid choices are:\n\n%s", flag, choices(strings.Split(strings.TrimPrefix(kind, "?"), "|")))
		}
		j.flags[flag] = value
	}
	if extra := len(j.args) - max(cmd.paths, 1); extra > 0 {
		unknown = append(unknown, j.args[len(j.args)-extra:]...)
	}
	if len(unknown) > 0 {
		return fmt.Errorf("Unknown options: %s", strings.Join(unknown, ",")) //nolint:staticcheck // the CLI's words
	}
	return nil
}

func allowed(kind, value string) bool {
	return slices.Contains(strings.Split(strings.TrimPrefix(kind, "?"), "|"), value)
}

func looksLikePath(word string) bool { return strings.ContainsAny(word, "/.") }

// check refuses what the CLI refuses before it asks the service.
func (j *s3Job) check(cmd s3Command) error {
	wrong := func() error { return fmt.Errorf("%s\nError: Invalid argument type", cmd.usage) }
	isS3 := func(i int) bool { return strings.HasPrefix(j.args[i], "s3://") }
	switch j.name {
	case "cp", "mv":
		if !isS3(0) && !isS3(1) {
			return wrong()
		}
	case "rm", "mb", "rb":
		if !isS3(0) {
			return wrong()
		}
	}
	for _, pair := range [][2]string{{"--sse-c", "--sse-c-key"}, {"--sse-c-copy-source", "--sse-c-copy-source-key"}} {
		for i, flag := range pair {
			if j.on(flag) && !j.on(pair[1-i]) {
				return fmt.Errorf("It %s is specified, %s must be specified as well.", flag, pair[1-i]) //nolint:staticcheck // the CLI's words
			}
		}
	}
	return nil
}

// splitURI parts "s3://bucket/key".
func splitURI(uri string) (bucket, key string) {
	bucket, key, _ = strings.Cut(strings.TrimPrefix(uri, "s3://"), "/")
	return bucket, key
}

// wireTime is a time of a list as aws s3 ls prints it.
func wireTime(v any) string {
	s, _ := v.(string)
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return s
	}
	return at.UTC().Format("2006-01-02 15:04:05")
}

func s3ls(m *machine, j *s3Job) error {
	if len(j.args) == 0 || j.args[0] == "s3://" {
		buckets, _, err := m.listed(j.c, "ListBuckets", "Buckets", nil)
		if err != nil {
			return err
		}
		for _, b := range buckets {
			j.std.out.text(wireTime(b["CreationDate"]) + " " + asText(b["Name"]) + "\n")
		}
		return nil
	}
	bucket, prefix := splitURI(j.args[0])
	params := map[string]any{"Bucket": bucket, "Prefix": prefix}
	if !j.on("--recursive") {
		params["Delimiter"] = "/"
	}
	objects, prefixes, err := m.listed(j.c, "ListObjectsV2", "Contents", params)
	if err != nil {
		return err
	}
	for _, p := range prefixes {
		name := asText(p["Prefix"])
		j.std.out.print("%30s %s\n", "PRE", lastName(strings.TrimSuffix(name, "/"))+"/")
	}
	total := 0
	for _, o := range objects {
		name, size := asText(o["Key"]), number(o["Size"])
		total += size
		if !j.on("--recursive") {
			name = lastName(name)
		}
		j.std.out.print("%s %10s %s\n", wireTime(o["LastModified"]), j.size(size), name)
	}
	if j.on("--summarize") {
		j.std.out.print("\nTotal Objects: %d\n   Total Size: %s\n", len(objects), j.size(total))
	}
	if len(objects)+len(prefixes) == 0 && prefix != "" {
		return &errSilent{1}
	}
	return nil
}

// size prints bytes, as people read them when asked to.
func (j *s3Job) size(n int) string {
	if !j.on("--human-readable") {
		return strconv.Itoa(n)
	}
	if n == 1 {
		return "1 Byte"
	}
	if n < 1024 {
		return strconv.Itoa(n) + " Bytes"
	}
	size, unit := float64(n), 0
	for size >= 1024 && unit < 3 {
		size, unit = size/1024, unit+1
	}
	return fmt.Sprintf("%.1f %s", size, []string{"", "KiB", "MiB", "GiB"}[unit])
}

func lastName(key string) string { return key[strings.LastIndex(key, "/")+1:] }

func number(v any) int {
	f, _ := v.(float64)
	return int(f)
}

// listed reads every page of a list.
func (m *machine) listed(c *call.Client, operation, name string, values map[string]any) (items, prefixes []map[string]any, err error) {
	if values == nil {
		values = map[string]any{}
	}
	pages, _, err := m.pages(c, call.Op{Name: operation}, paginators[operation], params{values: values})
	if err != nil {
		return nil, nil, err
	}
	collect := func(into *[]map[string]any, v any) {
		list, _ := v.([]any)
		for _, item := range list {
			if fields, ok := item.(map[string]any); ok {
				*into = append(*into, fields)
			}
		}
	}
	for _, page := range pages.list {
		collect(&items, page[name])
		collect(&prefixes, page["CommonPrefixes"])
	}
	return items, prefixes, nil
}

func s3mb(m *machine, j *s3Job) error {
	bucket, _ := splitURI(j.args[0])
	params := map[string]any{"Bucket": bucket}
	if region := j.c.Region; region != "" && region != "us-east-1" {
		params["CreateBucketConfiguration"] = map[string]any{"LocationConstraint": region}
	}
	if _, err := m.do(j.c, "CreateBucket", params); err != nil {
		j.std.err.print("make_bucket failed: s3://%s %v\n", bucket, err)
		return &errSilent{1}
	}
	j.std.out.print("make_bucket: %s\n", bucket)
	return nil
}

func s3rb(m *machine, j *s3Job) error {
	bucket, key := splitURI(j.args[0])
	if key != "" {
		return fmt.Errorf("Please specify a valid bucket name only. E.g. s3://%s", bucket) //nolint:staticcheck // the CLI's words
	}
	if j.on("--force") {
		rm := &s3Job{name: "rm", args: []string{"s3://" + bucket}, flags: map[string]string{"--recursive": "true"}, c: j.c, std: j.std}
		if err := s3rm(m, rm); err != nil || rm.bad > 0 {
			return fmt.Errorf("remove_bucket failed: Unable to delete all objects in the bucket, bucket will not be deleted.") //nolint:staticcheck // the CLI's words
		}
	}
	if _, err := m.do(j.c, "DeleteBucket", map[string]any{"Bucket": bucket}); err != nil {
		j.std.err.print("remove_bucket failed: s3://%s %v\n", bucket, err)
		return &errSilent{1}
	}
	j.std.out.print("remove_bucket: %s\n", bucket)
	return nil
}

func s3rm(m *machine, j *s3Job) error {
	bucket, key := splitURI(j.args[0])
	keys := []string{key}
	if j.on("--recursive") {
		objects, _, err := m.listed(j.c, "ListObjectsV2", "Contents", map[string]any{"Bucket": bucket, "Prefix": key})
		if err != nil {
			return j.fatal(err)
		}
		keys = nil
		for _, o := range objects {
			keys = append(keys, asText(o["Key"]))
		}
	}
	for _, key := range keys {
		if j.on("--dryrun") {
			j.std.out.print("(dryrun) delete: s3://%s/%s\n", bucket, key)
			continue
		}
		_, err := m.do(j.c, "DeleteObject", map[string]any{"Bucket": bucket, "Key": key})
		j.said("delete", "s3://"+bucket+"/"+key, err)
	}
	return nil
}

// said prints how one transfer ended.
func (j *s3Job) said(what, paths string, err error) {
	switch {
	case err != nil:
		j.bad++
		if !j.on("--quiet") {
			j.std.err.print("%s failed: %s %v\n", what, paths, err)
		}
	case !j.on("--quiet") && !j.on("--only-show-errors"):
		j.std.out.print("%s: %s\n", what, paths)
	}
}

// fatal is an error before any transfer.
func (j *s3Job) fatal(err error) error {
	j.std.err.print("fatal error: %v\n", err)
	return &errSilent{1}
}

func s3presign(m *machine, j *s3Job) error {
	bucket, key := splitURI(j.args[0])
	good := 3600
	if text, ok := j.flags["--expires-in"]; ok {
		var err error
		if good, err = strconv.Atoi(text); err != nil || good < 1 || good > 604800 {
			return fmt.Errorf("--expires-in is a number of seconds from 1 to 604800")
		}
	}
	link, err := j.c.Presign(m.ctx, bucket, key, time.Duration(good)*time.Second)
	if err != nil {
		return err
	}
	j.std.out.text(link + "\n")
	return nil
}
