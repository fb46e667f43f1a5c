package cli

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"orgkeep/ui/theme"
)

// say prints a line for the person, beside the answer.
func (s *session) say(format string, args ...any) {
	// Nothing is left to tell the person with when this fails.
	_, _ = fmt.Fprintln(s.Err, s.theme().Glyphs.Fold(fmt.Sprintf(format, args...)))
}

// print writes a line of the answer.
func (s *session) print(line string) error {
	if _, err := fmt.Fprintln(s.Out, s.theme().Glyphs.Fold(line)); err != nil {
		return fmt.Errorf("writing the answer: %w", err)
	}
	return nil
}

// theme is the glyphs and words of the screen, without its colours.
func (s *session) theme() theme.Theme {
	return theme.New(theme.Options{Profile: colorprofile.NoTTY, ASCII: s.ascii})
}

// documentVersion is that of every JSON document; it counts changes that a
// script could trip over.
const documentVersion = 1

// writeJSON writes one document as one line.
func writeJSON(w io.Writer, document any) error {
	encoder := json.NewEncoder(w)
	// The endpoint's words stay readable; the document is no part of a page.
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(document); err != nil {
		return fmt.Errorf("writing the answer: %w", err)
	}
	return nil
}

// known returns nil for the zero value: what is not known is null in JSON.
func known[T comparable](value T) *T {
	var zero T
	if value == zero {
		return nil
	}
	return &value
}

// instant writes a time in UTC with whole seconds, empty when it is not known.
func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05Z")
}

func wholeSeconds(d time.Duration) int64 { return int64(d / time.Second) }

// column is one of a table; numbers stand at its right end.
type column struct {
	title string
	right bool
}

// writeTable writes a line of titles and the rows in aligned columns, two blanks
// between them, without tabs.
func writeTable(w io.Writer, columns []column, rows [][]string) error {
	titles := make([]string, len(columns))
	widths := make([]int, len(columns))
	for i, c := range columns {
		titles[i], widths[i] = c.title, cells(c.title)
		for _, row := range rows {
			widths[i] = max(widths[i], cells(row[i]))
		}
	}
	out := bufio.NewWriter(w)
	writeRow(out, columns, widths, titles)
	for _, row := range rows {
		writeRow(out, columns, widths, row)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("writing the answer: %w", err)
	}
	return nil
}

// cells is how many cells a text takes. Most texts are ASCII, and a list of a
// thousand orgs has thousands of them to measure before its first line.
func cells(text string) int {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return ansi.StringWidth(text)
		}
	}
	return len(text)
}

// writeRow leaves errors to the Flush of its writer.
func writeRow(out *bufio.Writer, columns []column, widths []int, row []string) {
	var line strings.Builder
	for i, cell := range row {
		blank := strings.Repeat(" ", widths[i]-cells(cell))
		if columns[i].right {
			cell = blank + cell
		} else {
			cell += blank
		}
		if i > 0 {
			line.WriteString("  ")
		}
		line.WriteString(cell)
	}
	_, _ = out.WriteString(strings.TrimRight(line.String(), " ") + "\n")
}
