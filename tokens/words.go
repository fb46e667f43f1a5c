package tokens

import (
	"fmt"
	"strings"
	"time"
)

// Ago says how long since, in words.
func Ago(d time.Duration) string {
	if d < time.Second {
		return "just now"
	}
	return FormatRough(d) + " ago"
}

// FormatRough is FormatSpan without the seconds that neither an estimate nor the
// past of more than a minute has any use for.
func FormatRough(d time.Duration) string {
	if d >= time.Minute && d < time.Hour {
		return fmt.Sprintf("%dm", d/time.Minute)
	}
	return FormatSpan(d)
}

// AgeText is the age of the access token, "?" where it is not known.
func (c Clocks) AgeText() string {
	if !c.AgeKnown {
		return "?"
	}
	return FormatSpan(c.Age)
}

// LeftText is the time left of the access token: "~" before an estimate, "?"
// where it is not known, "expired" and since when once it has passed.
func (c Clocks) LeftText() string {
	if c.Left <= 0 && c.LeftSource != LeftUnknown {
		return "expired " + Ago(-c.Left)
	}
	return c.LeftWord()
}

// LeftWord is LeftText for a narrow column: "expired" alone once it has passed.
func (c Clocks) LeftWord() string {
	switch {
	case c.LeftSource == LeftUnknown:
		return "?"
	case c.Left <= 0:
		return "expired"
	case c.LeftSource == LeftEstimated:
		return "~" + FormatRough(c.Left)
	}
	return FormatSpan(c.Left)
}

// IdleText is the days until the idle limit of the refresh token, with a mark
// where few or none are left; "?" when that is not known, and "–" without a
// refresh token.
func (c Clocks) IdleText() string {
	const day = 24 * time.Hour
	switch {
	case c.IdleUnknown:
		return "?"
	case !c.IdleKnown:
		return "–"
	case c.IdleLeft <= 0:
		return "over !"
	case c.IdleSoon:
		return fmt.Sprintf("%dd !", c.IdleLeft/day)
	}
	return fmt.Sprintf("%dd", c.IdleLeft/day)
}

// Text says how the attempt ended, when, and in two words or so why not better.
// Of no attempt it is "–".
func (a *Attempt) Text(now time.Time) string {
	if a == nil {
		return "–"
	}
	text := string(a.Outcome) + " " + Ago(now.Sub(a.At))
	if a.Failure != nil {
		text += ": " + a.Failure.Brief()
	}
	return text
}

// Word is Text for a narrow column: the result, and how long a good one took.
func (a *Attempt) Word() string {
	if a == nil {
		return "–"
	}
	switch a.Outcome {
	case OutcomeRefreshed:
		return "ok " + strings.ReplaceAll(FormatTook(a.Duration), " ", "")
	case OutcomeUnknown:
		return "no answer"
	case OutcomeAdopted, OutcomeCancelled:
		return string(a.Outcome)
	case OutcomeFailed:
	}
	if a.Failure != nil && a.Failure.HTTPStatus != 0 {
		return fmt.Sprintf("HTTP %d", a.Failure.HTTPStatus)
	}
	return "failed"
}

// Brief is the answer in a word or two, else what refused or where on its way the
// request broke.
func (f *Failure) Brief() string {
	switch {
	case f.HTTPStatus != 0:
		return strings.TrimSpace(fmt.Sprintf("HTTP %d %s", f.HTTPStatus, f.Code))
	case f.Kind == FailedTransport && f.Phase != "":
		return f.During()
	}
	word := map[FailureKind]string{
		FailedKeychain: "store refused", FailedLedger: "ledger refused", FailedLocal: "nothing sent",
	}[f.Kind]
	if word == "" {
		return "no answer"
	}
	return word
}

// During says in which phase the request broke; empty where none is known.
func (f *Failure) During() string {
	switch {
	case f.Phase == "":
		return ""
	case strings.HasSuffix(f.Phase, "ing"):
		return "while " + f.Phase
	}
	return "in the " + f.Phase
}

// SkewLimit is the difference of two clocks that is worth a warning. Smaller
// ones hardly show in an age.
const SkewLimit = time.Minute

// SkewWarning words an Attempt.Skew of more than SkewLimit to either side; it is
// empty for others. host is whose clock it was, with or without a scheme, empty
// where it was that of several.
func SkewWarning(skew time.Duration, host string) string {
	side, look := "behind", "younger"
	if skew < 0 {
		skew, side, look = -skew, "ahead of", "older"
	}
	if skew <= SkewLimit {
		return ""
	}
	return "This machine's clock is " + FormatSpan(skew) + " " + side + " " + clockOf(host) + ": tokens look that much " + look + " than they are."
}

func clockOf(host string) string {
	if _, bare, ok := strings.Cut(host, "://"); ok {
		host = bare
	}
	if host == "" {
		return "the endpoint's"
	}
	return "that of " + host
}

// LatestSkew is the Skew of the latest attempt of all orgs that could tell it, and
// the host that told; zero when none could.
func LatestSkew(orgs []Org) (skew time.Duration, host string) {
	var at time.Time
	for _, org := range orgs {
		if last := org.Last; last != nil && last.Skew != 0 && last.At.After(at) {
			at, skew, host = last.At, last.Skew, org.LoginHost()
		}
	}
	return skew, host
}
