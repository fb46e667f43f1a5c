package tokens

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"
)

// reading is one way to take what stands at a place of a text.
type reading struct {
	text string // what it stands for: a character, or one byte of it
	end  int    // where it ends in the text
}

// readings knows every way to read the places of a text at which an escape
// begins: of a URL (%35), of JSON and program texts (\u0035, \x35, \u{35}, \065,
// \/) and of HTML (&#53; &#x35; &sol;), also where an escape is made of escapes
// (%2535, \u0025\u0033\u0035). It does not decide which way is meant, because a
// text may be a mixture.
type readings struct {
	text string
	from []int32 // of each place: where its escapes begin in all; nil when there are none
	many []uint8 // of each place: how many there are
	all  []reading

	steps int // that finding may still take
}

// readingsMost is how many ways to read one place are looked at. Each layer of
// escapes adds one.
const readingsMost = 16

// escapeStarts are the characters that every escape begins with.
const escapeStarts = `%\&`

func readingsOf(text string) *readings {
	r := &readings{text: text}
	if !strings.ContainsAny(text, escapeStarts) {
		return r
	}
	r.from, r.many = make([]int32, len(text)), make([]uint8, len(text))
	// From the end, because the parts of an escape stand behind its beginning.
	for i := len(text) - 1; i >= 0; i-- {
		if strings.IndexByte(escapeStarts, text[i]) < 0 {
			continue
		}
		var room [readingsMost + 4]reading
		list := append(room[:0], reading{text[i : i+1], i + 1})
		for k := 0; k < len(list) && len(list) < readingsMost; k++ {
			list = r.unescape(list, list[k])
		}
		list = list[1:min(len(list), readingsMost)]
		r.from[i], r.many[i] = int32(len(r.all)), uint8(len(list)) //nolint:gosec // texts are short, lists shorter
		r.all = append(r.all, list...)
	}
	return r
}

// at returns what the escapes that begin at i stand for, those of fewest layers
// first.
func (r *readings) at(i int) []reading {
	if r.many == nil || i >= len(r.text) || r.many[i] == 0 {
		return nil
	}
	return r.all[r.from[i] : int(r.from[i])+int(r.many[i])]
}

// unescape adds what the escape that begins with start can stand for.
func (r *readings) unescape(list []reading, start reading) []reading {
	switch start.text {
	case "%":
		if code, end, ok := r.number(start.end, 16, 2, 2); ok {
			list = append(list, reading{oneByte(code), end})
		} else if end, ok := r.char(start.end, "uU"); ok {
			list = r.rune(list, end, 16, 4, 4, "")
		}
	case `\`:
		list = r.backslash(list, start.end)
	case "&":
		list = r.entity(list, start.end)
	}
	return list
}

func (r *readings) backslash(list []reading, i int) []reading {
	if i >= len(r.text) {
		return list
	}
	before := len(list)
	if end, ok := r.char(i, "uU"); ok {
		list = r.rune(list, end, 16, 8, 8, "")
		list = r.rune(list, end, 16, 4, 4, "")
		if open, ok := r.char(end, "{"); ok {
			list = r.rune(list, open, 16, 1, 8, "}")
		}
	}
	if end, ok := r.char(i, "xX"); ok {
		if code, end, ok := r.number(end, 16, 2, 2); ok {
			list = append(list, reading{oneByte(code), end}, reading{string(code), end})
		}
	}
	if code, end, ok := r.number(i, 8, 3, 3); ok {
		list = append(list, reading{string(code), end})
	}
	escaped := len(list) > before
	// Any other character stands for itself, or for white space.
	for k := -1; k < len(r.at(i)); k++ {
		next := reading{r.text[i : i+1], i + 1}
		if k >= 0 {
			next = r.at(i)[k]
		}
		if escaped && strings.ContainsAny(next.text, "uUxX01234567") {
			continue
		}
		list = append(list, next)
		if k := strings.Index("nrtbfv", next.text); k >= 0 && len(next.text) == 1 {
			list = append(list, reading{"\n\r\t\b\f\v"[k : k+1], next.end})
		}
	}
	return list
}

// entity reads a character reference (HTML, section 13.5). The semicolon may be
// missing behind a number.
func (r *readings) entity(list []reading, i int) []reading {
	if end, ok := r.char(i, "#"); ok {
		if hex, ok := r.char(end, "xX"); ok {
			return r.rune(list, hex, 16, 1, 12, ";?")
		}
		return r.rune(list, end, 10, 1, 12, ";?")
	}
	const letters, longest = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", 8
	name := []byte{'&'}
	for len(name) <= longest {
		c, end, ok := r.anyOf(i, letters+";")
		if !ok {
			return list
		}
		name, i = append(name, c), end
		if c == ';' {
			if text := html.UnescapeString(string(name)); text != string(name) {
				list = append(list, reading{text, end})
			}
			return list
		}
	}
	return list
}

// rune adds the character whose number stands at i, where what follows is the
// closing mark ("}"), may be it (";?") or does not matter ("").
func (r *readings) rune(list []reading, i int, base rune, least, most int, closing string) []reading {
	code, end, ok := r.number(i, base, least, most)
	if !ok || code > unicode.MaxRune {
		return list
	}
	if closing != "" {
		behind, closed := r.char(end, closing[:1])
		switch {
		case closed:
			end = behind
		case len(closing) == 1:
			return list
		}
	}
	return append(list, reading{string(code), end})
}

// number reads from least to most digits; code is above unicode.MaxRune where
// they are too much.
func (r *readings) number(i int, base rune, least, most int) (code rune, end int, ok bool) {
	const digits = "0123456789abcdefABCDEF"
	set := digits
	if base < 16 {
		set = digits[:base]
	}
	n := 0
	for ; n < most; n++ {
		c, next, ok := r.anyOf(i, set)
		if !ok {
			break
		}
		digit := rune(strings.IndexByte(digits, c)) //nolint:gosec // below 22
		if digit >= 16 {
			digit -= 6
		}
		code, i = min(code*base+digit, unicode.MaxRune+1), next
	}
	return code, i, n >= least
}

// char reports whether one of the characters in set can be read at i, and where
// it ends.
func (r *readings) char(i int, set string) (end int, ok bool) {
	_, end, ok = r.anyOf(i, set)
	return end, ok
}

func (r *readings) anyOf(i int, set string) (c byte, end int, ok bool) {
	if i >= len(r.text) {
		return 0, 0, false
	}
	if strings.IndexByte(set, r.text[i]) >= 0 {
		return r.text[i], i + 1, true
	}
	// The longest, because \u0075 is also read as a mere u, with 0075 behind it.
	for _, e := range r.at(i) {
		if len(e.text) == 1 && strings.IndexByte(set, e.text[0]) >= 0 && e.end > end {
			c, end = e.text[0], e.end
		}
	}
	return c, end, end > 0
}

// oneByte is a byte as a text: of a character beyond ASCII, several make one.
func oneByte(code rune) string { return string([]byte{byte(code)}) } //nolint:gosec // two hex digits

// gap is the length of what prints as nothing at i: white space, line ends,
// control and format characters. They break up a secret and leave it readable.
func gap(text string, i int) int {
	if c := text[i]; c > ' ' && c < 0x7f {
		return 0
	}
	c, size := utf8.DecodeRuneInString(text[i:])
	if unicode.IsSpace(c) || unicode.IsControl(c) || unicode.Is(unicode.Cf, c) {
		return size
	}
	return 0
}

// Unescaped returns text with all its escapes read, layer under layer, and for
// each byte of the result, and its end, the place in text that it comes from. A
// text without escapes is returned as it is, with no places. It serves to look
// for what has a known form; how the text was meant it does not know.
func Unescaped(text string) (plain string, places []int) { return readingsOf(text).deepest() }

func (r *readings) deepest() (plain string, places []int) {
	text := r.text
	if len(r.all) == 0 {
		return text, nil
	}
	out := make([]byte, 0, len(text))
	places = make([]int, 0, len(text)+1)
	for i := 0; i < len(text); {
		deepest := reading{text[i : i+1], i + 1}
		if escapes := r.at(i); len(escapes) > 0 {
			deepest = escapes[len(escapes)-1]
		}
		for range len(deepest.text) {
			places = append(places, i)
		}
		out = append(out, deepest.text...)
		i = deepest.end
	}
	return string(out), append(places, len(text))
}
