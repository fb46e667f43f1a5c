package keeper

import (
	"context"
	"errors"
	"fmt"

	"orgkeep/tokens"
	"orgkeep/tokens/salesforce"
)

var (
	// ErrNoRefresh means that there is nothing to report on.
	ErrNoRefresh = errors.New("it has not been refreshed since its tokens were saved")
	// ErrLeak means that a report would have carried a secret, and was withheld.
	ErrLeak = errors.New("the report was withheld: it would have held a secret")
)

// Report writes an org's last refresh down in Markdown, for a ticket. It is
// compared with the org's stored secrets before it leaves: an error wrapping
// ErrLeak means that one was in it, and without the keychain there is no report.
func (k *Keeper) Report(ctx context.Context, key tokens.Key, version string) (string, error) {
	org, err := k.Whole(ctx, key)
	if err != nil {
		return "", err
	}
	if org.Last == nil {
		return "", fmt.Errorf("reporting on %s: %w", org.Alias, ErrNoRefresh)
	}
	var e tokens.Explanation
	if org.Last.Failure != nil {
		e = salesforce.Explain(org.Last.Failure)
	}
	text := tokens.Report(org, *org.Last, e, version, k.clock.Now())
	s, err := k.read(ctx, key)
	if err != nil {
		return "", fmt.Errorf("reporting on %s: comparing the report with the stored secrets: %w", org.Alias, err)
	}
	if tokens.LeaksAny(text, s.AccessToken, s.RefreshToken, s.ClientSecret, s.Signature) {
		return "", fmt.Errorf("reporting on %s: %w", org.Alias, ErrLeak)
	}
	return text, nil
}
