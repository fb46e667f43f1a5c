package ui

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
)

// editActions change what is saved of orgs, or hand it out.
func editActions() []action {
	return []action{
		{
			keys: []string{"e"}, name: "hand out", group: groupOrgs, onOrg: true, off: emptyOff,
			about: "Hand the org to another program: its access token or variables on the clipboard, a token file, an auth URL for the Salesforce CLI, a token file that is kept in step; or look at the refresh as a curl command and at the last answer, and copy them.",
			run:   (*model).handOut,
		},
		{
			keys: []string{"x"}, name: "forget", group: groupOrgs, onOrg: true, off: forgetOff,
			about: "Delete the tokens and the history of the org, or of the marked ones, here; or end them at Salesforce first. An org that is production or may be asks for its alias.",
			run:   (*model).askForget,
		},
		{
			keys: []string{"n"}, name: "rename", group: groupOrgs, onOrg: true, off: emptyOff,
			about: "Give the org under the cursor another alias. Its tokens, tags and history stay.",
			run:   (*model).askRename,
		},
		{
			keys: []string{"T"}, name: "tags", group: groupOrgs, onOrg: true, off: favouriteOff,
			about: "Give the org, or the marked ones, tags or take them away, as +acme -old.",
			run:   (*model).askTags,
		},
	}
}

// textDialog asks for a line of text.
func textDialog(title, prompt, value, action string, text []string, submit func(*model, string) tea.Cmd) *dialog {
	in := textinput.New()
	in.Prompt = prompt
	in.SetVirtualCursor(false)
	in.SetValue(value)
	return &dialog{title: title, text: text, input: in, action: action, submit: submit}
}

// renamedMsg says what an org is called now.
type renamedMsg struct {
	before, org tokens.Org
	alias       string // that was asked for
	err         error
}

func rename(ctx context.Context, k Keeper, org tokens.Org, alias string) tea.Cmd {
	return func() tea.Msg {
		renamed, err := k.Rename(ctx, org, alias)
		return renamedMsg{before: org, org: renamed, alias: alias, err: err}
	}
}

func (m *model) askRename() tea.Cmd {
	org, _ := m.list.current()
	return m.ask(renameDialog(org, m.seen(org).Alias))
}

// renameDialog asks for the alias of an org; typed is what stands there.
func renameDialog(org tokens.Org, typed string) *dialog {
	d := textDialog("Rename "+org.Alias, "alias: ", typed, "rename", []string{
		"The alias is what lists, filters and commands call the org. Its tokens, tags and history stay.",
	}, func(m *model, text string) tea.Cmd {
		alias := strings.TrimSpace(text)
		if alias == "" || alias == m.seen(org).Alias {
			m.note = nothingChanged
			return nil
		}
		return rename(m.ctx, m.keeper, org, alias)
	})
	d.refuse = func(m *model, text string) string { return m.refuseAlias(org, strings.TrimSpace(text)) }
	return d
}

// refuseAlias says why an org cannot have an alias, as far as the screen knows.
func (m *model) refuseAlias(org tokens.Org, alias string) string {
	if alias == "" || alias == m.seen(org).Alias {
		return ""
	}
	if err := tokens.CheckAlias(alias); err != nil {
		return sentence(err.Error())
	}
	if slices.ContainsFunc(m.list.orgs, func(o tokens.Org) bool { return o.Alias == alias && o.Key != org.Key }) {
		return aliasTaken(alias)
	}
	return ""
}

func aliasTaken(alias string) string { return tokens.Clean(alias) + " is another org's alias." }

// renamed says what the org is called now. Where it could not be done, it is asked
// for once more, with what was typed.
func (m *model) renamed(msg renamedMsg) tea.Cmd {
	if msg.err != nil {
		again := renameDialog(msg.before, msg.alias)
		again.told = sentence(msg.err.Error())
		if errors.Is(msg.err, keeper.ErrAliasTaken) {
			again.told = aliasTaken(msg.alias)
		}
		return m.openByItself(again)
	}
	if i, known := m.list.byKey[msg.org.Key]; known {
		org := m.list.orgs[i] // a refresh may have changed the rest since
		org.Alias = msg.org.Alias
		m.list.replace(org)
		m.list.sort(m.now, m.limits)
	}
	m.note = msg.before.Alias + " is called " + msg.org.Alias + " now."
	if m.private.on {
		m.note = "The org has another alias now."
	}
	return nil
}

// retaggedMsg says which tags orgs have now.
type retaggedMsg struct {
	orgs []tokens.Org
	err  error
}

func retag(ctx context.Context, k Keeper, orgs []tokens.Org, change tokens.TagChange) tea.Cmd {
	return func() tea.Msg {
		changed, err := k.Retag(ctx, orgs, change)
		return retaggedMsg{orgs: changed, err: err}
	}
}

func (m *model) askTags() tea.Cmd {
	orgs := m.chosen()
	d := textDialog("Tags of "+whose(orgs), "+tag -tag: ", "", "change the tags", []string{
		m.tagsText(orgs), "A hyphen before a tag takes it away; a plus, or nothing, gives it. The first tag of an org is its group.",
	}, func(m *model, text string) tea.Cmd {
		change, err := readTags(text)
		if err != nil || len(change.Add)+len(change.Remove) == 0 {
			m.note = nothingChanged
			return nil
		}
		return retag(m.ctx, m.keeper, orgs, change)
	})
	d.refuse = func(_ *model, text string) string {
		if _, err := readTags(text); err != nil {
			return sentence(err.Error())
		}
		return ""
	}
	return m.ask(d)
}

// readTags reads what was typed for tags. Errors wrap tokens.ErrTag.
func readTags(text string) (tokens.TagChange, error) {
	words := strings.Fields(text)
	for i, word := range words {
		if !strings.HasPrefix(word, "-") && !strings.HasPrefix(word, "+") {
			words[i] = "+" + word
		}
	}
	return tokens.ParseTagChange(words) //nolint:wrapcheck // it says all that there is to say
}

// tagsText says which tags the orgs have, each once.
func (m *model) tagsText(orgs []tokens.Org) string {
	var all tokens.TagChange
	for _, org := range orgs {
		all.Add = append(all.Add, m.seen(org).Tags...)
	}
	if tags := all.Of(nil); len(tags) > 0 {
		return "Now: " + strings.Join(tags, " ")
	}
	return "Now: no tags"
}

func (m *model) retagged(msg retaggedMsg) {
	if msg.err != nil {
		m.note, m.noteBad = msg.err.Error()+".", true
		return
	}
	for _, changed := range msg.orgs {
		if i, known := m.list.byKey[changed.Key]; known {
			org := m.list.orgs[i]
			org.Tags = changed.Tags
			m.list.replace(org)
		}
	}
	m.list.sort(m.now, m.limits)
	m.note = "The tags of " + whose(msg.orgs) + " are changed."
}

// whose names an org, or says how many there are.
func whose(orgs []tokens.Org) string {
	if len(orgs) == 1 {
		return orgs[0].Alias
	}
	return fmt.Sprintf("%d orgs", len(orgs))
}
