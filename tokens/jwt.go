package tokens

import (
	"encoding/base64"
	"strings"
	"time"
)

// JWTExpiry returns the exp claim of a JWT-based access token (RFC 7519 section
// 4.1.4, seconds). For opaque tokens and JWTs without a usable exp the time is
// zero and the source empty. The signature is not checked: the figure is for
// display.
func JWTExpiry(token Secret) (time.Time, LeftSource) {
	if !IsJWT(token) {
		return time.Time{}, ""
	}
	j, err := ParseJWT(token)
	if err != nil || j.ExpiresAt.Unix() <= 0 {
		return time.Time{}, ""
	}
	return j.ExpiresAt, LeftFromJWT
}

// IsJWT reports whether a token has the outline of a JSON Web Token in its
// compact form (RFC 7515 section 7.1: three parts, the first a JSON object in
// base64url). Every other token is opaque.
func IsJWT(token Secret) bool {
	return isJOSE(token) && strings.Count(token.Reveal(), ".") == partsSigned-1
}

// isJOSE reports whether a token begins as a JWT does, whole or cut, signed or
// encrypted: with a JSON object in base64.
func isJOSE(token Secret) bool {
	text := token.Reveal()
	if strings.HasPrefix(text, "eyJ") {
		return strings.Contains(text, ".")
	}
	first, _, more := strings.Cut(text, ".")
	const enough = 16 // characters, for a brace behind some white space
	if len(first) > enough {
		first = first[:enough]
	}
	start, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(first, "="))
	return more && err == nil && strings.HasPrefix(strings.TrimLeft(string(start), " \t\r\n"), "{")
}
