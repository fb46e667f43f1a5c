package salesforce

import (
	"encoding/json"
	"strings"
)

// cutObject reads the texts and numbers of an object as far as it came. Of an
// array it reads the first one. What stands deeper is passed over.
func cutObject(text string) map[string]json.RawMessage {
	fields := map[string]json.RawMessage{}
	d := json.NewDecoder(strings.NewReader(text))
	start, err := d.Token()
	if start == json.Delim('[') {
		start, err = d.Token()
	}
	if err != nil || start != json.Delim('{') {
		return fields
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return fields
		}
		var value json.RawMessage
		if d.Decode(&value) != nil {
			return fields
		}
		if text, is := name.(string); is {
			fields[text] = value
		}
	}
	return fields
}
