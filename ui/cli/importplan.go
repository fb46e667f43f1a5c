package cli

import (
	"fmt"
	"io"
	"strings"

	"orgkeep/tokens"
)

// planned is what an import is going to do about one login, before it does.
type planned struct {
	name    string // of the file, or of the Salesforce CLI's login
	action  string // new, updated, skipped, refused
	org     tokens.Org
	secrets tokens.Secrets
	why     string // it is skipped or refused
	notes   []string
}

// What an import says of one login, beside keeper.Added.
const (
	resultNew     = "new"
	resultUpdated = "updated"
	resultSkipped = "skipped"
)

func (p planned) saves() bool { return p.action == resultNew || p.action == resultUpdated }

// planFiles is the plan of token files and auth URLs.
func (o *importing) planFiles(files []tokenFile, orgs []tokens.Org) []planned {
	plan := make([]planned, len(files))
	for i, file := range files {
		p := planned{name: file.name, action: resultNew}
		err := file.err
		if err == nil {
			p.org, p.secrets, err = o.orgOf(file.login, o.clientID, o.Clock.Now())
		}
		if err != nil {
			p.action, p.why = resultRefused, oneLine(err)
		} else if known, found := sameLogin(orgs, p.org); found {
			p.action, p.org.Alias = resultUpdated, known.Alias
			p.notes = append(p.notes, "unless the saved tokens are newer")
		}
		if file.login.IsURL && err == nil {
			p.notes = append(p.notes, "needs one refresh to learn whose it is")
		}
		plan[i] = p
	}
	return plan
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

// answerPlan prints a plan as the answer of a dry run.
func (o *importing) answerPlan(plan []planned) error {
	results := make([]imported, len(plan))
	code := exitWell
	for i, p := range plan {
		results[i] = p.result()
		if p.action == resultRefused {
			code = exitFailed
		}
	}
	if err := o.document(results); err != nil {
		return err
	}
	if !o.asJSON {
		if err := o.writePlan(o.Out, plan); err != nil {
			return err
		}
		o.say("Nothing was saved or sent: this was a dry run.")
	}
	return ended(code)
}

// writePlan writes a line for each login.
func (o *importing) writePlan(w io.Writer, plan []planned) error {
	fold := o.theme().Glyphs.Fold
	rows := make([][]string, len(plan))
	for i, p := range plan {
		said := p.notes
		if p.why != "" {
			said = append([]string{p.why}, said...)
		}
		alias := p.org.Alias
		if alias == "" && p.saves() {
			alias = "(from its host)"
		}
		rows[i] = []string{p.action, fold(alias), fold(tokens.Clean(p.name)), fold(strings.TrimPrefix(p.org.InstanceURL, "https://")), fold(strings.Join(said, "; "))}
	}
	return writeTable(w, []column{{title: "PLAN"}, {title: "ORG"}, {title: "FROM"}, {title: "HOST"}, {title: "NOTE"}}, rows)
}

// result is what the JSON says of a login of a plan.
func (p planned) result() imported {
	return imported{
		File: p.name, Result: p.action, Alias: known(p.org.Alias), Error: known(p.why),
		Username: known(p.org.Username), Shared: known(string(p.org.Shared.Mode)), Note: known(strings.Join(p.notes, "; ")),
	}
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
