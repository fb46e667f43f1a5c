package ui

import (
	"fmt"

	tea "charm.land/bubbletea/v2"
)

// The widest box worth reading, and the least that is seen beside it.
const (
	boxMost   = 76
	boxBeside = 2
)

// middle is a box of h lines, borders included, in the middle of r; it is never
// larger than r.
func middle(r rect, w, h int) rect {
	w, h = min(w, r.w-2*boxBeside), min(h, r.h)
	return rect{r.x + (r.w-w)/2, r.y + (r.h-h)/2, w, h}
}

// asking is a dialog as it is drawn: where, with which lines, and which of them
// stand for a key.
type asking struct {
	at    rect
	lines []string
	keys  map[int]string // by line
	text  int            // how many lines the text has, and
	room  int            // how many are shown
	input int            // line of the input; -1 without
}

// asking arranges the top dialog. What can be answered is always seen; a text
// that is too long for the window scrolls above it.
func (m *model) asking(l layout) asking {
	d := m.dialog()
	at := middle(l.over, boxMost, l.over.h)
	var text []string
	for _, paragraph := range d.text {
		text = append(append(text, wrap(m.veil(paragraph), at.inner())...), "")
	}
	foot, keys := m.dialogFoot(d, at.inner(), true)
	if len(foot) >= at.rows() { // the keys matter more than the whole of why one is off
		foot, keys = m.dialogFoot(d, at.inner(), false)
	}
	if len(text)+len(foot) > at.rows() {
		text = text[:len(text)-1] // no room for the blank line before the foot
	}
	a := asking{keys: map[int]string{}, text: len(text), input: -1}
	a.room = max(1, min(len(text), at.rows()-len(foot)))
	from := max(0, min(d.scroll, len(text)-a.room))
	a.lines = append(a.lines, text[from:from+a.room]...)
	for i, key := range keys {
		if key != "" {
			a.keys[len(a.lines)+i] = key
		}
	}
	if d.submit != nil {
		a.input = len(a.lines)
		if d.word != "" {
			a.input++ // below the line that asks for it
		}
	}
	a.lines = append(a.lines, foot...)
	a.at = middle(l.over, boxMost, len(a.lines)+2)
	return a
}

// dialogFoot is the lines below the text, and the key that each stands for. They
// are faint while the dialog does not hear. Why a choice is off is cut unless it is
// to be there as a whole.
func (m *model) dialogFoot(d *dialog, w int, whole bool) (lines, keys []string) {
	t := m.theme
	key, text := t.Accent, t.Text
	if d.deaf {
		key, text = t.Faint, t.Faint
	}
	width := len("esc")
	if d.action != "" {
		width = len("enter")
	}
	add := func(k, label string) {
		lines, keys = append(lines, key.Render(fit(k, width))+"  "+text.Render(label)), append(keys, k)
	}
	if d.word != "" {
		lines, keys = append(lines, cut(d.why+" Type "+d.word+" to go on.", w)), append(keys, "")
	}
	if d.submit != nil {
		lines, keys = append(lines, d.input.View()), append(keys, "")
	}
	if d.told != "" {
		for _, line := range wrap(m.veil(d.told), w) {
			lines, keys = append(lines, t.Failed.Render(line)), append(keys, "")
		}
	}
	if d.action != "" {
		add("enter", d.action)
	}
	for _, c := range d.choices {
		if c.off == "" {
			add(c.key, c.label)
			continue
		}
		words := []string{cut(c.words(), w-width-2)} // the key says the whole of why
		if whole {
			words = wrap(c.words(), w-width-2)
		}
		for i, part := range words {
			label := c.key
			if i > 0 {
				label = ""
			}
			lines, keys = append(lines, t.Faint.Render(fit(label, width)+"  "+part)), append(keys, c.key)
		}
	}
	if d.deaf {
		return append(lines, t.Faint.Render("One moment.")), append(keys, "")
	}
	if d.submit == nil && len(d.choices) == 0 {
		add("esc", "close")
	} else {
		add("esc", "stay, and change nothing")
	}
	return lines, keys
}

func (m *model) dialogBox(a asking) []string {
	b := box{theme: m.theme, border: m.theme.Ageing, title: m.theme.Strong.Render(m.veil(m.dialog().title))}
	if a.text > a.room {
		from := max(0, min(m.dialog().scroll, a.text-a.room))
		b.right = m.theme.Faint.Render(fmt.Sprintf("up/down: lines %d–%d of %d", from+1, from+a.room, a.text))
	}
	return b.draw(a.lines, a.at)
}

// scrolledDialog moves the text of the dialog; it reports whether the key was
// one of those that do.
func (m *model) scrolledDialog(key string) bool {
	by := map[string]int{"down": 1, "up": -1, "pgdown": 5, "pgup": -5}[key]
	if by != 0 {
		m.scrollDialog(by)
	}
	return by != 0
}

func (m *model) scrollDialog(rows int) {
	l := m.layout()
	if l.tooSmall {
		return
	}
	a := m.asking(l)
	d := m.dialog()
	d.scroll = max(0, min(d.scroll+rows, a.text-a.room))
}

// dialogZones are the places of the dialog that stand for a key.
func (m *model) dialogZones(l layout) []zone {
	a := m.asking(l)
	zones := []zone{{at: a.at, wheel: (*model).scrollDialog}}
	for line, key := range a.keys {
		zones = append(zones, zone{at: rect{a.at.x + 2, a.at.y + 1 + line, a.at.inner(), 1}, click: pressing(key)})
	}
	return zones
}

// dialogCursor is where the dialog's text is being typed.
func (m *model) dialogCursor(l layout) *tea.Cursor {
	d := m.dialog()
	if d.submit == nil || d.deaf || l.tooSmall {
		return nil
	}
	c := d.input.Cursor()
	if c == nil {
		return nil
	}
	a := m.asking(l)
	c.X += a.at.x + 2
	c.Y = a.at.y + 1 + a.input
	if c.X >= a.at.x+a.at.w-2 {
		return nil
	}
	return c
}
