package ui

import (
	"cmp"
	"strings"

	"orgkeep/tokens"
)

// signatures says what is signed, by whom, and whether that holds.
func (d *page) signatures(org tokens.Org, a tokens.Anatomy) {
	d.heading("Signature")
	d.field("answer", d.verdict(a.Signature))
	if j := a.Access.JWT; j != nil {
		d.field("JWT", d.jwtVerdict(org, j))
	}
}

// verdict is a check with the colour of what came of it.
func (d *page) verdict(c tokens.Check) string {
	switch c.Verdict {
	case tokens.CheckVerified:
		return d.m.theme.Fresh.Render(c.Text())
	case tokens.CheckMismatch:
		return d.m.theme.Failed.Render(c.Text())
	case tokens.CheckNone:
	}
	return c.Text()
}

// jwtVerdict is what is known of a JWT's own signature, which is another one than
// the answer's.
func (d *page) jwtVerdict(org tokens.Org, j *tokens.JWT) string {
	if told := d.m.signature(org.Key); told.Verdict != "" {
		return d.verdict(told)
	}
	text := "not checked offline: " + j.Signature.Why
	if j.Checkable() {
		text += "; i asks for those"
	}
	return text
}

// scopeWidth is the column of the scopes' names, where there is room for their
// sentences beside them.
const scopeWidth, scopeFrom = 18, 70

// scopes says what each scope allows, and what the missing ones would.
func (d *page) scopes(scopes []string, missing []tokens.Lack) {
	d.heading("Scopes")
	if len(scopes) == 0 {
		d.text("The answer named none.")
	}
	for _, scope := range scopes {
		meaning := tokens.ScopeMeaning(scope)
		if meaning == "" {
			meaning = "orgkeep has no words for this scope."
		}
		d.scope(tokens.Clean(scope), meaning)
	}
	if len(missing) == 0 {
		return
	}
	d.heading("Scopes that are missing")
	for _, lack := range missing {
		d.scope(lack.Scope, lack.Means)
	}
}

// scope is the name of a scope and its sentence, beside it where both have room.
func (d *page) scope(name, means string) {
	strong := d.m.theme.Strong
	switch {
	case d.plain:
		d.add("  " + name + ": " + means)
		return
	case d.w < scopeFrom, width(name) >= scopeWidth:
		d.add("  " + strong.Render(cut(name, d.w-2)))
		d.under(d.m.theme.Text, means)
		return
	}
	label := strong.Render(fit(name, scopeWidth))
	for _, line := range wrap(means, d.w-2-scopeWidth) {
		d.add("  " + label + line)
		label = spaces(scopeWidth)
	}
}

// origin is whose tokens they are and where they belong, as the answer told it.
func (d *page) origin(a tokens.Anatomy) {
	d.heading("Where they belong")
	identity := cmp.Or(a.Identity.URL, a.Identity.IDs())
	if a.Identity.Problem != "" {
		identity = a.Identity.Problem
	}
	d.field("identity", d.m.veil(identity))
	if a.Identity.OrgID != "" {
		d.field("org id", d.m.veil(a.Identity.OrgID))
		d.field("user id", d.m.veil(a.Identity.UserID))
	}
	d.field("host", d.m.veil(a.Host.TypeText()))
	d.doubts(a)
}

// jwt is what a JWT says: header and claims, with times in words and as they
// stand.
func (d *page) jwt(j *tokens.JWT) {
	if j == nil {
		return
	}
	for _, part := range []struct {
		name   string
		claims []tokens.Claim
	}{{"JWT header", j.Header}, {"JWT claims", j.Claims}} {
		d.heading(part.name)
		for _, c := range part.claims {
			name, value := c.Short()
			value = d.m.veilFact(c.Name, value)
			if !c.At.IsZero() {
				value += " = " + d.timeText(c.At)
			}
			d.field(cut(name, labelWidth-1), value)
		}
	}
	d.field("its times", j.Standing(d.m.now))
	for _, problem := range j.Problems {
		d.text(d.m.theme.Failed.Render("wrong: " + d.m.veil(strings.TrimSpace(problem))))
	}
}
