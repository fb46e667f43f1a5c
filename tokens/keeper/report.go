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

// Report writes an org's last refresh down in Markdown, for a ticket. Whatever
// of the org's stored secrets it would hold is masked; an error wrapping ErrLeak
// means that masking did not help, and without the keychain there is no report.
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
	s, err := k.read(ctx, key)
	if err != nil {
		return "", fmt.Errorf("reporting on %s: comparing the report with the stored secrets: %w", org.Alias, err)
	}
	finder := tokens.NewFinder(s.AccessToken, s.RefreshToken, s.ClientSecret, s.Signature)
	last := *org.Last
	if last.Failure != nil {
		f := *last.Failure
		f.Body = finder.MaskCut(f.Body) // whole: the report may cut it, and a secret in it
		last.Failure = &f
	}
	text := finder.Mask(tokens.Report(org, last, e, version, k.clock.Now()))
	if finder.Leaks(text) {
		return "", fmt.Errorf("reporting on %s: %w", org.Alias, ErrLeak)
	}
	return text, nil
}
