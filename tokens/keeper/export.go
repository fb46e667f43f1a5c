package keeper

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"orgkeep/keychain/durable"
	"orgkeep/tokens"
	"orgkeep/tokens/transfer"
)

// Form is the form in which a login is handed to another program.
type Form string

// The forms.
const (
	FormTokenFile Form = "token-json" // the token endpoint's answer, as programs save it
	FormAuthURL   Form = "auth-url"   // one line, for the Salesforce CLI
	FormEnv       Form = "env"        // export lines for a shell: the access token and the host
)

// ErrThere marks a file that is there already, ErrNoFile a place that is no file,
// ErrNoFolder what should be the folder of one.
var (
	ErrThere    = errors.New("it is there already, and was left as it is")
	ErrNoFile   = errors.New("it is no file")
	ErrNoFolder = errors.New("there is no such folder")
)

// Written returns the newest tokens of one login in a form, with its line end.
// Errors name the org and are those of HandOut and of package transfer.
func (k *Keeper) Written(ctx context.Context, org tokens.Org, form Form) (tokens.Secret, error) {
	org, s, err := k.HandOut(ctx, org)
	if err != nil {
		return tokens.Secret{}, err
	}
	var text string
	switch form {
	case FormTokenFile:
		text, err = transfer.FormatTokenFile(org, s)
	case FormAuthURL:
		var url tokens.Secret
		url, err = transfer.FormatAuthURL(org, s)
		text = url.Reveal() + "\n"
	case FormEnv:
		text, err = transfer.FormatEnv(transfer.EnvShell, transfer.Variables(org, s))
	}
	if err != nil {
		return tokens.Secret{}, fmt.Errorf("exporting %s: %w", org.Alias, err)
	}
	return tokens.NewSecret(text), nil
}

// Export writes the newest tokens of one login to a file, whole or not at all and
// for its owner alone. A file that is there stays, with ErrThere, unless over is
// set. Errors are those of Written and Writable, and of the file system.
func (k *Keeper) Export(ctx context.Context, org tokens.Org, form Form, path string, over bool) error {
	if err := Writable(path, over); err != nil {
		return err
	}
	text, err := k.Written(ctx, org, form)
	if err != nil {
		return err
	}
	if err := durable.Write(path, []byte(text.Reveal())); err != nil {
		return fmt.Errorf("exporting %s: %w", org.Alias, err)
	}
	return nil
}

// folderThere makes sure that a folder is there: one that were made for a mistyped path
// would hold a login where nobody looks for it.
func folderThere(folder string) error {
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		return fmt.Errorf("%s: %w", tokens.Clean(folder), ErrNoFolder)
	}
	return nil
}

// Writable reports whether Export may write to a path, in a folder that is there.
// Errors name it and wrap ErrThere, ErrNoFile, ErrNoFolder or the error of the file
// system.
func Writable(path string, over bool) error {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return folderThere(filepath.Dir(path))
	case err != nil:
		return err
	case !info.Mode().IsRegular() && info.Mode()&fs.ModeSymlink == 0:
		return fmt.Errorf("%s: %w", tokens.Clean(path), ErrNoFile)
	case !over:
		return fmt.Errorf("%s: %w", tokens.Clean(path), ErrThere)
	}
	return nil
}
