package ui

import (
	"errors"
	"strings"

	tea "charm.land/bubbletea/v2"

	"orgkeep/tokens"
)

// narrowing is the filter of the list. While its last term cannot be read, which
// is how most begin, those before it hold; while one of those cannot, the last
// filter that could be read stays.
type narrowing struct {
	filter  tokens.Filter
	marked  bool // is:marked, which the screen alone can tell
	not     bool // -is:marked
	problem string
	// whole is what was typed with its last term completed, where the term can
	// become one thing only; that holds then.
	whole string
}

// asks reports whether anything is asked of an org.
func (n *narrowing) asks() bool { return n.marked || n.not || !n.filter.Empty() }

// read takes what was typed; it reports whether what the filter asks for may
// have changed.
func (n *narrowing) read(text string) bool {
	read, err := readFilter(text)
	if err == nil {
		*n = read
		return true
	}
	last, terms := suggest(text, nil)
	if len(terms) == 1 {
		whole := text[:last] + terms[0]
		if read, problem := readFilter(whole); problem == nil {
			*n = read
			n.whole = whole
			return true
		}
	}
	n.problem = err.Error()
	var fault *tokens.FilterError
	if errors.As(err, &fault) && strings.HasPrefix(fault.Problem, "is:") {
		n.problem += " marked"
	}
	if read, err = readFilter(text[:last]); err != nil {
		return false
	}
	read.problem = n.problem
	*n = read
	return true
}

func readFilter(text string) (narrowing, error) {
	rest, marked, not := cutMarked(text)
	f, err := tokens.ParseFilter(rest)
	return narrowing{filter: f, marked: marked, not: not}, err
}

// suggest is tokens.Suggest with the term that the screen alone can tell.
func suggest(text string, tags []string) (at int, terms []string) {
	at, terms = tokens.Suggest(text, tags)
	for _, term := range []string{termMarked, "-" + termMarked} {
		typed := strings.ToLower(text[at:])
		if strings.HasPrefix(term, typed) && strings.Contains(typed, ":") && term != typed {
			terms = append(terms, term)
		}
	}
	return at, terms
}

const termMarked = "is:marked"

// completeFilter goes on with the last term as far as it can become one thing
// only.
func (m *model) completeFilter() {
	var tags []string
	for i := range m.list.orgs {
		tags = append(tags, m.list.orgs[i].Tags...)
	}
	text := m.filter.Value()
	at, terms := suggest(text, tags)
	if len(terms) == 0 {
		return
	}
	m.setFilter(text[:at] + commonStart(terms))
}

// keepFilter ends the typing of a filter that can be read, with its last term
// whole, or says that it cannot.
func (m *model) keepFilter() {
	if m.list.filter.problem != "" {
		m.note, m.noteBad = "The filter is not kept: one of its terms cannot be read. tab completes the last one, esc clears the filter.", true
		return
	}
	if whole := m.list.filter.whole; whole != "" {
		m.setFilter(whole)
	}
	m.stopFiltering()
}

// setFilter is as if the text had been typed.
func (m *model) setFilter(text string) {
	m.filter.SetValue(text)
	m.filter.CursorEnd()
	m.list.narrow(text)
}

// commonStart is what all texts begin with.
func commonStart(texts []string) string {
	start := texts[0]
	for _, text := range texts[1:] {
		for !strings.HasPrefix(text, start) {
			start = start[:len(start)-1]
		}
	}
	return start
}

// openFilter lets the user type a filter. What takes long at the first letter is
// done before it.
func openFilter(m *model) tea.Cmd {
	m.filtering = true
	m.list.prepare()
	return m.filter.Focus()
}

// cutMarked takes the terms is:marked and -is:marked out of a filter, and puts
// blanks in their places so that an error names the right one.
func cutMarked(text string) (rest string, marked, not bool) {
	words := strings.Split(text, " ")
	quoted := false
	for i, word := range words {
		low := strings.ToLower(word)
		if !quoted && (low == "is:marked" || low == "-is:marked") {
			marked, not = marked || low[0] == 'i', not || low[0] == '-'
			words[i] = spaces(len(word))
		}
		quoted = quoted != (strings.Count(word, `"`)%2 == 1)
	}
	return strings.Join(words, " "), marked, not
}

// narrow shows only the orgs that a filter lets through. The org under the
// cursor stays on its line.
func (l *list) narrow(text string) {
	if !l.filter.read(text) {
		return
	}
	clear(l.held) // who asks anew gets what holds now
	l.renew()
}

// renew asks the filter again.
func (l *list) renew() {
	spot, line := l.spot(), l.cursor-l.top
	l.show()
	l.stand(spot, line)
}

// matches reports whether the filter lets an org through. One whose refresh has
// just ended stays until its result has been seen.
func (l *list) matches(i int) bool {
	f := &l.filter
	if !f.asks() {
		return true
	}
	org := &l.orgs[i]
	if marked := l.marks.set[org.Key]; f.marked && !marked || f.not && marked {
		return false
	}
	var clocks tokens.Clocks
	if f.filter.NeedsClocks() {
		if l.held[org.Key] > 0 {
			return true
		}
		clocks = org.Clocks(l.now, l.limits)
	}
	return f.filter.Match(org, l.words[i], clocks)
}
