package tokens

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// ErrTag marks a tag that cannot be used.
var ErrTag = errors.New("tag cannot be used")

const tagLimit = 40 // characters

// CheckTag returns an error wrapping ErrTag unless tag can be typed as one word
// of a command and of a filter: printable, no space, comma or quote, no leading
// hyphen or plus, at most 40 characters.
func CheckTag(tag string) error {
	switch {
	case tag == "":
		return fmt.Errorf("%w: it is empty", ErrTag)
	case utf8.RuneCountInString(tag) > tagLimit:
		return fmt.Errorf("%w: it is longer than %d characters", ErrTag, tagLimit)
	case !Printable(tag), strings.ContainsAny(tag, ` ,"`):
		return fmt.Errorf("%w: %s has a space, a comma, a quote or a character that does not print", ErrTag, Clean(tag))
	case strings.HasPrefix(tag, "-"), strings.HasPrefix(tag, "+"):
		return fmt.Errorf("%w: %s begins with %s", ErrTag, tag, tag[:1])
	}
	return nil
}

// TagChange is what is done to the tags of orgs.
type TagChange struct{ Add, Remove []string }

// ParseTagChange reads words such as +acme and -old. Errors wrap ErrTag. A tag
// that is only taken away need not be one that can be given.
func ParseTagChange(words []string) (TagChange, error) {
	var c TagChange
	for _, word := range words {
		if tag, given := strings.CutPrefix(word, "+"); given {
			if err := CheckTag(tag); err != nil {
				return TagChange{}, err
			}
			c.Add = append(c.Add, tag)
		} else if tag, taken := strings.CutPrefix(word, "-"); taken && tag != "" {
			c.Remove = append(c.Remove, tag)
		} else {
			return TagChange{}, fmt.Errorf("%w: %s has to be +TAG or -TAG", ErrTag, brief(word))
		}
	}
	return c, nil
}

// Of returns tags after the change, in their order, new ones last. Letter case
// does not tell tags apart, and one that is there keeps the case that it has.
func (c TagChange) Of(tags []string) []string {
	after := []string{}
	for _, tag := range tags {
		if !hasTag(c.Remove, tag) {
			after = append(after, tag)
		}
	}
	for _, tag := range c.Add {
		if !hasTag(after, tag) {
			after = append(after, tag)
		}
	}
	return after
}

func hasTag(tags []string, tag string) bool {
	return slices.ContainsFunc(tags, func(t string) bool { return strings.EqualFold(t, tag) })
}
