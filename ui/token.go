package ui

import (
	"fmt"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"orgkeep/tokens"
)

// tokenTab shows the tokens, masked unless they are revealed, what their scopes
// allow, and how their times are known.
func (d *page) tokenTab(org tokens.Org) {
	r := &d.m.reveal
	switch {
	case r.key != org.Key:
		d.text("The tokens have not been read from " + d.m.storeKind() + ".")
		d.keys("2", "v", "c")
	case r.reading:
		d.text("Reading " + d.m.storeKind() + " …")
	case r.err != nil:
		d.unread(r.err)
	default:
		d.tokens(r)
	}
	d.online(org)
	d.sources(org)
	d.scopes(org.Scopes)
	if r.key == org.Key && !r.reading && r.err == nil {
		d.anatomy(r.anatomy)
	}
}

// unread says why the tokens cannot be shown, and what to do about it.
func (d *page) unread(err error) {
	d.text(d.m.theme.Failed.Render("The tokens cannot be read: " + tokens.Clean(d.m.veil(err.Error())) + "."))
	// A keychain's or a vault's own error says what to do itself, behind a semicolon.
	if f, ok := asFailure(err); ok && (f.Kind != tokens.FailedKeychain || !strings.Contains(f.Problem, "; ")) {
		d.text(d.m.keeper.Explain(f).Remedy)
	}
	d.add("  " + d.m.theme.Accent.Render("2") + "  try again")
}

func (d *page) tokens(r *reveal) {
	t := d.m.theme
	if r.shown() {
		d.add(t.Ageing.Bold(true).Render(cut("Shown for "+seconds(r.left)+" more; v hides them.", d.w)))
	}
	d.token("Access token", r.outlines.access, r.access)
	d.token("Refresh token", r.outlines.refresh, r.refresh)
	if !r.shown() {
		d.add("")
		d.keys("v", "c")
	}
}

func (d *page) token(name string, o outline, shown tokens.Secret) {
	d.heading(name)
	switch {
	case o.length == 0:
		d.text("none is saved")
		return
	case !shown.IsZero():
		// The only place where a token is drawn in the clear.
		for line := range strings.SplitSeq(ansi.Hardwrap(tokens.Clean(shown.Reveal()), max(1, d.w-2), true), "\n") {
			d.add("  " + d.m.theme.Strong.Render(line))
		}
	case d.m.private.on:
		d.text("hidden in private mode")
	default:
		d.text(d.m.theme.Strong.Render(o.mask))
	}
	d.field("kind", o.kind)
	d.field("length", fmt.Sprintf("%d characters", o.length))
	d.field("sha-256", o.fingerprint+" …")
}

// sources says how each clock is known.
func (d *page) sources(org tokens.Org) {
	limits := d.m.limits
	d.heading("How the times are known")
	switch org.Clocks(d.m.now, limits).LeftSource {
	case tokens.LeftFromJWT:
		d.text("The access token is a JWT and says itself when it ends.")
	case tokens.LeftFromIntrospection:
		d.text("The endpoint was asked, and told when the access token ends.")
	case tokens.LeftConfigured:
		d.text("The access token's life of " + tokens.FormatSpan(limits.AssumedLife) + " is your setting.")
	case tokens.LeftEstimated:
		d.text("Nothing tells how long this access token lives. The estimate takes the default session timeout of " + tokens.FormatSpan(limits.AssumedLife) + "; the org may have another.")
	case tokens.LeftUnknown:
		d.text("Nobody told when the access token was issued, so nothing is known of its end.")
	}
	if org.HasRefreshToken {
		d.text(fmt.Sprintf("The refresh token's idle time is counted from its last use that orgkeep knows of. The limit of %d days is assumed; the app's own policy decides.",
			int(limits.IdleLimit/(24*time.Hour))))
	}
}

func (d *page) scopes(scopes []string) {
	d.heading("Scopes")
	if len(scopes) == 0 {
		d.text("The answer named none.")
	}
	for _, scope := range scopes {
		meaning := tokens.ScopeMeaning(scope)
		if meaning == "" {
			meaning = "orgkeep has no words for this scope."
		}
		d.add("  " + d.m.theme.Strong.Render(cut(scope, d.w-2)))
		for _, line := range wrap(meaning, d.w-4) {
			d.add("    " + line)
		}
	}
}
