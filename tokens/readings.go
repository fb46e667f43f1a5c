package tokens

import (
	"html"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// reading is one way to take what stands at a place of a text. It holds no
// pointer, because a text of escapes has very many.
type reading struct {
	bytes [utf8.UTFMax]byte // what it stands for: a character, or one byte of it
	size  uint8             // of bytes
	end   int32             // where it ends in the text
}

func (e reading) text() string { return string(e.bytes[:e.size]) }

// isGap reports whether it prints as nothing.
func (e reading) isGap() bool {
	return (e.bytes[0] <= ' ' || e.bytes[0] >= 0x7f) && gap(e.text(), 0) == int(e.size)
}

// is reports whether it stands for one of the characters in set, all ASCII.
func (e reading) is(set string) bool { return e.size == 1 && strings.IndexByte(set, e.bytes[0]) >= 0 }

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
}

const (
	// readingsMost is how many ways to read one place are looked at. Each layer of
	// escapes adds one, and each backslash in a row of them.
	readingsMost = 16
	// readingsAll is how many of a whole text are, before only readingsFew of each
	// further place are looked at. A page of 64 KiB of which every character is
	// escaped twice has no more; rows of backslashes have.
	readingsAll = 1 << 15
	readingsFew = 2
)

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
		first := len(r.all)
		r.from[i] = int32(first) //nolint:gosec // texts are short
		r.unescape(first, r.raw(i))
		for k := first; k < len(r.all) && !r.full(first); k++ {
			r.unescape(first, r.all[k])
		}
		r.many[i] = uint8(len(r.all) - first) //nolint:gosec // readingsMost at most
	}
	return r
}

// raw is the byte at i as it stands.
func (r *readings) raw(i int) reading {
	return reading{bytes: [utf8.UTFMax]byte{r.text[i]}, size: 1, end: int32(i + 1)} //nolint:gosec // texts are short
}

// at returns what the escapes that begin at i stand for, those of fewest layers
// first.
func (r *readings) at(i int) []reading {
	if r.many == nil || i >= len(r.text) || r.many[i] == 0 {
		return nil
	}
	return r.all[r.from[i] : int(r.from[i])+int(r.many[i])]
}

func (r *readings) full(first int) bool {
	n := len(r.all) - first
	return n >= readingsMost || n >= readingsFew && len(r.all) > readingsAll
}

// add adds a reading of the place whose readings begin at first.
func (r *readings) add(first int, text string, end int) {
	e := reading{size: uint8(len(text)), end: int32(end)} //nolint:gosec // of a character; texts are short
	if copy(e.bytes[:], text) == len(text) {              // no name of a pair of characters, none of them ASCII
		r.put(first, e)
	}
}

func (r *readings) put(first int, e reading) {
	if !r.full(first) && !slices.Contains(r.all[first:], e) {
		r.all = append(r.all, e)
	}
}

// unescape adds what the escape that begins with start can stand for.
func (r *readings) unescape(first int, start reading) {
	if start.size != 1 {
		return
	}
	i := int(start.end)
	switch start.bytes[0] {
	case '%':
		if code, end, ok := r.number(i, 16, 2, 2); ok {
			r.add(first, oneByte(code), end)
		} else if end, ok := r.char(i, "uU"); ok {
			r.rune(first, end, 16, 4, 4, "")
		}
	case '\\':
		if i < len(r.text) {
			r.backslash(first, i)
		}
	case '&':
		r.entity(first, i)
	}
}

func (r *readings) backslash(first, i int) {
	before := len(r.all)
	if end, ok := r.char(i, "uU"); ok {
		r.rune(first, end, 16, 8, 8, "")
		r.rune(first, end, 16, 4, 4, "")
		if open, ok := r.char(end, "{"); ok {
			r.rune(first, open, 16, 1, 8, "}")
		}
	}
	if end, ok := r.char(i, "xX"); ok {
		if code, end, ok := r.number(end, 16, 2, 2); ok {
			r.add(first, oneByte(code), end)
			r.add(first, string(code), end)
		}
	}
	if code, end, ok := r.number(i, 8, 3, 3); ok {
		r.add(first, string(code), end)
	}
	escaped := len(r.all) > before
	// Any other character stands for itself, or for white space.
	for k := -1; k < len(r.at(i)); k++ {
		next := r.raw(i)
		if k >= 0 {
			next = r.at(i)[k]
		}
		if escaped && next.is("uUxX01234567") {
			continue
		}
		r.put(first, next)
		if k := strings.IndexByte("nrtbfv", next.bytes[0]); k >= 0 && next.size == 1 {
			r.add(first, "\n\r\t\b\f\v"[k:k+1], int(next.end))
		}
	}
}

// entity reads a character reference (HTML, section 13.5). The semicolon may be
// missing behind a number.
func (r *readings) entity(first, i int) {
	if end, ok := r.char(i, "#"); ok {
		if hex, ok := r.char(end, "xX"); ok {
			r.rune(first, hex, 16, 1, 12, ";?")
			return
		}
		r.rune(first, end, 10, 1, 12, ";?")
		return
	}
	const letters, longest = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", 8
	name := []byte{'&'}
	for len(name) <= longest {
		c, end, ok := r.anyOf(i, letters+";")
		if !ok {
			return
		}
		name, i = append(name, c), end
		if c == ';' {
			if text := html.UnescapeString(string(name)); text != string(name) {
				r.add(first, text, end)
			}
			return
		}
	}
}

// rune adds the character whose number stands at i, where what follows is the
// closing mark ("}"), may be it (";?") or does not matter ("").
func (r *readings) rune(first, i int, base rune, least, most int, closing string) {
	code, end, ok := r.number(i, base, least, most)
	if !ok || code > unicode.MaxRune {
		return
	}
	if closing != "" {
		behind, closed := r.char(end, closing[:1])
		switch {
		case closed:
			end = behind
		case len(closing) == 1:
			return
		}
	}
	r.add(first, string(code), end)
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
		if int(e.end) > end && e.is(set) {
			c, end = e.bytes[0], int(e.end)
		}
	}
	return c, end, end > 0
}

// oneByte is a byte as a text: of a character beyond ASCII, several make one.
func oneByte(code rune) string { return string([]byte{byte(code)}) } //nolint:gosec // two hex digits

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
		deepest := r.raw(i)
		if escapes := r.at(i); len(escapes) > 0 {
			deepest = escapes[len(escapes)-1]
		}
		for range deepest.size {
			places = append(places, i)
		}
		out = append(out, deepest.text()...)
		i = int(deepest.end)
	}
	return string(out), append(places, len(text))
}
