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

func (r reading) facts(now time.Time) []fact {
	if r.err != nil {
		return []fact{{"tokens", "not read: " + oneLine(r.err)}}
	}
	return anatomyFacts(r.anatomy, now)
}

// anatomyFacts are the lines of an anatomy.
func anatomyFacts(a tokens.Anatomy, now time.Time) []fact {
	facts := tokenFacts("access is", a.Access, now)
	facts = append(facts, tokenFacts("refresh is", a.Refresh, now)...)
	if a.Identity.URL != "" || a.Identity.Problem != "" {
		facts = append(facts, identityFacts(a.Identity)...)
	}
	if a.Host.Host != "" {
		facts = append(facts, fact{"host", fmt.Sprintf("%s: %s, by %s", a.Host.Host, a.Host.Type, a.Host.How)})
	}
	facts = append(facts, scopeFacts(a)...)
	return append(facts, fact{"signature", a.Signature.Text()})
}

func identityFacts(i tokens.Identity) []fact {
	if i.Problem != "" {
		return []fact{{"identity", i.Problem}}
	}
	return []fact{{"identity", i.URL}, {"", "org " + i.OrgID + ", user " + i.UserID}}
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
	for _, l := range a.Missing {
		lacks = append(lacks, l.Scope+": "+l.Means)
	}
	return append(many("allows", allows), many("lacks", lacks)...)
}

// tokenFacts are the lines of one token.
func tokenFacts(name string, t tokens.Token, now time.Time) []fact {
	if !t.Present() {
		return nil
	}
	kind := "opaque"
	if t.Kind == tokens.KindJWT {
		kind = "a JWT"
	}
	lines := []string{
		fmt.Sprintf("%s, %s, %d characters of %s", t.Mask, kind, t.Length, t.Alphabet),
		"SHA-256 " + t.SHA256,
	}
	if t.OrgID != "" {
		text := "of org " + t.OrgID
		if t.Prefix != t.OrgID {
			text += ", as " + t.Prefix + " before the exclamation mark"
		}
		lines = append(lines, text)
	}
	if t.Problem != "" {
		lines = append(lines, t.Problem)
	}
	if t.JWT != nil {
		lines = append(lines, jwtLines(*t.JWT, now)...)
	}
	return many(name, lines)
}

// jwtLines are the members of a JWT and what is wrong with it.
func jwtLines(j tokens.JWT, now time.Time) []string {
	var lines []string
	for _, part := range []struct {
		name   string
		claims []tokens.Claim
	}{{"header", j.Header}, {"claim", j.Claims}} {
		for _, c := range part.claims {
			line := part.name + " " + c.Name + " = " + c.Value
			if !c.At.IsZero() {
				line += " (" + instant(c.At) + ", " + fromNow(c.At, now) + ")"
			}
			lines = append(lines, line)
		}
	}
	for _, problem := range j.Problems {
		lines = append(lines, "wrong: "+problem)
	}
	return lines
}

// fromNow says how far a time is, in words.
func fromNow(at, now time.Time) string {
	if at.After(now) {
		return "in " + tokens.FormatSpan(at.Sub(now))
	}
	return strings.TrimPrefix(tokens.Ago(now.Sub(at)), "just ")
}
