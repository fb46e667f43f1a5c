package ui

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// headerLine counts the orgs by health and names where the secrets rest, which
// is always on the screen. The words of the store go first where the room is
// short, then those of the counts, then what needs nobody.
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
	right, parts := m.headerParts(w - ansi.StringWidth(left))
	var counts strings.Builder
	for _, part := range parts {
		counts.WriteString(spaces(gap) + part.text)
	}
	left += counts.String()
	return left + spaces(max(0, w-ansi.StringWidth(left)-ansi.StringWidth(right))) + right
}

// headerParts are the right end of the header and its counts, in as many words
// as fit into w cells.
func (m *model) headerParts(w int) (right string, parts []headerPart) {
	for _, words := range []struct {
		store, counts, copied bool
		bar                   int
	}{
		{true, true, true, barWide}, {false, true, true, barNarrow}, {false, false, true, barNarrow}, {false, false, false, barNarrow}, {false, false, false, 0},
	} {
		right = m.storeText(words.store) + " "
		if words.copied {
			right = m.copiedText(words.store) + right
		}
		parts = m.countParts(words.bar, words.counts)
		if needOf(parts)+gap+ansi.StringWidth(right) <= w {
			return right, parts
		}
	}
	for len(parts) > 0 && needOf(parts)+gap+ansi.StringWidth(right) > w {
		least := slices.MinFunc(parts, func(a, b headerPart) int { return cmp.Compare(a.worth, b.worth) })
		parts = slices.DeleteFunc(parts, func(p headerPart) bool { return p.worth == least.worth })
	}
	return right, parts
}

// headerPart is one of the counts, in its look. Of two that have no room together
// the one of less worth goes; no two have the same.
type headerPart struct {
	text  string
	worth int
}

// needOf is the cells that parts take, with the blanks before each.
func needOf(parts []headerPart) int {
	need := 0
	for _, part := range parts {
		need += gap + ansi.StringWidth(part.text)
	}
	return need
}

// The worth of the counts: what is watched is in one of the others too, what is
// fresh needs nobody, what is failed or unknown needs a person.
var worthOf = [...]int{stateFresh: 2, stateAgeing: 3, stateExpired: 4, stateUnknown: 5, stateFailed: 6}

const worthWatch, worthProgress = 1, 7

// countParts are the progress of the runs, with a bar of so many cells, and the
// counts.
func (m *model) countParts(bar int, words bool) []headerPart {
	counts := m.census.counts
	var parts []headerPart
	if m.totals.asked > 0 {
		parts = append(parts, headerPart{m.progressText(bar, words), worthProgress})
	}
	if text := m.watchText(words); text != "" {
		parts = append(parts, headerPart{text, worthWatch})
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
		parts = append(parts, headerPart{style.Render(text), worthOf[s]})
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
