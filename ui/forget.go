package ui

import (
	"context"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"orgkeep/tokens"
)

// removal is the orgs that are being forgotten, one after the other.
type removal struct {
	queue  []tokens.Org
	revoke bool
	busy   bool // one is under way
	asked  int  // how many were to be forgotten
	done   int
	failed []forgottenMsg
}

// forgottenMsg says how forgetting one org ended.
type forgottenMsg struct {
	org tokens.Org
	err error
}

func forget(ctx context.Context, k Keeper, org tokens.Org, revoke bool) tea.Cmd {
	return func() tea.Msg {
		if revoke {
			return forgottenMsg{org: org, err: k.RevokeAndForget(ctx, org)}
		}
		return forgottenMsg{org: org, err: k.Forget(ctx, org)}
	}
}

func forgetOff(m *model) string {
	if m.removal.busy {
		return "orgs are being forgotten already"
	}
	for org := range m.eachChosen() {
		if m.live[org.Key] != nil {
			return org.Alias + " is being refreshed"
		}
	}
	return favouriteOff(m)
}

// askForget asks how the chosen orgs are to be forgotten.
func (m *model) askForget() tea.Cmd {
	orgs := m.chosen()
	who := whose(orgs)
	return m.ask(&dialog{
		title: "Forget " + who,
		text: append([]string{
			"This deletes the tokens of " + aliases(orgs) + " from " + m.keeper.StoreName() + ", and the history. It cannot be taken back: to have an org here again, it has to be imported or signed in again.",
			"The tokens stay valid at Salesforce for who has a copy of them, unless they are revoked first. Where Salesforce does not confirm that, nothing of the org is deleted.",
		}, m.leftovers(orgs)...),
		choices: []choice{
			{key: "f", label: "forget here only", run: func(m *model) tea.Cmd { return m.sureToForget(orgs, false) }},
			{key: "r", label: "revoke at Salesforce, then forget", run: func(m *model) tea.Cmd { return m.sureToForget(orgs, true) }},
		},
	})
}

// leftovers says what of the orgs is not orgkeep's to forget, a paragraph each.
func (m *model) leftovers(orgs []tokens.Org) []string {
	var shared, mirrors []string
	for _, org := range orgs {
		if org.Shared.Mode != tokens.SharedNot {
			shared = append(shared, m.seen(org).Alias)
		}
		if org.Mirror != "" {
			mirrors = append(mirrors, m.seen(org).Alias)
		}
	}
	var said []string
	if len(shared) > 0 {
		said = append(said, "The Salesforce CLI has the same login of "+nameSome(shared)+": to revoke it ends it there too; to forget it here leaves it there.")
	}
	if len(mirrors) > 0 {
		said = append(said, "The token file of "+nameSome(mirrors)+" stays on the disk, with the tokens in it.")
	}
	return said
}

// sureToForget has the alias of an org typed that is production or may be, as the
// command does; else the choice is enough.
func (m *model) sureToForget(orgs []tokens.Org, revoke bool) tea.Cmd {
	start := func(m *model) tea.Cmd { return m.startForgetting(orgs, revoke) }
	if len(maybeProduction(orgs)) == 0 {
		return start(m)
	}
	doing := "Forget"
	if revoke {
		doing = "Revoke and forget"
	}
	return m.ask(confirmTyped(doing+" "+whose(orgs), strings.ToLower(doing), orgs, []string{"It cannot be taken back."}, start))
}

func (m *model) startForgetting(orgs []tokens.Org, revoke bool) tea.Cmd {
	m.removal = removal{queue: orgs, revoke: revoke, asked: len(orgs)}
	return m.forgetNext()
}

// forgetNext goes on with the next org, or sums up after the last.
func (m *model) forgetNext() tea.Cmd {
	r := &m.removal
	if len(r.queue) == 0 {
		r.busy = false
		return m.sumUpForgetting()
	}
	org := r.queue[0]
	r.queue, r.busy = r.queue[1:], true
	m.note, m.noteBad = fmt.Sprintf("Forgetting %s, %d of %d.", org.Alias, r.done+len(r.failed)+1, r.asked), false
	return forget(m.ctx, m.keeper, org, r.revoke)
}

func (m *model) forgotten(msg forgottenMsg) tea.Cmd {
	r := &m.removal
	if msg.err != nil {
		r.failed = append(r.failed, msg)
	} else {
		r.done++
		m.dropOrg(msg.org.Key)
	}
	return m.forgetNext()
}

// dropOrg takes an org off the screen.
func (m *model) dropOrg(key tokens.Key) {
	if m.overlay == overlayDetail && m.list.cursorKey() == key {
		m.overlay = overlayNone
	}
	left := slices.DeleteFunc(slices.Clone(m.list.orgs), func(org tokens.Org) bool { return org.Key == key })
	m.list.set(left, m.now, m.limits)
	delete(m.past, key)
	delete(m.tabs, key)
	delete(m.asked, key)
}

// sumUpForgetting says how many are gone, and of each of the others why not.
func (m *model) sumUpForgetting() tea.Cmd {
	r := &m.removal
	word := "forgotten; the tokens were not revoked"
	if r.revoke {
		word = "revoked and forgotten"
	}
	rest := r.asked - r.done - len(r.failed)
	text := fmt.Sprintf("%d of %d %s.", r.done, r.asked, word)
	if rest > 0 {
		text += fmt.Sprintf(" %d left alone.", rest)
	}
	m.note, m.noteBad = text, len(r.failed) > 0
	if len(r.failed) == 0 {
		return nil
	}
	lines := []string{text}
	for _, f := range r.failed {
		lines = append(lines, f.err.Error()+".")
	}
	return m.openByItself(&dialog{title: fmt.Sprintf("%d not forgotten", len(r.failed)), text: lines})
}
