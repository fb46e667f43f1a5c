package tokens

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// search is the way through a text with its readings.
type search struct {
	*readings
	steps int            // that may still be taken
	ends  map[visit]pair // from where no way led to the end of the form, with the farthest
}

func newSearch(r *readings, steps int) *search {
	return &search{readings: r, steps: steps, ends: map[visit]pair{}}
}

// match compares one form with the text.
type match struct {
	*search
	form *form
	cut  bool
	far  pair // where the form was followed farthest
}

// pair is a place in the text and one in a form.
type pair struct{ i, j int }

// visit is a pair for one of the forms.
type visit struct {
	form *form
	pair
}

const (
	// shortTail is the least part of a secret that is masked at a cut.
	shortTail = 6
	// cutEscape is the most that is left of an escape of some layers at a cut.
	cutEscape = 16
)

// from reports where the form ends whose rest begins at j, with the text read
// from i on.
func (m *match) from(i, j int) (end int, ok bool) {
	for {
		m.reach(pair{i, j})
		if j == len(m.form.text) {
			return i, true
		}
		if m.steps--; m.steps <= 0 {
			return 0, false
		}
		if i >= len(m.text) {
			return len(m.text), m.cut && j >= shortTail
		}
		if len(m.at(i)) > 0 {
			return m.remembered(i, j)
		}
		switch n := m.skips(i, j); {
		case m.form.has(j, m.text[i:i+1]):
			i, j = i+1, j+1
		case n > 0:
			i += n
		default:
			return len(m.text), m.cutOff(i, j)
		}
	}
}

func (m *match) reach(p pair) {
	if p.j > m.far.j {
		m.far = p
	}
}

// remembered is fork, but for a place from which no way has led on before.
func (m *match) remembered(i, j int) (end int, ok bool) {
	here := visit{m.form, pair{i, j}}
	far, known := m.ends[here]
	if known {
		m.reach(far)
		return 0, false
	}
	before := m.far
	m.far = here.pair
	end, again, ok := m.fork(i, j)
	if again && !ok {
		m.steps -= visitSteps
		m.ends[here] = m.far
	}
	m.reach(before)
	return end, ok
}

// fork goes on at a place that can be read in more than one way. It reports
// whether a row of such places can lead here many times.
func (m *match) fork(i, j int) (end int, again, ok bool) {
	ways, tried := m.at(i), 0
	m.steps -= len(ways)
	for k := -1; k < len(ways); k++ {
		way := m.raw(i)
		if k >= 0 {
			way = ways[k]
		}
		if m.form.has(j, way.text()) {
			tried++
			if end, ok := m.from(int(way.end), j+int(way.size)); ok {
				return end, false, true
			}
		}
		if j > 0 && m.form.wraps() && way.isGap() {
			tried += 2 // as it is come to from all that stands before the gap
			if end, ok := m.from(int(way.end), j); ok {
				return end, false, true
			}
		}
	}
	return len(m.text), tried > 1, m.cutOff(i, j)
}

// skips is the length of the gap at i, where the form may be broken up.
func (m *match) skips(i, j int) int {
	if j == 0 || !m.form.wraps() {
		return 0
	}
	return gap(m.text, i)
}

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

// cutOff reports whether what stands at i can be the beginning of an escape that
// a cut has left.
func (m *match) cutOff(i, j int) bool {
	return m.cut && j >= shortTail && len(m.text)-i < cutEscape && strings.IndexByte(escapeStarts, m.text[i]) >= 0
}
