package tokens

import (
	"encoding/base64"
	"encoding/hex"
	"strings"
)

const (
	// shortSecret is the least length that is looked for at all; less is no secret.
	shortSecret = 4
	// shortForm is the least length that is looked for in an encoded form; shorter
	// ones occur by chance.
	shortForm = 6
	// wrappedForm is the least length that is looked for across line ends.
	wrappedForm = 16
)

// form is a text that a secret can be read from, but for escapes.
type form struct {
	text string
	fold bool // whether case does not matter
}

// has reports whether the form goes on with text at j. A plus may stand for a
// space (URL Standard, application/x-www-form-urlencoded).
func (f form) has(j int, text string) bool {
	rest := f.text[j:]
	if len(rest) < len(text) {
		return false
	}
	rest = rest[:len(text)]
	return rest == text || f.fold && strings.EqualFold(rest, text) || text == "+" && rest == " "
}

// wraps reports whether the form is looked for across white space.
func (f form) wraps() bool { return len(f.text) >= wrappedForm }

// forms returns a secret in the clear, in hex and in base64. One of fewer than
// four characters has no forms.
func forms(secret string) []form {
	if len(secret) < shortSecret {
		return nil
	}
	all := []form{{text: secret}, {text: hex.EncodeToString([]byte(secret)), fold: true}}
	for offset := range 3 {
		for _, text := range base64At(secret, offset) {
			if len(text) >= shortForm {
				all = append(all, form{text: text})
			}
		}
	}
	return all
}

// base64At is the base64 of text as it stands inside a longer one, in both
// alphabets: the characters that depend on text alone when it begins offset
// bytes into a group of three. ("client_id:client_secret" is sent so in Basic
// authentication.)
func base64At(text string, offset int) []string {
	first := []int{0, 2, 3}[offset]
	whole := strings.Repeat("\x00", offset) + text
	last := len(whole) * 8 / 6
	std := base64.RawStdEncoding.EncodeToString([]byte(whole))
	if last <= first {
		return nil
	}
	std = std[first:last]
	return []string{std, strings.NewReplacer("+", "-", "/", "_").Replace(std)}
}
