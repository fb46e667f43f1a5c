// Package transfer brings orgs in from what other programs wrote: the answer of
// a token endpoint saved to a JSON file, an sfdx auth URL, the files of the
// Salesforce CLI. What is shared with the CLI is written back to its files.
package transfer

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"orgkeep/tokens"
)

// Limit is the most a token file may hold, in bytes. An answer with two long
// JWTs has less than a hundredth of it.
const Limit = 1 << 20

// Errors about a file as such. Errors about its text wrap tokens.ErrGrant.
var (
	// ErrNoFile marks what is no regular file: a folder, a pipe, a device.
	ErrNoFile = errors.New("it is no regular file")
	// ErrTooBig marks a file of more than Limit bytes.
	ErrTooBig = errors.New("it is too big for a token file (over 1 MiB)")
)

// ReadTokenFile reads the token endpoint's answer that a program saved to the
// file path. Of a file that is too big no more than Limit is read, of a pipe or
// device nothing. Errors are one line that names the file and never quotes a
// token; they wrap ErrNoFile, ErrTooBig, tokens.ErrGrant or the error of the
// file system.
func ReadTokenFile(path string) (tokens.Grant, error) {
	file, err := openRegular(path)
	if err != nil {
		return tokens.Grant{}, fmt.Errorf("reading %s: %w", tokens.Clean(path), err)
	}
	grant, err := ReadTokens(file, path)
	// Nothing was written, so closing has nothing to tell.
	_ = file.Close()
	return grant, err
}

// openRegular looks before it opens, because opening a pipe would wait for its
// other end, and once more afterwards, at what it did open.
func openRegular(path string) (*os.File, error) {
	info, err := os.Stat(path)
	if err == nil {
		err = regular(info)
	}
	if err != nil {
		return nil, bare(err)
	}
	file, err := os.Open(path) //nolint:gosec // the file is the user's own choice
	if err != nil {
		return nil, bare(err)
	}
	if info, err = file.Stat(); err == nil {
		err = regular(info)
	}
	if err != nil {
		_ = file.Close()
		return nil, bare(err)
	}
	return file, nil
}

func regular(info fs.FileInfo) error {
	switch {
	case info.IsDir():
		return fmt.Errorf("%w: it is a folder", ErrNoFile)
	case !info.Mode().IsRegular():
		return ErrNoFile
	case info.Size() > Limit:
		return ErrTooBig
	}
	return nil
}

// bare takes the path out of a file system's error: the caller names the file
// once, made harmless.
func bare(err error) error {
	if pathError, ok := errors.AsType[*fs.PathError](err); ok {
		return pathError.Err
	}
	return err
}

// ReadTokens reads a token endpoint's answer from r; name stands for it in
// errors, which are as those of ReadTokenFile. No more than Limit bytes and one
// are read.
func ReadTokens(r io.Reader, name string) (tokens.Grant, error) {
	text, err := readAll(r)
	if err == nil {
		var grant tokens.Grant
		if grant, err = tokens.ParseGrant(text); err == nil {
			return grant, nil
		}
	}
	return tokens.Grant{}, fmt.Errorf("reading %s: %w", tokens.Clean(name), err)
}
