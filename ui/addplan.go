package ui

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
)

// planDialog says what would be saved.
func (m *model) planDialog(in Import, a Arrival) *dialog {
	org := a.Org
	if org.Alias == "" {
		org.Alias = tokens.AliasFromURL(org.InstanceURL)
	}
	user := org.Username
	if user == "" {
		user = org.UserID
	}
	host := strings.TrimPrefix(org.InstanceURL, "https://")
	text := []string{fmt.Sprintf("It is the login of %s to org %s, %s, at %s.", user, org.OrgID, org.Type, host)}
	switch c := org.Clocks(m.now, m.limits); {
	case org.Key.Unknown():
		text = []string{"It is a login at " + host + ". An auth URL does not tell whose; once saved it is refreshed, which tells."}
	case c.IssuedAhead:
		text = append(text, "Its issued_at lies in the future, so nothing tells how old its access token is.")
	case c.AgeKnown:
		text = append(text, "Its access token is "+strings.TrimSpace(tokens.FormatSpan(c.Age))+" old.")
	default:
		text = append(text, "Nothing tells how old its access token is.")
	}
	if !org.HasRefreshToken {
		text = append(text, "It has no refresh token: it can be kept and shown, and not refreshed.")
	}
	kept, title := foreseenText(a, org.Alias), "Add "+org.Alias
	if known := a.Foreseen.Known; known.Key != "" {
		title = "Change " + known.Alias
	}
	if in.Path != "" {
		kept += " The file stays as it is."
	}
	return &dialog{
		title: title, text: append(text, kept),
		choices: []choice{{key: "y", label: "save its tokens in " + m.storeWords(), run: func(m *model) tea.Cmd {
			m.adding.busy, m.adding.told = addSaving, "Saving ..."
			return saveImport(m.ctx, a)
		}}},
	}
}

// foreseenText says what becomes of a login that may be saved already; alias is
// what it is called if not.
func foreseenText(a Arrival, alias string) string {
	known := a.Foreseen.Known
	switch may := a.Foreseen.MayBe; {
	case known.Key != "":
	case len(may) == 1:
		return "It is new, or another login of a saved org of this host. If new, it will be called " + alias + "."
	case len(may) > 1:
		return fmt.Sprintf("It is new, or another login of one of the %d saved orgs of this host. If new, it will be called %s.", len(may), alias)
	default:
		return "It is new, and will be called " + alias + "."
	}
	text := "It is saved already, as " + known.Alias + ". "
	switch {
	case a.Foreseen.Unread != nil:
		text += "Of the two tokens the newer one is kept."
	case a.Foreseen.FromCLI:
		text += "The Salesforce CLI has refreshed it since: its tokens take the place of the saved ones."
	case a.Foreseen.Same:
		text += "The tokens are the same."
	case a.Foreseen.Added == keeper.AddedKept:
		text += "The saved tokens are newer and stay."
	default:
		text += "These tokens take the place of the saved ones."
	}
	if a.Org.Alias != "" && a.Org.Alias != known.Alias {
		text += " It will be renamed from " + known.Alias + " to " + a.Org.Alias + "."
	}
	return text
}
