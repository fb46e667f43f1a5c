package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
)

// imported is what came of one login, as the JSON tells it.
type imported struct {
	File   string  `json:"file"`
	Result string  `json:"result"` // new, updated, unchanged, kept, refused, skipped
	Alias  *string `json:"alias"`
	Error  *string `json:"error"` // why it was refused or skipped
	// RenamedFrom is the alias that the org had before --alias gave it another.
	RenamedFrom *string `json:"renamed_from,omitempty"`
	// Of a login of the Salesforce CLI, and of what an import would do.
	Username *string `json:"username,omitempty"`
	Shared   *string `json:"shared,omitempty"` // locked, read-only
	Note     *string `json:"note,omitempty"`
}

// carryOut shows the plan, asks where something is to be asked, and saves.
func (o *importing) carryOut(ctx context.Context, k *opened, plan []planned, orgs int) error {
	if err := o.agree(ctx, plan); err != nil {
		return err
	}
	if saving(plan) > 0 && k.place.vault != nil {
		var err error
		if ctx, err = o.requireOrMake(ctx, k.place, orgs); err != nil {
			return err
		}
	}
	err := o.saveAll(ctx, k, plan)
	o.holdOn(ctx, k, keeper.RecoverEvery)          // an auth URL was refreshed
	o.backUp(context.WithoutCancel(ctx), k).Wait() // the new orgs are in the copy too
	return err
}

// counted is how many logins of a plan are of a kind.
func counted(plan []planned, is func(*planned) bool) int {
	n := 0
	for i := range plan {
		if is(&plan[i]) {
			n++
		}
	}
	return n
}

func saving(plan []planned) int { return counted(plan, (*planned).saves) }

// agree shows the plan. Where it changes orgs that are saved already, or saves
// several that nobody named, it asks, once for all; without a terminal --yes has
// to have said so.
func (o *importing) agree(ctx context.Context, plan []planned) error {
	if slices.ContainsFunc(plan, func(p planned) bool { return p.err == nil }) {
		if err := o.writePlan(o.Err, plan); err != nil {
			return err
		}
	}
	if o.fromSF {
		o.sayShared(plan)
	}
	what := o.asks(plan)
	if o.yes || what == "" {
		return nil
	}
	if !o.someoneThere() {
		return cannot("without a terminal nobody can be asked; --yes says to %s, --dry-run only tells the plan; nothing was saved", what)
	}
	answer, err := o.ask(ctx, strings.ToUpper(what[:1])+what[1:]+"? Type yes:")
	if err != nil {
		return err
	}
	if !strings.EqualFold(answer, "yes") {
		return cannot("that is not yes; nothing was saved")
	}
	return nil
}

// asks says what a person is asked about: empty where a plan asks for nothing.
func (o *importing) asks(plan []planned) string {
	n, old, perhaps := counted(plan, (*planned).saves), counted(plan, (*planned).changes), counted(plan, (*planned).mayChange)
	fresh := n - old - perhaps
	if old+perhaps == 0 && (n < 2 || !o.fromSF) {
		return ""
	}
	var parts []string
	switch {
	case fresh > 0 && old+perhaps == 0:
		return fmt.Sprintf("save %d orgs", n)
	case fresh > 0:
		parts = append(parts, fmt.Sprintf("save %d new %s", fresh, word(fresh, "org")))
	}
	if old > 0 {
		parts = append(parts, fmt.Sprintf("change %d saved %s", old, word(old, "org")))
	}
	if perhaps > 0 {
		parts = append(parts, fmt.Sprintf("refresh %d %s that may be of saved orgs", perhaps, word(perhaps, "login")))
	}
	return strings.Join(parts, " and ")
}

// word is a word for n things.
func word(n int, one string) string {
	if n == 1 {
		return one
	}
	return one + "s"
}

// saveAll saves the logins of a plan one by one. One that cannot be saved leaves
// the others alone; a keychain or ledger that cannot be used ends the run.
func (o *importing) saveAll(ctx context.Context, k *opened, plan []planned) error {
	results := make([]imported, 0, len(plan))
	code := exitWell
	for i := range plan {
		if ctx.Err() != nil {
			o.say("orgkeep: %v", errStopped)
			code = exitFailed
			break
		}
		result, err := o.saveOne(ctx, k, &plan[i])
		results = append(results, result)
		if err == nil {
			continue
		}
		if plan[i].err == nil || !plan[i].said {
			o.say("orgkeep: %s: %s", plan[i].from(), strings.TrimPrefix(oneLine(err), plan[i].from()+": "))
		}
		if code = codeOf(err); code == exitUnusable {
			break
		}
	}
	if err := o.document(results); err != nil {
		return err
	}
	return ended(code)
}

func (o *importing) saveOne(ctx context.Context, k *opened, p *planned) (imported, error) {
	result := p.result()
	if p.err != nil || p.action == resultSkipped {
		return result, p.err
	}
	refused := func(err error) (imported, error) {
		result.Result, result.Error, result.RenamedFrom = resultRefused, known(oneLine(err)), nil
		return result, err
	}
	add := o.adder(k, p.isURL)
	if p.isSF {
		add = sharing(k.Keeper, add, p.org.Shared)
	}
	org, added, err := o.save(ctx, add, p.org, p.secrets)
	switch {
	case keeper.OfMirrorOnly(err) && p.mirror == "":
		o.say("orgkeep: %s", oneLine(err))
	case err != nil && !keeper.OfMirrorOnly(err):
		return refused(err)
	}
	if p.mirror != "" {
		if _, err := k.SetMirror(context.WithoutCancel(ctx), org, p.mirror); err != nil {
			return refused(err)
		}
	}
	if added == keeper.AddedUnchanged && p.known.Key == org.Key && (p.isSF && p.reshared() || p.remirrored()) {
		added = keeper.AddedUpdated
	}
	if p.isURL {
		result.Shared = known(string(org.Shared.Mode))
		if p.unshared(org) {
			result.Note = known(strings.Join(append(p.notes, unsharedText), "; "))
		}
	}
	if p.known.Key != org.Key || org.Alias == p.known.Alias {
		result.RenamedFrom = nil
	}
	result.Result, result.Alias = string(added), known(org.Alias)
	if p.org.Alias != "" && org.Alias != p.org.Alias {
		o.say("orgkeep: this login is saved already as %s, and is called so still; orgkeep rename %s %s renames it", org.Alias, org.Alias, p.org.Alias)
	}
	if o.asJSON {
		return result, nil
	}
	return result, o.print(o.savedLine(k, p, org, added, result.RenamedFrom))
}

// savedLine says what came of a login.
func (o *importing) savedLine(k *opened, p *planned, org tokens.Org, added keeper.Added, renamedFrom *string) string {
	line := fmt.Sprintf("%s: %s", org.Alias, added)
	if renamedFrom != nil {
		line += ", renamed from " + *renamedFrom
	}
	if p.isSF {
		return line + ", " + sharedText(org.Shared)
	}
	switch {
	case p.unshared(org):
		line += ", " + unsharedText
	case p.isURL && org.Shared.Mode != tokens.SharedNot:
		line += ", " + sharedText(org.Shared)
	}
	age := "unknown"
	if c := org.Clocks(o.Clock.Now(), k.Limits()); c.AgeKnown {
		age = tokens.FormatSpan(c.Age)
	}
	done := "saved in " + k.place.name()
	switch {
	case added == keeper.AddedKept:
		done = fmt.Sprintf("the tokens in %s %s", k.place.name(), p.keptWhy())
	case added == keeper.AddedUnchanged, added == keeper.AddedUpdated && p.same:
		done = fmt.Sprintf("the tokens in %s are the same", k.place.name())
	}
	return fmt.Sprintf("%s, %s, age %s, %s", line, org.Type.Label(), age, done)
}

// unsharedText says that an org's tokens are orgkeep's alone from now on, and what
// became of the Salesforce CLI's.
const unsharedText = "not shared with the Salesforce CLI any more, whose own copy is another one"

// unshared reports whether the refresh of an auth URL has ended an org's sharing.
func (p *planned) unshared(org tokens.Org) bool {
	return p.isURL && org.Shared.Mode == tokens.SharedNot && slices.Contains(p.sharing, org.Key)
}

// document prints the results where they are wanted as JSON.
func (o *importing) document(results []imported) error {
	if !o.asJSON {
		return nil
	}
	return writeJSON(o.Out, struct {
		Version int        `json:"version"`
		DryRun  bool       `json:"dry_run,omitempty"`
		Results []imported `json:"results"`
	}{documentVersion, o.dryRun, results})
}

// refuseAll ends an import of files of which none can be used. Nothing was asked
// or opened for it.
func (o *importing) refuseAll(files []tokenFile) error {
	results := make([]imported, len(files))
	var last error
	for i, file := range files {
		o.say("orgkeep: %s", oneLine(file.err))
		results[i] = imported{File: file.name, Result: resultRefused, Error: known(oneLine(file.err))}
		last = errors.Join(last, file.err)
	}
	if err := o.document(results); err != nil {
		return err
	}
	return ended(codeOf(last))
}
