package simulator

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// parseJSONFault takes the error of a JSON service apart; nothing for what is none.
func parseJSONFault(body []byte) (f fault) {
	var doc struct {
		Type    string `json:"__type"`
		Message string `json:"message"`
	}
	if json.Unmarshal(body, &doc) != nil {
		return f
	}
	return fault{Code: doc.Type, Message: doc.Message}
}

// member is what a path of names and indexes finds in a document, "KeyMetadata.KeyState" or "Grants.0.Name": text as it is,
// everything else as JSON, nothing for what is not there.
func member(body []byte, path string) string {
	var at any
	if json.Unmarshal(body, &at) != nil {
		return ""
	}
	for name := range strings.SplitSeq(path, ".") {
		switch in := at.(type) {
		case map[string]any:
			at = in[name]
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i >= len(in) {
				return ""
			}
			at = in[i]
		default:
			return ""
		}
	}
	switch v := at.(type) {
	case nil:
		return ""
	case string:
		return v
	default:
		text, err := json.Marshal(v)
		if err != nil {
			return fmt.Sprint(err)
		}
		return string(text)
	}
}
