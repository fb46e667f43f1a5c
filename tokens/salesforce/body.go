package salesforce

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// bodyLimit is how much of an answer is read. Salesforce's are a few KiB.
const bodyLimit = 64 << 10

var (
	errNoIDs = errors.New("no ids in it")
	errGzip  = errors.New("the compressed body cannot be unpacked")
)

// readBody reads the answer's body up to bodyLimit and closes it; cut says that
// it went on. A body that ends before its Content-Length or its last chunk is
// an error, beside what did come; one that came whole and cannot be unpacked
// is errGzip.
func readBody(res *http.Response) (text []byte, cut bool, err error) {
	defer func() { _ = res.Body.Close() }()
	packed := &remembering{source: res.Body}
	source := io.Reader(packed)
	if strings.EqualFold(res.Header.Get("Content-Encoding"), "gzip") {
		source, err = gzip.NewReader(packed)
	}
	if err == nil {
		text, err = io.ReadAll(io.LimitReader(source, bodyLimit+1))
	}
	switch {
	case len(text) > bodyLimit:
		return text[:bodyLimit], true, nil
	case err == nil, packed.empty: // an empty answer may be called packed too
		return text, false, nil
	case packed.err != nil:
		return text, false, fmt.Errorf("reading the answer: %w", packed.err)
	}
	return text, false, fmt.Errorf("%w: %s", errGzip, err.Error()) // not wrapped: an end within it is not the connection's
}

// remembering keeps what its source failed with, which the unpacking of half a
// body would give other words.
type remembering struct {
	source io.Reader
	err    error // never io.EOF
	begun  bool
	empty  bool // it ended well before it had begun
}

func (r *remembering) Read(p []byte) (int, error) {
	n, err := r.source.Read(p)
	r.begun = r.begun || n > 0
	switch {
	case errors.Is(err, io.EOF):
		r.empty = !r.begun
	case err != nil:
		r.err = err
	}
	return n, err //nolint:wrapcheck // a reader passes errors on as they are
}

// decode turns a body into UTF-8. Endpoints and the proxies before them name
// their charset wrongly or not at all, so the bytes decide: UTF-8 where they
// are that, else UTF-16 by its mark or its zeros, else one byte a character:
// ISO 8859-1 with the characters that Windows adds to it, as browsers read it.
func decode(body []byte) string {
	text := string(body)
	if len(text) == bodyLimit {
		text = trimRune(text)
	}
	switch {
	case strings.HasPrefix(text, "\xff\xfe"):
		return utf16Text(body[2:], 0)
	case strings.HasPrefix(text, "\xfe\xff"):
		return utf16Text(body[2:], 1)
	}
	zeros := strings.Count(text, "\x00")
	switch {
	case zeros > len(text)/4:
		return utf16Text(body, strings.IndexByte(text, 0)&1^1)
	case utf8.ValidString(text):
		return strings.TrimPrefix(text, "\xef\xbb\xbf")
	}
	runes := make([]rune, len(body))
	for i, b := range body {
		runes[i] = rune(b)
		if b >= 0x80 && b < 0xa0 {
			runes[i] = windows1252[b-0x80]
		}
	}
	return string(runes)
}

// windows1252 are the characters 0x80 to 0x9f of that charset; the five that it
// does not have stay controls (WHATWG Encoding, index windows-1252).
var windows1252 = [32]rune{
	'€', 0x81, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0x8d, 'Ž', 0x8f,
	0x90, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0x9d, 'ž', 'Ÿ',
}

// trimRune drops a character that bodyLimit cut in the middle.
func trimRune(text string) string {
	for i := 1; i < utf8.UTFMax && i <= len(text); i++ {
		if tail := text[len(text)-i:]; utf8.RuneStart(tail[0]) {
			if !utf8.FullRuneInString(tail) {
				return text[:len(text)-i]
			}
			break
		}
	}
	return text
}

// utf16Text decodes pairs of bytes; low is the index of the lower one.
func utf16Text(body []byte, low int) string {
	units := make([]uint16, len(body)/2)
	for i := range units {
		units[i] = uint16(body[2*i+low]) | uint16(body[2*i+1-low])<<8
	}
	return string(utf16.Decode(units))
}
