package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
)

// notSentHere reports whether an org was not refreshed because only the Salesforce
// CLI does that.
func notSentHere(r keeper.Result) bool {
	f := r.Attempt.Failure
	return f != nil && f.Kind == tokens.FailedShared && strings.HasPrefix(f.Problem, keeper.ProblemReadOnly)
}

// quietly keeps back what is said of the results, where quiet says so, until the
// function that it returns lets it out.
func (o *refreshing) quietly(quiet bool) (say func()) {
	var lines []string
	o.line = nil
	if quiet {
		o.line = func(text string) { lines = append(lines, text) }
	}
	return func() {
		for _, line := range lines {
			o.say("%s", line)
		}
	}
}

// fit says why the access token of an org that the Salesforce CLI refreshes cannot
// be handed out; nil where it can. Of most of them nobody knows how much is left:
// the CLI's files do not tell. Such a one is good enough when the org accepts it.
func (o *handingOut) fit(ctx context.Context, k *opened, r out) error {
	c := r.org.Clocks(o.Clock.Now(), r.limits)
	switch {
	case r.secrets.AccessToken.IsZero():
		return unfit(r.org, "no access token is saved")
	case c.LeftSource != tokens.LeftUnknown && c.Left <= 0:
		return unfit(r.org, "its access token has expired")
	case c.LeftSource != tokens.LeftUnknown:
		return unfit(r.org, fmt.Sprintf("less than the %s of --min-left is left of its access token", o.minLeft))
	}
	_, err := k.TestAccess(ctx, r.org)
	f, answered := errors.AsType[*tokens.Failure](err)
	switch {
	case err == nil:
		o.say("orgkeep: %s: the org accepts the access token. How long it lasts is not known: the Salesforce CLI refreshes it.", r.org.Alias)
		return nil
	case answered && f.OtherLogin():
		return unfit(r.org, "its access token is of another login ("+f.Problem+")")
	case answered && f.Refused():
		return unfit(r.org, "the org does not accept its access token ("+f.Error()+")")
	}
	return fmt.Errorf("%s: nobody knows how much is left of its access token, and it could not be tested: %w; --min-left 0s hands it out untested", r.org.Alias, err)
}

// unfit says why there is no access token to hand out, and how there will be one.
func unfit(org tokens.Org, why string) error {
	return fmt.Errorf("%s: %s; %s. %s", org.Alias, why, keeper.ProblemReadOnly, refreshedBy(org))
}

// refreshedBy says how an org that orgkeep never refreshes gets new tokens.
func refreshedBy(org tokens.Org) string {
	return fmt.Sprintf("Let the Salesforce CLI refresh it, as sf org auth show-access-token --target-org %s does, and run this again: orgkeep takes over what the CLI has. "+
		"Or let orgkeep do it: orgkeep import --from-sf %s --take-over, or orgkeep login %s for a login of its own.",
		tokens.Clean(org.Shared.Username), tokens.Clean(org.Shared.Home), org.Alias)
}
