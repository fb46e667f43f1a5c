package ui

import (
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
	return strings.Repeat(" ", max(0, w-ansi.StringWidth(text))) + text
}

func cut(text string, w int) string {
	if w <= 0 {
		return ""
	}
	return ansi.Truncate(text, w, more)
}

func pad(text string, w int) string {
	return text + strings.Repeat(" ", max(0, w-ansi.StringWidth(text)))
}

// wrap breaks text into lines of at most w cells, at spaces where it can.
func wrap(text string, w int) []string {
	return strings.Split(ansi.Wrap(text, max(1, w), ""), "\n")
}

// plural chooses the form of a word.
func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
