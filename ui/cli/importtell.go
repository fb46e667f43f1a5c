package cli

import (
	"io"
	"strings"

	"orgkeep/tokens"
)

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

// writePlan writes a line for each login, but for those that were refused with a
// line of their own before.
func (o *importing) writePlan(w io.Writer, plan []planned) error {
	fold := o.theme().Glyphs.Fold
	var rows [][]string
	for i := range plan {
		p := &plan[i]
		if p.said {
			continue
		}
		said := p.notes
		if p.why != "" {
			said = append([]string{p.why}, said...)
		}
		alias := p.alias
		if alias == "" && p.saves() {
			alias = "(from its host)"
		}
		kind := ""
		if p.org.Type != "" && (!p.isURL || p.org.Type != tokens.TypeUnknown) {
			kind = p.org.Type.Label()
		}
		rows = append(rows, []string{p.action, fold(alias), kind, fold(p.from()), fold(strings.TrimPrefix(p.org.InstanceURL, "https://")), fold(strings.Join(said, "; "))})
	}
	return writeTable(w, []column{{title: "PLAN"}, {title: "ORG"}, {title: "TYPE"}, {title: "FROM"}, {title: "HOST"}, {title: "NOTE"}}, rows)
}

// reason is why it is skipped or refused, with the name of its file where that has
// one.
func (p *planned) reason() string {
	if p.err != nil {
		return oneLine(p.err)
	}
	return p.why
}

// result is what the JSON says of a login of a plan.
func (p *planned) result() imported {
	return imported{
		File: p.name, Result: p.action, Alias: known(p.alias), RenamedFrom: known(p.renamedFrom()), Error: known(p.reason()),
		Username: known(p.org.Username), Shared: known(string(p.org.Shared.Mode)), Note: known(strings.Join(p.notes, "; ")),
	}
}
