package cli

import (
	"context"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"orgkeep/tokens"
)

// passphraseVariable is taken out of the environment at the start.
const passphraseVariable = "ORGKEEP_PASSPHRASE" //nolint:gosec // a name, and no passphrase

// passphraseLeast is how many characters the passphrase of a new vault has at
// least.
const passphraseLeast = 8

// takePassphrase reads the variable and removes it: neither what this program
// starts nor what prints an environment gets to see it.
func (s *session) takePassphrase() {
	s.given = tokens.NewSecret(s.env(passphraseVariable))
	s.Environ = slices.DeleteFunc(slices.Clone(s.Environ), func(pair string) bool {
		return strings.HasPrefix(pair, passphraseVariable+"=")
	})
	_ = os.Unsetenv(passphraseVariable)
}

// takeDescriptor gets hold of the descriptor that --passphrase-fd names, before
// any file is opened that could have its number.
func (s *session) takeDescriptor() (err error) {
	s.passphraseFile, err = s.openDescriptor("--passphrase-fd", s.passphraseFD)
	return err
}

// openDescriptor returns what a flag's descriptor reads; nil for noDescriptor.
func (s *session) openDescriptor(flag string, fd int) (io.Reader, error) {
	var file io.Reader
	switch {
	case fd == noDescriptor:
		return nil, nil //nolint:nilnil // no descriptor is the ordinary case, not an error
	case fd == 0:
		file = s.In
	case fd < 0 || fd == 1 || fd == 2:
		return nil, usage("%s is %d, it has to be 0 or above 2", flag, fd)
	default:
		opened := os.NewFile(uintptr(fd), "passphrase")
		if opened == nil {
			return nil, usage("%s is %d, and no such descriptor is open", flag, fd)
		}
		if _, err := opened.Stat(); err != nil {
			return nil, usage("%s is %d, and no such descriptor is open", flag, fd)
		}
		file = opened
	}
	if _, terminal := descriptor(file); terminal {
		return nil, usage("%s is a terminal; without the flag orgkeep asks there, and shows nothing of the answer", flag)
	}
	return file, nil
}

const noDescriptor = -1

// givenPassphrase returns the passphrase that came with the command line: from
// the descriptor, else from the variable; the absent Secret when none did.
func (s *session) givenPassphrase(ctx context.Context) (tokens.Secret, error) {
	s.reading.Lock()
	defer s.reading.Unlock()
	if s.passphraseFile == nil {
		return s.given, nil
	}
	file := s.passphraseFile
	s.passphraseFile = nil
	given, err := readPassphrase(ctx, file, s.passphraseFD)
	if err != nil {
		return tokens.Secret{}, err
	}
	s.given = given
	return s.given, nil
}

// readPassphrase reads one line, which is a passphrase.
func readPassphrase(ctx context.Context, file io.Reader, fd int) (tokens.Secret, error) {
	line, err := answerOf(ctx, func() (string, error) {
		line, err := readLine(file)
		if errors.Is(err, io.EOF) {
			return "", nil
		}
		return line, err
	})
	if err != nil {
		return tokens.Secret{}, cannot("reading the passphrase from descriptor %d: %w", fd, err)
	}
	if line == "" {
		return tokens.Secret{}, cannot("descriptor %d gave no passphrase", fd)
	}
	return tokens.NewSecret(line), nil
}

// isGiven reports whether a passphrase came with the command line.
func (s *session) isGiven() bool {
	s.reading.Lock()
	defer s.reading.Unlock()
	return s.passphraseFile != nil || !s.given.IsZero()
}

// passphrase is what the vault asks when it is made or opened.
func (s *session) passphrase(ctx context.Context, p *place) ([]byte, error) {
	if len(p.fresh) > 0 {
		return slices.Clone(p.fresh), nil // the vault wipes what it gets
	}
	secret, err := s.givenPassphrase(ctx)
	if err == nil && secret.IsZero() {
		secret, err = s.askPassphrase(ctx)
	}
	return []byte(secret.Reveal()), err
}

// newPassphrase gets the passphrase of a vault that is to be made. A person is
// asked twice.
func (s *session) newPassphrase(ctx context.Context) ([]byte, error) {
	secret, err := s.givenPassphrase(ctx)
	switch {
	case err != nil:
		return nil, err
	case !secret.IsZero():
		return longEnough(secret)
	case !s.someoneThere():
		return nil, cannot("there is no vault yet; without a terminal its passphrase has to come from %s or --passphrase-fd", passphraseVariable)
	}
	return s.askNewPassphrase(ctx, "There is no vault yet. Its passphrase protects every token in it, and nobody can restore it.\n")
}

// longEnough returns the bytes of a passphrase that a vault may get.
func longEnough(secret tokens.Secret) ([]byte, error) {
	if utf8.RuneCountInString(secret.Reveal()) < passphraseLeast {
		return nil, cannot("the new passphrase of a vault has to have %d characters or more", passphraseLeast)
	}
	return []byte(secret.Reveal()), nil
}

// askNewPassphrase asks twice for a new passphrase, after a notice that ends its
// line.
func (s *session) askNewPassphrase(ctx context.Context, notice string) ([]byte, error) {
	restore, err := s.hush()
	if err != nil {
		return nil, err
	}
	defer func() { _ = restore() }()
	for {
		first, err := s.askHidden(ctx, notice+"New passphrase of the vault (8 characters or more, not shown):")
		if err != nil {
			return nil, err
		}
		if utf8.RuneCountInString(first.Reveal()) < passphraseLeast {
			notice = "That has fewer than 8 characters.\n"
			continue
		}
		again, err := s.askHidden(ctx, "The same once more:")
		if err != nil {
			return nil, err
		}
		if again.Equal(first) {
			return []byte(first.Reveal()), nil
		}
		notice = "These were two different ones.\n"
	}
}

// forgetGiven makes the next question one for the person.
func (s *session) forgetGiven() {
	s.reading.Lock()
	defer s.reading.Unlock()
	s.given, s.passphraseFile = tokens.Secret{}, nil
}
