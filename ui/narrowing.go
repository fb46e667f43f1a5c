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
	n.problem = err.Error()
	var fault *tokens.FilterError
	if errors.As(err, &fault) && strings.HasPrefix(fault.Problem, "is:") {
		n.problem += " marked"
	}
	last, _ := tokens.Suggest(text, nil)
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
