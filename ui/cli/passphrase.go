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
func (s *session) takeDescriptor() error {
	switch fd := s.passphraseFD; {
	case fd == noDescriptor:
		return nil
	case fd == 0:
		s.passphraseFile = s.In
	case fd < 0 || fd == 1 || fd == 2:
		return usage("--passphrase-fd is %d, it has to be 0 or above 2", fd)
	default:
		file := os.NewFile(uintptr(fd), "passphrase")
		if file == nil {
			return usage("--passphrase-fd is %d, and no such descriptor is open", fd)
		}
		if _, err := file.Stat(); err != nil {
			return usage("--passphrase-fd is %d, and no such descriptor is open", fd)
		}
		s.passphraseFile = file
	}
	if _, terminal := descriptor(s.passphraseFile); terminal {
		return usage("--passphrase-fd is a terminal; without the flag orgkeep asks there, and shows nothing of the answer")
	}
	return nil
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
	line, err := answerOf(ctx, func() (string, error) {
		line, err := readLine(file)
		if errors.Is(err, io.EOF) {
			return "", nil
		}
		return line, err
	})
	if err != nil {
		return tokens.Secret{}, cannot("reading the passphrase from descriptor %d: %w", s.passphraseFD, err)
	}
	if line == "" {
		return tokens.Secret{}, cannot("descriptor %d gave no passphrase", s.passphraseFD)
	}
	s.given = tokens.NewSecret(line)
	return s.given, nil
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
		if utf8.RuneCountInString(secret.Reveal()) < passphraseLeast {
			return nil, cannot("the passphrase of a new vault has to have %d characters or more", passphraseLeast)
		}
		return []byte(secret.Reveal()), nil
	case !s.someoneThere():
		return nil, cannot("there is no vault yet; without a terminal its passphrase has to come from %s or --passphrase-fd", passphraseVariable)
	}
	return s.askNewPassphrase(ctx)
}

func (s *session) askNewPassphrase(ctx context.Context) ([]byte, error) {
	restore, err := s.hush()
	if err != nil {
		return nil, err
	}
	defer func() { _ = restore() }()
	notice := "There is no vault yet. Its passphrase protects every token in it, and nobody can restore it.\n"
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
