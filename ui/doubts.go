package ui

import (
	"slices"

	"orgkeep/tokens"
)

// doubts says what the form of the access token means, and what does not hold
// together, in the tokens and with what is saved of their org.
func (d *page) doubts(a tokens.Anatomy) {
	if told := d.m.looking.signature(d.m.reveal.key); told.Verdict != "" && a.Access.JWT != nil {
		j := *a.Access.JWT
		j.Signature = told
		a.Access.JWT = &j
	}
	doubts := slices.Concat(a.Doubts, a.Mismatches())
	if i, known := d.m.list.byKey[d.m.reveal.key]; known {
		org := d.m.list.orgs[i]
		doubts = slices.Concat(doubts, a.Ahead(org, d.m.now), a.Against(org), org.Clocks(d.m.now, d.m.limits).Doubts())
	}
	if a.Note != "" {
		d.text(a.Note)
	}
	for _, doubt := range doubts {
		d.under(d.m.theme.Failed, "wrong: "+d.m.veil(doubt))
	}
}

// signature is what the keys that an org publishes have told of the access token's
// own signature; zero where they were not asked for.
func (l *looking) signature(key tokens.Key) tokens.Check {
	if l.key != key {
		return tokens.Check{}
	}
	for i := range l.found {
		if told := l.found[i].Signature; told.Verdict != "" {
			return told
		}
	}
	return tokens.Check{}
}
