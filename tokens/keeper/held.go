package keeper

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"

	"filippo.io/age"

	"orgkeep/keychain/durable"
	"orgkeep/tokens"
)

// Held says where tokens are that the keychain refused.
type Held string

// The places. Only tokens in memory can be lost by ending the process.
const (
	HeldNowhere   Held = ""
	HeldInJournal Held = "journal"
	HeldInMemory  Held = "memory"
)

// held keeps the secrets that the keychain refused within this process, so that
// they can be used and tried again.
type held struct {
	mu    sync.Mutex
	items map[tokens.Key]heldItem
}

type heldItem struct {
	org     tokens.Org
	secrets tokens.Secrets
	only    bool // the journal refused them too
}

func newHeld() *held { return &held{items: map[tokens.Key]heldItem{}} }

func (h *held) keep(org tokens.Org, s tokens.Secrets, inJournal error) Held {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.items[org.Key] = heldItem{org: org, secrets: s, only: inJournal != nil}
	if inJournal != nil {
		return HeldInMemory
	}
	return HeldInJournal
}

func (h *held) get(key tokens.Key) (tokens.Secrets, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	item, there := h.items[key]
	return item.secrets, there
}

func (h *held) has(key tokens.Key) bool {
	_, there := h.get(key)
	return there
}

func (h *held) inMemoryOnly(key tokens.Key) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.items[key].only
}

func (h *held) drop(key tokens.Key) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.items, key)
}

func (h *held) keys() []tokens.Key {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Sorted(maps.Keys(h.items))
}

// inMemory lists what would be lost with the process.
func (h *held) inMemory() []heldItem {
	h.mu.Lock()
	defer h.mu.Unlock()
	var items []heldItem
	for _, key := range slices.Sorted(maps.Keys(h.items)) {
		if h.items[key].only {
			items = append(items, h.items[key])
		}
	}
	return items
}

// InMemory returns the aliases of the orgs whose new tokens are nowhere but in
// this process: the keychain and the journal have both refused them.
func (k *Keeper) InMemory() []string {
	var aliases []string
	for _, item := range k.held.inMemory() {
		aliases = append(aliases, item.org.Alias)
	}
	return aliases
}

// Discard gives up the tokens that are in memory only. The logins they belong
// to may have to be made anew.
func (k *Keeper) Discard() {
	for _, key := range k.held.keys() {
		if k.held.inMemoryOnly(key) {
			k.held.drop(key)
		}
	}
}

// ErrPassphrase means that a passphrase is too short to protect tokens.
var ErrPassphrase = errors.New("the passphrase has fewer than 8 characters")

const passphraseLeast = 8

// SaveHeld writes the tokens that are in memory only to a file, encrypted with
// a passphrase (age, https://age-encryption.org; age -d reads it): a line of
// token JSON an org, each of which orgkeep import takes. It returns how many
// orgs the file has; those count as saved.
func (k *Keeper) SaveHeld(path string, passphrase tokens.Secret) (int, error) {
	if len(passphrase.Reveal()) < passphraseLeast {
		return 0, ErrPassphrase
	}
	items := k.held.inMemory()
	var sealed bytes.Buffer
	recipient, err := age.NewScryptRecipient(passphrase.Reveal())
	if err != nil {
		return 0, fmt.Errorf("encrypting the tokens: %w", err)
	}
	w, err := age.Encrypt(&sealed, recipient)
	if err != nil {
		return 0, fmt.Errorf("encrypting the tokens: %w", err)
	}
	for _, item := range items {
		if err := writeTokenJSON(w, item.org, item.secrets); err != nil {
			return 0, fmt.Errorf("encrypting the tokens: %w", err)
		}
	}
	if err := w.Close(); err != nil {
		return 0, fmt.Errorf("encrypting the tokens: %w", err)
	}
	if err := durable.Write(path, sealed.Bytes()); err != nil {
		return 0, fmt.Errorf("saving the tokens: %w", err)
	}
	for _, item := range items {
		k.held.saved(item)
	}
	return len(items), nil
}

// saved forgets an item that is in a file, unless a newer one has taken its
// place meanwhile.
func (h *held) saved(item heldItem) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.items[item.org.Key].secrets.Generation == item.secrets.Generation {
		delete(h.items, item.org.Key)
	}
}

// writeTokenJSON writes secrets as the token endpoint's answer has them, with
// what else an import of them is told.
func writeTokenJSON(w io.Writer, org tokens.Org, s tokens.Secrets) error {
	text, err := json.Marshal(map[string]string{
		"alias": org.Alias, "client_id": org.ClientID, "login_url": org.LoginURL, "client_secret": s.ClientSecret.Reveal(),
		"access_token": s.AccessToken.Reveal(), "refresh_token": s.RefreshToken.Reveal(), "signature": s.Signature.Reveal(),
		"id": s.ID, "instance_url": s.InstanceURL, "issued_at": s.IssuedAtText, "token_type": "Bearer",
	})
	if err != nil {
		return err
	}
	_, err = w.Write(append(text, '\n'))
	return err
}
