package cli

import (
	"strings"
	"testing"

	"orgkeep/tokens"
)

// The idle limit of a login that was refused is nothing to rely on.
func TestTheIdleLimitOfARefusedLoginIsNotTold(t *testing.T) {
	t.Parallel()
	limits := tokens.DefaultLimits()
	for want, f := range map[string]*tokens.Failure{
		"until its idle limit":          {Kind: tokens.FailedTransport, Phase: "resolving"},
		"the last refresh was refused,": {Kind: tokens.FailedAnswer, HTTPStatus: 400, Code: "invalid_grant"},
		"of another login, and not":     {Kind: tokens.FailedAnswer, HTTPStatus: 200, Problem: tokens.ProblemOtherLogin},
	} {
		org := usedBefore(0)
		org.Last = &tokens.Attempt{At: checked, Outcome: tokens.OutcomeFailed, Failure: f}
		got := refreshText(org, org.Clocks(checked, limits), checked)
		if !strings.Contains(got, want) || strings.Contains(got, "until its idle limit") != (f.Kind == tokens.FailedTransport) {
			t.Errorf("%s: %s", want, got)
		}
	}
}
