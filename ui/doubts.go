package ui

import (
	"fmt"
	"slices"

	"orgkeep/tokens"
)

// doubts says what the form of the access token means, and what does not hold
// together, in the tokens and with what is saved of their org.
func (d *page) doubts(a tokens.Anatomy) {
	if a.Note != "" {
		d.text(a.Note)
	}
	for _, doubt := range d.m.doubtsOf(a) {
		d.under(d.m.theme.Failed, "wrong: "+d.m.veil(doubt))
	}
}

// doubtsOf is what does not hold together in the tokens that were read, and with
// what is saved of their org.
func (m *model) doubtsOf(a tokens.Anatomy) []string {
	if told := m.signature(m.reveal.key); told.Verdict != "" && a.Access.JWT != nil {
		j := *a.Access.JWT
		j.Signature = told
		a.Access.JWT = &j
	}
	doubts := slices.Concat(a.Doubts, a.Mismatches())
	if i, known := m.list.byKey[m.reveal.key]; known {
		org := m.list.orgs[i]
		doubts = slices.Concat(doubts, a.Ahead(org, m.now), a.Against(org), org.Clocks(m.now, m.limits).Doubts())
	}
	return doubts
}

// wrongs says how much is wrong with the tokens of an org, where they have been
// read, and where it stands in full: that is far down in the token tab.
func (d *page) wrongs(org tokens.Org, where string) {
	r := &d.m.reveal
	if r.key != org.Key || r.reading || r.err != nil {
		return
	}
	n := len(d.m.doubtsOf(r.anatomy))
	for _, t := range []tokens.Token{r.anatomy.Access, r.anatomy.Refresh} {
		if t.Problem != "" {
			n++
		}
	}
	if j := r.anatomy.Access.JWT; j != nil {
		n += len(j.Problems)
	}
	if n > 0 {
		text := fmt.Sprintf("%d %s wrong with these tokens%s.", n, plural(n, "thing is", "things are"), where)
		for _, line := range wrap(text, d.w-2) {
			d.add("  " + d.m.theme.Failed.Render(line))
		}
	}
}
