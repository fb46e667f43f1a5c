package ui

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"orgkeep/tokens"
)

// lineCame takes a line: an answer, or a command.
func (l *linear) lineCame(msg lineMsg) tea.Cmd {
	m := l.m
	l.reading, l.prompted, l.bye = false, false, false
	if l.hidden {
		l.say("") // the end of the line was not shown either
	}
	m.note, m.noteBad, l.noted, l.said = "", false, "", ""
	defer func() { m.summed = false }() // its keys are for one line, as they are for one press
	m.now = m.clock.Now()
	m.passed()
	m.recount()
	switch {
	case msg.err != nil: // the input ended: a signal to leave, with nobody there to answer
		l.closed, l.bye = true, true
		return m.signalled()
	case m.leaving:
		return m.pressed(tea.KeyPressMsg{Code: 'q', Text: strings.TrimSpace(msg.text)})
	case m.dialog() != nil:
		return l.answer(msg.text)
	}
	return l.command(strings.TrimSpace(msg.text))
}

// command does what a line says: a number or an alias alone opens the org; else
// it begins with a key or the name of an action.
func (l *linear) command(line string) tea.Cmd {
	word, rest, _ := strings.Cut(line, " ")
	rest = strings.TrimSpace(rest)
	if len(line) > 1 && (line[0] == '/' || line[0] == '?') {
		word, rest = line[:1], strings.TrimSpace(line[1:])
	}
	switch {
	case line == "":
		l.sayCurrent()
		return nil
	case word == "list" && (rest == "" || rest == "all"):
		l.sayList(rest == "all")
		return nil
	}
	_, err := strconv.Atoi(word)
	if a, known := actionOfKey(word); known && err != nil {
		return l.use(a, rest)
	}
	if a, rest, known := actionOfName(line); known {
		return l.use(a, rest)
	}
	key, problem := l.orgCalled(line)
	if problem != "" {
		l.say(problem + " ? says what can be typed.")
		return nil
	}
	l.jump(key)
	return l.open()
}

// actionOfKey finds the action of a key, by its name or as the screen writes it.
func actionOfKey(key string) (action, bool) {
	for _, a := range actions() {
		if slices.ContainsFunc(a.keys, func(k string) bool { return k == key || keyLabel(k) == key }) {
			return a, true
		}
	}
	return action{}, false
}

// actionOfName finds the action that the line begins with the name of, the
// longest of them; rest is what follows.
func actionOfName(line string) (found action, rest string, ok bool) {
	for _, a := range actions() {
		n := len(a.name)
		begins := len(line) >= n && strings.EqualFold(line[:n], a.name) && (len(line) == n || line[n] == ' ')
		if begins && n > len(found.name) {
			found, rest, ok = a, strings.TrimSpace(line[n:]), true
		}
	}
	return found, rest, ok
}

// use does an action in the way that it has in lines.
func (l *linear) use(a action, rest string) tea.Cmd {
	w := wayOf(a)
	switch {
	case w.off != "":
		l.say(a.name + " is off: " + w.off + ".")
		return nil
	case w.takes == takesText:
		return w.run(l, a, rest)
	case rest == "":
		return w.run(l, a, "")
	case w.takes == takesNothing:
		l.say(a.name + " is about no single org; type " + a.keys[0] + " alone.")
		return nil
	}
	keys, problem := l.orgsCalled(rest)
	if problem == "" && len(keys) > 1 && w.takes == takesOrg {
		problem = a.name + " takes one org."
	}
	if problem != "" {
		l.say(problem)
		return nil
	}
	var cmds []tea.Cmd
	for _, key := range keys {
		l.jump(key)
		if a.onOrg {
			l.m.overlay = overlayDetail // with an org open, the marked ones are not meant
		}
		cmds = append(cmds, w.run(l, a, ""))
		l.m.overlay = overlayNone
	}
	return tea.Batch(cmds...)
}

// jump chooses an org. A filter that hides it is cleared, which is said.
func (l *linear) jump(key tokens.Key) {
	filtered := l.m.filter.Value() != ""
	l.m.jump(key)
	if filtered && l.m.filter.Value() == "" {
		l.say("The filter hid this org; it is cleared.")
	}
}

// orgsCalled finds the orgs of a list of numbers and aliases.
func (l *linear) orgsCalled(text string) (keys []tokens.Key, problem string) {
	if key, problem := l.orgCalled(text); problem == "" {
		return []tokens.Key{key}, ""
	}
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' }) {
		key, problem := l.orgCalled(word)
		if problem != "" {
			return nil, problem
		}
		keys = append(keys, key)
	}
	return keys, ""
}

// orgCalled finds an org by its number in the last list, by its alias, or by
// letters that only one alias begins with.
func (l *linear) orgCalled(word string) (key tokens.Key, problem string) {
	if n, err := strconv.Atoi(word); err == nil && n >= 1 && n <= len(l.numbers) {
		return l.numbers[n-1], ""
	}
	var like []tokens.Org
	for _, org := range l.m.list.orgs {
		alias := l.m.seen(org).Alias
		switch {
		case org.Alias == word, alias == word:
			return org.Key, ""
		case word != "" && strings.HasPrefix(strings.ToLower(alias), strings.ToLower(word)):
			like = append(like, org)
		}
	}
	switch len(like) {
	case 0:
		return "", fmt.Sprintf("Nothing is called %s.", word)
	case 1:
		return like[0].Key, ""
	}
	return "", fmt.Sprintf("%s may be %s.", word, aliases(like))
}
