package tokens

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// dresses write one character each as another kind of escape.
var dresses = []func(c byte) string{
	func(c byte) string { return string(c) },
	func(c byte) string { return fmt.Sprintf("%%%02X", c) },
	func(c byte) string { return fmt.Sprintf("%%%02x", c) },
	func(c byte) string { return fmt.Sprintf("%%u%04x", c) },
	func(c byte) string { return fmt.Sprintf(`\u%04X`, c) },
	func(c byte) string { return fmt.Sprintf(`\u%04x`, c) },
	func(c byte) string { return fmt.Sprintf(`\u{%x}`, c) },
	func(c byte) string { return fmt.Sprintf(`\U%08x`, c) },
	func(c byte) string { return fmt.Sprintf(`\x%02x`, c) },
	func(c byte) string { return fmt.Sprintf(`\%03o`, c) },
	func(c byte) string { return fmt.Sprintf("&#%d;", c) },
	func(c byte) string { return fmt.Sprintf("&#%05d;", c) },
	func(c byte) string { return fmt.Sprintf("&#x%x;", c) },
	func(c byte) string { return fmt.Sprintf("&#X%X;", c) },
	func(c byte) string {
		if name := map[byte]string{'/': "sol", '+': "plus", '=': "equals", '"': "quot", '&': "amp", '<': "lt", '.': "period", '!': "excl", '_': "lowbar"}[c]; name != "" {
			return "&" + name + ";"
		}
		return `\` + string(c)
	},
}

// layers is how many escapes dressed lays over each other.
const layers = 2

// dressed writes text with each character in a dress by the dice, and again over
// what came out. It writes nothing that means another thing: no bare beginning of
// an escape, and no backslash before what makes one with it.
func dressed(dice *rand.Rand, text string) string {
	for range 1 + dice.IntN(layers) {
		var b strings.Builder
		for i := range len(text) {
			out := dresses[dice.IntN(len(dresses))](text[i])
			if len(out) == 1 && strings.Contains(escapeStarts, out) {
				out = dresses[1](text[i])
			}
			if len(out) == 2 && out[0] == '\\' && strings.ContainsAny(out[1:], "nrtbfvuUxX01234567") {
				out = out[1:]
			}
			b.WriteString(out)
		}
		text = b.String()
		if len(text) > 8<<10 {
			break
		}
	}
	return text
}

func TestSecretsInAnyDressAreMasked(t *testing.T) {
	t.Parallel()
	all := func(dress func(byte) string, text string) string {
		var b strings.Builder
		for i := range len(text) {
			b.WriteString(dress(text[i]))
		}
		return b.String()
	}
	for _, secret := range []string{odd, opaque, strings.Repeat("A", 30), "4711", "%41%42&lt;\\u0041"} {
		f := NewFinder(NewSecret("another secret"), NewSecret(secret))
		for i, dress := range dresses[:len(dresses)-1] {
			for _, worn := range []string{all(dress, secret), all(dresses[1], all(dress, secret)), all(dresses[4], all(dress, secret)), all(dress, hex.EncodeToString([]byte(secret)))} {
				if got := f.Mask("<" + worn + ">"); got != "<"+Masked+">" {
					t.Errorf("dress %d of %s: %s became %s", i, secret, worn, got)
				}
				if !f.Leaks("<"+worn+">") || NewFinder(NewSecret("another secret")).Leaks(worn) {
					t.Errorf("dress %d of %s: %s", i, secret, worn)
				}
			}
		}
	}
}

func TestMaskTakesNoMoreThanTheSecret(t *testing.T) {
	t.Parallel()
	f := NewFinder(NewSecret("5Aep861token"), NewSecret("token-and-more"))
	for text, want := range map[string]string{
		"":                                   "",
		"a 5Aep861 token of 5Aep861tokem":    "a 5Aep861 token of 5Aep861tokem",
		"5Aep861token5Aep861token":           "[masked][masked]",
		"5Aep861token-and-more;":             "[masked];",
		`{"a":"x\"5Aep861token\"","b":1}`:    `{"a":"x\"[masked]\"","b":1}`,
		"100%5Aep861token%":                  "100%[masked]%",
		"&amp;5Aep861token&amp;":             "&amp;[masked]&amp;",
		"a=1&b=%35%41ep861token&c=2":         "a=1&b=[masked]&c=2",
		`%255Aep861token \\u0035Aep861token`: `%25[masked] [masked]`,
		"ends with 5Aep861":                  "ends with 5Aep861",
	} {
		if got := f.Mask(text); got != want {
			t.Errorf("%s became %s, want %s", text, got, want)
		}
	}
}

func TestWhatBreaksASecretUpDoesNotHideIt(t *testing.T) {
	t.Parallel()
	f := NewFinder(NewSecret(opaque))
	for _, gap := range []string{" ", "\r\n\t", `\n`, "%0d%0a", "&#10;", "\u200b", `\u200b`, "\u00a0", "\x1b", "&shy;", "\u202e"} {
		if got := f.Mask(opaque[:20] + gap + opaque[20:]); got != Masked {
			t.Errorf("%q: %s", gap, got)
		}
	}
	for _, text := range []string{opaque[:16] + "-" + opaque[20:31], opaque[:20]} {
		if f.Leaks(text) {
			t.Errorf("a secret is found in %s", text)
		}
	}
}

func TestTheBeginningOfASecretIsMaskedAtACut(t *testing.T) {
	t.Parallel()
	f := NewFinder(NewSecret(opaque))
	for n := 1; n < len(opaque); n++ {
		for _, dress := range dresses[:len(dresses)-1] {
			var b strings.Builder
			for i := range n {
				b.WriteString(dress(opaque[i]))
			}
			for _, rest := range []string{"", "%", `\u00`, "&#x"} {
				want := Masked
				if n < shortTail {
					want = b.String() + rest
				}
				if got := f.MaskCut("it was " + b.String() + rest); got != "it was "+want {
					t.Fatalf("%s%s became %s", b.String(), rest, got)
				}
			}
		}
	}
}

func TestATangledTextEndsMasked(t *testing.T) {
	t.Parallel()
	secret := NewSecret(strings.Repeat("a", 2000) + "b")
	text := strings.Repeat(`\u0061&#97;%61`, 4<<10)
	got := NewFinder(secret).Mask(text)
	if !strings.HasSuffix(got, Masked) {
		t.Errorf("the text ends with %q", got[max(0, len(got)-40):])
	}
}

func FuzzFinder(f *testing.F) {
	f.Add(uint64(1), odd, "before", "after")
	f.Add(uint64(2), opaque, "%", "%2")
	f.Add(uint64(12), `\1400000000000`, "0", "0")
	f.Add(uint64(3), `\u0041%41&#65;`, `\`, "&#")
	f.Fuzz(func(t *testing.T, seed uint64, secret, before, after string) {
		if len(secret) < 12 || len(secret)+len(before)+len(after) > 1<<10 || !printableASCII(secret) {
			t.Skip()
		}
		finder, dice := NewFinder(NewSecret(secret)), rand.New(rand.NewPCG(seed, 0))
		for _, form := range []string{secret, hex.EncodeToString([]byte(secret)), base64.StdEncoding.EncodeToString([]byte("a" + secret + "bc"))} {
			worn := dressed(dice, form)
			text := before + worn + after
			got := finder.Mask(text)
			if !finder.Leaks(text) || finder.Leaks(got) && !finder.Leaks(before+after) && !finder.Leaks(before+Masked+after) {
				t.Errorf("%q in %q: %q", secret, text, got)
			}
			if form != secret && len(got) > len(text) {
				t.Errorf("%q as %q became %q", secret, worn, got)
			}
		}
		fuzzParts(t, finder, dice, secret, before, after)
	})
}

// BenchmarkFinder masks bodies of 64 KiB, for four secrets.
func BenchmarkFinder(b *testing.B) {
	f := NewFinder(NewSecret(opaque), NewSecret(odd), NewSecret("5Aep861"+strings.Repeat("x9", 40)), NewSecret("1955279925675241571"))
	page := func(part string) string { return strings.Repeat(part, 64<<10/len(part)) }
	for name, text := range map[string]string{
		"page":    page("<p class=\"x\">We are down for maintenance. Sorry for the inconvenience.</p>\n"),
		"base64":  page(base64.StdEncoding.EncodeToString([]byte("The quick brown fox jumps over the lazy dog, 4711 times"))),
		"percent": page("%35%41%65%70"), "JSON": page(`\u0035\u0041ep`), "HTML": page("&#53;&#x41;&amp;"), "nested": page("%2525252535"), "backslashes": page(`\`),
		"percents": page("%"), "escaped backslashes": page("%5C"), "mixed": page(`\%5Cu005c&#92;%25\\&amp;\u0025`), "line ends": page(`\r\n`),
		"parts": page(opaque[30:60] + " "), "blocks": page(opaque[30:37]), "tokens": page(opaque + " "), "nearly": page(opaque[:len(opaque)-1] + " "),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				f.Mask(text)
			}
		})
	}
}
