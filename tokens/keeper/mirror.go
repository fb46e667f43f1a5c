package keeper

import (
	"context"
	"errors"
	"fmt"

	"orgkeep/keychain/durable"
	"orgkeep/tokens"
	"orgkeep/tokens/ledger"
	"orgkeep/tokens/transfer"
)

// ErrMirror marks what is to be said of an org's token file: that it is not in step,
// or that other tokens in it were replaced. The org's own tokens are not touched by
// that.
var ErrMirror = errors.New("its token file")

// OfMirrorOnly reports whether an error is about a token file alone: what was asked for
// was done.
func OfMirrorOnly(err error) bool {
	_, failed := errors.AsType[*tokens.Failure](err)
	return errors.Is(err, ErrMirror) && !failed && !errors.Is(err, ledger.ErrUnusable)
}

// ErrMirrorUnsure means that the token file's refresh token is not the saved one, and
// that nothing tells which is newer.
var ErrMirrorUnsure = errors.New("the file has another refresh token than the one saved here, and which is newer cannot be told; " +
	"orgkeep import with the file's name takes its tokens over, and with the file moved away the saved ones serve and the file is made anew; --anyway sends the saved one")

var (
	errOtherLogin = errors.New("the file is of another org or user, or does not tell whose it is")
	errChanged    = errors.New("another program has changed the file, and it was left as it is; the next refresh takes its tokens over where they are newer and replaces older ones, " +
		"orgkeep import with its name takes them over now, and a file that is deleted is made anew")
	errReplaced = errors.New("the file had tokens that orgkeep did not write, older than the org's by their time; they were replaced")
)

// SetMirror makes a token file the mirror of an org: from now on it is rewritten
// whenever the org has new tokens, and newer tokens that another program writes to it are taken
// over before one. An empty path ends that, and leaves the file. A file that is
// there has to be of the same org and user; one that is not is made. It returns the
// org as it now stands. Errors name the org; those that wrap ErrMirror leave the
// mirror set, and it is tried again.
func (k *Keeper) SetMirror(ctx context.Context, org tokens.Org, path string) (tokens.Org, error) {
	unlock, err := k.locks.lock(ctx, org.Key)
	if err != nil {
		return org, fmt.Errorf("the mirror of %s: %w", org.Alias, err)
	}
	defer k.unlockSettled(org.Key, unlock)
	set, err := k.setMirror(ctx, org, path)
	if err != nil {
		return set, fmt.Errorf("the mirror of %s: %w", org.Alias, err)
	}
	return set, nil
}

func (k *Keeper) setMirror(ctx context.Context, org tokens.Org, path string) (tokens.Org, error) {
	if path == "" {
		return k.ledger.SetMirror(ctx, org.Key, "")
	}
	path, err := transfer.MirrorPath(path)
	if err != nil {
		return org, err
	}
	if err := k.unlockJournal(ctx); err != nil {
		return org, err
	}
	saved, err := k.recovered(ctx, org.Key)
	if err != nil {
		return org, err
	}
	m, err := transfer.ReadMirror(path)
	if err == nil && !m.Missing && !sameLogin(m, org, saved) {
		err = errOtherLogin
	}
	if err != nil {
		return org, err
	}
	if org, err = k.ledger.SetMirror(ctx, org.Key, path); err != nil {
		return org, err
	}
	org, err = k.writeMirror(ctx, org, saved, saved, false)
	if errors.Is(err, errReplaced) || errors.Is(err, ErrRotatedOut) {
		err = nil // older tokens are what the caller has named
	}
	return org, err
}

// writeMirror brings an org's token file up to date, unless another program has
// changed it to what is newer, or not known to be older. before are the secrets
// that were the newest until now. Where it has replaced what orgkeep did not write, an
// error says so; quietly leaves that alone. The caller holds the login's lock.
func (k *Keeper) writeMirror(ctx context.Context, org tokens.Org, before, s tokens.Secrets, quietly bool) (tokens.Org, error) {
	m, err := transfer.ReadMirror(org.Mirror)
	var said error
	if err == nil && !m.Missing && !holds(m, s) {
		said, err = k.mayReplace(ctx, m, org, before, s)
	}
	if err == nil && quietly {
		err = said
	}
	if err == nil && !holds(m, s) {
		var text string
		if text, err = m.Text(org, s); err == nil {
			err = durable.Write(org.Mirror, []byte(text))
		}
	}
	if err != nil {
		return org, aboutMirror(org.Mirror+" is not in step", err)
	}
	written, err := k.ledger.Mirrored(ctx, org.Key, s.Generation)
	if err != nil {
		return org, err
	}
	org.Mirrored = written.Mirrored
	if said != nil {
		return org, aboutMirror(org.Mirror, said)
	}
	return org, nil
}

func aboutMirror(what string, err error) error {
	return fmt.Errorf("%w %s: %w", ErrMirror, tokens.Clean(what), err)
}

// followMirror writes the token file of an org, where it has one, after its tokens
// have come otherwise than by a refresh. Errors name the org and wrap ErrMirror: the
// tokens are saved.
func (k *Keeper) followMirror(ctx context.Context, org tokens.Org, before, s tokens.Secrets) (tokens.Org, error) {
	if org.Mirror == "" {
		return org, nil
	}
	written, err := k.writeMirror(context.WithoutCancel(ctx), org, before, s, false)
	if err != nil && !errors.Is(err, ErrMirror) {
		err = aboutMirror(org.Mirror, err)
	}
	if err != nil {
		return written, fmt.Errorf("%s: %w", org.Alias, err)
	}
	return written, nil
}

// catchUpMirrors tries the token files once more that are behind their orgs.
func (k *Keeper) catchUpMirrors(ctx context.Context) {
	orgs, err := k.ledger.Behind(ctx)
	if err != nil {
		return // whoever lists the orgs is told
	}
	for _, org := range orgs {
		k.catchUpMirror(ctx, org)
	}
}

// catchUpMirror does not wait for a login that a refresh is busy with, which
// writes the file itself.
func (k *Keeper) catchUpMirror(ctx context.Context, org tokens.Org) {
	short, cancel := context.WithTimeout(ctx, 10*lockPoll)
	defer cancel()
	unlock, err := k.locks.lock(short, org.Key)
	if err != nil {
		return
	}
	defer k.unlockSettled(org.Key, unlock)
	if saved, err := k.read(ctx, org.Key); err == nil {
		_, _ = k.writeMirror(ctx, org, saved, saved, true) // the ledger says that it is still behind
	}
}
