package ui

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
)

// Few enough refreshes to say of each when it was sent, and how long nothing is
// said while some are under way.
const (
	fewRefreshes = 3
	silenceMost  = 5 * time.Second
)

// greet says what this is, and the list.
func (l *linear) greet() {
	m := l.m
	text := "orgkeep in lines."
	if m.demo {
		text += " This is the demo, with made-up orgs."
	}
	l.say(text + " The tokens are in " + m.storeWords() + ".")
	l.sayShort()
	l.say("Type ? for what can be typed, q to leave.")
}

// begun says that refreshes have begun, where there are too many to say it of
// each.
func (l *linear) begun() {
	n := l.m.totals.asked
	if n > l.asking && n > fewRefreshes {
		l.say(fmt.Sprintf("Refreshing %d orgs. esc cancels what has not been sent.", n))
	}
	l.asking = n
}

// stepped says the steps of a refresh that matter: that it was sent, and how it
// ended.
func (l *linear) stepped(msg steppedMsg) {
	m := l.m
	i, known := m.list.byKey[msg.event.Key]
	switch r := msg.event.Result; {
	case msg.ended || !known:
	case r != nil:
		l.sayResult(*r)
	case m.totals.asked > fewRefreshes:
	case msg.event.Step == tokens.StepWaiting:
		l.say(m.list.orgs[i].Alias + ": sent, waiting for the answer. esc cancels what has not been sent.")
	case msg.event.Step == tokens.StepPausing:
		l.say(m.list.orgs[i].Alias + ": " + busyText(m.live[msg.event.Key]) + ".")
	}
}

// sayResult says how a refresh ended, and of a failure what it means and what to
// do.
func (l *linear) sayResult(r keeper.Result) {
	text, _ := outcomeLine(r, l.m.storeWords())
	l.said = text
	l.say(text)
	f := r.Attempt.Failure
	if f == nil || r.Attempt.Outcome == tokens.OutcomeCancelled {
		return
	}
	e := l.m.keeper.Explain(f)
	l.say("  What it means: "+e.Meaning, "  What to do: "+e.Remedy)
	for _, key := range keysOf(e.Do) {
		if a, known := actionFor(key); known && wayOf(a).off == "" {
			l.say("  " + key + ": " + a.name)
		}
	}
}

// waiting says what is under way when nothing has been said for a while.
func (l *linear) waiting() {
	m := l.m
	if len(m.live) == 0 || l.silent() < silenceMost {
		return
	}
	var names []string
	for i := range m.list.orgs {
		if busy := m.live[m.list.orgs[i].Key]; busy != nil && busy.step != tokens.StepQueued {
			names = append(names, m.list.orgs[i].Alias+", "+busyText(busy))
		}
	}
	l.say(fmt.Sprintf("%d of %d done. %s.", m.totals.done(), m.totals.asked, nameSome(append(names, queuedText(m)...))))
}

func queuedText(m *model) []string {
	n := 0
	for _, busy := range m.live {
		if busy.step == tokens.StepQueued {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	return []string{fmt.Sprintf("%d queued", n)}
}

// sayNote says what the footer of the screen would, once.
func (l *linear) sayNote() {
	note := l.m.note
	if note != l.noted && note != "" && note != l.said {
		l.say(note)
	}
	l.noted = note
}

// sayToasts says what happened beside what was asked for. What ended off screen
// has been said: everything is off screen here.
func (l *linear) sayToasts() {
	for _, one := range l.m.toasts.shown {
		if one.id > l.toast && one.kind != toastEnded {
			l.say(one.text)
		}
		l.toast = max(l.toast, one.id)
	}
}

// sayBanner says that tokens wait for the keychain, or that the clock is wrong,
// when that begins or changes.
func (l *linear) sayBanner() {
	text := ""
	if len(l.m.waiting) > 0 || l.m.notice != "" {
		text = strings.TrimSpace(l.m.bannerLine(plainWidth))
	}
	if text != "" && text != l.banner {
		l.say(text)
	}
	l.banner = text
}

// plainWidth is more than any line of words: where a line is broken is the
// terminal's affair, or the reader's.
const plainWidth = 2000

// sayPage says a page of the org under the cursor.
func (l *linear) sayPage(t tab) {
	org, ok := l.m.list.current()
	if !ok {
		return
	}
	d := &page{m: l.m, w: plainWidth, plain: true}
	d.show(t, org)
	l.say(l.m.currentName() + ", " + tabNames[t] + ".")
	for i, line := range d.lines {
		if line != "" || i > 0 && d.lines[i-1] != "" {
			l.say(line)
		}
	}
	var others []string
	for n, name := range tabNames {
		if tab(n) != t {
			others = append(others, name)
		}
	}
	l.say("More: " + strings.Join(others, ", ") + ".")
}

// help says what can be typed: the actions that have every word.
func (l *linear) help(_ action, text string) tea.Cmd {
	words := strings.Fields(strings.ToLower(text))
	if len(words) == 0 {
		l.say("A line begins with a key or a name. Where it is about an org, the org's number or alias follows: r 3, refresh globex. Without one the last org is meant.",
			"A number or an alias alone opens that org. An empty line says which org is the last one.",
			"list: say the first orgs of the list; list all says all of them.")
	}
	var off []string
	n := len(words)
	for _, a := range actions() {
		w := wayOf(a)
		switch {
		case !a.has(words):
		case w.off != "" && len(words) == 0:
			off = append(off, a.name)
		case w.off != "":
			l.say(a.keyLabels() + ", " + a.name + ": off here, because " + w.off + ".")
		default:
			l.say(l.helpOn(a))
			n = 0
		}
	}
	switch {
	case len(off) > 0:
		l.say("Off here: " + strings.Join(off, ", ") + ". ? and the name says why.")
	case n > 0:
		l.say("Nothing else has these words.")
	}
	return nil
}

// helpOn is what the table says of an action, and why it is off now.
func (l *linear) helpOn(a action) string {
	text := a.keyLabels() + ", " + a.name + ": " + a.about
	if _, err := strconv.Atoi(a.keys[0]); err == nil { // a number is an org here
		text = a.name + ": " + a.about
	}
	if why := a.why(l.m); why != "" {
		text += " Off now: " + why + "."
	}
	return text
}

// sayMarks says which orgs are marked.
func (l *linear) sayMarks() {
	var names []string
	for org := range l.m.list.eachMarked() {
		names = append(names, org.Alias)
	}
	slices.Sort(names)
	text := l.m.list.marks.words()
	if len(names) > 0 {
		text += ": " + nameSome(names)
	}
	l.say(text + ".")
}

// sayPrivate says whether names are hidden now, and the list as it is then.
func (l *linear) sayPrivate() {
	m := l.m
	m.private.learn(m.list.orgs, m.list.version)
	if m.private.on {
		l.say("Names are hidden from here on. What was said before is still above.")
	} else {
		l.say("Names are said again.")
	}
	l.sayShort()
}
