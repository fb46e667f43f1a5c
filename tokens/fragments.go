package tokens

import (
	"encoding/base64"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"
)

const (
	// fragmentLeast is how many characters of a secret in a row are as good as the
	// secret: fewer give nothing away, and ordinary words are shorter or of one case.
	fragmentLeast = 12
	// blockSize is the length of the pieces that secrets are indexed by. Each run
	// of fragmentLeast characters has a whole one in it, as 2*blockSize-1 are enough.
	blockSize = 6
	// blockVaried is how many different characters an indexed piece has at least,
	// so that none stands at very many places of a secret.
	blockVaried = 3
	// partSteps bounds the comparing in one text, as stepsMost does for whole
	// secrets. A page of 64 KiB that is full of tokens takes a tenth of it.
	partSteps = 1 << 22
)

// publicBeginning is the part of an opaque access token that is no secret: the
// id of the org stands there, and in every report.
var publicBeginning = regexp.MustCompile(`^00D[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?!`)

// fragments finds runs of secrets: parts of fragmentLeast characters and more, in
// the clear, from back to front, in hex and in base64, whatever their case.
type fragments struct {
	spellings []string // as they are, for what they are made of
	folded    []string // in lower case, for comparing
	blocks    map[uint64][]spot
	filter    [1 << 10]uint64 // of the blocks' keys, because most places of a text begin none
}

// spot is a place in one of the spellings.
type spot struct{ spelling, at int }

func newFragments(secrets []Secret) *fragments {
	f := &fragments{blocks: map[uint64][]spot{}}
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

// spellings are the ways in which a part of a secret can stand in a text. The
// plain one is also kept as a reader of escapes would take it.
func spellings(secret string) []string {
	read, _ := Unescaped(secret)
	reversed := []byte(secret)
	slices.Reverse(reversed)
	all := []string{secret, read, string(reversed), hex.EncodeToString([]byte(secret))}
	for offset := range 3 {
		// To the last whole character: what follows a part is not known.
		std := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("\x00", offset) + secret))
		std = std[[]int{0, 2, 3}[offset] : len(std)-1]
		all = append(all, std, strings.NewReplacer("+", "-", "/", "_").Replace(std))
	}
	return all
}

func (f *fragments) index(text string) {
	text = string(plainly(text, nil).text)
	if slices.Contains(f.spellings, text) {
		return
	}
	f.spellings = append(f.spellings, text)
	folded := lower(text)
	f.folded = append(f.folded, folded)
	for at := 0; at+blockSize <= len(folded); at += blockSize {
		if block := folded[at : at+blockSize]; varied(block) {
			key := keyOf(block)
			f.blocks[key] = append(f.blocks[key], spot{len(f.spellings) - 1, at})
			word, bit := filterAt(key)
			f.filter[word] |= bit
		}
	}
}

// lower is strings.ToLower for ASCII alone: it changes no length.
func lower(text string) string {
	folded := []byte(text)
	for i, c := range folded {
		if c >= 'A' && c <= 'Z' {
			folded[i] = c + 'a' - 'A'
		}
	}
	return string(folded)
}

func varied(block string) bool {
	different := 0
	for i := range len(block) {
		if strings.IndexByte(block, block[i]) == i {
			different++
		}
	}
	return different >= blockVaried
}

// keyOf packs a block into a number.
func keyOf(block string) uint64 {
	key := uint64(0)
	for i := range len(block) {
		key = key<<8 | uint64(block[i])
	}
	return key
}

const keyMask = 1<<(8*blockSize) - 1

// filterAt spreads keys over the filter's bits by a multiplication (Knuth, The
// Art of Computer Programming, volume 3, section 6.4).
func filterAt(key uint64) (word int, bit uint64) {
	h := key * 0x9e3779b97f4a7c15 >> 48
	return int(h >> 6), 1 << (h & 63)
}

// find returns the parts of text that are runs of secrets. They may overlap.
func (f *fragments) find(r *readings, firstOnly bool) []extent {
	text := r.text
	if len(f.blocks) == 0 || len(text) < fragmentLeast {
		return nil
	}
	found := f.scan(plainly(text, nil), firstOnly)
	if firstOnly && len(found) > 0 {
		return found
	}
	if read, places := r.deepest(); places != nil {
		found = append(found, f.scan(plainly(read, places), firstOnly)...)
	}
	return found
}

// scan looks for the indexed pieces and takes each to the ends of its run.
func (f *fragments) scan(p plain, firstOnly bool) []extent {
	var found []extent
	folded, steps := lower(string(p.text)), partSteps
	key := uint64(0)
	for i := 0; i < len(folded); i++ {
		key = (key<<8 | uint64(folded[i])) & keyMask
		word, bit := filterAt(key)
		if i < blockSize-1 || f.filter[word]&bit == 0 {
			continue
		}
		from, to := f.longest(folded, i-blockSize+1, f.blocks[key], &steps)
		if steps <= 0 {
			from, to = i-blockSize+1, len(folded) // who tangles a text so much gets it back masked
		}
		if to == 0 {
			continue
		}
		found = append(found, extent{p.from[from], p.to[to-1]})
		if firstOnly || to == len(folded) {
			return found
		}
		// On from the end of the run, with the pieces that reach over it.
		if next := to - blockSize; next > i {
			i, key = next, keyOf(folded[next-blockSize+1:next+1])
		}
	}
	return found
}

// longest returns the longest run around a piece that stands at i and at spots,
// 0 and 0 if it is none that matters.
func (f *fragments) longest(text string, i int, spots []spot, steps *int) (from, to int) {
	for _, s := range spots {
		whole := f.folded[s.spelling]
		left, right := 0, blockSize
		for left < min(i, s.at) && text[i-left-1] == whole[s.at-left-1] {
			left++
		}
		for i+right < len(text) && s.at+right < len(whole) && text[i+right] == whole[s.at+right] {
			right++
		}
		*steps -= left + right
		if *steps <= 0 {
			return 0, 0
		}
		if run := f.spellings[s.spelling][s.at-left : s.at+right]; len(run) > to-from && telling(run) {
			from, to = i-left, i+right
		}
	}
	return from, to
}

// telling reports whether a run of a secret is long and mixed enough to be no
// word of a language.
func telling(run string) bool {
	if len(run) < fragmentLeast {
		return false
	}
	return strings.ContainsAny(run, "0123456789") || strings.ToLower(run) != run && strings.ToUpper(run) != run
}

// plain is a text without what prints as nothing, and for each byte where it
// comes from.
type plain struct {
	text     []byte
	from, to []int
}

// plainly leaves the gaps of a text out. places are those of Unescaped, nil for a
// text that is as it came.
func plainly(text string, places []int) plain {
	p := plain{text: make([]byte, 0, len(text)), from: make([]int, 0, len(text)), to: make([]int, 0, len(text))}
	for i := 0; i < len(text); {
		if n := gap(text, i); n > 0 {
			i += n
			continue
		}
		from, to := i, i+1
		if places != nil {
			from, to = places[i], places[i+1]
		}
		p.text, p.from, p.to = append(p.text, text[i]), append(p.from, from), append(p.to, max(to, from+1))
		i++
	}
	return p
}
