package ui

import (
	"fmt"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
)

// toast tells of something that happened off screen. It takes no key.
type toast struct {
	id    int // so that an old timer cannot take a new toast away
	text  string
	bad   bool                 // it stays until a key
	fails bool                 // it tells of a failure, though it goes by itself
	kind  string               // a later toast of the same kind takes its place; empty has none
	watch func() time.Duration // since it is shown
}

// toasts are those on the screen, the newest last.
type toasts struct {
	shown  []toast
	nextID int
	ended  int // refreshes that ended off screen since the runs began
	failed int // how many of them need a person
	undone int // how many of them were cancelled
}

const (
	toastsMost = 3
	toastStay  = 6 * time.Second // what is bad stays until a key
	toastLeast = time.Second     // no key takes away what nobody can have read
)

// toastOverMsg says that a toast has been there long enough.
type toastOverMsg struct{ id int }

// toast shows a line above the footer: for some seconds, or until a key where
// it is bad. It is for what happened off screen; what a key has done is a note.
func (m *model) toast(text string, bad bool) tea.Cmd { return m.toastOf("", text, bad) }

func (m *model) toastOf(kind, text string, bad bool) tea.Cmd {
	return m.addToast(toast{kind: kind, text: text, bad: bad, fails: bad})
}

// toastFailed tells of a failure that needs nobody yet, and so goes by itself.
func (m *model) toastFailed(kind, text string) tea.Cmd {
	return m.addToast(toast{kind: kind, text: text, fails: true})
}

func (m *model) addToast(one toast) tea.Cmd {
	s := &m.toasts
	if one.kind != "" {
		s.drop(one.kind)
	}
	s.nextID++
	one.id, one.text, one.watch = s.nextID, tokens.Clean(one.text), m.clock.Stopwatch()
	s.shown = append(s.shown, one)
	s.shown = s.shown[max(0, len(s.shown)-toastsMost):]
	if one.bad {
		return nil
	}
	return m.after(toastStay, toastOverMsg{id: one.id})
}

func (s *toasts) drop(kind string) {
	s.shown = slices.DeleteFunc(s.shown, func(t toast) bool { return t.kind == kind })
}

func (s *toasts) over(id int) {
	s.shown = slices.DeleteFunc(s.shown, func(t toast) bool { return t.id == id })
}

// read takes away, at a key, what has been there long enough to be read.
func (s *toasts) read() {
	s.shown = slices.DeleteFunc(s.shown, func(t toast) bool { return t.watch() >= toastLeast })
}

// toastEnded is the kind of the toast that counts what ended off screen.
const toastEnded = "ended"

// endedOffScreen tells of a refresh that ended where its row is not seen, while
// others go on; what the last one leaves is summed up in a note.
func (m *model) endedOffScreen(r keeper.Result) tea.Cmd {
	if len(m.live) == 0 || m.rowSeen(r.Org.Key) {
		return nil
	}
	s := &m.toasts
	text, bad := outcomeLine(r, m.storeWords())
	s.ended++
	if bad {
		s.failed++
	}
	if takenBack(r) {
		s.undone++
	}
	if s.ended > 1 {
		text = s.endedText()
	}
	return m.toastOf(toastEnded, text, s.failed > 0)
}

// endedText sums up what ended off screen.
func (s *toasts) endedText() string {
	text := fmt.Sprintf("%d refreshes ended off screen.", s.ended)
	switch {
	case s.undone == s.ended:
		return fmt.Sprintf("%d refreshes were cancelled off screen.", s.ended)
	case s.undone > 0:
		text = fmt.Sprintf("%d refreshes ended off screen, %d of them cancelled.", s.ended, s.undone)
	}
	if s.failed > 0 {
		text += fmt.Sprintf(" %d %s a person.", s.failed, plural(s.failed, "needs", "need"))
	}
	return text
}

// forgetEnded takes the count away, since the summary of the runs says more.
func (s *toasts) forgetEnded() {
	s.drop(toastEnded)
	s.ended, s.failed, s.undone = 0, 0, 0
}

// rowSeen reports whether the row or the page of an org is on the screen.
func (m *model) rowSeen(key tokens.Key) bool {
	switch m.overlay {
	case overlayHelp, overlayDoctor, overlayCompare, overlayText:
		return false
	case overlayDetail:
		return key == m.list.cursorKey()
	case overlayNone:
	}
	return slices.ContainsFunc(m.visible(), func(i int) bool { return m.list.orgs[i].Key == key })
}

// layToasts draws the toasts at the right, the newest just above the footer.
func (m *model) layToasts(lines []string, l layout) {
	t, bottom := m.theme, m.height-len(m.footerLines(l.footer.w))
	for _, one := range slices.Backward(m.toasts.shown) {
		style, glyph := t.Accent, t.Glyphs.Fresh
		if one.fails {
			style, glyph = t.Failed, t.Glyphs.Failed
		}
		var told []string
		w := 0
		for _, line := range toastLines(glyph+" "+m.veil(one.text), l.footer.w-6) {
			told = append(told, " "+style.Render(line)+" ")
			w = max(w, ansi.StringWidth(told[len(told)-1]))
		}
		for i := range told {
			told[i] += spaces(w - ansi.StringWidth(told[i]))
		}
		bottom -= len(told)
		if bottom < 1 {
			return
		}
		lay(lines, told, rect{l.footer.w - w - 2, bottom, w, len(told)}, l.footer.w)
	}
}

// toastLines breaks a toast over a few lines; what is longer than those is cut.
func toastLines(text string, w int) []string {
	const most = 3
	lines := wrap(text, w)
	if len(lines) > most {
		lines[most-1] = cut(strings.Join(lines[most-1:], " "), w)
		lines = lines[:most]
	}
	return lines
}
