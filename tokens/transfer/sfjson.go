package transfer

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
)

var errSFShape = errors.New("its JSON has another form than the Salesforce CLI's")

// member is a value of a JSON object that is a string, and where it stands.
type member struct {
	name, value string
	from, to    int // of the value, with its quotes
}

// members finds the strings of the object at path, in their order, and where its
// content begins. What stands elsewhere is passed over.
func members(text []byte, path []string) (all []member, begin int, err error) {
	d := json.NewDecoder(bytes.NewReader(text))
	if err := enter(d, path); err != nil {
		return nil, 0, err
	}
	begin = int(d.InputOffset())
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, 0, errSFShape
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, 0, errSFShape
		}
		m := member{to: int(d.InputOffset())}
		m.from = m.to - len(value)
		m.name, _ = name.(string)
		if json.Unmarshal(value, &m.value) == nil && value[0] == '"' {
			all = append(all, m)
		}
	}
	return all, begin, nil
}

// enter reads up to the inside of the object at path.
func enter(d *json.Decoder, path []string) error {
	if brace, err := d.Token(); err != nil || brace != json.Delim('{') {
		return errSFShape
	}
	if len(path) == 0 {
		return nil
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return errSFShape
		}
		if name == path[0] {
			return enter(d, path[1:])
		}
		var passed json.RawMessage
		if err := d.Decode(&passed); err != nil {
			return errSFShape
		}
	}
	return errSFShape
}

// eachString calls do for the strings of the object at path, in their order.
func eachString(text []byte, path []string, do func(name, value string)) error {
	all, _, err := members(text, path)
	for _, m := range all {
		do(m.name, m.value)
	}
	return err
}

// withString returns the text with a string of the object at path set to value;
// all else stays as it stands, also what orgkeep does not know.
func withString(text []byte, path []string, name, value string) ([]byte, error) {
	all, begin, err := members(text, path)
	if err != nil {
		return nil, err
	}
	quoted, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	for _, m := range slices.Backward(all) { // of two with one name the last counts
		if m.name == name {
			return bytes.Join([][]byte{text[:m.from], quoted, text[m.to:]}, nil), nil
		}
	}
	if len(all) == 0 {
		return nil, errSFShape
	}
	label, _ := json.Marshal(name) // a string always can be
	return bytes.Join([][]byte{text[:begin], label, []byte(":"), quoted, []byte(","), text[begin:]}, nil), nil
}
