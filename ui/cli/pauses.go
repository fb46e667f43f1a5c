package cli

import (
	"time"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
)

// pausedUntil is the time of the JSON documents; nil where no pause lasts.
func pausedUntil(org tokens.Org, now time.Time) *string {
	if org.Pause == nil || org.Pause.Left(now) <= 0 {
		return nil
	}
	return known(instant(org.Pause.Until))
}

// pauseText says until when an org is held back, after what is said of its last
// refresh; empty where it is not.
func pauseText(org tokens.Org, now time.Time) string {
	if pausedUntil(org, now) == nil {
		return ""
	}
	return "paused until " + tokens.FormatUntil(org.Pause.Until, now) + ", in " + tokens.FormatSpan(org.Pause.Left(now))
}

// pauseFacts are what show says of a pause: whose it is, and the answer that
// asked for it.
func pauseFacts(org tokens.Org, now time.Time) []fact {
	text := pauseText(org, now)
	if text == "" {
		return nil
	}
	facts := []fact{{"pause", org.Pause.Scope.Name() + " is " + text}}
	if org.Pause.Failure != nil {
		facts = append(facts, fact{"", "asked for by " + org.Pause.Failure.Error()})
	}
	return facts
}

// notSentLine is said of an org that a pause or the Salesforce CLI holds back; empty for the others.
func notSentLine(r keeper.Result) string {
	f := r.Attempt.Failure
	if notSentHere(r) {
		return r.Org.Alias + ": " + f.Problem + ". Nothing was sent. " + refreshedBy(r.Org)
	}
	if f != nil && f.Kind == tokens.FailedShared {
		return r.Org.Alias + ": " + f.Problem + ". Nothing was sent. orgkeep login " + r.Org.Alias + " gets it a login of its own."
	}
	if f != nil && f.Kind == tokens.FailedPaused {
		return r.Org.Alias + ": " + f.Problem + ". orgkeep refresh " + r.Org.Alias + " --anyway sends it all the same."
	}
	return ""
}

// tryAgainAt says when an org whose refresh failed may be sent again; empty
// where no answer told.
func tryAgainAt(r keeper.Result, now time.Time) string {
	if text := pauseText(r.Org, now); text != "" && r.Attempt.Outcome == tokens.OutcomeFailed {
		return "It is " + text + "."
	}
	return ""
}

// waits says once of each pause that the command waits for it.
func (o *refreshing) waits(e keeper.Event) {
	if e.Pause == nil || o.waited[e.Pause.Scope].Equal(e.Pause.Until) {
		return
	}
	if o.waited == nil {
		o.waited = map[tokens.PauseScope]time.Time{}
	}
	o.waited[e.Pause.Scope] = e.Pause.Until
	words := ""
	if e.Pause.Failure != nil {
		words = " (" + e.Pause.Failure.Error() + ")"
	}
	o.say("%s asks to wait%s; going on with it in %s.", e.Pause.Scope.Name(), words, tokens.FormatSpan(e.Wait))
}
