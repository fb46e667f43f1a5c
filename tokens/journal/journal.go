// Package journal holds the answers of the token endpoint on their way to the
// keychain, encrypted, and the intents of refreshes that have not ended: what a
// crash or a keychain that refuses would otherwise lose.
package journal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"sync"
	"time"

	"filippo.io/age"

	"orgkeep/tokens"
)

// Intent says that a refresh is about to be sent. It holds nothing secret. One
// without an answer, found later, means that nobody knows whether the refresh
// token was used up.
type Intent struct {
	// Generation is that of the secrets the refresh started from.
	Generation int64 `json:"gen"`
	// Fingerprint is that of the refresh token.
	Fingerprint string    `json:"fingerprint"`
	Started     time.Time `json:"started"`
}

var (
	// ErrLocked means that the journal has not been given its identity.
	ErrLocked = errors.New("the journal is locked")
	// ErrDamaged marks an entry that cannot be read: not written by this
	// journal's identity, or damaged.
	ErrDamaged = errors.New("the journal entry cannot be read")
)

// Journal is a set of entries. Entries of different logins are independent;
// for one login the caller holds its lock. It is safe for concurrent use.
type Journal struct {
	shelf shelf

	mu       sync.Mutex
	identity *age.X25519Identity
}

// Open returns the journal in a folder. It reads and makes nothing.
func Open(folder string) *Journal { return &Journal{shelf: files(folder)} }

// Memory returns a journal that ends with the process, for the demo and for
// tests.
func Memory() *Journal { return &Journal{shelf: &memory{entries: map[string][]byte{}}} }

// Account is the keychain item that holds the journal's identity.
const Account = "journal.identity"

// NewIdentity makes the key pair that answers are encrypted to. The text is a
// secret: it belongs into the keychain, beside the tokens it protects.
func NewIdentity() (tokens.Secret, error) {
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		return tokens.Secret{}, fmt.Errorf("making the journal's identity: %w", err)
	}
	return tokens.NewSecret(identity.String()), nil
}

// Unlock gives the journal the identity that NewIdentity made.
func (j *Journal) Unlock(text tokens.Secret) error {
	identity, err := age.ParseX25519Identity(text.Reveal())
	if err != nil {
		// The library's error quotes nothing of the text, but it need not be trusted to.
		return errors.New("the journal's identity in the keychain cannot be read")
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.identity = identity
	return nil
}

// Locked reports whether the journal still needs its identity.
func (j *Journal) Locked() bool {
	_, err := j.unlocked()
	return err != nil
}

func (j *Journal) unlocked() (*age.X25519Identity, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.identity == nil {
		return nil, ErrLocked
	}
	return j.identity, nil
}

const (
	intentSuffix = ".intent"
	answerSuffix = ".answer"
)

// Begin writes the intent of a refresh and returns once it is on the disk.
func (j *Journal) Begin(key tokens.Key, i Intent) error {
	text, err := json.Marshal(i)
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	if err := j.shelf.write(string(key)+intentSuffix, text); err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	return nil
}

// Intent returns the intent of a refresh that has not ended; nil when there is
// none. A damaged one is returned as an empty Intent: that a refresh was about
// to be sent is all that has to be known.
func (j *Journal) Intent(key tokens.Key) (*Intent, error) {
	text, err := j.shelf.read(string(key) + intentSuffix)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil //nolint:nilnil // no intent is the ordinary case, not an error
	case err != nil:
		return nil, fmt.Errorf("journal: %w", err)
	}
	var i Intent
	if json.Unmarshal(text, &i) != nil {
		return &Intent{}, nil
	}
	return &i, nil
}

// Keep writes the secrets of an answer, encrypted, and returns once they are on
// the disk. From then on they cannot be lost. It returns ErrLocked before
// Unlock.
func (j *Journal) Keep(key tokens.Key, s tokens.Secrets) error {
	identity, err := j.unlocked()
	if err != nil {
		return err
	}
	line, err := s.Line()
	if err != nil {
		return err
	}
	var sealed bytes.Buffer
	w, err := age.Encrypt(&sealed, identity.Recipient())
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	if _, err := io.WriteString(w, line); err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	if err := w.Close(); err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	if err := j.shelf.write(string(key)+answerSuffix, sealed.Bytes()); err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	return nil
}

// Kept returns the secrets that are waiting for the keychain; false when there
// are none. Errors wrap ErrLocked or ErrDamaged where they are of that kind.
func (j *Journal) Kept(key tokens.Key) (tokens.Secrets, bool, error) {
	sealed, err := j.shelf.read(string(key) + answerSuffix)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return tokens.Secrets{}, false, nil
	case err != nil:
		return tokens.Secrets{}, false, fmt.Errorf("journal: %w", err)
	}
	identity, err := j.unlocked()
	if err != nil {
		return tokens.Secrets{}, true, err
	}
	s, err := open(sealed, identity)
	if err != nil {
		return tokens.Secrets{}, true, fmt.Errorf("%w: %s", ErrDamaged, key)
	}
	return s, true, nil
}

// lineMost bounds what is read out of an entry; a keychain line is much shorter.
const lineMost = 1 << 20

func open(sealed []byte, identity age.Identity) (tokens.Secrets, error) {
	r, err := age.Decrypt(bytes.NewReader(sealed), identity)
	if err != nil {
		return tokens.Secrets{}, err
	}
	line, err := io.ReadAll(io.LimitReader(r, lineMost))
	if err != nil {
		return tokens.Secrets{}, err
	}
	return tokens.ParseSecrets(string(line))
}

// Done removes the login's entries: the keychain has the answer, or no answer
// that could matter will come.
func (j *Journal) Done(key tokens.Key) error {
	// The answer goes last: an intent without an answer would say "unknown".
	if err := j.shelf.remove(string(key) + intentSuffix); err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	return j.Arrived(key)
}

// Arrived removes the login's answer alone: the keychain has it, and the intent
// is about a later refresh.
func (j *Journal) Arrived(key tokens.Key) error {
	if err := j.shelf.remove(string(key) + answerSuffix); err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	return nil
}

// Entry says that a login has something in the journal.
type Entry struct {
	Key tokens.Key
	// Answer is true when secrets are waiting for the keychain.
	Answer bool
}

// Entries lists what is in the journal, without the identity. A folder that is
// not there is an empty journal.
func (j *Journal) Entries() ([]Entry, error) {
	names, err := j.shelf.names()
	if err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	found := map[tokens.Key]bool{}
	var keys []tokens.Key
	for _, name := range names {
		name, isAnswer := strings.CutSuffix(name, answerSuffix)
		name = strings.TrimSuffix(name, intentSuffix)
		key := tokens.Key(name)
		if !key.Valid() {
			continue
		}
		if _, seen := found[key]; !seen {
			keys = append(keys, key)
		}
		found[key] = found[key] || isAnswer
	}
	entries := make([]Entry, len(keys))
	for i, key := range keys {
		entries[i] = Entry{Key: key, Answer: found[key]}
	}
	return entries, nil
}

// sweptAfter is how old the file of a write is when nobody can be busy with it
// any more.
const sweptAfter = 24 * time.Hour

// Sweep removes what writes left that were killed more than a day before now:
// they never became entries. It needs no identity and no lock.
func (j *Journal) Sweep(now time.Time) error {
	if err := j.shelf.sweep(now.Add(-sweptAfter)); err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	return nil
}
