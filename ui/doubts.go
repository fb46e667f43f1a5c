package ui

import (
	"slices"

	"orgkeep/tokens"
)

// doubts says what does not hold together, in the tokens and with what is saved of
// their org.
func (d *page) doubts(a tokens.Anatomy) {
	doubts := slices.Clone(a.Doubts)
	if i, known := d.m.list.byKey[d.m.reveal.key]; known {
		doubts = append(doubts, a.Against(d.m.list.orgs[i])...)
	}
	for _, doubt := range doubts {
		d.under(d.m.theme.Failed, "wrong: "+d.m.veil(doubt))
	}
}

// jwtSignature says how the token stands by its own times, and what is known of its
// own signature, which is another one than the answer's.
func (d *page) jwtSignature(j *tokens.JWT) {
	d.field("its times", j.Standing(d.m.now))
	text := "not checked: " + j.Signature.Why
	if j.Checkable() {
		text += "; i asks for those"
	}
	d.field("signature", text)
}
