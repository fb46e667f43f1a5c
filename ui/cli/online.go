package cli

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
	"orgkeep/tokens/salesforce"
)

// finding is one request of --online in JSON.
type finding struct {
	Part     keeper.Part       `json:"part"`
	Request  *string           `json:"request"` // null where nothing was asked
	Host     *string           `json:"host"`
	TookMS   int64             `json:"took_ms"`
	APICalls *int              `json:"api_calls"` // null where Salesforce does not say whether it counts
	Facts    map[string]string `json:"facts"`
	Limits   []limitJSON       `json:"limits,omitempty"`
	// LimitsUnread is how many more limits the answer names that cannot be read.
	LimitsUnread int          `json:"limits_unread,omitempty"`
	Failure      *lookFailure `json:"failure"`
	// Wrong is what the answer contradicts; Notes are what else is to say of it.
	Wrong   []string `json:"wrong"`
	Notes   []string `json:"notes"`
	Skipped *string  `json:"skipped"`
	// Ended says that this answer showed that the access token has ended.
	Ended bool `json:"access_token_ended"`
}

type limitJSON struct {
	Name      string `json:"name"`
	Max       int64  `json:"max"`
	Remaining int64  `json:"remaining"`
}

// lookFailure is a failure of a request that no refresh token went with.
type lookFailure struct {
	refusal
	Body      *string `json:"body"`
	Meaning   string  `json:"meaning"`
	Remedy    string  `json:"remedy"`
	NotExpiry bool    `json:"not_expiry"` // a 401 after which a refresh does not help
}

// ask makes an online look and hands each finding to tell as it comes. It returns
// how the command ends.
func (o *showing) ask(ctx context.Context, org tokens.Org, tell func(*opened, keeper.Finding) error) error {
	k, done, err := o.openAll(ctx, duty{})
	if err != nil {
		return err
	}
	defer done()
	if ctx, err = o.requireStore(ctx, k.place); err != nil {
		return err
	}
	code := exitWell
	for f := range k.Inspect(ctx, org) {
		if f.Warning != nil {
			o.say("orgkeep: %s: %s", org.Alias, oneLine(f.Warning))
		}
		if f.Failure != nil || f.Ended || f.Other || f.Signature.Verdict == tokens.CheckMismatch {
			code = exitFailed
		}
		if f.Part == keeper.PartTokens && keychainUnusable(f.Failure) {
			code = exitUnusable
		}
		if err := tell(k, f); err != nil {
			return err
		}
	}
	if ctx.Err() != nil {
		return ended(exitFailed)
	}
	return ended(code)
}

func (o *showing) answerJSON(ctx context.Context, s shown, read reading) error {
	var online []finding
	var wrong []string
	code := error(nil)
	if o.online {
		online = []finding{}
		code = o.ask(ctx, s.org, func(k *opened, f keeper.Finding) error {
			online = append(online, newFinding(k, f))
			if f.Signature.Verdict != "" && read.anatomy.Access.JWT != nil {
				read.anatomy.Access.JWT.Signature = f.Signature
			}
			s.org.Username, s.org.Type, s.org.ExpiresAt, s.org.ExpirySource = f.Org.Username, f.Org.Type, f.Org.ExpiresAt, f.Org.ExpirySource
			wrong = append(wrong, f.Wrong...)
			return nil
		})
		if len(online) == 0 && code != nil {
			return code
		}
	}
	now := o.Clock.Now()
	document := newShownOrg(s, now, o.settings.Limits())
	document.Online = online
	document.Doubts = listed(append(o.wrongWith(s.org, read.anatomy, now), wrong...))
	if read.err != nil {
		document.Unread = known(oneLine(read.err))
	} else {
		document.Anatomy = newAnatomy(read.anatomy, now)
	}
	if err := writeJSON(o.Out, document); err != nil {
		return err
	}
	return mismatched(read.anatomy, code)
}

func newFinding(k *opened, f keeper.Finding) finding {
	d := finding{
		Part: f.Part, Request: known(f.Request), Host: known(f.Host), TookMS: f.Took.Milliseconds(),
		Facts: map[string]string{}, Skipped: known(f.Skipped), Ended: f.Ended,
		LimitsUnread: f.LimitsUnread, Wrong: listed(f.Wrong), Notes: listed(f.Notes),
	}
	if f.Calls != keeper.CallsUnknown {
		d.APICalls = &f.Calls
	}
	for _, fact := range f.Facts {
		d.Facts[fact.Name] = fact.Text
	}
	for _, l := range f.Limits {
		d.Limits = append(d.Limits, limitJSON{l.Name, l.Max, l.Remaining})
	}
	if f.Failure != nil {
		e := k.Explain(f.Failure)
		d.Failure = &lookFailure{
			refusal: newRefusal(f.Failure), Body: known(f.Failure.Body), Meaning: e.Meaning, Remedy: e.Remedy, NotExpiry: salesforce.NotExpiry(f.Failure),
		}
	}
	return d
}

// printOnline prints the findings as they come, and at the end the access token's
// clock where they have told another end than org has.
func (o *showing) printOnline(ctx context.Context, org tokens.Org) error {
	told, meant := org, map[string]keeper.Part{}
	err := o.ask(ctx, org, func(k *opened, f keeper.Finding) error {
		told = f.Org
		return o.printFacts(o.findingFacts(k, f, meant))
	})
	if told.ExpiresAt.Equal(org.ExpiresAt) {
		return err
	}
	if failed := o.printFacts([]fact{{"access token", accessText(told.Clocks(o.Clock.Now(), o.settings.Limits()))}}); failed != nil {
		return failed
	}
	return err
}

// findingFacts are the lines of a finding: the request and what it cost first. What
// a failure means is said once, with the part in meant that has said it.
func (o *showing) findingFacts(k *opened, f keeper.Finding, meant map[string]keeper.Part) []fact {
	name := string(f.Part)
	if f.Skipped != "" {
		return []fact{{name, f.Skipped}}
	}
	lines := []string{}
	if f.Request != "" {
		lines = append(lines, f.Request+": "+tokens.FormatTook(f.Took)+", "+callsText(f.Calls))
	}
	if f.Failure != nil {
		e := k.Explain(f.Failure)
		meaning := join(e.Meaning, e.Remedy)
		lines = append(lines, f.Failure.Error())
		if part, said := meant[meaning]; said {
			lines = append(lines, "It means what is said of "+string(part)+" above.")
		} else {
			lines, meant[meaning] = append(lines, meaning), f.Part
		}
	}
	if verdict := f.Verdict(); verdict != "" {
		lines = append(lines, verdict)
	}
	for _, fact := range f.Facts {
		line := strings.ReplaceAll(fact.Name, "_", " ") + " " + fact.Text
		if !fact.At.IsZero() {
			line += " (" + fromNow(fact.At, o.Clock.Now()) + ")"
		}
		lines = append(lines, line)
	}
	lines = append(lines, o.limitLines(f.Limits, f.LimitsUnread)...)
	wrong := f.Wrong
	if f.Signature.Verdict == tokens.CheckMismatch {
		forged := tokens.Anatomy{Access: tokens.Token{JWT: &tokens.JWT{Signature: f.Signature}}}
		wrong = append(forged.Mismatches(), wrong...)
	}
	return append(many(name, append(lines, f.Notes...)), many("wrong", wrong)...)
}

func callsText(calls int) string {
	switch calls {
	case keeper.CallsUnknown:
		return "Salesforce does not say whether it counts as an API call"
	case 1:
		return "1 API call"
	}
	return fmt.Sprintf("%d API calls", calls)
}

// limitLines are the limits as bars of what is used: DailyApiRequests, then those
// that anything was used of, the fullest first. As many more as unread says cannot be
// read.
func (o *showing) limitLines(limits []salesforce.Limit, unread int) []string {
	const width, first = 20, "DailyApiRequests"
	var used []salesforce.Limit
	widest := 0
	for _, l := range limits {
		if l.Name == first || l.Used() > 0 {
			used = append(used, l)
			widest = max(widest, cells(l.Name))
		}
	}
	slices.SortStableFunc(used, func(a, b salesforce.Limit) int {
		if (a.Name == first) != (b.Name == first) {
			return map[bool]int{true: -1, false: 1}[a.Name == first]
		}
		return cmp.Compare(b.Used(), a.Used())
	})
	g := o.theme().Glyphs
	var lines []string
	for _, l := range used {
		full := l.Cells(width)
		bar := strings.Repeat(g.Life, full) + strings.Repeat(g.LifeSpent, width-full)
		lines = append(lines, fmt.Sprintf("%-*s %s %3d%%  %d of %d used", widest, l.Name, bar, l.Percent(), l.Spent(), l.Max))
	}
	if rest := len(limits) - len(used); rest > 0 {
		lines = append(lines, fmt.Sprintf("and %d more that nothing was used of", rest))
	}
	if unread > 0 {
		lines = append(lines, fmt.Sprintf("and %d that cannot be read", unread))
	}
	return lines
}

// printCurl prints the refresh as a command, and the last answer in comments.
func (o *showing) printCurl(ctx context.Context, org tokens.Org) error {
	var b strings.Builder
	read := reading{}
	if org.HasRefreshToken {
		read = o.read(ctx, org.Key)
	}
	b.WriteString(curlLines(org, read))
	switch answer := tokens.LastAnswer(org); {
	case answer != "":
		b.WriteString("\n# The last answer, " + tokens.Ago(o.Clock.Now().Sub(org.Last.At).Truncate(time.Second)) + ":\n")
		for line := range strings.Lines(answer) {
			b.WriteString(strings.TrimRight("# "+strings.TrimRight(line, "\n"), " ") + "\n")
		}
	case org.Last != nil && org.Last.Failure == nil:
		b.WriteString("\n# The answer that brought the saved tokens is not kept. That of the next refresh will be.\n")
	case org.Last != nil:
		b.WriteString("\n# The last refresh got no answer.\n")
	default:
		b.WriteString("\n# No answer is kept: it has not been refreshed since its tokens were saved.\n")
	}
	// Not folded to ASCII: what the endpoint said stays as it was said.
	if _, err := fmt.Fprint(o.Out, b.String()); err != nil {
		return fmt.Errorf("writing the answer: %w", err)
	}
	return nil
}

// curlLines are the refresh of an org as a command, or why there is none.
func curlLines(org tokens.Org, read reading) string {
	if !org.HasRefreshToken {
		return "# No refresh token of " + org.Alias + " is saved, so there is no refresh to send.\n"
	}
	text := "# A refresh of " + org.Alias + ", for bash or zsh. Where refresh tokens rotate, running this uses the saved one up,\n" +
		"# and orgkeep does not get the new one: orgkeep refresh does both.\n"
	if read.err != nil {
		text += "# The tokens were not read, so it is not known whether a client secret goes with them.\n"
	}
	return text + tokens.RefreshCurl(org, read.anatomy.HasClientSecret)
}
