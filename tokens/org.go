// Package tokens holds the words of the domain and the pure rules on them: an
// org, its secrets, the two clocks, masks, and what can be read off a token. It
// does no I/O and knows nothing of the screen.
package tokens

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// Org is what is known of one saved login and is not secret. The ledger keeps
// it; the secrets of the same Key rest in the keychain.
type Org struct {
	Key      Key
	Alias    string
	OrgID    string // 18 characters
	UserID   string // 18 characters
	Username string // empty until a file or an online look tells it
	Type     Type

	LoginURL    string // given by the user; empty means the instance URL
	InstanceURL string
	ClientID    string
	Scopes      []string
	Tags        []string
	// Favourite is set by the user, for the orgs that are looked for most.
	Favourite bool
	// Watched is set by the user, for the orgs that are kept fresh without asking
	// while orgkeep runs.
	Watched bool
	// Shared tells of another program that has the same refresh token; its zero
	// value is an org that is orgkeep's alone.
	Shared Shared

	// Mirror is the path of the token file that is kept in step; empty for none.
	// Mirrored is the generation of the tokens that were last written to it.
	Mirror   string
	Mirrored int64

	// IssuedAt is when the access token was issued; zero when nobody told.
	IssuedAt time.Time
	// ExpiresAt is when the access token ends, where a JWT or introspection told
	// it, or an answer showed that it has ended (ExpirySource says which); zero
	// otherwise.
	ExpiresAt    time.Time
	ExpirySource LeftSource
	// RefreshUsedAt is when the refresh token was last used or issued: the
	// start of its idle clock. It is IssuedAt where nothing but that answer tells,
	// and zero when nobody told.
	RefreshUsedAt time.Time
	// HasRefreshToken is false for orgs that can be shown but not refreshed.
	HasRefreshToken bool
	Rotates         Rotation
	// Generation counts the saved sets of secrets; a keychain record with a
	// higher one was saved by another process.
	Generation int64
	// Last is the latest refresh since the tokens were saved, nil before the
	// first.
	Last *Attempt
	// Pause is what holds its refreshes back now, nil when nothing does. It is
	// read when the org is listed, and not written with it.
	Pause *Pause
}

// Rotation says whether the org's refreshes bring a new refresh token, as far
// as earlier answers have shown.
type Rotation string

// What earlier answers have shown.
const (
	RotationUnknown Rotation = "unknown"
	RotationYes     Rotation = "yes"
	RotationNo      Rotation = "no"
)

// User is the name to show: the username, or the user id while that is unknown.
func (o Org) User() string {
	if o.Username != "" {
		return o.Username
	}
	return o.UserID
}

// LoginHost is the URL whose token endpoint refreshes the org: the login URL
// given by the user, else the instance URL. Many orgs refuse the shared hosts,
// so login.salesforce.com is never assumed.
func (o Org) LoginHost() string {
	if o.LoginURL != "" {
		return o.LoginURL
	}
	return o.InstanceURL
}

// ErrAlias marks an alias that cannot be used.
var ErrAlias = errors.New("alias cannot be used")

const aliasLimit = 80 // characters

// CheckAlias returns an error wrapping ErrAlias unless alias can be typed as an
// argument and drawn in a row: printable, no space, no leading hyphen or plus
// (commands would take those for flags and tags), at most 80 characters.
func CheckAlias(alias string) error {
	switch {
	case alias == "":
		return fmt.Errorf("%w: it is empty", ErrAlias)
	case utf8.RuneCountInString(alias) > aliasLimit:
		return fmt.Errorf("%w: it is longer than %d characters", ErrAlias, aliasLimit)
	case !Printable(alias), strings.ContainsAny(alias, " "):
		return fmt.Errorf("%w: %s has a space or a character that does not print", ErrAlias, Clean(alias))
	case strings.HasPrefix(alias, "-"), strings.HasPrefix(alias, "+"):
		return fmt.Errorf("%w: %s begins with %s", ErrAlias, alias, alias[:1])
	}
	return nil
}
