package ui

import (
	"regexp"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

const more = "…"

// fit makes text exactly w cells wide: cut at its end, or padded on its right.
func fit(text string, w int) string {
	return pad(cut(text, w), w)
}

// fitRight is fit with the text at the right end, for numbers.
func fitRight(text string, w int) string {
	text = cut(text, w)
	return spaces(w-width(text)) + text
}

func cut(text string, w int) string {
	switch {
	case w <= 0:
		return ""
	case len(text) <= w: // no text is wider than it has bytes
		return text
	}
	return ansi.Truncate(text, w, more)
}

// cutMiddle takes from the middle of text what w cells have no room for: a host
// is known by its two ends.
func cutMiddle(text string, w int) string {
	cells := width(text)
	if cells <= w || w < 3 {
		return text
	}
	head := w / 2
	return ansi.Cut(text, 0, head) + more + ansi.Cut(text, cells-(w-head-1), cells)
}

// cutUser takes what w cells have no room for from a user name: first from the
// part before the @, of which some cells stay, then from the rest, whose end stays
// where it is more than a domain: a sandbox's name stands there.
func cutUser(name string, w int) string {
	const least, tail = 4, 4 // cells of the first part with its sign, and of the end
	local, domain, found := strings.Cut(name, "@")
	switch {
	case width(name) <= w:
		return name
	case !found:
		return cutMiddle(name, w)
	}
	local = cut(local, max(least, w-width(domain)-1))
	room := w - width(local) - 1
	if cells := width(domain); cells > room && strings.Count(domain, ".") > 1 && room > 2*tail {
		domain = ansi.Cut(domain, 0, room-tail-1) + more + ansi.Cut(domain, cells-tail, cells)
	}
	return cut(local+"@"+domain, w)
}

// width is the number of cells that text takes, which is plain to see where it
// is all printing ASCII, as most text of the rows is.
func width(text string) int {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return ansi.StringWidth(text)
		}
	}
	return len(text)
}

// blanks is what spaces are cut from.
var blanks = strings.Repeat(" ", 256)

func spaces(n int) string {
	if n <= len(blanks) {
		return blanks[:max(0, n)]
	}
	return strings.Repeat(" ", n)
}

func pad(text string, w int) string {
	return text + spaces(w-width(text))
}

// wrap breaks text into lines of at most w cells, at spaces where it can, and
// behind hyphens within words: not behind those that begin one, such as a flag or
// a term of a filter.
func wrap(text string, w int) []string {
	const kept = "\u2011" // a hyphen of one cell at which nothing breaks
	held := text
	if strings.Contains(text, "-") && !strings.Contains(text, kept) {
		held = startingHyphens.ReplaceAllStringFunc(text, func(found string) string { return strings.ReplaceAll(found, "-", kept) })
	}
	lines := ansi.Wrap(held, max(1, w), "")
	if held != text {
		lines = strings.ReplaceAll(lines, kept, "-")
	}
	return strings.Split(lines, "\n")
}

// startingHyphens are those at the start of a word.
var startingHyphens = regexp.MustCompile(`(^|[\s("])-+`)

// plural chooses the form of a word.
func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
