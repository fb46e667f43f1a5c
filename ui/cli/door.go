package cli

import (
	"context"
	"errors"
	"sync/atomic"

	"orgkeep/keychain"
	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
	"orgkeep/ui"
)

// door is the screen's keeper while the tokens are in a vault that a passphrase
// opens. What the user does and needs the tokens for opens the vault first, and
// so asks once for however many orgs; what happens by itself asks nothing.
type door struct {
	*opened
	session   *session
	questions chan ui.Question
	mistyped  atomic.Bool
}

// doorOf returns the door of the vault, and lets it ask on the screen.
func (s *session) doorOf(k *opened) *door {
	d := &door{opened: k, session: s, questions: make(chan ui.Question)}
	s.asks = d.ask
	return d
}

// errGivenUp means that the user did not want to give the passphrase.
var errGivenUp = errors.New("the question for the passphrase was left")

// ask asks for the passphrase on the screen.
func (d *door) ask(ctx context.Context) (tokens.Secret, error) {
	answers := make(chan tokens.Secret, 1)
	q := ui.Question{Title: "Passphrase of the vault", Text: "The tokens are in the vault. It stays open until you leave.", Answer: answers}
	if d.mistyped.Load() {
		q.Text = "That passphrase does not open the vault. Check the keyboard layout and caps lock."
	}
	select {
	case d.questions <- q:
	case <-ctx.Done():
		return tokens.Secret{}, ctx.Err()
	}
	select {
	case answer := <-answers:
		if answer.IsZero() {
			return tokens.Secret{}, errGivenUp
		}
		return answer, nil
	case <-ctx.Done():
		return tokens.Secret{}, ctx.Err()
	}
}

// open opens the vault. Where it stays locked whatever needs it says so.
func (d *door) open(ctx context.Context) error {
	defer d.mistyped.Store(false)
	for n := 1; ; n++ {
		err := d.place.vault.Unlock(ctx)
		if !errors.Is(err, keychain.ErrPassphrase) || n == passphraseTries {
			return err
		}
		d.session.forgetGiven()
		d.mistyped.Store(true)
	}
}

// Refresh is the keeper's. Without the passphrase it is cancelled.
func (d *door) Refresh(ctx context.Context, orgs []tokens.Org) <-chan keeper.Event {
	return d.opening(ctx, orgs, d.opened.Refresh)
}

// RefreshAnyway is the keeper's. Without the passphrase it is cancelled.
func (d *door) RefreshAnyway(ctx context.Context, orgs []tokens.Org) <-chan keeper.Event {
	return d.opening(ctx, orgs, d.opened.RefreshAnyway)
}

func (d *door) opening(
	ctx context.Context, orgs []tokens.Org, refresh func(context.Context, []tokens.Org) <-chan keeper.Event,
) <-chan keeper.Event {
	events := make(chan keeper.Event)
	go func() {
		defer close(events)
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		if errors.Is(d.open(ctx), errGivenUp) {
			cancel()
		}
		// The keeper's channel has room for all: saving a token never waits here.
		for e := range refresh(ctx, orgs) {
			events <- e
		}
	}()
	return events
}

// Reveal is the keeper's.
func (d *door) Reveal(ctx context.Context, key tokens.Key) (tokens.Secrets, error) {
	if err := d.open(ctx); errors.Is(err, errGivenUp) {
		return tokens.Secrets{}, errGivenUp
	}
	return d.opened.Reveal(ctx, key)
}

// Written is the keeper's.
func (d *door) Written(ctx context.Context, org tokens.Org, form keeper.Form) (tokens.Secret, error) {
	if err := d.open(ctx); errors.Is(err, errGivenUp) {
		return tokens.Secret{}, errGivenUp
	}
	return d.opened.Written(ctx, org, form)
}

// Export is the keeper's.
func (d *door) Export(ctx context.Context, org tokens.Org, form keeper.Form, path string, over bool) error {
	if err := d.open(ctx); errors.Is(err, errGivenUp) {
		return errGivenUp
	}
	return d.opened.Export(ctx, org, form, path, over)
}

// SetMirror is the keeper's.
func (d *door) SetMirror(ctx context.Context, org tokens.Org, path string) (tokens.Org, error) {
	if err := d.open(ctx); errors.Is(err, errGivenUp) {
		return org, errGivenUp
	}
	return d.opened.SetMirror(ctx, org, path)
}

// Forget is the keeper's.
func (d *door) Forget(ctx context.Context, org tokens.Org) error {
	if err := d.open(ctx); errors.Is(err, errGivenUp) {
		return errGivenUp
	}
	return d.opened.Forget(ctx, org)
}

// RevokeAndForget is the keeper's.
func (d *door) RevokeAndForget(ctx context.Context, org tokens.Org) error {
	if err := d.open(ctx); errors.Is(err, errGivenUp) {
		return errGivenUp
	}
	return d.opened.RevokeAndForget(ctx, org)
}

// Anatomy is the keeper's.
func (d *door) Anatomy(ctx context.Context, key tokens.Key) (tokens.Anatomy, error) {
	if err := d.open(ctx); errors.Is(err, errGivenUp) {
		return tokens.Anatomy{}, errGivenUp
	}
	return d.opened.Anatomy(ctx, key)
}

// Inspect is the keeper's. Without the passphrase it asks nothing.
func (d *door) Inspect(ctx context.Context, org tokens.Org) <-chan keeper.Finding {
	found := make(chan keeper.Finding)
	go func() {
		defer close(found)
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		if errors.Is(d.open(ctx), errGivenUp) {
			return
		}
		for f := range d.opened.Inspect(ctx, org) {
			select {
			case found <- f:
			case <-ctx.Done():
				return
			}
		}
	}()
	return found
}

// TestAccess is the keeper's.
func (d *door) TestAccess(ctx context.Context, org tokens.Org) (tokens.Org, error) {
	if err := d.open(ctx); errors.Is(err, errGivenUp) {
		return org, errGivenUp
	}
	return d.opened.TestAccess(ctx, org)
}

// ProbeStore is the keeper's. A vault that is locked can be used: it asks for its
// passphrase when it is needed.
func (d *door) ProbeStore(ctx context.Context) error {
	err := d.opened.ProbeStore(ctx)
	if errors.Is(err, keychain.ErrLocked) {
		return nil
	}
	return err
}

// StartSignIn is the keeper's. Without the passphrase nothing is begun.
func (d *door) StartSignIn(ctx context.Context, r keeper.SignInRequest) (*keeper.SigningIn, error) {
	if err := d.open(ctx); errors.Is(err, errGivenUp) {
		return nil, errGivenUp
	}
	return d.opened.StartSignIn(ctx, r)
}
