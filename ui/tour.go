package ui

import (
	"strings"

	"orgkeep/tokens"
)

// chapter is one part of the tour. It begins on a demo that has just started.
type chapter struct {
	title    string
	scenario string
	steps    []step
}

// step is a caption, and keys that are pressed when it has been read. The next
// step begins when until holds; nil holds at once.
type step struct {
	caption string
	keys    []string // of the table of actions; or a text, which is typed
	until   func(*model) bool
}

// chapters are the tour. Captions name no org, so that they are as true in
// private mode, and have at most two lines in a window of 80 columns.
var chapters = []chapter{
	{
		title: "The two clocks", scenario: "mixed",
		steps: []step{
			{caption: "Every org has two clocks. AGE and LEFT are those of its access token; IDLE is that of its refresh token."},
			{caption: "Salesforce does not say how long an access token lives. So the age is a fact, and a time left with a ~ is an estimate."},
			{caption: "A refresh token can end too: after 30 days without use, where its app sets that limit. Each use starts these days anew."},
			{caption: "The filter finds what runs out: idle:<7d is every login with less than seven days to go.", keys: []string{"/", "idle:<7d", "enter"}, until: kept},
			{caption: "This one has two days, and a warning. Enter opens it; its overview draws both clocks.", keys: []string{"enter", "1"}, until: opened(tabOverview)},
			{caption: "The access token of the next one is over too. That does no harm while its refresh token lives: r brings a new one.", keys: []string{"esc", "esc", "j", "r"}, until: settled},
			{caption: "Both clocks of that org have begun anew, for the refresh was a use of its refresh token as well."},
		},
	},
	{
		title: "Refreshing thirty orgs", scenario: "expired",
		steps: []step{
			{caption: "Thirty customers in the morning: every access token is over."},
			{caption: "R refreshes all that are stale, a few at a time. Each one is saved before the next thing can fail.", keys: []string{"R"}, until: under},
			{caption: "Each row shows its step and its seconds, and the header how far they all are. What has been sent is always finished.", until: settled},
			{caption: "28 of 30 are fresh. g goes to the top, where those stand that need a person.", keys: []string{"g"}},
			{caption: "Two were refused; their saved tokens are kept. F tries the failed ones again, y copies a report for a ticket."},
		},
	},
	{
		title: "Reading a failure", scenario: "expired",
		steps: []step{
			{caption: "Thirty refreshes, of which two fail. What went wrong, and who can do something about it?", keys: []string{"R"}, until: settled},
			{caption: "is:failed leaves those that need a person.", keys: []string{"/", "is:failed", "enter"}, until: kept},
			{caption: "Enter opens the first.", keys: []string{"enter"}, until: opened(tabFailure)},
			{caption: "The endpoint's own words come first, then what they mean and what to do."},
			{caption: "Below: who can do it, whether trying again helps, the likely causes, and the whole answer as it came.", keys: []string{"pgdown", "pgdown"}, until: answerCame},
			{caption: "y copies all this as a report for a ticket. There are no secrets in it."},
		},
	},
	{
		title: "Rotation, and what others get wrong", scenario: "rotation",
		steps: []step{
			{caption: "These refresh tokens rotate: each refresh brings a new one, and the one before is dead at once. No grace period is documented."},
			{caption: "So the new one has to be kept. orgkeep saves it before anything else can fail; no other orgkeep refreshes the org meanwhile.", keys: []string{"G", "r"}, until: settled},
			{caption: "Others keep the old one: sf, jsforce's own refresh and ForceCLI did when looked at, November 2026. A fix of sf was under review in September."},
			{caption: "To see what comes of that, f7 lets another program refresh this org: what is saved here is used up then.", keys: []string{"f7"}},
			{caption: "Now orgkeep sends the used one, as a program does that has kept the old token.", keys: []string{"r"}, until: settled},
			{caption: "Salesforce has ended the access tokens too, whoever has them. LEFT is still the estimate from before; a asks the org.", keys: []string{"a"}, until: accessKnown},
			{caption: "It does not accept the access token any more. Only a new sign-in helps: enter shows the failure.", keys: []string{"enter"}, until: opened(tabFailure)},
			{caption: "The endpoint does not say which of several causes it was. They are listed below.", keys: []string{"pgdown"}},
			{caption: "Here it was the one of an app that rotates refresh tokens: an older one was sent."},
		},
	},
	{
		title: "Inspecting a token", scenario: "mixed",
		steps: []step{
			{caption: "The list asks the keychain for nothing. The token page reads the tokens, and shows them masked.", keys: []string{"/", "is:fresh", "enter"}, until: kept},
			{caption: "2 opens it: what kind each token is, how long, and a fingerprint by which two can be compared unseen.", keys: []string{"enter", "2"}, until: tokensKnown},
			{caption: "This one is a JWT. What tokens tell is read without asking anybody: the org, the host, a JWT's header and claims, its end.", keys: []string{"pgdown", "pgdown"}, until: tokensKnown},
			{caption: "v shows the tokens for some seconds and hides them by itself. These open nothing: they are the demo's.", keys: []string{"g", "v"}, until: tokensKnown},
			{caption: "c copies the access token, and takes it off the clipboard again after a while. The demo has a clipboard of its own.", keys: []string{"c"}, until: onClipboard},
			{caption: "That is all. Nothing of this left the window: no file was written, and nobody but the demo itself was asked."},
		},
	},
}

// settled waits until no refresh is under way.
func settled(m *model) bool { return len(m.runs) == 0 }

// under waits until some refreshes have ended, and not all.
func under(m *model) bool { return len(m.totals.results) > 2 || settled(m) }

// kept waits until the filter has left some orgs and takes no more keys.
func kept(m *model) bool { return !m.filtering && len(m.list.shown) > 0 }

// accessKnown waits until a test of the access token has ended.
func accessKnown(m *model) bool { return strings.Contains(m.note, "access token") }

// opened waits until a tab of the org covers the list.
func opened(t tab) func(*model) bool {
	return func(m *model) bool { return m.overlay == overlayDetail && m.tab() == t }
}

// answerCame waits until the endpoint's answer is there.
func answerCame(m *model) bool {
	org, ok := m.list.current()
	return ok && org.Last != nil && (org.Last.Failure == nil || org.Last.Failure.Kind != tokens.FailedAnswer || org.Last.Failure.Body != "")
}

// onClipboard waits until a token has been copied.
func onClipboard(m *model) bool { return m.copied.left > 0 || m.noteBad }

// tokensKnown waits until the tokens of the org have been read.
func tokensKnown(m *model) bool { return m.tab() == tabToken && !m.reveal.reading }
