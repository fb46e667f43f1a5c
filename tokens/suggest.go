package tokens

import (
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Suggest returns what the last term of a filter can become, for completion:
// the terms, each with its hyphen if it has one, and the byte at which the last
// term begins. tags are those that orgs have.
func Suggest(expr string, tags []string) (at int, terms []string) {
	words := splitWords(expr)
	at = len(expr)
	var last word
	if r, _ := utf8.DecodeLastRuneInString(expr); len(words) > 0 && !unicode.IsSpace(r) {
		last = words[len(words)-1]
		at = last.start
	}
	typed := strings.ToLower(expr[at:])
	for _, candidate := range candidates(last, tags) {
		if last.not {
			candidate = "-" + candidate
		}
		if strings.HasPrefix(candidate, typed) && candidate != typed {
			terms = append(terms, candidate)
		}
	}
	return at, terms
}

// candidates are the terms that begin as w does, as far as its key tells.
func candidates(w word, tags []string) (terms []string) {
	values := map[string]func() []string{
		"is":   isValues,
		"type": func() []string { return texts(Types()) },
		"tag":  func() []string { return slices.Sorted(maps.Keys(tagSet(tags))) },
	}
	if !w.keyed {
		for _, key := range filterKeys {
			terms = append(terms, key.name+":")
		}
		return terms
	}
	if of := values[w.key]; of != nil {
		for _, value := range of() {
			terms = append(terms, w.key+":"+value)
		}
	}
	return terms
}

func tagSet(tags []string) map[string]bool {
	set := map[string]bool{}
	for _, tag := range tags {
		tag = strings.ToLower(tag)
		if strings.ContainsFunc(tag, unicode.IsSpace) {
			tag = `"` + tag + `"`
		}
		set[tag] = true
	}
	return set
}

func texts[T ~string](values []T) []string {
	list := make([]string, len(values))
	for i, v := range values {
		list[i] = string(v)
	}
	return list
}
