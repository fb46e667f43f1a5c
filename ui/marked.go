package ui

import (
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"orgkeep/ui/theme"
)

// marked draws text with the characters that were found standing out: at holds
// indexes of bytes. A character is never torn apart, whatever it is made of.
func marked(text string, at []int, plain, hit theme.Paint) string {
	if len(at) == 0 {
		return plain.Render(text)
	}
	hit = hit.Underline(true)
	var out, run strings.Builder
	in := false
	flush := func() {
		style := plain
		if in {
			style = hit
		}
		if run.Len() > 0 {
			out.WriteString(style.Render(run.String()))
		}
		run.Reset()
	}
	for i := 0; i < len(text); {
		cluster, _ := ansi.FirstGraphemeCluster(text[i:], ansi.GraphemeWidth)
		end := i + max(1, len(cluster))
		if now := slices.ContainsFunc(at, func(n int) bool { return n >= i && n < end }); now != in {
			flush()
			in = now
		}
		run.WriteString(text[i:end])
		i = end
	}
	flush()
	return out.String()
}

// find returns the indexes of the bytes where any of the words, in lower case,
// stands in text. Where lower case has another length nothing is marked.
func find(text string, words []string) []int {
	low := strings.ToLower(text)
	if len(low) != len(text) {
		return nil
	}
	var at []int
	for _, word := range words {
		for from := 0; ; {
			i := strings.Index(low[from:], word)
			if i < 0 {
				break
			}
			for n := range len(word) {
				at = append(at, from+i+n)
			}
			from += i + len(word)
		}
	}
	return at
}
