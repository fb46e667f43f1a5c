package ui

import (
	"fmt"

	"github.com/charmbracelet/x/ansi"
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
	if text := m.watchText(); text != "" {
		parts = append(parts, text)
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
