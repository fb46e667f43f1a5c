package transfer

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"orgkeep/keychain/durable"
	"orgkeep/tokens"
)

// ErrSFMoved means that the Salesforce CLI's file has other tokens than those
// that were replaced: the CLI has newer ones, and they were left alone.
var ErrSFMoved = errors.New("the Salesforce CLI has other tokens by now")

// SFShare reads and writes the tokens that orgs share with the Salesforce CLI,
// under the CLI's own locks. It is safe for concurrent use.
type SFShare struct {
	// Keyring is asked for the CLI's key where its folder has none that fits.
	Keyring SFKeyring
}

// Lock takes the lock under which the CLI refreshes the login (@salesforce/core
// 9.4.0, AuthInfo.refreshWithTokenRotationLock). It waits for 40 seconds at most.
// release may be called once. Errors wrap ErrSFBusy or that of the file system.
func (s SFShare) Lock(ctx context.Context, at tokens.Shared) (release func(), err error) {
	if err := checkShared(at); err != nil {
		return nil, err
	}
	l, err := takeSFLock(ctx, at.File()+sfLockRefresh)
	if err != nil {
		return nil, err
	}
	return l.release, nil
}

// Read returns the tokens, and the instance URL, that the CLI's file has now.
func (s SFShare) Read(ctx context.Context, at tokens.Shared) (tokens.Secrets, error) {
	_, secrets, _, err := s.read(ctx, at)
	return secrets, err
}

// Write puts the tokens into the CLI's file, encrypted as it does it, provided
// that the file still has the refresh token that they replaced, or the same.
// Everything else in the file stays; a reader sees the old file or the new one.
// The caller has the lock of Lock. Errors wrap ErrSFMoved, ErrSFBusy, ErrSFKey or
// that of the file system; the file is unchanged then.
func (s SFShare) Write(ctx context.Context, at tokens.Shared, next tokens.Secrets) error {
	if err := checkShared(at); err != nil {
		return err
	}
	l, err := takeSFLock(ctx, at.File()+sfLockWrite)
	if err != nil {
		return err
	}
	defer l.release()
	text, now, key, err := s.read(ctx, at)
	if err != nil {
		return err
	}
	if has := now.RefreshToken.Fingerprint(); has != next.Replaced && has != next.RefreshToken.Fingerprint() {
		return ErrSFMoved
	}
	for name, token := range map[string]tokens.Secret{"refreshToken": next.RefreshToken, "accessToken": next.AccessToken} {
		value := token.Reveal()
		if key != nil {
			value = key.seal(token)
		}
		if text, err = withString(text, pathOf(at), name, value); err != nil {
			return fmt.Errorf("changing %s: %w", filepath.Base(at.File()), err)
		}
	}
	file, err := filepath.EvalSymlinks(at.File()) // a link stays one
	if err != nil {
		return fmt.Errorf("finding %s: %w", filepath.Base(at.File()), bare(err))
	}
	return durable.Write(file, text)
}

// read returns the file's text, the login's tokens in it and the key that opened
// them, nil where they are not encrypted.
func (s SFShare) read(ctx context.Context, at tokens.Shared) (text []byte, found tokens.Secrets, key *sfKey, err error) {
	if err := checkShared(at); err != nil {
		return nil, tokens.Secrets{}, nil, err
	}
	doing := "reading " + tokens.Clean(filepath.Base(at.File()))
	text, err = readSmall(at.File())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, tokens.Secrets{}, nil, fmt.Errorf("the Salesforce CLI has no login as %s any more: %w", tokens.Clean(at.Username), err)
	}
	if err != nil {
		return nil, tokens.Secrets{}, nil, fmt.Errorf("%s: %w", doing, err)
	}
	auth, err := parseSF(text)
	if err != nil {
		return nil, tokens.Secrets{}, nil, fmt.Errorf("%s: %w", doing, err)
	}
	app := auth.sfApp
	if at.App != "" {
		app = auth.ClientApps[at.App]
	}
	r := &sfReading{home: &SFHome{folder: at.Home, keyring: s.Keyring}, ctx: ctx}
	if found.RefreshToken, err = r.opened(app.RefreshToken); err == nil {
		found.AccessToken, err = r.opened(app.AccessToken)
	}
	if err == nil && found.RefreshToken.IsZero() {
		err = errSFNone
	}
	if err != nil {
		return nil, tokens.Secrets{}, nil, fmt.Errorf("%s: %w", doing, err)
	}
	if instance, err := tokens.CheckURL(auth.InstanceURL); err == nil {
		found.InstanceURL = instance
	}
	return text, found, r.used, nil
}

func pathOf(at tokens.Shared) []string {
	if at.App == "" {
		return nil
	}
	return []string{"clientApps", at.App}
}

// checkShared makes sure that the names lead to a file of the CLI and to no other.
func checkShared(at tokens.Shared) error {
	if !filepath.IsAbs(at.Home) || !sfFile.MatchString(at.Username+".json") || strings.ContainsAny(at.Username, `/\`) ||
		strings.ContainsRune(at.Username, os.PathSeparator) {
		return fmt.Errorf("%w: %s", ErrNoSFHome, tokens.Clean(at.File()))
	}
	return nil
}
