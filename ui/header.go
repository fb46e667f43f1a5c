package ui

import (
	"fmt"

	"github.com/charmbracelet/x/ansi"
)

// headerLine counts the orgs by health and names where the secrets rest, which
// is always on the screen. The words of the store go first where the room is
// short, then those of the counts, then counts.
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
	right, parts := m.headerParts(w - ansi.StringWidth(left) - 1)
	for _, part := range parts {
		if ansi.StringWidth(left)+ansi.StringWidth(part)+ansi.StringWidth(right)+3 > w {
			break
		}
		left += "  " + part
	}
	return left + spaces(max(0, w-ansi.StringWidth(left)-ansi.StringWidth(right))) + right
}

// headerParts are the right end of the header and its counts, in as many words
// as fit into w cells.
func (m *model) headerParts(w int) (right string, parts []string) {
	for _, words := range []struct{ store, counts, copied bool }{
		{true, true, true}, {false, true, true}, {false, false, true}, {false, false, false},
	} {
		right = m.storeText(words.store) + " "
		if words.copied {
			right = m.copiedText(words.store) + right
		}
		parts = m.countParts(words.store, words.counts)
		need := ansi.StringWidth(right)
		for _, part := range parts {
			need += ansi.StringWidth(part) + 2
		}
		if need <= w {
			break
		}
	}
	return right, parts
}

// countParts are the progress of the runs and the counts, each in its look.
func (m *model) countParts(wideBar, words bool) []string {
	counts := m.census.counts
	var parts []string
	if m.totals.asked > 0 {
		parts = append(parts, m.progressText(wideBar, words))
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

// storeStart is storeWords at the start of a sentence.
func (m *model) storeStart() string {
	if m.keeper.StoreName() == vault {
		return "The vault"
	}
	return m.storeWords()
}

// storeKind is what kind of store it is, within a sentence.
func (m *model) storeKind() string {
	if m.keeper.StoreName() == vault {
		return "the vault"
	}
	return "the keychain"
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
