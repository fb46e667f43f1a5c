package cli

import (
	"context"
	"fmt"
	"strings"

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
	defer done()
	orgs, err := k.Orgs(ctx)
	if err != nil {
		return err
	}
	plan := o.planSF(content.Logins, orgs, k.Limits())
	if o.dryRun {
		o.sayShared(plan)
		return o.answerPlan(plan)
	}
	if err := o.agree(ctx, plan); err != nil {
		return err
	}
	if saving(plan) > 0 {
		if ctx, err = o.requireOrMake(ctx, k.place, len(orgs)); err != nil {
			return err
		}
	}
	err = o.saveSF(ctx, k, plan)
	o.backUp(context.WithoutCancel(ctx), k).Wait()
	return err
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
	return home.Read(ctx, transfer.Options{Now: o.Clock.Now()})
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
func (o *importing) planSF(logins []transfer.SFLogin, orgs []tokens.Org, limits tokens.Limits) []planned {
	taken := map[string]bool{}
	for _, org := range orgs {
		taken[org.Alias] = true
	}
	plan := make([]planned, len(logins))
	for i, l := range logins {
		p := planned{name: l.Username, action: resultNew, org: l.Org, secrets: l.Secrets}
		if l.App != "" {
			p.name += ", app " + tokens.Clean(l.App)
		}
		known, found := sameLogin(orgs, l.Org)
		switch {
		case l.Skip != "":
			p.action, p.why = resultSkipped, l.Skip
			p.org.Alias = l.Alias
		case found && known.Shared.Mode == tokens.SharedNot && !known.Clocks(o.Clock.Now(), limits).Refused:
			p.action, p.why = resultSkipped, "orgkeep has this login with tokens of its own; forget it first to take those of the Salesforce CLI"
			p.org.Alias = known.Alias
		case found:
			p.action, p.org.Key, p.org.Alias = resultUpdated, known.Key, known.Alias
		default:
			p.nameIt(l, taken)
		}
		p.place(l, o.mode())
		plan[i] = p
	}
	return plan
}

// nameIt gives a new org the alias that the Salesforce CLI has for it, and says
// what became of the others.
func (p *planned) nameIt(l transfer.SFLogin, taken map[string]bool) {
	wanted := l.Alias
	if wanted != "" && l.App != "" {
		wanted += "-" + l.App
	}
	p.org.Alias = freeAlias(wanted, taken)
	switch {
	case wanted != "" && p.org.Alias == "":
		p.notes = append(p.notes, "its alias "+tokens.Clean(wanted)+" cannot be used here")
	case p.org.Alias != wanted:
		p.notes = append(p.notes, "another org is called "+wanted)
	}
	if len(l.Others) > 0 {
		p.notes = append(p.notes, "also called "+tokens.Clean(strings.Join(l.Others, ", ")))
	}
	if l.App != "" {
		p.notes = append(p.notes, "a login of its own, through another app")
	}
}

// place marks an org that is saved as shared, or as orgkeep's alone.
func (p *planned) place(l transfer.SFLogin, mode tokens.SharedMode) {
	p.org.Shared = tokens.Shared{}
	if p.saves() && mode != tokens.SharedNot {
		p.org.Shared = l.Org.Shared
		p.org.Shared.Mode = mode
	}
}

func saving(plan []planned) int {
	n := 0
	for _, p := range plan {
		if p.saves() {
			n++
		}
	}
	return n
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

// agree shows the plan and asks, once for all.
func (o *importing) agree(ctx context.Context, plan []planned) error {
	if !o.asJSON {
		if err := o.writePlan(o.Err, plan); err != nil {
			return err
		}
	}
	o.sayShared(plan)
	n := saving(plan)
	switch {
	case o.yes, n == 0, n == 1 && !o.someoneThere():
		return nil
	case !o.someoneThere():
		return cannot("without a terminal nobody can be asked; --yes saves these %d orgs, --dry-run only says what would be done", n)
	}
	answer, err := o.ask(ctx, fmt.Sprintf("Save %d orgs? Type yes:", n))
	if err != nil {
		return err
	}
	if !strings.EqualFold(answer, "yes") {
		return cannot("that is not yes; nothing was saved")
	}
	return nil
}

// saveSF saves the logins of a plan one by one; see importAll.
func (o *importing) saveSF(ctx context.Context, k *opened, plan []planned) error {
	results := make([]imported, 0, len(plan))
	code := exitWell
	for _, p := range plan {
		if ctx.Err() != nil {
			o.say("orgkeep: %v", errStopped)
			code = exitFailed
			break
		}
		result := p.result()
		if p.saves() {
			org, added, err := o.save(ctx, sharing(k.Keeper, o.adder(k, false), p.org.Shared), p.org, p.secrets)
			result.Alias, result.Result = known(org.Alias), string(added)
			if err == nil && !o.asJSON {
				err = o.print(fmt.Sprintf("%s: %s, %s", org.Alias, added, sharedText(org.Shared)))
			}
			if err != nil {
				o.say("orgkeep: %s: %s", tokens.Clean(p.name), oneLine(err))
				result.Result, result.Error, code = resultRefused, known(oneLine(err)), codeOf(err)
			}
		}
		results = append(results, result)
		if code == exitUnusable {
			break
		}
	}
	if err := o.document(results); err != nil {
		return err
	}
	return ended(code)
}

// sharing adds a login and says with whom it is shared, also where the saved
// tokens are newer and stay.
func sharing(k *keeper.Keeper, add adder, with tokens.Shared) adder {
	return func(ctx context.Context, org tokens.Org, secrets tokens.Secrets) (tokens.Org, keeper.Added, error) {
		saved, added, err := add(ctx, org, secrets)
		if err == nil {
			saved, err = k.Share(ctx, saved, with)
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
