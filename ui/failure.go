package ui

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"orgkeep/tokens"
)

// failureTab shows why the last refresh failed, or what the one under way was
// answered with so far.
func (d *page) failureTab(org tokens.Org) {
	busy, f := d.m.live[org.Key], failureOf(org)
	if busy == nil && f == nil {
		d.text("The last refresh of this org did not fail.")
		return
	}
	d.state(org)
	d.halted(org)
	switch {
	case busy != nil && d.busy(busy):
		return
	case f == nil:
		return
	}
	keys := keysOf(d.m.keeper.Explain(f).Do)
	if org.Last.Outcome == tokens.OutcomeUnknown {
		keys = []string{"a", "l", "!"}
	}
	d.failure(f, append(keys, "y")...)
	d.paused(org, f)
	d.body(f)
	d.notice()
}

// halted says that the watch of an org has stopped, beside the sign that its row
// has for that.
func (d *page) halted(org tokens.Org) {
	if watchOf(&org) != watchHalted {
		return
	}
	sign := d.m.theme.Glyphs.Halted + " "
	if d.plain {
		sign = ""
	}
	d.text(d.m.theme.Failed.Render(sign + "Its watch has stopped. It goes on by itself once a refresh or a sign-in has gone well."))
}

// failure shows the endpoint's words first, then what they mean, and what to do
// about it: by whom, and with which keys.
func (d *page) failure(f *tokens.Failure, keys ...string) {
	d.words(f)
	e := d.m.keeper.Explain(f)
	d.heading("What it means")
	d.text(e.Meaning)
	d.heading("What to do")
	d.text(e.Remedy)
	d.keys(keys...)
	d.field("who", e.Who)
	d.field("retry", e.RetryText())
	d.causes(e.Causes)
}

// keysOf are the keys that do what mends a failure, none where only a person
// elsewhere can.
func keysOf(do tokens.Deed) []string {
	switch do {
	case tokens.DoRefresh:
		return []string{"r"}
	case tokens.DoSignIn:
		return []string{"l"}
	case tokens.DoTest:
		return []string{"a", "l"}
	case tokens.DoNothing:
	}
	return nil
}

// words are the endpoint's own, or this machine's where no answer came.
func (d *page) words(f *tokens.Failure) {
	t := d.m.theme
	if f.Code != "" || f.Description != "" {
		d.heading("The endpoint said")
		for _, words := range []string{f.Code, f.Description} {
			if words != "" {
				d.text(t.Failed.Render(d.m.veil(words)))
			}
		}
	}
	if f.Problem != "" {
		d.heading("What happened")
		d.text(t.Failed.Render(d.m.veil(f.Problem)))
	}
}

// causes are numbered, because the likeliest stands first.
func (d *page) causes(causes []string) {
	switch len(causes) {
	case 0:
		return
	case 1:
		d.heading("Likely cause")
		d.text(causes[0])
		return
	}
	d.heading("Likely causes, the likeliest first")
	for i, cause := range causes {
		for n, line := range wrap(cause, d.w-5) {
			number := "   "
			if n == 0 {
				number = fmt.Sprintf("%d  ", i+1)
			}
			d.add("  " + d.m.theme.Muted.Render(number) + line)
		}
	}
}

// keys names what can be done here, by the keys that do it.
func (d *page) keys(keys ...string) {
	for _, key := range keys {
		a, known := actionFor(key)
		switch {
		case !known, d.plain && (wayOf(a).off != "" || key == "l" && d.m.browser == nil):
		case key == "l" && a.why(d.m) != "":
			// It is what mends the failure, so it is named where it is off too.
			for _, line := range wrap(key+"  "+a.name+", off: "+a.why(d.m), d.w-2) {
				d.add("  " + d.m.theme.Faint.Render(line))
			}
		default:
			d.key(key, a.name)
		}
	}
}

// key names one thing that can be done here, by the key that does it.
func (d *page) key(key, does string) {
	if d.plain {
		d.add("  " + key + ": " + does)
		return
	}
	d.add("  " + d.m.theme.Accent.Render(key) + "  " + does)
}

// body shows what the endpoint sent, to the letter.
func (d *page) body(f *tokens.Failure) {
	if f.Body == "" {
		return
	}
	title := "The endpoint's answer, as it came"
	if f.BodyCut {
		title = "The endpoint's answer, as far as it came or 64 KiB of it"
	}
	d.heading(title)
	if d.m.private.on {
		d.text("It may hold names, so it is hidden in private mode.")
		return
	}
	for line := range strings.SplitSeq(ansi.Hardwrap(f.Body, max(1, d.w-2), true), "\n") {
		d.add("  " + line)
	}
}
