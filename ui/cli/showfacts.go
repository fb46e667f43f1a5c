package cli

import (
	"fmt"
	"strings"
	"time"

	"orgkeep/tokens"
)

// fact is a line of show; one without a name goes on with the line before.
type fact struct{ name, text string }

func (o *showing) printFacts(facts []fact) error {
	const width = len("refresh token:")
	for _, f := range facts {
		name := f.name
		if name != "" {
			name += ":"
		}
		if err := o.print(fmt.Sprintf("%-*s %s", width, name, f.text)); err != nil {
			return err
		}
	}
	return nil
}

func (o *showing) facts(org tokens.Org, now time.Time, limits tokens.Limits) []fact {
	c := org.Clocks(now, limits)
	_, glyph := o.theme().Health(string(c.Health))
	facts := []fact{
		{"alias", org.Alias},
		{"state", glyph + " " + string(c.Health)},
		{"org id", org.OrgID},
		{"user id", org.UserID},
		{"username", orUnknown(org.Username)},
		{"type", string(org.Type)},
		{"login host", org.LoginHost()},
		{"instance", org.InstanceURL},
		{"client id", org.ClientID},
		{"scopes", orUnknown(strings.Join(org.Scopes, " "))},
	}
	if org.Shared.Mode != tokens.SharedNot {
		facts = append(facts, fact{"shared", sharedText(org.Shared)}, fact{"", tokens.Clean(org.Shared.File())})
	}
	if len(org.Tags) > 0 {
		facts = append(facts, fact{"tags", strings.Join(org.Tags, " ")})
	}
	if org.Watched {
		facts = append(facts, fact{"watch", watchText(&org)})
	}
	if org.Mirror != "" {
		facts = append(facts, fact{"mirror", mirrorText(org)})
	}
	return append(facts, fact{"access token", accessText(c)}, fact{"refresh token", refreshText(org, c, now)})
}

func orUnknown(text string) string {
	if text == "" {
		return "not known"
	}
	return text
}

// accessText is the access token's clock, with how it is known.
func accessText(c tokens.Clocks) string {
	age := "its age is not known"
	if c.AgeKnown {
		age = "issued " + tokens.FormatSpan(c.Age) + " ago"
	}
	left := c.LeftText()
	if c.Left > 0 {
		left += " left"
	}
	switch c.LeftSource {
	case tokens.LeftFromJWT:
		return age + ", " + left + "; the token itself tells its end"
	case tokens.LeftFromIntrospection:
		return age + ", " + left + "; the endpoint told its end"
	case tokens.LeftFromAnswer:
		return age + ", " + left + "; an answer showed that it has ended"
	case tokens.LeftConfigured:
		return age + ", " + left + "; by the life that was set"
	case tokens.LeftEstimated:
		return age + ", " + left + "; an estimate by Salesforce's default of 2 hours, its end was not told"
	case tokens.LeftUnknown:
	}
	return age + ", nor is its time left"
}

// refreshText is the refresh token's clock, with how it is known.
func refreshText(org tokens.Org, c tokens.Clocks, now time.Time) string {
	if !org.HasRefreshToken {
		return "none is saved"
	}
	rotation := map[tokens.Rotation]string{
		tokens.RotationYes: "replaced by each refresh", tokens.RotationNo: "not replaced by a refresh",
	}[org.Rotates]
	if rotation == "" {
		rotation = "not known whether a refresh replaces it"
	}
	switch {
	case c.Refused:
		return "the last refresh was refused, so an idle limit says nothing of it; " + rotation
	case c.NotTrusted:
		return "of another login, and not trusted; " + rotation
	case !c.IdleKnown:
		return "not known when it was issued or last used, so nor is its idle limit; " + rotation
	}
	limit := "its idle limit is over"
	if c.IdleLeft > 0 {
		limit = tokens.FormatSpan(c.IdleLeft) + " until its idle limit"
	}
	used := "last used"
	if org.RefreshUsedAt.Equal(org.IssuedAt) { // nothing but the answer's issued_at tells
		used = "by its issued_at last used"
	}
	return fmt.Sprintf("%s %s, %s if that is the usual 30 days; %s", used, tokens.Ago(now.Sub(org.RefreshUsedAt)), limit, rotation)
}

// lastFacts is how the last refresh ended: the words it failed with, then what
// they mean.
func lastFacts(alias string, last tokens.Attempt, e tokens.Explanation, now time.Time) []fact {
	facts := []fact{{"last refresh", fmt.Sprintf("%s %s, at %s, by the %s; took %s", last.Outcome, tokens.Ago(now.Sub(last.At)),
		instant(last.At), last.Trigger, tokens.FormatTook(last.Duration))}}
	if last.Trigger == "" { // cut off by a crash: nobody wrote down more
		facts[0].text = fmt.Sprintf("%s %s, at %s", last.Outcome, tokens.Ago(now.Sub(last.At)), instant(last.At))
	}
	f := last.Failure
	if f == nil {
		return facts
	}
	facts = append(facts, fact{"", f.Error()})
	if f.Phase != "" {
		facts = append(facts, fact{"", "broke " + f.During()})
	}
	facts = append(facts, many("body", bodyLines(f))...)
	facts = append(facts, fact{"meaning", e.Meaning})
	facts = append(facts, many("causes", e.Causes)...)
	facts = append(facts, fact{"what to do", join(e.Remedy, commandFor(e.Do, alias))})
	if e.Who != "" {
		facts = append(facts, fact{"who can", e.Who})
	}
	return append(facts, fact{"a retry", e.RetryText()})
}

// many are lines under one name.
func many(name string, lines []string) []fact {
	facts := make([]fact, len(lines))
	for i, line := range lines {
		facts[i] = fact{name, line}
		name = ""
	}
	return facts
}

// What show prints of a body. A page of a proxy is longer than anybody reads.
const (
	bodyMost = 40   // lines
	lineMost = 1000 // characters
)

// bodyLines are the first lines of what the endpoint sent, and a mark where more
// of it is kept or came.
func bodyLines(f *tokens.Failure) []string {
	if f.Body == "" {
		return nil
	}
	lines := strings.Split(strings.TrimRight(f.Body, "\n"), "\n")
	cut := len(lines) > bodyMost
	lines = lines[:min(len(lines), bodyMost)]
	for i, line := range lines {
		if text := []rune(line); len(text) > lineMost {
			lines[i], cut = string(text[:lineMost]), true
		}
	}
	switch {
	case cut:
		lines = append(lines, "… the body goes on; --json and --report have more of it")
	case f.BodyCut:
		lines = append(lines, "… the body went on, or broke off here")
	}
	return lines
}
