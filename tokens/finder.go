package tokens

import (
	"slices"
	"strings"
	"sync"
)

// Masked stands where a secret was. It is plain ASCII and no part of a token.
const Masked = "[masked]"

// Finder finds secrets in texts from outside: in the clear, in base64 (also as a
// part of a longer text) and in hex; each of them also where any of its
// characters are escaped for URLs, JSON, program texts or HTML, in any mixture
// and in several layers, and a long one also where white space breaks it up. Of
// one of sixteen characters and more it also finds parts in all these ways, also in
// another case or from back to front: twelve characters in a row and more, as they
// are written there, that have a digit or both cases among them. The words of a
// message are shorter or of one case.
//
// Secrets of fewer than four characters are not looked for: they would be found
// everywhere. The zero Finder finds nothing. A Finder does not change and is
// safe for concurrent use.
type Finder struct {
	begins [256][]*form      // by their first byte
	forms  int               // how many
	parts  func() *fragments // made when first asked for; nil for whole ones alone
}

// NewFinder returns a Finder of the secrets and of their parts; absent ones are
// left out.
func NewFinder(secrets ...Secret) *Finder {
	f := NewWholeFinder(secrets...)
	f.parts = sync.OnceValue(func() *fragments { return newFragments(secrets) })
	return f
}

// NewWholeFinder returns a Finder that finds the secrets whole and no parts of
// them: for names, whose parts are words that others have too.
func NewWholeFinder(secrets ...Secret) *Finder {
	f := &Finder{}
	known := map[form]bool{}
	for _, secret := range secrets {
		for _, form := range forms(secret.Reveal()) {
			if known[form] {
				continue
			}
			known[form] = true
			f.forms++
			c := form.text[0]
			f.begins[c] = append(f.begins[c], &form)
			if upper := strings.ToUpper(form.text[:1])[0]; form.fold && upper != c {
				f.begins[upper] = append(f.begins[upper], &form)
			}
		}
	}
	return f
}

// Leaks reports whether any of the secrets stands in text.
func (f *Finder) Leaks(text string) bool { return len(f.findAll(text, false, true)) > 0 }

// Mask returns text with Masked in the place of every secret, over all that it
// was written with.
func (f *Finder) Mask(text string) string { return replaced(text, f.findAll(text, false, false)) }

// MaskCut is Mask for a text that was cut at its end: it also masks the
// beginning of a secret that stands there, from six characters on.
func (f *Finder) MaskCut(text string) string { return replaced(text, f.findAll(text, true, false)) }

// LeaksAny reports whether any of the secrets stands in text, as a Finder finds
// them. It is the last check of a text before it leaves for a ticket or a
// clipboard.
func LeaksAny(text string, secrets ...Secret) bool { return NewFinder(secrets...).Leaks(text) }

// extent is a part of a text, from its first byte to behind its last.
type extent struct{ from, to int }

// findAll returns the parts of text that are secrets or parts of them, in order
// and apart from each other.
func (f *Finder) findAll(text string, cut, firstOnly bool) []extent {
	r := readingsOf(text)
	whole := f.find(r, cut, firstOnly)
	if f.parts == nil || firstOnly && len(whole) > 0 {
		return whole
	}
	parts := f.parts().find(r, firstOnly)
	if len(parts) == 0 {
		return whole
	}
	all := slices.Concat(whole, parts)
	slices.SortFunc(all, func(a, b extent) int { return a.from - b.from })
	apart := all[:1]
	for _, e := range all[1:] {
		if last := &apart[len(apart)-1]; e.from < last.to {
			last.to = max(last.to, e.to)
			continue
		}
		apart = append(apart, e)
	}
	return apart
}

// find returns the parts of text that are whole secrets, in order and apart from
// each other.
func (f *Finder) find(r *readings, cut, firstOnly bool) []extent {
	var found []extent
	text := r.text
	s := newSearch(r, min(stepsLeast+stepsEach*len(text)+stepsForm*f.forms, stepsMost))
	for i := range len(text) {
		end := f.ending(s, i, f.begins[text[i]], cut)
		for _, e := range r.at(i) {
			end = max(end, f.ending(s, i, f.begins[e.bytes[0]], cut))
		}
		if s.steps <= 0 {
			end = len(text) // who tangles a text so much gets it back masked
		}
		switch last := len(found) - 1; {
		case end == 0:
		case last >= 0 && i < found[last].to:
			found[last].to = max(found[last].to, end)
		default:
			found = append(found, extent{i, end})
		}
		if firstOnly && len(found) > 0 || s.steps <= 0 {
			break
		}
	}
	return found
}

// The work on one text is bounded: a host that makes one of nothing but escapes
// of the beginnings of a secret must not be able to stop the program. Pages that
// are none of this kind take a tenth of it, or half when all of them is escaped.
const (
	stepsLeast = 1 << 18 // of a text of any length
	stepsEach  = 1 << 4  // for a byte of it
	stepsForm  = 1 << 14 // for a form that is looked for
	stepsMost  = 1 << 24
	visitSteps = 1 << 4 // what it costs to remember a place
)

// ending returns where the longest of the forms that begin at i ends, 0 if none
// of them does begin there.
func (f *Finder) ending(s *search, i int, forms []*form, cut bool) int {
	longest := 0
	for _, form := range forms {
		m := match{search: s, form: form, cut: cut}
		if end, ok := m.from(i, 0); ok {
			longest = max(longest, end)
		}
	}
	return longest
}

func replaced(text string, found []extent) string {
	if len(found) == 0 {
		return text
	}
	var b strings.Builder
	b.Grow(len(text))
	behind := 0
	for _, s := range found {
		b.WriteString(text[behind:s.from])
		b.WriteString(Masked)
		behind = s.to
	}
	b.WriteString(text[behind:])
	return b.String()
}
