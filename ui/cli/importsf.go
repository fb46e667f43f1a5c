package cli

import (
	"context"
	"strings"
	"time"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
	"orgkeep/tokens/transfer"
)

// salesforceKey asks the keychain for the Salesforce CLI's key, where there is one
// to ask.
func (s *session) salesforceKey(ctx context.Context) (tokens.Secret, error) {
	if s.SalesforceKey == nil {
		return tokens.Secret{}, nil
	}
	key, err := s.SalesforceKey(ctx)
	return tokens.NewSecret(strings.TrimSpace(key)), err
}

// runSF imports the logins of the Salesforce CLI: it reads, shows what it will
// do, asks, and then saves.
func (o *importing) runSF(ctx context.Context, folders []string) error {
	if err := o.checkSF(folders); err != nil {
		return err
	}
	ctx, free := stoppable(ctx)
	defer free()
	o.free = free
	content, err := o.readSF(ctx, folders)
	if err != nil {
		return err
	}
	for _, warning := range content.Warnings {
		o.say("orgkeep: %s", warning)
	}
	k, done, err := o.openAll(ctx, duty{})
	if err != nil {
		return err
	}
	defer func() { o.unmake(ctx, k.place, done) }()
	orgs, err := k.Orgs(ctx)
	if err != nil {
		return err
	}
	if ctx, err = o.ready(ctx, k.place); err != nil {
		return err
	}
	plan, err := o.planSF(ctx, k, content.Logins, orgs)
	if err != nil {
		return err
	}
	if o.dryRun {
		o.sayShared(plan)
		return o.answerPlan(plan)
	}
	return o.carryOut(ctx, k, plan, len(orgs))
}

func (o *importing) checkSF(folders []string) error {
	switch {
	case len(folders) > 1:
		return usage("--from-sf takes one DIR, and there are %d", len(folders))
	case o.takeOver && o.readOnly:
		return usage("give --take-over or --read-only, not both")
	case o.alias != "" || o.loginURL != "" || o.secretOnStdin:
		return usage("--alias, --login-url and --client-secret-stdin are for files; the Salesforce CLI's have all of it")
	}
	return nil
}

func (o *importing) readSF(ctx context.Context, folders []string) (transfer.SFContent, error) {
	folder := ""
	if len(folders) == 1 {
		folder = folders[0]
	} else {
		var err error
		if folder, err = o.Home(); err != nil {
			return transfer.SFContent{}, cannot("finding the home folder: %w", err)
		}
	}
	home, err := transfer.OpenSFHome(folder, o.salesforceKey)
	if err != nil {
		return transfer.SFContent{}, &exit{code: exitFailed, err: err}
	}
	return home.Read(ctx)
}

// mode is what the flags say of sharing.
func (o *importing) mode() tokens.SharedMode {
	switch {
	case o.takeOver:
		return tokens.SharedNot
	case o.readOnly:
		return tokens.SharedReadOnly
	}
	return tokens.SharedLocked
}

// planSF is the plan of a Salesforce CLI home.
func (o *importing) planSF(ctx context.Context, k *opened, logins []transfer.SFLogin, orgs []tokens.Org) ([]planned, error) {
	taken := aliasesIn(orgs)
	plan := make([]planned, len(logins))
	for i, l := range logins {
		p := &plan[i]
		*p = planned{name: l.Username, isSF: true, org: l.Org, secrets: l.Secrets}
		if l.App != "" {
			p.name += ", app " + tokens.Clean(l.App)
		}
		known, found := sameLogin(orgs, l.Org)
		switch {
		case l.Skip != "":
			p.action, p.why, p.alias = resultSkipped, l.Skip, l.Alias
			p.org.Shared = tokens.Shared{}
			continue
		case found && known.Shared.Mode == tokens.SharedNot && !known.Clocks(o.Clock.Now(), k.Limits()).Refused:
			p.action, p.alias = resultSkipped, known.Alias
			p.why = "orgkeep has this login with tokens of its own; forget it first to take those of the Salesforce CLI"
			p.org.Shared = tokens.Shared{}
			continue
		case found:
			p.org.Key, p.alias = known.Key, known.Alias
			if l.Alias != "" && l.App == "" && l.Alias != known.Alias {
				p.note("called " + tokens.Clean(l.Alias) + " in the Salesforce CLI")
			}
		default:
			p.nameIt(l, taken)
			p.alias = p.org.Alias
		}
		p.place(l, o.mode())
		p.describe(l, o.Clock.Now())
		if err := o.foresee(ctx, k, p); err != nil {
			return nil, err
		}
	}
	return plan, nil
}

// nameIt gives a new org the alias that the Salesforce CLI has for it, or where it
// has none the username: many orgs may share a host. Its other aliases become tags.
func (p *planned) nameIt(l transfer.SFLogin, taken map[string]bool) {
	wanted := l.Alias
	if wanted == "" {
		wanted = l.Username
	}
	if l.App != "" {
		wanted += "-" + l.App
	}
	p.org.Alias = freeAlias(wanted, taken)
	switch {
	case p.org.Alias == "":
		p.note("its name " + tokens.Clean(wanted) + " cannot be an alias here")
		p.org.Alias = freeAlias(tokens.AliasFromURL(p.org.InstanceURL), taken)
	case p.org.Alias != wanted:
		p.note("another org is called " + wanted)
	case l.Alias == "":
		p.note("has no alias there, and is called by its username")
	}
	for _, other := range l.Others {
		if tokens.CheckTag(other) != nil {
			p.note("also called " + tokens.Clean(other) + ", which cannot be a tag")
			continue
		}
		p.org.Tags = append(p.org.Tags, other)
		p.note("also called " + other + ", kept as a tag")
	}
	if l.App != "" {
		p.note("a login of its own, through another app")
	}
}

// describe says what the Salesforce CLI knows of an org and its type does not tell.
func (p *planned) describe(l transfer.SFLogin, now time.Time) {
	if l.DevHub {
		p.note("a Dev Hub")
	}
	switch day := l.Ends.Format(time.DateOnly); {
	case l.Ends.IsZero():
	case l.Ends.Before(now):
		p.note("by the file it has ended on " + day)
	default:
		p.note("ends on " + day)
	}
}

// place marks an org as shared, or as orgkeep's alone.
func (p *planned) place(l transfer.SFLogin, mode tokens.SharedMode) {
	p.org.Shared = tokens.Shared{}
	if mode != tokens.SharedNot {
		p.org.Shared = l.Org.Shared
		p.org.Shared.Mode = mode
	}
}

// sayShared says what it means that two programs have one refresh token.
func (o *importing) sayShared(plan []planned) {
	if saving(plan) == 0 {
		return
	}
	switch o.mode() {
	case tokens.SharedNot:
		o.say("From now on these orgs are orgkeep's. Where an app rotates refresh tokens, the first refresh here breaks the Salesforce CLI's copy: sign in there again.")
	case tokens.SharedReadOnly:
		o.say("The Salesforce CLI goes on refreshing these orgs. orgkeep never does, and takes over what the CLI has.")
	case tokens.SharedLocked:
		o.say("The Salesforce CLI keeps the same refresh tokens. Where an app rotates them, a refresh by one program breaks the other, unless both keep to the CLI's lock: " +
			"orgkeep does, and writes new tokens back to the CLI's files. --take-over and --read-only are the other ways.")
	}
}

// sharing adds a login and says with whom it is shared, also where the saved
// tokens are newer and stay.
func sharing(k *keeper.Keeper, add adder, with tokens.Shared) adder {
	return func(ctx context.Context, org tokens.Org, secrets tokens.Secrets) (tokens.Org, keeper.Added, error) {
		saved, added, err := add(ctx, org, secrets)
		if err == nil || keeper.OfMirrorOnly(err) {
			shared, refused := k.Share(ctx, saved, with)
			if refused != nil {
				return shared, added, refused
			}
			saved = shared
		}
		return saved, added, err
	}
}

// sharedText says in a few words who else has an org's tokens.
func sharedText(s tokens.Shared) string {
	switch s.Mode {
	case tokens.SharedLocked:
		text := "shared with the Salesforce CLI, under its lock"
		if s.Owed {
			text += "; the CLI has still to get the newest tokens"
		}
		return text
	case tokens.SharedReadOnly:
		return "refreshed by the Salesforce CLI only"
	case tokens.SharedNot:
	}
	return "orgkeep's alone"
}
