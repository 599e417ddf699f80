package shell

import (
	"encoding/json"
	"errors"
	"testing"
)

func TestShorthand(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`Status=Enabled`, `{"Status":"Enabled"}`},
		{`a=b,c,d`, `{"a":["b","c","d"]}`},
		{`a=b,c=d`, `{"a":"b","c":"d"}`},
		{`a=b,c,d=e`, `{"a":["b","c"],"d":"e"}`},
		{`a=[b,c],d={e=f,g=[h]}`, `{"a":["b","c"],"d":{"e":"f","g":["h"]}}`},
		{`a='x, y',b="q\"r"`, `{"a":"x, y","b":"q\"r"}`},
		{`a=b\,c`, `{"a":"b,c"}`},
		{`a=`, `{"a":""}`},
		{`a@=file://x,b=file://x`, `{"a":"what file://x holds","b":"file://x"}`},
		{`a={b@='fileb://y',c=file://x},d@=plain`, `{"a":{"b":"what fileb://y holds","c":"file://x"},"d":"plain"}`},
		{`a@=[file://x,z]`, `{"a":["what file://x holds","z"]}`},
		{`a@=file://none`, `error no file://none`},
		{`foo`, `error Expected: '=', received: 'EOF' for input:` + "\nfoo\n   ^"},
		{`a=1,a=2`, `error Second instance of key "a" encountered for input:` + "\na=1,a=2\n    ^\nThis is often because there is a preceding \",\" instead of a space."},
	} {
		got := ""
		if v, err := parseShorthand(c.text, held); err != nil {
			got = "error " + err.Error()
		} else {
			data, _ := json.Marshal(v)
			got = string(data)
		}
		if got != c.want {
			t.Errorf("%s\nis   %s\nwant %s", c.text, got, c.want)
		}
	}
}

// held stands for the learner's files.
func held(name string) (any, error) {
	if name == "file://none" {
		return nil, errors.New("no " + name)
	}
	return "what " + name + " holds", nil
}

func FuzzShorthand(f *testing.F) {
	f.Add(`Rules=[{A=1,B=[x,y]}],C='q'`)
	f.Add(`a=b,c,d=e`)
	f.Add(`a@={b@=file://x}`)
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > MaxLine {
			return
		}
		v, err := parseShorthand(text, held)
		if err == nil && v == nil {
			t.Fatal("neither a value nor an error")
		}
	})
}
