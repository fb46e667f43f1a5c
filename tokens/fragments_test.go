package tokens

import (
	"encoding/base64"
	"encoding/hex"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func backwards(text string) string {
	letters := []byte(text)
	slices.Reverse(letters)
	return string(letters)
}

func TestPartsOfASecretAreMasked(t *testing.T) {
	t.Parallel()
	const refresh = "5Aep861_kv5ZJr3J1TWDtkwtDDb.xHKas1VOqg6YYZYn9ZhyiA4uoRg"
	digits := "1955279925675241571" // as the client secrets of older apps are
	f := NewFinder(NewSecret(refresh), NewSecret(opaque), NewSecret(digits))
	for name, part := range map[string]string{
		"the end": refresh[10:], "the beginning": refresh[:45], "the middle": refresh[20:32], "behind the org id": opaque[16:28],
		"the whole, lower case": strings.ToLower(refresh), "the whole, upper case": strings.ToUpper(refresh), "reversed": backwards(refresh),
		"reversed part": backwards(refresh[5:40]), "lower case part": strings.ToLower(refresh[10:]), "digits": digits[3:15],
		"hex": hex.EncodeToString([]byte(refresh[10:])), "base64": base64.StdEncoding.EncodeToString([]byte("a" + refresh[10:])),
		"base64url": base64.RawURLEncoding.EncodeToString([]byte(refresh[3:30])), "JSON": dressedAs(4, refresh[10:]), "percent": dressedAs(1, refresh[10:]),
		"twice percent": dressedAs(1, dressedAs(1, refresh[10:])), "wrapped": refresh[10:30] + "\r\n  " + refresh[30:], "HTML": dressedAs(12, refresh[10:]),
	} {
		text := `{"error_description":"the token was ` + part + ` as sent"}`
		got := f.Mask(text)
		if !f.Leaks(text) || f.Leaks(got) || strings.Count(got, Masked) != 1 {
			t.Errorf("%s: %s", name, got)
		}
		// Of base64 the characters at the ends belong in part to what stands around.
		if most := len(`{"error_description":"the token was  as sent"}`) + len(Masked) + len("YT") + len("w=="); len(got) > most {
			t.Errorf("%s is masked in part: %s", name, got)
		}
	}
}

// What begins an escape and stands before a part takes the part's first
// characters with it in one reading, and none in another.
func TestAPartBehindTheBeginningOfAnEscapeIsMasked(t *testing.T) {
	t.Parallel()
	const refresh = "5Aep861_kv5ZJr3J1TWDtkwtDDb.xHKas1VOqg6YYZYn9ZhyiA4uoRg"
	f := NewFinder(NewSecret(refresh))
	for _, stray := range []string{"%", "%5", "%2", "%u00", `\`, `\u`, `\u{`, `\x`, `\0`, "&#", "&#x", "&", "%5C", "%255C", "%26%23"} {
		for inner := range dresses[:len(dresses)-1] {
			for _, outer := range []int{0, 1, 4, 12} {
				worn := stray + dressedAs(outer, dressedAs(1, dressedAs(inner, refresh[10:10+fragmentLeast])))
				// The stray may be part of what the first character is read from.
				got, masked := strings.CutSuffix(f.Mask(worn), Masked)
				if !masked || !strings.HasPrefix(stray, got) || !f.Leaks(worn) {
					t.Errorf("%s becomes %s", worn, f.Mask(worn))
				}
			}
		}
	}
}

func TestRowsOfWhiteSpaceAreNoSecret(t *testing.T) {
	t.Parallel()
	f := NewFinder(NewSecret(opaque), NewSecret(odd), NewSecret("4n5r6t7n8r9t0n1r2t3n4"))
	for _, space := range []string{" ", "\n", `\n`, `\r\n`, `\\n`, "%20", "%0d%0a", `\u0020`, "&nbsp;"} {
		text := "one" + strings.Repeat(space, 2<<10/len(space)) + "two"
		if got := f.Mask(text); got != text {
			t.Errorf("%d bytes of %q become %.60q", len(text), space, got)
		}
	}
}

func dressedAs(n int, text string) string {
	var b strings.Builder
	for i := range len(text) {
		b.WriteString(dresses[n](text[i]))
	}
	return b.String()
}

func TestOrdinaryWordsAreNoPartsOfASecret(t *testing.T) {
	t.Parallel()
	f := NewFinder(NewSecret("an-ordinary-sentence-with-authentication-in-it"), NewSecret(opaque), NewSecret("5Aep861_kv5ZJr3J1TWDtkwtDDb"))
	for _, text := range []string{
		"authentication failed", "an ordinary sentence", opaque[:16], "5Aep861_kv5", opaque[20:31], "5Aep861_kv5 and ZJr3J1TWDtk",
		strings.Repeat("We are down for maintenance. Sorry for the inconvenience.\n", 50),
	} {
		if got := f.Mask(text); got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
}

func TestATextOfPiecesEndsMasked(t *testing.T) {
	t.Parallel()
	secret := NewSecret(strings.Repeat("abcdef", 700) + "1")
	text := strings.Repeat("abcdef", 11<<10)
	if got := NewFinder(secret).Mask("in front " + text); !strings.HasSuffix(got, Masked) || len(got) > 1<<10 {
		t.Errorf("%d bytes are left, beginning %.40q", len(got), got)
	}
}

// fuzzParts checks that a part of a secret is found in any dress and goes whole,
// whatever escapes stand around it.
func fuzzParts(t *testing.T, f *Finder, dice *rand.Rand, secret, before, after string) {
	const enough = 2*fragmentLeast + 4 // for what the text around may take of its ends
	if len(secret) < enough || publicBeginning.MatchString(secret) {
		return
	}
	n := enough + dice.IntN(len(secret)-enough+1)
	at := dice.IntN(len(secret) - n + 1)
	part := secret[at : at+n]
	for i := 0; i+fragmentLeast <= n; i++ {
		if !telling(part[i : i+fragmentLeast]) {
			return
		}
	}
	for _, form := range []string{part, backwards(part), strings.ToLower(part), hex.EncodeToString([]byte(part)), base64.StdEncoding.EncodeToString([]byte(part))} {
		worn := dressed(dice, form)
		got := f.Mask(before + worn + after)
		if !f.Leaks(before+worn+after) || f.Leaks(got) && !f.Leaks(before+after) && !f.Leaks(before+Masked+after) {
			t.Errorf("%q of %q as %q: %q", part, secret, worn, got)
		}
	}
}
