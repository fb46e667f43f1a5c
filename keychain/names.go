package keychain

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// The longest names, in bytes. They leave room for the value in the one command
// line that macOS takes (see securityLimit).
const (
	accountLimit = 128
	serviceLimit = 64
)

// validName keeps to characters that mean nothing to anyone: on macOS a name
// reaches the command parser of security(1), which drops a backslash, fails at
// a quote and takes a newline for the next command; on Windows a colon would
// make two items one.
func validName(name string, limit int) bool {
	if name == "" || len(name) > limit {
		return false
	}
	for i := range len(name) {
		c := name[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		digit := c >= '0' && c <= '9'
		if !letter && !digit && !strings.ContainsRune("._-", rune(c)) {
			return false
		}
	}
	// A leading hyphen would be read as an option of security(1).
	return name[0] != '-'
}

// checkAccount returns nil when account may be used.
func checkAccount(account string) *finding {
	if validName(account, accountLimit) {
		return nil
	}
	return &finding{
		kind:   ErrName,
		detail: fmt.Sprintf("it may have 1 to %d of A-Z a-z 0-9 . _ - and no hyphen in front", accountLimit),
	}
}

// checkValue returns nil when value may be stored under limit. A newline in a
// secret damages the file of some keyrings, and a NUL ends it on others.
func checkValue(value string, limit int) *finding {
	if !utf8.ValidString(value) || strings.ContainsAny(value, "\n\r\x00") {
		return &finding{kind: ErrValue, detail: "it has a line end, a NUL, or bytes that are not UTF-8"}
	}
	if limit > 0 && len(value) > limit {
		return &finding{kind: ErrTooBig, detail: fmt.Sprintf("%d bytes, and %d is the most", len(value), limit)}
	}
	return nil
}

// quotable is an account as it may stand in an error: a name that failed the
// check is from outside.
func quotable(account string) string {
	if validName(account, accountLimit) {
		return account
	}
	const enough = 40
	if len(account) > enough {
		account = account[:enough]
	}
	return fmt.Sprintf("%+q", account)
}
