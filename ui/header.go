package ui

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"orgkeep/tokens"
)

// headerLine counts the orgs by health and names where the secrets rest, which
// is always on the screen; in a narrow window the counts lose their words.
func (m *model) headerLine(w int) string {
	t := m.theme
	left := " " + t.Strong.Render("orgkeep")
	if m.demo {
		left += " " + t.Badge.Render(" DEMO ")
	}
	if m.private.on {
		left += " " + t.Badge.Render(" PRIVATE ")
	}
	n := len(m.list.orgs)
	left += "  " + fmt.Sprintf("%d %s", n, plural(n, "org", "orgs"))
	right := m.storeText(w >= wideFrom) + " "
	if copied := m.copiedText(w >= wideFrom); ansi.StringWidth(left)+ansi.StringWidth(copied)+ansi.StringWidth(right) < w {
		right = copied + right
	}
	for _, part := range m.countParts(w >= wideFrom) {
		if ansi.StringWidth(left)+ansi.StringWidth(part)+ansi.StringWidth(right)+3 > w {
			break
		}
		left += "  " + part
	}
	return left + spaces(max(0, w-ansi.StringWidth(left)-ansi.StringWidth(right))) + right
}

func (m *model) countParts(words bool) []string {
	counts := m.census.counts
	var parts []string
	if m.totals.asked > 0 {
		parts = append(parts, m.progressText(words))
	}
	for s := range stateBusy {
		if counts[s] == 0 {
			continue
		}
		style, glyph := m.stateLook(s)
		text := fmt.Sprintf("%s %d", glyph, counts[s])
		if words {
			text += " " + s.String()
		}
		parts = append(parts, style.Render(text))
	}
	return parts
}

// vault is the store that is no keychain, by its name.
const vault = "vault"

// storeWords names the store within a sentence.
func (m *model) storeWords() string {
	if name := m.keeper.StoreName(); name != vault {
		return name
	}
	return "the vault"
}

func (m *model) storeText(words bool) string {
	style, text := m.theme.Muted, m.keeper.StoreName()
	if words && text != vault {
		text = "keychain: " + text
	}
	if m.storeProblem != nil {
		style, text = m.theme.Failed, text+" not usable"
	}
	return style.Render(text)
}

// footerLine shows the keys that work now, the most used first, as many as fit;
// or the note, until a key is pressed.
func (m *model) footerLine(w int) string {
	t := m.theme
	if m.note != "" {
		style := t.Accent
		if m.noteBad {
			style = t.Failed
		}
		return fit(" "+style.Render(tokens.Clean(m.veil(m.note))), w)
	}
	if m.filtering && m.list.filter.problem != "" {
		return fit(" "+t.Failed.Render(tokens.Clean(m.list.filter.problem)), w)
	}
	labels := make([]string, 0, len(m.footerActions()))
	for _, a := range m.footerActions() {
		key, name := t.Accent, t.Text
		if a.why(m) != "" {
			key, name = t.Faint, t.Faint
		}
		labels = append(labels, " "+key.Render(keyLabel(a.keys[0]))+" "+name.Render(a.name)+" ")
	}
	return fit(fill(labels, w), w)
}

// alwaysLast is how many labels of the footer, help and quit, have a place in
// every window.
const alwaysLast = 2

// fill joins as many labels as fit into w cells: the last ones always, the
// others from the front.
func fill(labels []string, w int) string {
	last := strings.Join(labels[max(0, len(labels)-alwaysLast):], "")
	line := ""
	for _, label := range labels[:max(0, len(labels)-alwaysLast)] {
		if ansi.StringWidth(line)+ansi.StringWidth(label)+ansi.StringWidth(last) > w {
			break
		}
		line += label
	}
	return line + last
}

// footerActions are the actions that belong into the footer, in its order, and
// while something is open or typed, what can be done with that.
func (m *model) footerActions() []action {
	switch {
	case m.filtering:
		return []action{{keys: []string{"enter"}, name: "keep the filter"}, {keys: []string{"esc"}, name: "clear it"}}
	case m.overlay != overlayNone:
		return []action{{keys: []string{"esc"}, name: "close"}, {keys: []string{"j/k"}, name: "scroll"}, {keys: []string{"tab"}, name: "next tab"}}
	}
	placed := map[int]action{}
	for _, a := range actions() {
		if a.footer > 0 {
			placed[a.footer] = a
		}
	}
	out := make([]action, 0, len(placed))
	for place := 1; place <= len(placed); place++ {
		out = append(out, placed[place])
	}
	return out
}

// keyLabel is a key as the screen names it.
func keyLabel(key string) string {
	switch key {
	case "pgdown":
		return "pgdn"
	case "ctrl+c":
		return "^c"
	case "ctrl+t":
		return "^t"
	}
	return key
}
