package tokens

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// ErrID marks an id that is not one of Salesforce's.
var ErrID = errors.New("not a Salesforce id")

// ID18 returns the 18-character form of a Salesforce id. A 15-character id is
// case-sensitive; the three characters after it hold a bit for each of its
// capitals, five to a character, so that the long form can be compared without
// case. A long id whose check characters do not fit stays as it came: it is a
// name to keep, not a sum to correct. Errors wrap ErrID.
func ID18(id string) (string, error) {
	if len(id) != 15 && len(id) != 18 {
		return "", fmt.Errorf("%w: %s has %d characters, not 15 or 18", ErrID, brief(id), len(id))
	}
	if strings.IndexFunc(id, notAlphanumeric) >= 0 {
		return "", fmt.Errorf("%w: %s", ErrID, brief(id))
	}
	checks := checkCharacters(id[:15])
	if len(id) == 18 && !strings.EqualFold(id[15:], checks) {
		return id, nil
	}
	return id[:15] + checks, nil
}

// checkCharacters are the three characters that follow a 15-character id in its
// long form.
func checkCharacters(short string) string {
	const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
	checks := make([]byte, 3)
	for group := range checks {
		bits := 0
		for i := range 5 {
			if c := short[group*5+i]; c >= 'A' && c <= 'Z' {
				bits |= 1 << i
			}
		}
		checks[group] = digits[bits]
	}
	return string(checks)
}

// CheckID says what is wrong with an id of 18 characters whose check characters
// are not those of its first 15: one of the characters was mistyped, or lost its
// case. It is empty for an id that holds together, for a short one, which has
// nothing to check, and for what ID18 refuses. It is safe for concurrent use.
func CheckID(id string) string {
	long, err := ID18(id)
	if err != nil || len(id) != 18 || strings.EqualFold(id[15:], checkCharacters(long[:15])) {
		return ""
	}
	return fmt.Sprintf("%s has the check characters %s, and its first 15 characters give %s: it was mistyped, or its letters have lost their case",
		id, id[15:], checkCharacters(id[:15]))
}

// sameID reports whether two ids name the same thing: their check characters tell
// nothing that is not in the first 15.
func sameID(a, b string) bool {
	const short = 15
	return len(a) >= short && len(b) >= short && a[:short] == b[:short]
}

func notAlphanumeric(r rune) bool {
	return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
}

// ParseIdentityURL reads the org and the user, as 18-character ids, off the
// identity URL that Salesforce sends as "id":
// https://login.salesforce.com/id/<org>/<user>. Errors wrap ErrID.
func ParseIdentityURL(raw string) (orgID, userID string, err error) {
	u, err := url.Parse(raw)
	if err != nil {
		return "", "", fmt.Errorf("%w: the identity URL cannot be read", ErrID)
	}
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	if len(parts) < 2 {
		return "", "", fmt.Errorf("%w: the identity URL names no org and user", ErrID)
	}
	if orgID, err = ID18(parts[len(parts)-2]); err != nil {
		return "", "", fmt.Errorf("org in the identity URL: %w", err)
	}
	if !strings.HasPrefix(orgID, "00D") {
		return "", "", fmt.Errorf("org in the identity URL: %w: %s does not begin with 00D", ErrID, orgID)
	}
	if userID, err = ID18(parts[len(parts)-1]); err != nil {
		return "", "", fmt.Errorf("user in the identity URL: %w", err)
	}
	return orgID, userID, nil
}
