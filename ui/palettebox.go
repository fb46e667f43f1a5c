package ui

import (
	"fmt"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"orgkeep/ui/theme"
)

const (
	paletteMost     = 100 // the widest palette
	paletteLines    = 22  // the highest
	paletteLeast    = 13  // lines that it takes even where it hides all below
	paletteMargin   = 4   // lines left above and below it together, else
	paletteKeyWidth = 10
	paletteName     = 20
)

// paletteAt is where the palette stands. It keeps its size while one types.
func (m *model) paletteAt(l layout) rect {
	return middle(l.over, paletteMost, max(paletteLeast, min(paletteLines, l.over.h-paletteMargin)))
}

// paletteRows is how many items are seen, below the line that is typed in.
func (m *model) paletteRows(l layout) int { return max(1, m.paletteAt(l).rows()-2) }

// paletteSeen are the indexes of the first item that is seen and of the one
// behind the last.
func (m *model) paletteSeen(l layout) (from, to int) {
	p, rows := m.palette, m.paletteRows(l)
	from = max(0, min(p.top, len(p.items)-rows))
	return from, min(len(p.items), from+rows)
}

func (m *model) paletteBox(l layout) []string {
	t, p, at := m.theme, m.palette, m.paletteAt(l)
	lines := []string{p.input.View(), ""}
	from, to := m.paletteSeen(l)
	for i := from; i < to; i++ {
		lines = append(lines, m.itemLine(p.items[i], i == p.cursor, at.inner()))
	}
	if len(p.items) == 0 {
		lines = append(lines, t.Muted.Render("Nothing is called that. esc closes this."))
	}
	b := box{theme: t, border: t.Accent, title: t.Strong.Render("Commands and orgs")}
	if len(p.items) > 0 {
		b.left = t.Muted.Render(fmt.Sprintf("%d/%d", p.cursor+1, len(p.items)))
	}
	return b.draw(lines, at)
}

// itemLine is one item, w cells wide: the key, the name, and what it does or why
// it is off.
func (m *model) itemLine(one item, current bool, w int) string {
	t := m.theme
	on := func(s theme.Paint) theme.Paint { return t.On(current, s) }
	cursor, key, name := " ", t.Accent, t.Text
	label, about := "org", ""
	off := ""
	if one.org == "" {
		label, about, off = keyLabel(one.action.keys[0]), one.action.about, m.offNow(one.action)
	} else if i, known := m.list.byKey[one.org]; known {
		org := m.seen(m.list.orgs[i])
		about, key = org.Type.Label()+"  "+org.User(), t.Muted
	}
	if off != "" {
		key, name, about = t.Faint, t.Faint, "Off: "+off+"."
	}
	if current {
		cursor = t.Glyphs.Cursor
	}
	text := cut(one.name, paletteName)
	left := on(t.Accent).Render(cursor) + on(key).Render(fit(label, paletteKeyWidth)) +
		marked(text, one.at, on(name), on(t.Accent)) +
		on(t.Text).Render(spaces(paletteName-ansi.StringWidth(text)+gap))
	room := max(0, w-ansi.StringWidth(left))
	return left + on(t.Muted).Render(fit(about, room))
}

// paletteZones are the items: a click runs one, a click beside the palette
// closes it.
func (m *model) paletteZones(l layout) []zone {
	at := m.paletteAt(l)
	zones := []zone{
		{at: l.over, click: func(m *model) tea.Cmd { m.palette = nil; return nil }},
		{at: at, click: func(*model) tea.Cmd { return nil }, wheel: (*model).movePalette},
	}
	from, to := m.paletteSeen(l)
	for i := from; i < to; i++ {
		zones = append(zones, zone{
			at:    rect{at.x + 2, at.y + 3 + i - from, at.inner(), 1},
			click: func(m *model) tea.Cmd { return m.runItem(i) },
		})
	}
	return zones
}

// paletteCursor is where the query is being typed.
func (m *model) paletteCursor(l layout) *tea.Cursor {
	c := m.palette.input.Cursor()
	if c == nil {
		return nil
	}
	at := m.paletteAt(l)
	c.X += at.x + 2
	c.Y = at.y + 1
	if c.X >= at.x+at.w-2 {
		return nil
	}
	return c
}
