package tokens_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"orgkeep/tokens"
)

func TestATagChangeAddsAndTakesAway(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]string{
		"":                 "Acme eu",
		"+us":              "Acme eu us",
		"+acme":            "Acme eu",
		"-ACME":            "eu",
		"-acme +new -eu":   "new",
		"+eu -eu":          "Acme eu",
		"-none +us +US":    "Acme eu us",
		"-acme -eu":        "",
		"+new-york +a.b:c": "Acme eu new-york a.b:c",
	} {
		change, err := tokens.ParseTagChange(strings.Fields(words))
		if err != nil {
			t.Errorf("%q: %v", words, err)
			continue
		}
		before := []string{"Acme", "eu"}
		if got := strings.Join(change.Of(before), " "); got != want {
			t.Errorf("%q makes %q, want %q", words, got, want)
		}
		if !slices.Equal(before, []string{"Acme", "eu"}) {
			t.Errorf("%q changes what it was given: %q", words, before)
		}
	}
	for _, word := range []string{"", "acme", "+", "-", "++a", "+-a", "+two words", "+a,b", `+"a"`, "+\x1b[m", "+" + strings.Repeat("x", 41)} {
		if _, err := tokens.ParseTagChange([]string{word}); !errors.Is(err, tokens.ErrTag) || !tokens.Printable(err.Error()) {
			t.Errorf("%q: %v", word, err)
		}
	}
}
