package tokens

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// partsMost bounds the parts of one access token.
const partsMost = 64

// Lines returns the secrets as a keychain keeps them whose values may have limit
// bytes (no limit when zero): one primary line, and where that would be too
// long, the access token alone cut into parts beside it. The access token is the
// one secret that can be had anew, so a part that is lost costs nothing but a
// refresh.
func (s Secrets) Lines(limit int) (primary string, parts []string, err error) {
	primary, err = s.Line()
	if err != nil || limit <= 0 || len(primary) <= limit {
		return primary, nil, err
	}
	token := s.AccessToken.Reveal()
	l := s.stored()
	l.AccessToken, l.PartsSum = "", partsSum(token)
	for len(token) > 0 {
		n := min(limit, len(token))
		parts = append(parts, token[:n])
		token = token[n:]
	}
	l.Parts = len(parts)
	primary, err = l.text()
	return primary, parts, err
}

// Joined returns the secrets with the access token of their parts. Parts that
// are missing or of another generation give secrets without an access token.
func (s Secrets) Joined(parts []string) Secrets {
	token := strings.Join(parts, "")
	if len(parts) != s.Parts || s.Parts == 0 || partsSum(token) != s.partsSum {
		return s
	}
	s.AccessToken = NewSecret(token)
	return s
}

func partsSum(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:8])
}
