package cli

import (
	"slices"
	"time"

	"orgkeep/tokens"
)

// wrongWith is what does not hold together in the tokens of an org, in their
// signatures and times, and with what is saved of it.
func (o *showing) wrongWith(org tokens.Org, a tokens.Anatomy, now time.Time) []string {
	return slices.Concat(org.Clocks(now, o.settings.Limits()).Doubts(), a.Doubts, a.Ahead(org, now), a.Mismatches(), a.Against(org))
}

// mismatched is how a command ends: as err says, else failed where a signature
// that was checked does not match.
func mismatched(a tokens.Anatomy, err error) error {
	if err == nil && len(a.Mismatches()) > 0 {
		return ended(exitFailed)
	}
	return err
}
