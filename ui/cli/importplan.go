package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"orgkeep/keychain"
	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
)

// planned is what an import is going to do about one login, before it does.
type planned struct {
	name    string // of the file, or of the Salesforce CLI's login
	action  string // new, updated, unchanged, kept, skipped, refused
	alias   string // that it has, or is expected to get
	org     tokens.Org
	secrets tokens.Secrets
	known   tokens.Org // the entry that has the login already
	after   *planned   // the same login, which comes before it in the plan
	isURL   bool
	isSF    bool
	may     []tokens.Org // that an auth URL may be another login of
	sharing []tokens.Key // of the orgs that are shared with the Salesforce CLI before
	same    bool         // the tokens are the saved ones
	mirror  string       // the token file to keep in step
	why     string       // it is skipped or refused
	err     error        // of one that is refused
	said    bool         // err has been told already
	notes   []string
}

// What an import says of one login. The first four are those of keeper.Added.
const (
	resultNew       = string(keeper.AddedNew)
	resultUpdated   = string(keeper.AddedUpdated)
	resultUnchanged = string(keeper.AddedUnchanged)
	resultKept      = string(keeper.AddedKept)
	resultSkipped   = "skipped"
	resultRefused   = "refused"
)

// saves reports whether anything is written for the login.
func (p *planned) saves() bool {
	return p.action == resultNew || p.action == resultUpdated || p.changes()
}

// mayChange reports whether an org that is saved already may change: only the refresh
// of an auth URL tells.
func (p *planned) mayChange() bool {
	return p.err == nil && len(p.may) > 0 && p.saves() && !p.changes()
}

// changes reports whether anything changes of an org that is saved already.
func (p *planned) changes() bool {
	return p.known.Key != "" && p.err == nil && p.why == "" &&
		(p.action == resultUpdated || p.renamedFrom() != "" || p.reshared() || p.remirrored())
}

// renamedFrom is the alias that the org loses; empty where it keeps it.
func (p *planned) renamedFrom() string {
	if p.org.Alias == "" || p.org.Alias == p.known.Alias {
		return ""
	}
	return p.known.Alias
}

// reshared reports whether other programs than before have the org's tokens.
func (p *planned) reshared() bool {
	before := p.known.Shared
	before.Owed = false
	if p.isSF {
		return before != p.org.Shared
	}
	return before.Mode != tokens.SharedNot && p.action == resultUpdated && !p.same && !p.isURL
}

// remirrored reports whether the org is kept in step with another file than before.
func (p *planned) remirrored() bool {
	path, err := filepath.Abs(p.mirror)
	return p.mirror != "" && err == nil && path != p.known.Mirror
}

func (p *planned) note(text string) { p.notes = append(p.notes, text) }

func (p *planned) refuse(err error) {
	why := strings.TrimPrefix(oneLine(err), "reading ")
	p.action, p.err, p.why = resultRefused, err, strings.TrimPrefix(why, tokens.Clean(p.name)+": ")
}

// ready makes sure that the saved tokens can be looked at for the plan. A dry run
// asks for nothing, and does without where they cannot.
func (o *importing) ready(ctx context.Context, p *place) (context.Context, error) {
	if o.dryRun {
		o.openGiven(ctx, p)
		return ctx, nil
	}
	return o.requireUnlessNew(ctx, p)
}

// planFiles is the plan of token files and auth URLs.
func (o *importing) planFiles(ctx context.Context, k *opened, files []tokenFile, orgs []tokens.Org) ([]planned, error) {
	plan := make([]planned, len(files))
	taken, shared := aliasesIn(orgs), sharedIn(orgs)
	for i, file := range files {
		p := &plan[i]
		*p = planned{name: file.name, isURL: file.login.IsURL, sharing: shared}
		if o.mirror {
			p.mirror = file.name
		}
		err := file.err
		if err == nil {
			p.org, p.secrets, err = o.orgOf(file.login, o.clientID)
		}
		if err != nil {
			p.refuse(err)
			p.said = file.err != nil && !o.dryRun
			continue
		}
		if err := o.foresee(ctx, k, p); err != nil {
			return nil, err
		}
		p.follow(plan[:i])
		p.expect(taken)
	}
	return plan, nil
}

// sharedIn are the Keys of the orgs that another program has too.
func sharedIn(orgs []tokens.Org) []tokens.Key {
	var keys []tokens.Key
	for _, org := range orgs {
		if org.Shared.Mode != tokens.SharedNot {
			keys = append(keys, org.Key)
		}
	}
	return keys
}

func aliasesIn(orgs []tokens.Org) map[string]bool {
	taken := map[string]bool{}
	for _, org := range orgs {
		taken[org.Alias] = true
	}
	return taken
}

// expect says what a login is going to be called.
func (p *planned) expect(taken map[string]bool) {
	p.alias = p.org.Alias
	switch {
	case p.err != nil, p.alias != "":
		return
	case p.known.Key != "":
		p.alias = p.known.Alias
		return
	case p.after != nil:
		p.alias = p.after.alias
		return
	}
	p.alias = freeAlias(tokens.AliasFromURL(p.org.InstanceURL), taken)
}

// foresee asks the keeper what it would do, and puts that into words. What cannot
// be read now could not be written either; a dry run does without.
func (o *importing) foresee(ctx context.Context, k *opened, p *planned) error {
	f, err := k.Foresee(ctx, p.org, p.secrets, p.isURL)
	switch {
	case errors.Is(err, keeper.ErrRotatedOut) && o.anyway:
		p.action, p.may = resultNew, f.MayBe
		p.note("its refresh token is known to be rotated out, and is taken anyway")
		return nil
	case errors.Is(err, keeper.ErrRotatedOut):
		p.refuse(fmt.Errorf("%w; --anyway takes them all the same, which may end the login", err))
		return nil
	case err != nil:
		p.refuse(err)
		return nil
	case f.Unread != nil && !o.dryRun && !errors.Is(f.Unread, keychain.ErrNoVault):
		return f.Unread
	}
	p.action, p.known, p.same, p.may = string(f.Added), f.Known, f.Same, f.MayBe
	switch p.action {
	case resultKept:
		p.note("the saved tokens " + p.keptWhy() + " and stay")
	case resultUnchanged:
		p.note("the same tokens are saved")
	case resultUpdated:
		p.note(o.updateNote(k, p, f))
	}
	switch {
	case f.Sends && len(p.may) > 0:
		p.note("new, or another login of " + p.mayBe() + ": known once it is refreshed")
	case f.Sends:
		p.note("needs one refresh to learn whose it is; an org that is saved already keeps its alias")
	}
	if p.secrets.RefreshToken.IsZero() && p.action != resultKept {
		p.note("it has no refresh token: it can be kept and shown, and not refreshed")
	}
	p.noteChanges()
	for _, doubt := range p.org.Clocks(o.Clock.Now(), o.settings.Limits()).Doubts() {
		p.note(doubt + ", so the age of its access token is not known")
	}
	return nil
}

// updateNote says what becomes of the saved tokens.
func (o *importing) updateNote(k *opened, p *planned, f keeper.Foreseen) string {
	switch {
	case f.FromCLI:
		return "the Salesforce CLI has refreshed it since; its tokens take the place of the saved ones, and are not sent"
	case f.Unread != nil:
		return "unless the saved tokens are newer or the same; " + k.place.name() + " could not be read for this plan"
	case !f.Same:
		return "in place of the saved tokens"
	case p.renamedFrom() != "":
		return "the same tokens are saved"
	}
	return "the same tokens are saved; what else was given is new"
}

// keptWhy says why the saved tokens stay.
func (p *planned) keptWhy() string {
	if p.secrets.RefreshToken.IsZero() {
		return "can be refreshed"
	}
	return "are newer"
}

// mayBe names the saved orgs that an auth URL may be of.
func (p *planned) mayBe() string {
	if len(p.may) > 1 {
		return fmt.Sprintf("one of the %d saved orgs of its host", len(p.may))
	}
	return p.may[0].Alias
}

// noteChanges says what changes of a saved org beside its tokens.
func (p *planned) noteChanges() {
	if p.known.Key == "" {
		return
	}
	if from := p.renamedFrom(); from != "" {
		p.note("renamed from " + from + " to " + p.org.Alias)
	}
	if p.reshared() {
		p.note("from now on " + sharedText(p.org.Shared))
	}
	if p.remirrored() {
		p.note("the file is kept in step from now on")
	}
	if p.action == resultUnchanged && p.changes() {
		p.action = resultUpdated
	}
}

// sameLogin finds the org that is the same login: by its key, by its ids, or,
// where a file of the Salesforce CLI names no user id, by its username.
func sameLogin(orgs []tokens.Org, org tokens.Org) (tokens.Org, bool) {
	for _, known := range orgs {
		sameOrg := org.OrgID != "" && known.OrgID == org.OrgID && known.ClientID == org.ClientID
		sameUser := org.UserID != "" && known.UserID == org.UserID
		if org.UserID == "" || known.UserID == "" {
			sameUser = org.Username != "" && strings.EqualFold(known.Username, org.Username)
		}
		if known.Key == org.Key || sameOrg && sameUser {
			return known, true
		}
	}
	return tokens.Org{}, false
}

// freeAlias returns alias, with a number where another org has it, and takes it;
// empty where it cannot be one.
func freeAlias(alias string, taken map[string]bool) string {
	if alias == "" || tokens.CheckAlias(alias) != nil {
		return ""
	}
	free := alias
	for n := 2; taken[free]; n++ {
		free = fmt.Sprintf("%s-%d", alias, n)
	}
	if tokens.CheckAlias(free) != nil {
		return ""
	}
	taken[free] = true
	return free
}
