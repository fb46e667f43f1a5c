package settings

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"

	"orgkeep/tokens"
)

// entry is one setting of a file.
type entry struct {
	line  int
	name  string // dotted, where it is in a table
	value any    // as go-toml reads it
}

// Parse reads a settings file over s and returns the result, and the names of
// the settings that the file has. The error, about the first thing that is
// wrong, is a half sentence that names the line and what is allowed there.
func Parse(s Settings, data []byte) (Settings, []string, error) {
	entries, err := entriesOf(data)
	if err != nil {
		return s, nil, err
	}
	keys := Keys()
	names := make([]string, 0, len(entries))
	for _, e := range entries {
		i := slices.IndexFunc(keys, func(k Key) bool { return k.Name == e.name })
		if i < 0 {
			return s, nil, fmt.Errorf("line %d: %w", e.line, unknown(e.name, keys))
		}
		if err := keys[i].read(&s, e.value); err != nil {
			return s, nil, fmt.Errorf("line %d: %s %w", e.line, e.name, err)
		}
		names = append(names, e.name)
	}
	return s, names, nil
}

// entriesOf reads the TOML: once for the values, which finds what is no TOML
// and what stands there twice, and once for the lines, which a map has not.
func entriesOf(data []byte) ([]entry, error) {
	values := map[string]any{}
	if err := toml.Unmarshal(data, &values); err != nil {
		if wrong, ok := errors.AsType[*toml.DecodeError](err); ok {
			line, _ := wrong.Position()
			return nil, fmt.Errorf("line %d is not TOML: %s", line, tokens.Clean(strings.TrimPrefix(wrong.Error(), "toml: ")))
		}
		return nil, fmt.Errorf("it is not TOML: %s", tokens.Clean(err.Error()))
	}
	var entries []entry
	var p unstable.Parser
	p.Reset(data)
	table := ""
	for p.NextExpression() {
		e := p.Expression()
		line, name := keyOf(&p, e)
		switch e.Kind {
		case unstable.Table, unstable.ArrayTable:
			table = name + "."
			entries = append(entries, entry{line: line, name: name})
		case unstable.KeyValue:
			entries = append(entries, entry{line, table + name, values[name]})
		default: // a comment
		}
	}
	if err := p.Error(); err != nil {
		return nil, fmt.Errorf("it is not TOML: %s", tokens.Clean(err.Error()))
	}
	return entries, nil
}

// keyOf returns the key of an expression and the line where it stands.
func keyOf(p *unstable.Parser, e *unstable.Node) (line int, name string) {
	var parts []string
	for keys := e.Key(); keys.Next(); {
		node := keys.Node()
		if len(parts) == 0 {
			line = p.Shape(node.Raw).Start.Line
		}
		parts = append(parts, string(node.Data))
	}
	return line, strings.Join(parts, ".")
}

// secretNames are keys of secrets, which people know from other programs' files.
var secretNames = []string{"secret", "password", "passphrase", "token"}

// unknown says what is wrong with a name that is no setting.
func unknown(name string, keys []Key) error {
	lower := strings.ToLower(name)
	for _, part := range secretNames {
		if strings.Contains(lower, part) {
			return fmt.Errorf("%s is a secret, and this file is not protected: orgkeep takes secrets into the keychain or the vault only", short(name))
		}
	}
	names := make([]string, len(keys))
	for i, k := range keys {
		names[i] = k.Name
	}
	return fmt.Errorf("there is no setting %s, it has to be %s", short(name), anyOf(names))
}

// short quotes a name that somebody else has chosen.
func short(name string) string {
	const longest = 40
	if runes := []rune(name); len(runes) > longest {
		name = string(runes[:longest]) + "…"
	}
	return tokens.Clean(strconv.Quote(name))
}

// read puts a file's value into s.
func (k Key) read(s *Settings, value any) error {
	var texts []string
	switch v := value.(type) {
	case string:
		texts = []string{v}
		if k.form != formText {
			texts = nil
		}
	case bool:
		texts = one(k.form == formYes, strconv.FormatBool(v))
	case int64:
		texts = one(k.form == formNumber, strconv.FormatInt(v, 10))
	case []any:
		if k.form != formList {
			break
		}
		texts = []string{}
		for _, element := range v {
			text, ok := element.(string)
			if !ok {
				return k.refusal(written(value))
			}
			texts = append(texts, text)
		}
	}
	if texts == nil || !k.set(s, texts) {
		return k.refusal(written(value))
	}
	return nil
}

func one(fits bool, text string) []string {
	if !fits {
		return nil
	}
	return []string{text}
}

// written is a value about as the file has it.
func written(value any) string {
	switch v := value.(type) {
	case string:
		return strconv.Quote(v)
	case bool, int64, float64:
		return fmt.Sprint(v)
	case []any:
		parts := make([]string, len(v))
		for i, element := range v {
			parts[i] = written(element)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case map[string]any, nil:
		return "a table"
	}
	return "a date or a time"
}
