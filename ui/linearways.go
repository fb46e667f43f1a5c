package ui

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"orgkeep/tokens"
)

// way is how an action of the table is done in lines.
type way struct {
	takes takes
	off   string // why it cannot be done in lines; then there is no run
	run   func(l *linear, a action, text string) tea.Cmd
}

// takes is what may follow the name of an action.
type takes int

const (
	takesNothing takes = iota
	takesOrg
	takesOrgs
	takesText
)

// wayOf is the way of an action in lines. One that is not known here is off, so
// that nothing happens unseen.
func wayOf(a action) way {
	if w, known := ways()[a.keys[0]]; known {
		return w
	}
	return way{off: "only the screen has it"}
}

// ways are the actions that mean something in lines, by the first key.
func ways() map[string]way {
	drawn := way{off: "nothing is drawn here"}
	place := way{off: "there are no pages here; type the number or the alias of an org"}
	return map[string]way{
		"r": doing(takesOrgs), "R": doing(takesNothing), "F": doing(takesNothing), "!": doing(takesOrg), "a": doing(takesOrg),
		"y": doing(takesOrg), "c": doing(takesOrg), "*": doing(takesOrgs), "w": doing(takesOrgs),
		"f5": doing(takesNothing), "f6": doing(takesOrg), "f7": doing(takesOrg), "f8": doing(takesNothing), "f9": doing(takesNothing),
		"esc": speaking(takesNothing, (*linear).sayShort),
		"q": {run: func(l *linear, a action, _ string) tea.Cmd {
			l.bye = true
			return l.m.perform(a, a.keys[0])
		}},
		"enter": {takes: takesOrg, run: func(l *linear, _ action, _ string) tea.Cmd { return l.open() }},
		"h":     paging(tabHistory), "1": paging(tabOverview), "2": paging(tabToken), "3": paging(tabFailure), "4": paging(tabHistory),
		"j": speaking(takesNothing, (*linear).sayCurrent), "k": speaking(takesNothing, (*linear).sayCurrent),
		"g": speaking(takesNothing, (*linear).sayCurrent), "G": speaking(takesNothing, (*linear).sayCurrent),
		"space": speaking(takesOrgs, (*linear).sayMarks), "V": speaking(takesOrg, (*linear).sayMarks), "ctrl+a": speaking(takesNothing, (*linear).sayMarks),
		"p": speaking(takesNothing, (*linear).sayPrivate),
		"t": speaking(takesNothing, (*linear).sayShort), "S": speaking(takesNothing, (*linear).sayShort),
		"s": choosing(tokens.Orders(), func(o *ordering, by tokens.Order) { o.by, o.reverse = by, false }),
		"o": choosing(tokens.Groupings(), func(o *ordering, by tokens.Grouping) { o.group = by }),
		"/": {takes: takesText, run: (*linear).filter},
		"?": {takes: takesText, run: (*linear).help},
		"v": {off: "a token that is said here would stay in the terminal's memory; c copies it instead"},
		"l": {off: "its form is on the screen only; orgkeep login signs in from the shell"},
		"D": looked(takesNothing, nil), "i": looked(takesOrg, nil), "=": looked(takesNothing, (*linear).sayComparison),
		"e": doing(takesOrg), "x": doing(takesOrg), "n": doing(takesOrg), "T": doing(takesOrg),
		"A": {off: "its form is on the screen only; orgkeep import adds orgs from the shell"},
		"E": {off: "its form is on the screen only; orgkeep import --store vault makes one from the shell"},
		"d": {off: "orgkeep demo starts it from the shell"},
		"K": doing(takesNothing),
		":": {off: "the prompt itself takes every key and every name"},
		"M": drawn, "ctrl+t": drawn, "left": drawn, "right": drawn,
		"pgdown": place, "pgup": place, "tab": place, "shift+tab": place,
	}
}

// doing is the way of what is done as a key does it; what it changes is said as
// everything is.
func doing(what takes) way {
	return way{takes: what, run: func(l *linear, a action, _ string) tea.Cmd { return l.m.perform(a, a.keys[0]) }}
}

// speaking is doing, with something said after it unless it was off.
func speaking(what takes, then func(*linear)) way {
	return way{takes: what, run: func(l *linear, a action, _ string) tea.Cmd {
		cmd := l.m.perform(a, a.keys[0])
		if l.m.note == "" {
			then(l)
		}
		return cmd
	}}
}

// paging is the way of what shows a page of an org.
func paging(t tab) way {
	return way{takes: takesOrg, run: func(l *linear, _ action, _ string) tea.Cmd { return l.page(t) }}
}

// choosing is the way of what goes to the next of some choices, or to the one
// that is named.
func choosing[T ~string](all []T, change func(*ordering, T)) way {
	return way{takes: takesText, run: func(l *linear, a action, text string) tea.Cmd {
		var cmd tea.Cmd
		word := T(strings.ToLower(text))
		switch {
		case text == "":
			cmd = l.m.perform(a, a.keys[0])
		case slices.Contains(all, word):
			cmd = l.m.reorder(func(o *ordering) { change(o, word) })
		default:
			names := make([]string, len(all))
			for i, one := range all {
				names[i] = string(one)
			}
			l.say(a.name + " takes one of " + strings.Join(names, ", ") + ".")
			return nil
		}
		if l.m.note == "" {
			l.sayShort()
		}
		return cmd
	}}
}

// filter narrows the list to what the words let through; no words, to all.
func (l *linear) filter(_ action, text string) tea.Cmd {
	m := l.m
	m.filter.SetValue(text)
	m.list.narrow(text)
	if m.list.filter.problem != "" {
		l.say(m.list.filter.problem)
		return nil
	}
	m.recount()
	l.sayShort()
	return nil
}

// open says a page of the org under the cursor: why its last refresh failed, if
// it did, else how it stands.
func (l *linear) open() tea.Cmd {
	org, _ := l.m.list.current()
	if busy := l.m.live[org.Key]; failureOf(org) != nil || busy != nil && busy.failure != nil {
		return l.page(tabFailure)
	}
	return l.page(tabOverview)
}

// page says a page, now or when what it needs has been read.
func (l *linear) page(t tab) tea.Cmd {
	m := l.m
	if why := emptyOff(m); why != "" {
		l.say(tabNames[t] + " is off: " + why + ".")
		return nil
	}
	m.overlay = overlayDetail
	var read tea.Cmd
	switch t {
	case tabToken:
		read = m.chooseTab(t)
	case tabFailure:
		read = m.wantWhole()
	case tabHistory:
		read = m.wantHistory()
	case tabOverview:
	}
	m.overlay = overlayNone
	if read == nil {
		l.sayPage(t)
		return nil
	}
	l.later = &t
	return read
}

// reportCopiedMsg says whether reports are on the clipboard.
type reportCopiedMsg struct {
	reportedMsg
	failed error
}

// reported copies reports by a program of this machine. Where there is none, or
// none is to be started, they are said: they hold no secret. The other texts are
// said in any case.
func (l *linear) reported(msg reportedMsg) tea.Cmd {
	board, why := l.m.copied.board.clipboard, l.m.copied.whyNot
	switch {
	case msg.err != nil:
		return l.m.reported(msg)
	case board == nil || why != "" || l.m.copied.own:
		l.sayReport(msg)
		return nil
	case msg.what != "": // it is to be looked at before all
		l.sayReport(msg)
	}
	return func() tea.Msg { return reportCopiedMsg{reportedMsg: msg, failed: board.Write(msg.text)} }
}

func (l *linear) reportCopied(msg reportCopiedMsg) {
	switch {
	case msg.failed != nil && msg.what != "":
		return // it was said
	case msg.failed != nil:
		l.sayReport(msg.reportedMsg)
		return
	}
	l.m.plainCopied(plainCopiedMsg{said: l.m.reportedText(msg.reportedMsg)})
}

func (l *linear) sayReport(msg reportedMsg) {
	what, end := "The report on "+aliases(msg.orgs), "End of the report."
	if msg.what != "" {
		what, end = msg.what, "That is all of it."
	}
	l.say(what + ", without secrets:")
	l.say(msg.text)
	l.say(end)
}
