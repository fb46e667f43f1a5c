package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"orgkeep/tokens"
)

// reading is the anatomy of an org's tokens, or why it could not be read.
type reading struct {
	anatomy tokens.Anatomy
	err     error
}

// read reads the tokens of an org. That they cannot be read is no failure of a
// command that shows them beside other things.
func (o *showing) read(ctx context.Context, key tokens.Key) reading {
	if o.noTokens {
		return reading{err: errNotRead}
	}
	k, done, err := o.openAll(ctx, duty{looks: true})
	if err != nil {
		return reading{err: err}
	}
	defer done()
	if ctx, err = o.requireStore(ctx, k.place); err != nil {
		return reading{err: err}
	}
	a, err := k.Anatomy(ctx, key)
	return reading{a, err}
}

var errNotRead = errors.New("--no-tokens was given")

func (r reading) facts(now time.Time, online bool) []fact {
	if r.err != nil {
		return []fact{{"tokens", "not read: " + oneLine(r.err)}}
	}
	how := "orgkeep show ORG --online asks for those"
	if online {
		how = "what the org's keys tell stands under keys"
	}
	return anatomyFacts(r.anatomy, now, how)
}

// anatomyFacts are the lines of the anatomy of an answer. How says how the
// signature of a JWT can be checked.
func anatomyFacts(a tokens.Anatomy, now time.Time, how string) []fact {
	facts := tokenFacts("access is", a.Access, now, how)
	facts = append(facts, tokenFacts("refresh is", a.Refresh, now, how)...)
	facts = append(facts, identityFacts(a.Identity)...)
	facts = append(facts, hostFacts(a.Host)...)
	facts = append(facts, scopeFacts(a)...)
	return append(facts, fact{"signature", "of the answer, an HMAC of id and issued_at: " + a.Signature.Text()})
}

func identityFacts(i tokens.Identity) []fact {
	if i.Problem != "" {
		return []fact{{"identity", i.Problem}}
	}
	text := i.IDs()
	if i.URL == "" {
		return []fact{{"identity", text}}
	}
	return []fact{{"identity", i.URL}, {"", text}}
}

func hostFacts(h tokens.HostReading) []fact {
	if h.Host == "" {
		return nil
	}
	return []fact{{"host", h.Text()}}
}

func scopeFacts(a tokens.Anatomy) []fact {
	var allows, lacks []string
	for _, s := range a.Scopes {
		meaning := s.Meaning
		if meaning == "" {
			meaning = "orgkeep has no words for this scope."
		}
		allows = append(allows, s.Name+": "+meaning)
	}
	if a.Note != "" {
		allows = append(allows, a.Note)
	}
	for _, l := range a.Missing {
		lacks = append(lacks, l.Scope+": "+l.Means)
	}
	return append(many("allows", allows), many("lacks", lacks)...)
}

// tokenFacts are the lines of one token.
func tokenFacts(name string, t tokens.Token, now time.Time, how string) []fact {
	if !t.Present() {
		return nil
	}
	kind := map[tokens.TokenKind]string{
		tokens.KindOpaque: "opaque", tokens.KindJWT: "a JWT", tokens.KindJWE: "an encrypted JWT (JWE)",
	}[t.Kind]
	lines := []string{
		fmt.Sprintf("%s, %s, %d characters of %s", t.Mask, kind, t.Length, t.Alphabet),
		"SHA-256 " + t.SHA256,
	}
	if t.OrgID != "" {
		text := "of org " + t.OrgID
		switch {
		case t.OrgFrom == tokens.FromTenant:
			text += ", by tnk in its header"
		case t.Prefix != t.OrgID:
			text += ", as " + t.Prefix + " before the exclamation mark"
		}
		lines = append(lines, text)
	}
	if t.Problem != "" {
		lines = append(lines, t.Problem)
	}
	if t.JWT != nil {
		lines = append(lines, jwtLines(*t.JWT, now, how)...)
	}
	return many(name, lines)
}

// jwtLines are the members of a JWT, how it stands and what is wrong with it. A
// long member is cut; --json has all of it.
func jwtLines(j tokens.JWT, now time.Time, how string) []string {
	var lines []string
	for _, part := range []struct {
		name   string
		claims []tokens.Claim
	}{{"header", j.Header}, {"claim", j.Claims}} {
		for _, c := range part.claims {
			name, value := c.Short()
			line := part.name + " " + name + " = " + value
			if !c.At.IsZero() {
				line += " (" + instant(c.At) + ", " + fromNow(c.At, now) + ")"
			}
			lines = append(lines, line)
		}
	}
	standing := j.Standing(now)
	if j.Timed(now) {
		standing = "by its own times " + standing
	}
	lines = append(lines, standing, jwtSignature(j, how))
	for _, problem := range j.Problems {
		lines = append(lines, "wrong: "+problem)
	}
	return lines
}

// jwtSignature is the line on the signature of a JWT, which is another one than
// that of the answer.
func jwtSignature(j tokens.JWT, how string) string {
	if j.Signature.Verdict != tokens.CheckNone {
		return "signature of the JWT: " + j.Signature.Text()
	}
	switch {
	case !j.Checkable():
		return "signature of the JWT: " + j.Signature.Text()
	case how == "": // the keys were to be asked for, and Why says why not
		return "signature of the JWT: not checked: " + j.Signature.Why
	}
	return "signature of the JWT: not checked offline: " + j.Signature.Why + "; " + how
}

// fromNow says how far a time is, in words.
func fromNow(at, now time.Time) string {
	if at.After(now) {
		return "in " + tokens.FormatSpan(at.Sub(now))
	}
	return strings.TrimPrefix(tokens.Ago(now.Sub(at)), "just ")
}
