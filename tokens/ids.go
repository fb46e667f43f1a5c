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
	const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
	long := []byte(id[:15])
	for group := range 3 {
		bits := 0
		for i := range 5 {
			if c := id[group*5+i]; c >= 'A' && c <= 'Z' {
				bits |= 1 << i
			}
		}
		long = append(long, digits[bits])
	}
	if len(id) == 18 && !strings.EqualFold(id[15:], string(long[15:])) {
		return id, nil
	}
	return string(long), nil
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
