package tokens

import (
	"encoding/base64"
	"encoding/json"
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
	parts := strings.Split(token.Reveal(), ".")
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return time.Time{}, ""
	}
	var claims struct {
		Exp float64 `json:"exp"`
	}
	const yearThreeThousand = 32503680000
	if json.Unmarshal(payload, &claims) != nil || claims.Exp <= 0 || claims.Exp > yearThreeThousand {
		return time.Time{}, ""
	}
	return time.Unix(int64(claims.Exp), 0).UTC(), LeftFromJWT
}

// IsJWT reports whether a token has the outline of a JSON Web Token in its
// compact form (RFC 7515 section 7.1: three parts, the first a JSON object in
// base64url). Every other token is opaque.
func IsJWT(token Secret) bool {
	text := token.Reveal()
	return strings.HasPrefix(text, "eyJ") && strings.Count(text, ".") == 2
}
