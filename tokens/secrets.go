package tokens

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Secrets are what the keychain holds for one Key: the tokens, and beside them
// what is needed to write the ledger's row anew when another process saved them.
type Secrets struct {
	Generation   int64
	AccessToken  Secret
	RefreshToken Secret
	ClientSecret Secret
	Signature    Secret

	ID           string
	InstanceURL  string
	Scopes       []string
	IssuedAt     time.Time
	IssuedAtText string
	Rotates      Rotation
	// RefreshUsedAt is when the refresh token was last used or issued.
	RefreshUsedAt time.Time
	// Replaced is the fingerprint of the refresh token that the present one took
	// the place of; empty where none is known. Another program that still has
	// that one has older tokens, and any other one newer.
	Replaced string

	// Parts is how many further items the access token lies in; see Lines.
	Parts    int
	partsSum string
}

// ErrSecrets marks a keychain item that is not one of orgkeep's.
var ErrSecrets = errors.New("the keychain item cannot be read")

// line is the stored form: one line, because a newline in a secret damages some
// keyrings' files. The version counts changes that old programs cannot read.
type line struct {
	Version      int      `json:"v"`
	Generation   int64    `json:"gen"`
	AccessToken  string   `json:"access_token,omitempty"`
	RefreshToken string   `json:"refresh_token,omitempty"`
	ClientSecret string   `json:"client_secret,omitempty"`
	Signature    string   `json:"signature,omitempty"`
	ID           string   `json:"id,omitempty"`
	InstanceURL  string   `json:"instance_url,omitempty"`
	Scopes       []string `json:"scopes,omitempty"`
	IssuedAt     int64    `json:"issued_at_ms,omitempty"`
	IssuedAtText string   `json:"issued_at,omitempty"`
	Rotates      Rotation `json:"rotates,omitempty"`
	RefreshUsed  int64    `json:"refresh_used_at_ms,omitempty"`
	Replaced     string   `json:"replaced,omitempty"`
	Parts        int      `json:"parts,omitempty"`
	PartsSum     string   `json:"parts_sum,omitempty"`
}

const lineVersion = 1

// Line returns the secrets in the clear as the one line of compact JSON that
// the keychain keeps. It and Lines are the only ways to write them out.
func (s Secrets) Line() (string, error) { return s.stored().text() }

func (s Secrets) stored() line {
	return line{
		Version: lineVersion, Generation: s.Generation,
		AccessToken: s.AccessToken.Reveal(), RefreshToken: s.RefreshToken.Reveal(),
		ClientSecret: s.ClientSecret.Reveal(), Signature: s.Signature.Reveal(),
		ID: s.ID, InstanceURL: s.InstanceURL, Scopes: s.Scopes,
		IssuedAt: toMilli(s.IssuedAt), IssuedAtText: s.IssuedAtText,
		Rotates: s.Rotates, RefreshUsed: toMilli(s.RefreshUsedAt), Replaced: s.Replaced,
	}
}

func (l line) text() (string, error) {
	text, err := json.Marshal(l) //nolint:gosec // the keychain's line is what this makes
	if err != nil {
		return "", fmt.Errorf("writing the keychain item: %w", err)
	}
	return string(text), nil
}

// ParseSecrets reads what Line wrote. Errors wrap ErrSecrets and quote nothing.
func ParseSecrets(text string) (Secrets, error) {
	var l line
	if err := json.Unmarshal([]byte(text), &l); err != nil {
		return Secrets{}, fmt.Errorf("%w: %s", ErrSecrets, jsonProblem(err))
	}
	if l.Parts < 0 || l.Parts > partsMost {
		return Secrets{}, fmt.Errorf("%w: it says that it has %d parts", ErrSecrets, l.Parts)
	}
	if l.Version != lineVersion {
		return Secrets{}, fmt.Errorf("%w: it is of version %d, this orgkeep knows version %d", ErrSecrets, l.Version, lineVersion)
	}
	return Secrets{
		Generation:  l.Generation,
		AccessToken: NewSecret(l.AccessToken), RefreshToken: NewSecret(l.RefreshToken),
		ClientSecret: NewSecret(l.ClientSecret), Signature: NewSecret(l.Signature),
		ID: l.ID, InstanceURL: l.InstanceURL, Scopes: l.Scopes,
		IssuedAt: fromMilli(l.IssuedAt), IssuedAtText: l.IssuedAtText,
		Rotates: l.Rotates, RefreshUsedAt: fromMilli(l.RefreshUsed), Replaced: l.Replaced,
		Parts: l.Parts, partsSum: l.PartsSum,
	}, nil
}

func toMilli(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func fromMilli(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
