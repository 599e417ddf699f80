package shell

import (
	"encoding/json"
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
		{`foo`, `error Expected: '=', received: 'EOF' for input:` + "\nfoo\n   ^"},
		{`a=1,a=2`, `error Second instance of key "a" encountered for input:` + "\na=1,a=2\n    ^\nThis is often because there is a preceding \",\" instead of a space."},
	} {
		got := ""
		if v, err := parseShorthand(c.text); err != nil {
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

func FuzzShorthand(f *testing.F) {
	f.Add(`Rules=[{A=1,B=[x,y]}],C='q'`)
	f.Add(`a=b,c,d=e`)
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > MaxLine {
			return
		}
		v, err := parseShorthand(text)
		if err == nil && v == nil {
			t.Fatal("neither a value nor an error")
		}
	})
}
