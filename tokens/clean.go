package tokens

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Clean returns text from outside (an answer, a file, a name) as one line that
// is safe to draw: every rune that does not print as itself (escape sequences,
// control, bidi and zero-width characters, odd spaces, bytes that are not
// UTF-8, marks that pile up or have no letter to stand on) becomes a visible escape
// such as \x1b or \u202e. Nothing is dropped.
func Clean(text string) string { return clean(text, false) }

// CleanLines is Clean for text of many lines: line ends stay, tabs become four
// spaces.
func CleanLines(text string) string { return clean(strings.ReplaceAll(text, "\r\n", "\n"), true) }

// brief is Clean for what an error quotes: a long text is cut.
func brief(text string) string {
	const limit = 60 // characters
	runes := []rune(Clean(text))
	if len(runes) <= limit {
		return string(runes)
	}
	return string(runes[:limit]) + "…"
}

// marksMost is how many combining marks a character may have. No script needs as
// many; a pile of them is drawn over the lines above and below.
const marksMost = 8

func clean(text string, lines bool) string {
	if harmless(text) {
		return text
	}
	marks := marksMost // of the last character: one that begins a line would join what stands before it
	var b strings.Builder
	b.Grow(len(text) + 16)
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if unicode.In(r, unicode.Mn, unicode.Me) {
			marks++
		} else {
			marks = 0
		}
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, text[i])
		case lines && r == '\n':
			b.WriteByte('\n')
			marks = marksMost
		case lines && r == '\t':
			b.WriteString("    ")
		case visible(r) && marks <= marksMost:
			b.WriteRune(r)
		case r < 0x80:
			fmt.Fprintf(&b, `\x%02x`, r)
		case r <= 0xffff:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
		i += size
	}
	return b.String()
}

// harmless is the quick way out for the ordinary case: plain ASCII.
func harmless(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return true
}

// visible is an allow-list: what Unicode calls printable, less the runes that
// print as nothing (format characters, variation selectors, fillers).
func visible(r rune) bool {
	return unicode.IsPrint(r) &&
		!unicode.In(r, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point) &&
		r != '\u2800' && r != utf8.RuneError
}

// Printable reports whether text would pass Clean unchanged.
func Printable(text string) bool { return Clean(text) == text }
