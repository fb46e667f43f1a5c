package ui

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"
	"github.com/sahilm/fuzzy"

	"orgkeep/tokens"
)

// palette finds an action, or an org, by some letters of its name.
type palette struct {
	input  textinput.Model
	items  []item
	cursor int // index in items
	top    int // index in items of the first visible one
}

// item is one thing that the palette has found: an action, or an org to go to.
type item struct {
	action action
	org    tokens.Key // empty for an action
	name   string
	at     []int // bytes of the name that were found
}

// foundMost is how many items the palette lists; who needs the rest types more.
const foundMost = 100

// openPalette opens it over what is open; the help gives way to it.
func (m *model) openPalette() tea.Cmd {
	if m.overlay == overlayHelp {
		m.closeHelp()
	}
	in := newInput(palettePrompt)
	in.CharLimit = 100
	if m.private.on { // it may be a name
		in.EchoMode, in.EchoCharacter = textinput.EchoPassword, '•'
	}
	m.palette = &palette{input: in}
	m.palette.items = m.found("")
	return m.palette.input.Focus()
}

const palettePrompt = ": "

// found returns what the query finds, the best first: the action of the very key,
// then names by their likeness, then actions whose help has the words; among
// both, what is off stands last. Without a query it is every action, those that are
// on first.
func (m *model) found(query string) []item {
	table := actions()
	query = strings.TrimSpace(query)
	if query == "" {
		return m.onFirst(table)
	}
	var items []item
	seen := map[string]bool{}
	add := func(a action, at []int) {
		if !seen[a.name] {
			seen[a.name] = true
			items = append(items, item{action: a, name: a.name, at: at})
		}
	}
	for _, a := range table {
		if slices.ContainsFunc(a.keys, func(key string) bool { return key == query || keyLabel(key) == query }) {
			add(a, nil)
		}
	}
	exact := len(items)
	for _, match := range fuzzy.FindFrom(query, names{table, m.list.orgs, m.seen}) {
		switch {
		case len(items) >= foundMost:
			return m.offLast(items, exact)
		case match.Index < len(table):
			add(table[match.Index], match.MatchedIndexes)
		default:
			org := m.list.orgs[match.Index-len(table)]
			items = append(items, item{org: org.Key, name: m.seen(org).Alias, at: match.MatchedIndexes})
		}
	}
	items = m.offLast(items, exact)
	named := len(items)
	words := strings.Fields(strings.ToLower(query))
	for _, a := range table {
		if a.has(words) {
			add(a, nil)
		}
	}
	return m.offLast(items, named)
}

// offLast puts what does nothing now behind the rest, but for the first ones.
func (m *model) offLast(items []item, first int) []item {
	sorted := slices.Clone(items[:first])
	for _, on := range []bool{true, false} {
		for _, one := range items[first:] {
			if (one.org != "" || m.offNow(one.action) == "") == on {
				sorted = append(sorted, one)
			}
		}
	}
	return sorted
}

// onFirst is every action, those that do something now first.
func (m *model) onFirst(table []action) []item {
	items := make([]item, 0, len(table))
	for _, on := range []bool{true, false} {
		for _, a := range table {
			if (m.offNow(a) == "") == on {
				items = append(items, item{action: a, name: a.name})
			}
		}
	}
	return items
}

// names are what the palette looks through: the actions' names, then the orgs'
// aliases as the screen shows them.
type names struct {
	actions []action
	orgs    []tokens.Org
	seen    func(tokens.Org) tokens.Org
}

// Len is part of fuzzy.Source.
func (n names) Len() int { return len(n.actions) + len(n.orgs) }

// String is part of fuzzy.Source.
func (n names) String(i int) string {
	if i < len(n.actions) {
		return n.actions[i].name
	}
	return n.seen(n.orgs[i-len(n.actions)]).Alias
}

// paletteTyped takes a key for the palette.
func (m *model) paletteTyped(key tea.KeyPressMsg) tea.Cmd {
	p := m.palette
	page := max(1, m.paletteRows(m.layout()))
	switch key.String() {
	case "esc", "ctrl+c":
		m.palette = nil
		return nil
	case "enter":
		return m.runItem(p.cursor)
	case "down", "ctrl+n", "tab":
		m.movePalette(1)
		return nil
	case "up", "ctrl+p", "shift+tab":
		m.movePalette(-1)
		return nil
	case "pgdown":
		m.movePalette(page)
		return nil
	case "pgup":
		m.movePalette(-page)
		return nil
	}
	return m.paletteTold(key)
}

// paletteTold changes the query by a key or a paste.
func (m *model) paletteTold(msg tea.Msg) tea.Cmd {
	p := m.palette
	before := p.input.Value()
	var cmd tea.Cmd
	p.input, cmd = p.input.Update(msg)
	if p.input.Value() != before {
		p.items, p.cursor, p.top = m.found(p.input.Value()), 0, 0
	}
	return cmd
}

func (m *model) movePalette(by int) {
	p := m.palette
	p.cursor = max(0, min(p.cursor+by, len(p.items)-1))
	m.revealItem()
}

// revealItem scrolls so that the item under the cursor is seen.
func (m *model) revealItem() {
	p, rows := m.palette, m.paletteRows(m.layout())
	p.top = max(0, min(p.top, p.cursor), p.cursor-rows+1)
}

// runItem does what an item says. What is off is said to be, and the palette
// stays.
func (m *model) runItem(n int) tea.Cmd {
	if n >= len(m.palette.items) {
		return nil
	}
	one := m.palette.items[n]
	if one.org != "" {
		m.palette = nil
		m.jump(one.org)
		return nil
	}
	if off := m.offNow(one.action); off != "" {
		m.palette.cursor = n
		m.note = one.action.name + " is off: " + off + "."
		return nil
	}
	m.palette = nil
	return m.perform(one.action, one.action.keys[0])
}

// jump puts the cursor on an org; a filter that hides it is cleared.
func (m *model) jump(key tokens.Key) {
	m.overlay = overlayNone
	if m.list.seek(spot{key: key}); m.list.cursorKey() == key {
		return
	}
	m.filter.SetValue("")
	m.list.narrow("")
	clear(m.list.folded)
	m.list.renew()
	m.list.seek(spot{key: key})
}
