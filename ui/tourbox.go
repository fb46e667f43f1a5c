package ui

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// The lines of a caption: two, or three in a window that is narrower than the
// captions are written for; and the width from which there are two.
const (
	captionLines = 2
	captionMost  = 3
	captionWidth = 80
)

// edgeLeast is what an edge with two labels has beside them: its ends and a blank
// about each.
const edgeLeast = 7

// tourRows is the height of the bar above the footer: its edge, the caption and
// the note; 0 without a tour.
func (m *model) tourRows() int {
	switch {
	case !m.tour.on:
		return 0
	case m.width < captionWidth:
		return 2 + captionMost
	}
	return 2 + captionLines
}

// tourBar is the chapter, the keys of the step, its caption, and the note, which
// elsewhere stands in the place of the keys: those of the tour are always seen.
func (m *model) tourBar(r rect) []string {
	if r.h == 0 {
		return nil
	}
	t := m.theme
	left, keys := m.chapterDots(), m.keyCaps()
	if m.tour.paused {
		left += "  " + t.Ageing.Render("paused")
	}
	// Where there is no room for both, the keys are worth more than the title.
	if titled := left + "  " + t.Strong.Render(m.tour.now().title); ansi.StringWidth(titled)+ansi.StringWidth(keys)+edgeLeast <= r.w {
		left = titled
	}
	across := t.Glyphs.Border.Horizontal
	bar := []string{box{theme: t, border: t.Faint}.edge(across, across, left, keys, r.w)}
	caption := wrap(m.tour.at().caption, r.w-2)
	for i := range r.h - 2 {
		line := ""
		if i < len(caption) {
			line = caption[i]
		}
		bar = append(bar, fit(" "+t.Text.Render(line), r.w))
	}
	note, bad := m.noteText()
	look := t.Accent
	if bad {
		look = t.Failed
	}
	return append(bar, fit(" "+look.Render(cut(note, r.w-2)), r.w))
}

// chapterDots has a dot for each chapter, and says in figures which it is.
func (m *model) chapterDots() string {
	t := m.theme
	var b strings.Builder
	for n := 1; n <= len(chapters); n++ {
		if n == m.tour.chapter {
			b.WriteString(t.Accent.Render(t.Glyphs.Fresh))
		} else {
			b.WriteString(t.Faint.Render(t.Glyphs.Expired))
		}
	}
	return b.String() + t.Muted.Render(fmt.Sprintf(" %d of %d", m.tour.chapter, len(chapters)))
}

// keyCaps are the keys of the step: those still to come faint, the pressed ones
// as caps.
func (m *model) keyCaps() string {
	keys := m.tour.at().keys
	caps := make([]string, len(keys))
	for i, key := range keys {
		look := m.theme.Faint
		if i < m.tour.pressed {
			look = m.theme.Key
		}
		caps[i] = look.Render("[" + keyLabel(key) + "]")
	}
	return strings.Join(caps, " ")
}

// keys are the footer's labels during the tour.
func (t *tour) keys() []string {
	space := "pause"
	if t.paused {
		space = "go on"
	}
	next := "next"
	if t.chapter == len(chapters) {
		next = "end"
	}
	return []string{"space", space, "right", next, "left", "back", "esc", "to the demo"}
}
