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
	parts := strings.Split(token.Reveal(), ".")
	if len(parts) != 3 || !strings.HasPrefix(parts[0], "eyJ") {
		return time.Time{}, ""
	}
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
