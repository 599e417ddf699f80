package labs

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/jmespath/go-jmespath"

	"keyhole/labs/call"
)

func (v *validator) condition(path string, c Condition, requests bool) {
	set := 0
	if r := c.Request; r != nil {
		set++
		v.must(requests, path, "a state check is about the state, not about requests")
		v.must(r.Distinct == "" || r.Distinct == distinctKeys, path+".request.distinct", "%q is not %q", r.Distinct, distinctKeys)
		for _, name := range r.Operations {
			v.operation(path+".request.operations", name)
		}
		if r.As != "" {
			v.profile(path+".request.as", r.As)
		}
		v.network(path+".request.network", r.Network)
		v.must(slices.Contains([]string{"", "https", "http"}, r.Transport), path+".request.transport", "%q is not https or http", r.Transport)
	}
	if c.Bucket != nil {
		set++
		v.must(c.Bucket.Name != "", path+".bucket.name", "must not be empty")
	}
	if c.Object != nil {
		set++
		v.must(c.Object.Bucket != "" && c.Object.Key != "", path+".object", "names a bucket and a key")
		for _, name := range c.Object.SealedWith {
			v.file(path+".object.sealed_with", name)
		}
	}
	if c.Read != nil {
		set++
		v.read(path+".read", *c.Read)
	}
	if c.Answered != "" {
		set++
		v.must(requests, path, "a state check is about the state, not about answers")
		v.must(v.asked(c.Answered) == 1, path+".answered", "%q is not a question of this lab", c.Answered)
	}
	v.must(set == 1, path, "exactly one of request, bucket, object, read and answered")
}

func (v *validator) read(path string, c ReadCondition) {
	v.operation(path+".do", c.Do)
	v.account(path+".account", c.Account)
	v.values(path+".in", c.In)
	if c.Path != "" {
		_, err := jmespath.Compile(c.Path)
		v.must(err == nil, path+".path", "%q is no JMESPath: %v", c.Path, err)
	}
	asks := 0
	for _, one := range []bool{c.Equals != nil, c.Contains != nil, c.AtLeast != nil, c.Absent} {
		if one {
			asks++
		}
	}
	v.must(asks <= 1, path, "at most one of equals, contains, at_least and absent")
	v.must(asks == 0 || c.Path != "", path+".path", "says what is compared")
}

func (v *validator) check(path string, c Check) {
	v.must(slug.MatchString(c.ID), path+".id", "%q is not a word", c.ID)
	same := 0
	for _, other := range v.lab.Checks {
		if other.ID == c.ID {
			same++
		}
	}
	v.must(same == 1, path+".id", "%q is there twice", c.ID)
	v.must(c.Text != "", path+".text", "must not be empty")
	v.must(c.Fail != "", path+".fail", "must not be empty")
	v.must(slices.Contains([]string{"", "https", "http"}, c.Transport), path+".transport", "%q is not https or http", c.Transport)
	v.must(c.TLS == "" || slices.Contains(tlsVersions, c.TLS), path+".tls", "%q is none of %s", c.TLS, strings.Join(tlsVersions, ", "))
	v.network(path+".network", c.Network)
	if c.Advance != "" {
		_, ok := ParseJump(c.Advance)
		v.must(ok, path+".advance", "%q is no time like 31d or 2h", c.Advance)
	}
	switch c.Kind {
	case StateCheck:
		if c.State == nil {
			v.must(false, path+".state", "a state check has a condition")
			return
		}
		v.condition(path+".state", *c.State, false)
	case ProbeCheck:
		v.profile(path+".as", c.As)
		if c.Run != "" {
			v.must(c.Do == "" && c.In == nil && c.Headers == nil && c.Expect.Status == 0 && c.Expect.Code == "", path+".run",
				"lines and an operation do not go together: lines have expect.exit and expect.output")
			return
		}
		v.operation(path+".do", c.Do)
		v.values(path+".in", c.In)
		v.must(c.Expect.Exit == 0, path+".expect.exit", "is for lines of run")
		v.must(c.Expect.Status >= 200 && c.Expect.Status < 600, path+".expect.status", "%d is not an HTTP status", c.Expect.Status)
	case LockoutCheck:
		v.profile(path+".as", c.As)
		if v.world != nil {
			v.must(c.Bucket != "", path+".bucket", "a lockout probe names a bucket")
		}
		v.must(c.Do == "" && c.Run == "", path, "a lockout probe says no operation: it reads the policy and puts it back")
	default:
		v.must(false, path+".kind", "%q is not state, probe or lockout", c.Kind)
	}
}

// valueNames are the maps that stand for a value; see prober.
var valueNames = []string{"$file", "$random", "$text", "$version", "$answer", "$read"}

// values checks what stands for values within parameters.
func (v *validator) values(path string, in any) {
	switch in := in.(type) {
	case []any:
		for i, one := range in {
			v.values(fmt.Sprintf("%s[%d]", path, i), one)
		}
	case map[string]any, map[any]any:
		fields := asMap(in)
		for _, name := range slices.Sorted(maps.Keys(fields)) {
			inner := fields[name]
			if !strings.HasPrefix(name, "$") {
				v.values(path+"."+name, inner)
				continue
			}
			v.must(len(fields) == 1 && slices.Contains(valueNames, name), path, "%s is none of %s, or not alone", name, strings.Join(valueNames, ", "))
			more := asMap(inner)
			do, _ := more["do"].(string)
			file, _ := inner.(string)
			switch name {
			case "$file":
				v.file(path, file)
			case "$answer":
				v.operation(path+".$answer.do", do)
			case "$read":
				account, _ := more["account"].(string)
				expression, _ := more["path"].(string)
				v.read(path+".$read", ReadCondition{Account: account, Do: do, In: asMap(more["in"]), Path: expression})
			}
		}
	}
}

func (v *validator) file(path, name string) {
	_, ok := v.lab.givenFile(nil, name)
	v.must(ok, path, "%q is not a file of this lab", name)
}

func (v *validator) account(path, id string) {
	if id == "" || v.world == nil {
		return
	}
	_, ok := v.world.Account(id)
	v.must(ok, path, "%q is not an account of start.json", id)
}

func (v *validator) network(path, name string) {
	if !(way{network: name}).private() || v.world == nil {
		return
	}
	_, ok := v.world.Endpoint(name)
	v.must(ok, path, "%q is not internet, onprem or a VPC endpoint of start.json", name)
}

func (v *validator) profile(path, name string) {
	_, ok := v.lab.Principal(name)
	v.must(ok, path, "%q is not a principal of this lab", name)
}

// operations are the names that a lab may use: S3's alone, the others with their service before them.
var operations = sync.OnceValue(func() map[string]bool {
	names := map[string]bool{}
	for _, service := range []string{"s3", "kms", "iam", "sts", "s3control", "cloudtrail"} {
		for _, o := range call.OperationsOf(service) {
			names[service+":"+o.Name] = true
			if service == "s3" {
				names[o.Name] = true
			}
		}
	}
	return names
})

func (v *validator) operation(path, name string) {
	v.must(operations()[name], path, "%q is not an operation of S3, and none with its service before it, as kms:Decrypt", name)
}
