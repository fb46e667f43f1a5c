package tokens

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
)

// Key names one login: one user of one org through one app. It is the account
// of the keychain item and the primary key of the ledger:
// <18-character org id>.<user id>.<8 hex digits of the client id's SHA-256>.
// Where the ids are not known yet UnknownKey makes one. It holds [A-Za-z0-9._-] only, because on macOS other characters would reach
// a command parser.
type Key string

// UnknownKey makes a Key for a login whose user, or org and user, nobody has told
// yet: a Salesforce CLI's file names no user id, and an auth URL neither. orgID
// is empty while it is not known; name is what else tells the login apart, as its
// username. The Key stays when the ids become known: it is a name, and Org has
// the ids. No user id begins with "new". Errors wrap ErrID.
func UnknownKey(orgID, name, clientID string) (Key, error) {
	if orgID == "" {
		orgID = "00D000000000000"
	}
	sum := sha256.Sum256([]byte(name))
	return NewKey(orgID, "new"+hex.EncodeToString(sum[:8])[:15], clientID)
}

// Unknown reports whether the Key was made by UnknownKey.
func (k Key) Unknown() bool {
	const user = len("00D000000000000EAA.")
	return k.Valid() && k[user:user+3] == "new"
}

var keyForm = regexp.MustCompile(`^00D[A-Za-z0-9]{15}\.[A-Za-z0-9]{18}\.[0-9a-f]{8}$`)

// NewKey makes the Key of a login from ids of 15 or 18 characters. Errors wrap
// ErrID.
func NewKey(orgID, userID, clientID string) (Key, error) {
	org, err := ID18(orgID)
	if err != nil {
		return "", fmt.Errorf("org: %w", err)
	}
	user, err := ID18(userID)
	if err != nil {
		return "", fmt.Errorf("user: %w", err)
	}
	sum := sha256.Sum256([]byte(clientID))
	key := Key(org + "." + user + "." + hex.EncodeToString(sum[:4]))
	if !key.Valid() {
		return "", fmt.Errorf("%w: %s", ErrID, org)
	}
	return key, nil
}

// Valid reports whether the Key has the form that NewKey makes.
func (k Key) Valid() bool { return keyForm.MatchString(string(k)) }
