package shell

import (
	"fmt"
	"maps"
	"path"
	"strings"

	"keyhole/labs/call"
)

// s3transfer is cp and mv: up, down, or from bucket to bucket.
func s3transfer(m *machine, j *s3Job) error {
	from, to := j.args[0], j.args[1]
	s3From, s3To := strings.HasPrefix(from, "s3://"), strings.HasPrefix(to, "s3://")
	keys, err := j.keys(m)
	if err != nil {
		return err
	}
	switch {
	case from == "-" && s3To && !j.on("--recursive"):
		bucket, key := splitURI(to)
		_, err := m.do(j.c, "PutObject", keys.put(map[string]any{"Bucket": bucket, "Key": key, "Body": j.std.in}))
		if err != nil {
			j.bad++
			j.std.err.print("upload failed: - to %s %v\n", to, err)
		}
		return nil
	case !s3From:
		return j.upload(m, from, to, keys)
	case s3To:
		return j.copy(m, from, to, keys)
	}
	return j.download(m, from, to, keys)
}

// sseKeys are the encryption options of a transfer as members of calls.
type sseKeys struct {
	plain  map[string]any // headers of a write: algorithm, key id, class, type, ACL
	own    map[string]any // SSECustomer…
	source map[string]any // CopySourceSSECustomer…
}

func (k sseKeys) put(base map[string]any) map[string]any {
	maps.Copy(base, k.plain)
	maps.Copy(base, k.own)
	return base
}

func (j *s3Job) keys(m *machine) (sseKeys, error) {
	k := sseKeys{plain: map[string]any{}, own: map[string]any{}, source: map[string]any{}}
	for flag, member := range map[string]string{
		"--sse": "ServerSideEncryption", "--sse-kms-key-id": "SSEKMSKeyId", "--storage-class": "StorageClass", "--acl": "ACL",
		"--content-type": "ContentType", "--cache-control": "CacheControl", "--checksum-algorithm": "ChecksumAlgorithm",
	} {
		if v, ok := j.flags[flag]; ok {
			k.plain[member] = v
		}
	}
	for _, s := range []struct {
		flag, prefix string
		into         map[string]any
	}{{"--sse-c", "SSECustomer", k.own}, {"--sse-c-copy-source", "CopySourceSSECustomer", k.source}} {
		if !j.on(s.flag) {
			continue
		}
		key, err := m.paramFile(s.flag+"-key", j.flags[s.flag+"-key"])
		if err != nil {
			return k, err
		}
		s.into[s.prefix+"Algorithm"], s.into[s.prefix+"Key"] = j.flags[s.flag], key
	}
	return k, nil
}

// types guesses the type of an upload by its name, as the CLI does.
var types = map[string]string{
	".txt": "text/plain", ".html": "text/html", ".htm": "text/html", ".css": "text/css", ".csv": "text/csv", ".json": "application/json",
	".js": "text/javascript", ".xml": "text/xml", ".png": "image/png", ".jpg": "image/jpeg", ".gif": "image/gif", ".svg": "image/svg+xml",
	".pdf": "application/pdf", ".zip": "application/zip", ".md": "text/markdown", ".py": "text/x-python", ".sh": "application/x-sh",
	".bin": "application/octet-stream", ".tar": "application/x-tar",
}

func (j *s3Job) upload(m *machine, from, to string, keys sseKeys) error {
	p, err := m.Home.Clean(m.Dir, from)
	if err != nil {
		return pathError(err, from)
	}
	files := map[string]string{} // file to key
	bucket, prefix := splitURI(to)
	switch {
	case j.on("--recursive") && m.Home.IsFolder(p):
		if prefix != "" && !strings.HasSuffix(prefix, "/") {
			prefix += "/"
		}
		for name := range m.Home.Files {
			if rest, ok := inside(name, p); ok && j.picked(rest) {
				files[name] = prefix + rest
			}
		}
	case m.Home.Files[p] == nil && !has(m.Home.Files, p):
		if m.Home.IsFolder(p) {
			j.said("upload", j.local(m, p)+" to "+to, fmt.Errorf("[Errno 21] Is a directory: '%s/'", path.Join(HomePath, p)))
			return nil
		}
		return fmt.Errorf("The user-provided path %s does not exist.", from) //nolint:staticcheck // the CLI's words
	default:
		key := prefix
		if key == "" || strings.HasSuffix(key, "/") {
			key += path.Base(p)
		}
		files[p] = key
	}
	for _, name := range sortedNames(files) {
		paths := j.local(m, name) + " to s3://" + bucket + "/" + files[name]
		if j.dry("upload", paths) {
			continue
		}
		params := keys.put(map[string]any{"Bucket": bucket, "Key": files[name], "Body": m.Home.Files[name]})
		if guess := types[path.Ext(name)]; guess != "" && params["ContentType"] == nil && !j.on("--no-guess-mime-type") {
			params["ContentType"] = guess
		}
		_, err := m.do(j.c, "PutObject", params)
		if err == nil && j.name == "mv" {
			err = m.Home.Remove(name)
		}
		j.said(j.verb("upload"), paths, err)
	}
	return nil
}

func has(files map[string][]byte, name string) bool { _, ok := files[name]; return ok }

// inside is the rest of a name below a folder.
func inside(name, folder string) (string, bool) {
	if folder == "" {
		return name, true
	}
	return strings.CutPrefix(name, folder+"/")
}

// verb is what mv calls every transfer.
func (j *s3Job) verb(what string) string {
	if j.name == "mv" {
		return "move"
	}
	return what
}

func (j *s3Job) dry(what, paths string) bool {
	if j.on("--dryrun") {
		j.std.out.print("(dryrun) %s: %s\n", j.verb(what), paths)
		return true
	}
	return false
}

// picked applies --exclude and --include, of which the console takes one each.
func (j *s3Job) picked(name string) bool {
	if pattern, ok := j.flags["--exclude"]; ok && wild(pattern, name) {
		include, ok := j.flags["--include"]
		return ok && wild(include, name)
	}
	return true
}

// wild matches * and ? over whole names, slashes included.
func wild(pattern, name string) bool {
	p, n, star, mark := 0, 0, -1, 0
	for n < len(name) {
		switch {
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == name[n]) && pattern[p] != '*':
			p, n = p+1, n+1
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, n
			p++
		case star >= 0:
			mark++
			p, n = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}

// local is a file as the CLI names it: relative to the current folder, "./" before a bare name.
func (j *s3Job) local(m *machine, p string) string {
	if rest, ok := inside(p, m.Dir); ok {
		if strings.Contains(rest, "/") {
			return rest
		}
		return "./" + rest
	}
	return strings.Repeat("../", strings.Count(m.Dir, "/")+1) + p
}

// sources lists the objects of a transfer: one after a HeadObject, or all below a prefix.
func (j *s3Job) sources(m *machine, bucket, key string, head map[string]any) (keys []string, err error) {
	if j.on("--recursive") {
		objects, _, err := m.listed(j.c, "ListObjectsV2", "Contents", map[string]any{"Bucket": bucket, "Prefix": key})
		if err != nil {
			return nil, j.fatal(err)
		}
		for _, o := range objects {
			name := asText(o["Key"])
			if j.picked(strings.TrimPrefix(strings.TrimPrefix(name, key), "/")) && !strings.HasSuffix(name, "/") {
				keys = append(keys, name)
			}
		}
		return keys, nil
	}
	params := map[string]any{"Bucket": bucket, "Key": key}
	maps.Copy(params, head)
	out, err := m.do(j.c, "HeadObject", params)
	if err != nil {
		if out.Fault != nil && out.Fault.Code == "404" {
			out.Fault.Message = fmt.Sprintf("Key %q does not exist", key)
		}
		return nil, j.fatal(err)
	}
	return []string{key}, nil
}

func (j *s3Job) download(m *machine, from, to string, keys sseKeys) error {
	bucket, key := splitURI(from)
	found, err := j.sources(m, bucket, key, keys.own)
	if err != nil {
		return err
	}
	for _, name := range found {
		target := to
		if j.on("--recursive") {
			target = path.Join(to, strings.TrimPrefix(strings.TrimPrefix(name, key), "/"))
		} else if p, err := m.Home.Clean(m.Dir, to); err == nil && to != "-" && (m.Home.IsFolder(p) || strings.HasSuffix(to, "/")) {
			target = path.Join(to, lastName(name))
		}
		p, err := m.Home.Clean(m.Dir, target)
		paths := "s3://" + bucket + "/" + name + " to " + j.local(m, p)
		if to == "-" {
			paths = "s3://" + bucket + "/" + name + " to -"
		}
		if j.dry("download", paths) {
			continue
		}
		var out call.Output
		if err == nil {
			params := map[string]any{"Bucket": bucket, "Key": name}
			maps.Copy(params, keys.own)
			out, err = m.do(j.c, "GetObject", params)
		}
		if err == nil && to == "-" {
			_, _ = j.std.out.Write(out.Body)
			continue
		}
		if err == nil {
			if folder := path.Dir(p); folder != "." && !m.Home.IsFolder(folder) {
				err = m.Home.Mkdir(folder, true)
			}
		}
		if err == nil {
			err = m.Home.Write(p, out.Body)
		}
		if err == nil && j.name == "mv" {
			_, err = m.do(j.c, "DeleteObject", map[string]any{"Bucket": bucket, "Key": name})
		}
		j.said(j.verb("download"), paths, err)
	}
	return nil
}

func (j *s3Job) copy(m *machine, from, to string, keys sseKeys) error {
	bucket, key := splitURI(from)
	head := map[string]any{}
	for name, v := range keys.source {
		head[strings.TrimPrefix(name, "CopySource")] = v
	}
	found, err := j.sources(m, bucket, key, head)
	if err != nil {
		return err
	}
	toBucket, prefix := splitURI(to)
	for _, name := range found {
		target := prefix
		if j.on("--recursive") {
			target = path.Join(prefix, strings.TrimPrefix(strings.TrimPrefix(name, key), "/"))
		} else if target == "" || strings.HasSuffix(target, "/") {
			target += lastName(name)
		}
		paths := "s3://" + bucket + "/" + name + " to s3://" + toBucket + "/" + target
		if j.dry("copy", paths) {
			continue
		}
		params := keys.put(map[string]any{"Bucket": toBucket, "Key": target, "CopySource": bucket + "/" + name})
		maps.Copy(params, keys.source)
		_, err := m.do(j.c, "CopyObject", params)
		if err == nil && j.name == "mv" {
			_, err = m.do(j.c, "DeleteObject", map[string]any{"Bucket": bucket, "Key": name})
		}
		j.said(j.verb("copy"), paths, err)
	}
	return nil
}
