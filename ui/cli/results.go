package cli

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
	"orgkeep/tokens/ledger"
)

// refreshed is one result of orgkeep refresh --json. Known to Retry are null, and
// Causes empty, when nothing failed.
type refreshed struct {
	Alias   string         `json:"alias"`
	Outcome tokens.Outcome `json:"outcome"`
	refusal
	RequestID  *string  `json:"request_id"`
	Known      *bool    `json:"known"`
	Meaning    *string  `json:"meaning"`
	Causes     []string `json:"causes"`
	Remedy     *string  `json:"remedy"`
	Who        *string  `json:"who"`
	Retry      *bool    `json:"retry"`
	Attempts   int      `json:"attempts"`
	DurationMS int64    `json:"duration_ms"`
	Rotated    bool     `json:"rotated"`
	Date       *string  `json:"date"`
	ClockSkewS *int64   `json:"clock_skew_s"`
	// PausedUntil is there while a pause holds the org's next refresh back. With
	// the outcome cancelled it is why nothing was sent.
	PausedUntil *string `json:"paused_until,omitempty"`
}

// answer prints the results and returns how the command ends.
func (o *refreshing) answer(results []keeper.Result) error {
	if o.asJSON {
		document := struct {
			Version int         `json:"version"`
			Results []refreshed `json:"results"`
		}{documentVersion, make([]refreshed, len(results))}
		for i, r := range results {
			document.Results[i] = o.newRefreshed(r)
		}
		if err := writeJSON(o.Out, document); err != nil {
			return err
		}
		return ended(o.codeOfResults(results))
	}
	if len(results) == 0 {
		return nil
	}
	rows := make([][]string, len(results))
	for i, r := range results {
		rows[i] = resultRow(r)
	}
	columns := []column{{title: "ORG"}, {title: "OUTCOME"}, {title: "TIME", right: true}, {title: "ANSWER"}}
	if err := writeTable(o.Out, columns, rows); err != nil {
		return err
	}
	return ended(o.codeOfResults(results))
}

func (o *refreshing) newRefreshed(r keeper.Result) refreshed {
	a := r.Attempt
	n := refreshed{
		Alias: r.Org.Alias, Outcome: a.Outcome, refusal: newRefusal(a.Failure),
		Attempts: a.Tries, DurationMS: a.Duration.Milliseconds(), Rotated: a.Rotated,
		Causes: listed(nil), Date: known(instant(a.Date)), ClockSkewS: clockSkew(a),
		PausedUntil: pausedUntil(r.Org, o.Clock.Now()),
	}
	if a.Failure != nil {
		e := o.keeper.Explain(a.Failure)
		n.RequestID, n.Known, n.Meaning, n.Causes = known(a.Failure.RequestID), &e.Known, known(e.Meaning), listed(e.Causes)
		n.Remedy, n.Who, n.Retry = known(e.Remedy), known(e.Who), &e.Retry
	}
	return n
}

func resultRow(r keeper.Result) []string {
	answer := ""
	if r.Attempt.Failure != nil {
		answer = r.Attempt.Failure.Error()
	}
	if r.Attempt.Outcome == tokens.OutcomeUnknown && r.Attempt.Tries == 0 {
		return []string{r.Org.Alias, string(r.Attempt.Outcome), "", "not sent: its last request " + unanswered(r.Org)}
	}
	return []string{r.Org.Alias, string(r.Attempt.Outcome), tokens.FormatTook(r.Attempt.Duration), answer}
}

// tell prints how one refresh ended. A notice is about this machine and would be
// the same for every org: it is said once.
func (o *refreshing) tell(r keeper.Result) {
	if o.line != nil {
		o.line(o.resultLine(r))
	} else {
		o.say("%s", o.resultLine(r))
	}
	if r.Warning != nil {
		o.say("orgkeep: %s: %s", r.Org.Alias, strings.TrimPrefix(oneLine(r.Warning), r.Org.Alias+": "))
	}
	if r.Notice != "" && !o.noticed {
		o.noticed = true
		o.say("orgkeep: %s", r.Notice)
	}
}

func (o *refreshing) resultLine(r keeper.Result) string {
	alias, f := r.Org.Alias, r.Attempt.Failure
	switch r.Attempt.Outcome {
	case tokens.OutcomeRefreshed:
		return fmt.Sprintf("%s refreshed in %s. %s", alias, tokens.FormatTook(r.Attempt.Duration), whereSaved(r.Held, o.keeper.place.name()))
	case tokens.OutcomeAdopted:
		if r.Attempt.Tries > 0 {
			return alias + " was refreshed by another program meanwhile; its tokens were taken over."
		}
		return alias + " had been refreshed by another process; its tokens were taken over. Nothing was sent."
	case tokens.OutcomeCancelled:
		if line := notSentLine(r); line != "" {
			return line
		}
		return alias + ": cancelled. Nothing was sent."
	case tokens.OutcomeFailed, tokens.OutcomeUnknown:
	}
	explained := o.keeper.Explain(f)
	return join(fmt.Sprintf("%s: %s.", alias, strings.TrimRight(f.Error(), ".")), explained.Meaning, explained.Remedy, commandFor(explained.Do, r.Org.Alias), tryAgainAt(r, o.Clock.Now()), o.another(r.Org))
}

// commandFor is the command that does what mends a failure, where a remedy has one
// that the reader may not think of.
func commandFor(do tokens.Deed, alias string) string {
	switch do {
	case tokens.DoSignIn:
		return "orgkeep login " + alias + " signs in."
	case tokens.DoTest:
		return "orgkeep show " + alias + " --online tests the access token; orgkeep login " + alias + " signs in."
	case tokens.DoNothing, tokens.DoRefresh:
	}
	return ""
}

// another says how an org whose outcome is unknown is sent again; empty for the
// others, and where its refresh token lives on.
func (o *refreshing) another(org tokens.Org) string {
	if !inDoubt(org) {
		return ""
	}
	return "orgkeep refresh " + org.Alias + " --anyway sends it all the same."
}

// whereSaved says where new tokens are.
func whereSaved(held keeper.Held, store string) string {
	switch held {
	case keeper.HeldInJournal:
		return "The new tokens are safe in the journal (encrypted), not yet in " + store + ". The next refresh brings them there."
	case keeper.HeldInMemory:
		return "The new tokens could not be saved, neither in " + store + " nor in the journal, and end with this command. Sign in again."
	case keeper.HeldNowhere:
	}
	return "New access token saved in " + store + "."
}

// join puts sentences one after the other, without the empty ones.
func join(sentences ...string) string {
	var said []string
	for _, sentence := range sentences {
		if sentence != "" {
			said = append(said, sentence)
		}
	}
	return strings.Join(said, " ")
}

func leftOutLine(org tokens.Org) string {
	return fmt.Sprintf("%s: not sent. Its last request %s, so its refresh token may have been used up; "+
		"orgkeep refresh %s --anyway sends it all the same.", org.Alias, unanswered(org), org.Alias)
}

// unanswered is what became of the last request of an org whose outcome is unknown.
func unanswered(org tokens.Org) string {
	if org.Last != nil && org.Last.Failure != nil && org.Last.Failure.HTTPStatus != 0 {
		return "got an answer that could not be read"
	}
	return "got no answer"
}

// sumUp says in one line how many orgs ended well, when there were several.
func (o *refreshing) sumUp(results []keeper.Result, took time.Duration) {
	if len(results) < 2 {
		return
	}
	names := map[tokens.Outcome][]string{}
	for _, r := range results {
		names[r.Attempt.Outcome] = append(names[r.Attempt.Outcome], r.Org.Alias)
	}
	well := len(names[tokens.OutcomeRefreshed]) + len(names[tokens.OutcomeAdopted])
	parts := []string{fmt.Sprintf("%d of %d refreshed in %s.", well, len(results), tokens.FormatTook(took))}
	for _, outcome := range []tokens.Outcome{tokens.OutcomeFailed, tokens.OutcomeUnknown, tokens.OutcomeCancelled} {
		if len(names[outcome]) > 0 {
			parts = append(parts, fmt.Sprintf("%d %s: %s.", len(names[outcome]), outcome, strings.Join(names[outcome], ", ")))
		}
	}
	o.say("%s", strings.Join(parts, " "))
}

// codeOfResults tells a script how the refreshes ended as a whole.
func (o *refreshing) codeOfResults(results []keeper.Result) int {
	unwell, signIn, unusable := 0, 0, 0
	unsaved := false
	for _, r := range results {
		if r.Held != keeper.HeldNowhere {
			return exitUnusable // new tokens that are not where they belong go before every other trouble
		}
		unsaved = unsaved || errors.Is(r.Warning, ledger.ErrUnusable)
		f := r.Attempt.Failure
		if f == nil {
			continue
		}
		unwell++
		if r.Attempt.Outcome == tokens.OutcomeFailed && o.needsSignIn(f) {
			signIn++
		}
		if r.Attempt.Outcome == tokens.OutcomeFailed && keychainUnusable(f) {
			unusable++
		}
	}
	switch {
	case unwell == 0 && unsaved, unwell > 0 && unusable == unwell:
		return exitUnusable
	case unwell == 0:
		return exitWell
	case signIn == unwell:
		return exitSignIn
	}
	return exitFailed
}

// needsSignIn reports whether only a new sign-in helps: the endpoint said that
// the login is over, and neither waiting nor the org's admin changes that.
func (o *refreshing) needsSignIn(f *tokens.Failure) bool {
	explained := o.keeper.Explain(f)
	return f.Kind == tokens.FailedAnswer && f.Code == "invalid_grant" &&
		explained.Known && !explained.Retry && explained.Who == "you"
}
