package tokens

import (
	"encoding/hex"
	"regexp"
	"slices"
	"strings"
)

const (
	// fragmentLeast is how many characters of a secret in a row are as good as the
	// secret, counted as they are written (in hex, two for one of the secret's):
	// fewer give nothing away, and ordinary words are shorter or of one case.
	fragmentLeast = 12
	// blockSize is the length of the pieces that secrets are indexed by.
	blockSize = 6
)

// publicBeginning is the part of an opaque access token that is no secret: the
// id of the org stands there, and in every report.
var publicBeginning = regexp.MustCompile(`^00D[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?!`)

// fragments finds runs of secrets: parts of fragmentLeast characters and more, in
// the clear, from back to front, in hex and in base64, whatever their case and in
// whatever escapes.
type fragments struct {
	spellings []*form
	spots     []spot // every place of the spellings
	// blocks are, by hashOf the piece that begins there, the last of the spots.
	blocks [1 << 12]int32
	// prefixes has a bit, by hashOf it, for every beginning of a piece.
	prefixes [1 << (hashBits - 6)]uint64
}

// spot is a place in one of the spellings. Those of one hash make a chain, by
// their numbers; the first of all is none, so that 0 ends it.
type spot struct{ spelling, at, next int32 }

func newFragments(secrets []Secret) *fragments {
	f := &fragments{spots: make([]spot, 1)}
	for _, s := range secrets {
		secret := s.Reveal()
		secret = secret[len(publicBeginning.FindString(secret)):]
		if len(secret) < wrappedForm {
			continue
		}
		for _, text := range spellings(secret) {
			f.index(text)
		}
	}
	return f
}

// spellings are the ways in which a part of a secret can stand in a text, but for
// escapes and what prints as nothing, such as a space.
func spellings(secret string) []string {
	reversed := []byte(secret)
	slices.Reverse(reversed)
	all := []string{secret, string(reversed), hex.EncodeToString([]byte(secret))}
	for offset := range 3 {
		all = append(all, base64At(secret, offset)...)
	}
	for i, text := range all {
		all[i] = strings.ReplaceAll(text, " ", "")
	}
	return all
}

func (f *fragments) index(text string) {
	if slices.ContainsFunc(f.spellings, func(known *form) bool { return known.text == text }) {
		return
	}
	f.spellings = append(f.spellings, &form{text: text, fold: true})
	for at := 0; at+fragmentLeast <= len(text); at++ {
		key := uint64(0)
		for n := range blockSize {
			key = with(key, text[at+n])
			f.prefixes[hashOf(key)>>6] |= 1 << (hashOf(key) & 63)
		}
		block := hashOf(key) % len(f.blocks)
		f.spots = append(f.spots, spot{int32(len(f.spellings) - 1), int32(at), f.blocks[block]}) //nolint:gosec // secrets are short
		f.blocks[block] = int32(len(f.spots) - 1)                                                //nolint:gosec // secrets are short
	}
}

// with packs another character, in lower case, into the number of a piece.
func with(key uint64, c byte) uint64 {
	if c >= 'A' && c <= 'Z' {
		c += 'a' - 'A'
	}
	return key<<8 | uint64(c)
}

const hashBits = 17

// hashOf spreads pieces by a multiplication (Knuth, The Art of Computer
// Programming, volume 3, section 6.4).
func hashOf(key uint64) int {
	return int(key * 0x9e3779b97f4a7c15 >> (64 - hashBits))
}

// begun reports whether a piece may begin so.
func (f *fragments) begun(key uint64) bool {
	return f.prefixes[hashOf(key)>>6]>>(hashOf(key)&63)&1 != 0
}

// find returns the parts of text that are runs of secrets, in order and apart
// from each other. What is left between two of them can be a part of a secret that
// reaches into the first, but none of fragmentLeast characters.
func (f *fragments) find(r *readings, firstOnly bool) []extent {
	var found []extent
	if len(f.spellings) == 0 {
		return nil
	}
	search, dead := newSearch(r, stepsLeast+stepsEach*len(r.text)), map[opening]bool{}
	for i := 0; i < len(r.text); {
		s := run{search: search, f: f, dead: dead, from: i}
		s.pieces(i, 0, 0)
		if search.steps <= 0 {
			s.to = len(r.text) // who tangles a text so much gets it back masked
		}
		if s.to == 0 {
			i++
			continue
		}
		found = append(found, extent{i, s.to})
		if firstOnly {
			break
		}
		i = s.to
	}
	return found
}

// run is the longest part of a secret that begins at one place of a text.
type run struct {
	*search
	f        *fragments
	dead     map[opening]bool // behind gaps, from which no piece was found before
	from, to int              // to is 0 for none
}

// opening is the beginning of a piece and the place behind it.
type opening struct {
	key uint64
	end int
}

// pieces looks at every piece that can be read from i on, of which key has the
// first n characters. It reports whether there was any.
func (s *run) pieces(i int, key uint64, n int) (found bool) {
	for n > 0 && i < len(s.text) && gap(s.text, i) > 0 {
		i += gap(s.text, i)
	}
	if i >= len(s.text) || gap(s.text, i) > 0 {
		return false
	}
	found = s.piece(s.raw(i), key, n)
	for _, e := range s.at(i) {
		found = s.piece(e, key, n) || found
	}
	return found
}

// piece is pieces for one way to go on.
func (s *run) piece(e reading, key uint64, n int) (found bool) {
	if s.steps--; s.steps <= 0 {
		return false
	}
	if e.isGap() {
		return n > 0 && s.behind(opening{key, int(e.end)}, n)
	}
	for _, c := range e.bytes[:e.size] {
		if key, n = with(key, c), n+1; !s.f.begun(key) {
			return false
		}
		if n == blockSize {
			s.compare(key)
			return true
		}
	}
	return s.pieces(int(e.end), key, n)
}

// behind is pieces behind a gap.
func (s *run) behind(here opening, n int) (found bool) {
	if s.dead[here] {
		return false
	}
	found = s.pieces(here.end, here.key, n)
	if !found {
		s.steps -= visitSteps
		s.dead[here] = true
	}
	return found
}

// compare goes on from where the piece stands in the secrets as far as they and
// the text are the same.
func (s *run) compare(key uint64) {
	for k := s.f.blocks[hashOf(key)%len(s.f.blocks)]; k != 0; k = s.f.spots[k].next {
		at, spelling := int(s.f.spots[k].at), s.f.spellings[s.f.spots[k].spelling]
		m := match{search: s.search, form: spelling}
		m.from(s.from, at)
		if telling(spelling.text[at:max(at, m.far.j)]) {
			s.to = max(s.to, m.far.i)
		}
	}
}

// telling reports whether a run of a secret is long and mixed enough to be no
// word of a language.
func telling(run string) bool {
	if len(run) < fragmentLeast {
		return false
	}
	return strings.ContainsAny(run, "0123456789") || strings.ToLower(run) != run && strings.ToUpper(run) != run
}
