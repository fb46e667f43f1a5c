package ui

import (
	"fmt"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"orgkeep/tokens"
)

// readableMost is the widest line of the token page: a longer one is hard to
// follow with the eye.
const readableMost = 116

// tokenTab shows the tokens, masked unless they are revealed: of each what is left
// of it and how that is known, and its SHA-256; then what was signed, what the
// scopes allow, and what a JWT says. What was asked online stands before all that,
// since that is what was asked for.
func (d *page) tokenTab(org tokens.Org) {
	if !d.plain {
		d.w = min(d.w, readableMost)
	}
	r := &d.m.reveal
	read := r.key == org.Key && !r.reading && r.err == nil
	a := tokens.Anatomy{}
	switch {
	case read:
		a = r.anatomy
	case r.key != org.Key:
		d.text("The tokens have not been read: neither moving nor a refresh asks " + d.m.storeKind() + " for them.")
		d.key("2", "read them")
		d.keys(d.m.tokenKeys("c")...)
	case r.reading:
		d.text("Reading " + d.m.storeKind() + " ...")
	default:
		d.unread(r.err)
	}
	d.wrongs(org, ", see below")
	shown := read && r.shown()
	if shown {
		d.add(d.m.theme.Ageing.Bold(true).Render(cut("Shown for "+seconds(r.left)+" more; v hides them.", d.w)))
	} else {
		d.online(org)
	}
	d.access(org, a.Access, read)
	d.renewal(org, a.Refresh, read)
	if read && !shown {
		d.add("")
		d.keysBeside(d.m.tokenKeys("c", "i")...)
	}
	if shown {
		d.online(org)
	}
	if read {
		d.signatures(org, a)
	}
	d.scopes(org.Scopes, a.Missing)
	if read {
		d.origin(a)
		d.jwt(a.Access.JWT)
	}
}

// unread says why the tokens cannot be shown, and what to do about it.
func (d *page) unread(err error) {
	d.text(d.m.theme.Failed.Render("The tokens cannot be read: " + tokens.Clean(d.m.veil(err.Error())) + "."))
	// A keychain's or a vault's own error says what to do itself, behind a semicolon.
	if f, ok := asFailure(err); ok && (f.Kind != tokens.FailedKeychain || !strings.Contains(f.Problem, "; ")) {
		d.text(d.m.keeper.Explain(f).Remedy)
	}
	d.key("2", "try again")
}

// tokenKeys are the keys of the token page, with v where it shows something.
func (m *model) tokenKeys(keys ...string) []string {
	if m.private.on {
		return keys
	}
	return append([]string{"v"}, keys...)
}

// access is the access token: its clock, and what it is once it was read.
func (d *page) access(org tokens.Org, t tokens.Token, read bool) {
	d.tokenHead("Access token", t, d.m.reveal.access, read)
	c := org.Clocks(d.m.now, d.m.limits)
	left := "?"
	switch {
	case c.LeftSource == tokens.LeftUnknown:
	case c.Left <= 0:
		left = "expired " + tokens.Ago(-c.Left)
	default:
		left = d.m.left(c)
	}
	if c.AgeKnown {
		left += ", issued " + tokens.Ago(c.Age) + " at " + org.IssuedAt.UTC().Format("2006-01-02 15:04:05 MST")
	}
	d.field("left", left)
	known := d.sourceOf(c.LeftSource)
	if c.IssuedAhead && c.LeftSource == tokens.LeftUnknown {
		known = "nothing: issued_at lies in the future"
	}
	d.field("known by", known)
	d.form(t)
}

// sourceOf says how the access token's end is known.
func (d *page) sourceOf(source tokens.LeftSource) string {
	life := tokens.FormatSpan(d.m.limits.AssumedLife)
	switch source {
	case tokens.LeftFromJWT:
		return "the token itself: it is a JWT, and its exp says when it ends"
	case tokens.LeftFromIntrospection:
		return "the endpoint: it was asked, and told when the token ends"
	case tokens.LeftFromAnswer:
		return "an answer: it showed that the token has ended"
	case tokens.LeftConfigured:
		return "your setting: a life of " + life
	case tokens.LeftEstimated:
		return "an estimate: nothing tells how long this token lives. The default session timeout is " + life + "; the org may have another."
	case tokens.LeftUnknown:
	}
	return "nothing: nobody told when the token was issued"
}

// renewal is the refresh token: its clock, and what it is once it was read.
func (d *page) renewal(org tokens.Org, t tokens.Token, read bool) {
	d.tokenHead("Refresh token", t, d.m.reveal.refresh, read)
	if !org.HasRefreshToken {
		if !read {
			d.text("none is saved")
		}
		return
	}
	c, limit := org.Clocks(d.m.now, d.m.limits), int(d.m.limits.IdleLimit/(24*time.Hour))
	known := fmt.Sprintf("its last use that orgkeep knows of. The limit of %d days is assumed; the app's own policy decides.", limit)
	switch {
	case !c.IdleKnown:
		d.field("idle", "?")
		known = "nothing: nobody told when it was last used"
		if !org.RefreshUsedAt.IsZero() {
			known = "nothing: its last use lies in the future"
		}
	case c.IdleLeft <= 0:
		d.field("idle", "limit passed "+tokens.Ago(-c.IdleLeft)+", last used "+tokens.Ago(d.m.now.Sub(org.RefreshUsedAt)))
	default:
		d.field("idle", fmt.Sprintf("%s until the limit of %d days, last used %s", tokens.FormatSpan(c.IdleLeft), limit, tokens.Ago(d.m.now.Sub(org.RefreshUsedAt))))
	}
	d.field("known by", known)
	d.field("rotates", string(org.Rotates))
	d.form(t)
}

// tokenHead begins the part of a token with its mask, or with the token itself
// while it is revealed.
func (d *page) tokenHead(name string, t tokens.Token, shown tokens.Secret, read bool) {
	style, mask := d.m.theme.Strong, ""
	switch {
	case !read:
	case !t.Present():
		style, mask = d.m.theme.Text, "none is saved"
	case !shown.IsZero():
	case d.m.private.on:
		style, mask = d.m.theme.Text, "hidden in private mode"
	default:
		mask = t.Mask
	}
	d.heading(name)
	if mask != "" {
		last := len(d.lines) - 1
		if d.plain {
			d.lines[last] += ":"
		}
		d.lines[last] = pad(d.lines[last], labelWidth+3) + " " + style.Render(cut(mask, d.w-labelWidth-4))
	}
	if shown.IsZero() {
		return
	}
	// The only place where a token is drawn in the clear.
	for line := range strings.SplitSeq(ansi.Hardwrap(tokens.Clean(shown.Reveal()), max(1, d.w-2), true), "\n") {
		d.add("  " + d.m.theme.Strong.Render(line))
	}
}

// keysBeside names keys in one line, as many as have room, where keys takes a line
// for each.
func (d *page) keysBeside(keys ...string) {
	if d.plain {
		d.keys(keys...)
		return
	}
	line := ""
	for _, key := range keys {
		a, known := actionFor(key)
		if !known {
			continue
		}
		next := line + "  " + d.m.theme.Accent.Render(key) + " " + a.name
		if line != "" && width(next) > d.w {
			d.add(line)
			next = strings.TrimPrefix(next, line)
		}
		line = next
	}
	d.add(line)
}

// form is what a token is, apart from what it is for.
func (d *page) form(t tokens.Token) {
	if !t.Present() {
		return
	}
	kind := "opaque"
	if t.Kind == tokens.KindJWT {
		kind = "JWT"
	}
	d.field("kind", fmt.Sprintf("%s, %d characters: %s", kind, t.Length, t.Alphabet))
	if t.OrgID != "" {
		of := d.m.veil(t.OrgID)
		if t.OrgFrom == tokens.FromTenant {
			of += ", by tnk in its header"
		}
		d.field("of org", of)
	}
	if t.Problem != "" {
		d.field("wrong", t.Problem)
	}
	d.digest("sha-256", t.SHA256)
}

// digest shows all 64 digits of a SHA-256: beside the label where they fit, else
// in halves, which are easier to compare than what a border breaks anywhere. In
// private mode it shows none: a recording would tell the token's later ones apart.
func (d *page) digest(label, digits string) {
	if d.m.private.on {
		d.field(label, "hidden in private mode")
		return
	}
	half := len(digits) / 2
	room := d.w - 2 - labelWidth
	tight := 2 + len(label) + 2
	switch {
	case d.plain, room >= len(digits), room >= half && d.w < tight+len(digits):
		d.field(label, broken(digits, half, room))
	case d.w >= tight+len(digits):
		d.add("  " + d.m.theme.Muted.Render(label) + "  " + digits)
	default:
		d.add("  " + d.m.theme.Muted.Render(label))
		for line := range strings.SplitSeq(ansi.Hardwrap(broken(digits, half, d.w-4), max(1, d.w-4), false), "\n") {
			d.add("    " + line)
		}
	}
}

// broken puts the halves of digits on lines of their own where the whole has no
// room.
func broken(digits string, half, room int) string {
	if room >= len(digits) {
		return digits
	}
	return digits[:half] + "\n" + digits[half:]
}
