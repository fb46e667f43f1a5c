package ui

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
	"orgkeep/ui/theme"
)

// looking is what the latest online look has told so far.
type looking struct {
	asked   int        // counts the looks, so that a late finding is known as such
	key     tokens.Key // of the org; empty when there was no look
	running bool
	found   []keeper.Finding
	cancel  context.CancelFunc
}

// lookOnline asks the org under the cursor what it knows of the login. A look that
// still runs is ended: what it has not asked yet is not asked.
func (m *model) lookOnline() tea.Cmd {
	org, _ := m.list.current()
	if m.looking.cancel != nil {
		m.looking.cancel()
	}
	ctx, cancel := context.WithCancel(m.ctx)
	m.looking = looking{asked: m.looking.asked + 1, key: org.Key, running: true, cancel: cancel}
	return tea.Batch(m.chooseTab(tabToken), inspectOrg(ctx, m.keeper, org, m.looking.asked))
}

// inspectOrg begins an online look.
func inspectOrg(ctx context.Context, k Keeper, org tokens.Org, asked int) tea.Cmd {
	return func() tea.Msg { return nextFinding(asked, k.Inspect(ctx, org)) }
}

func nextFinding(asked int, found <-chan keeper.Finding) foundMsg {
	finding, more := <-found
	return foundMsg{asked: asked, finding: finding, more: found, ended: !more}
}

// foundOnline takes a finding, and what it told of the org for the list.
func (m *model) foundOnline(msg foundMsg) tea.Cmd {
	l := &m.looking
	if msg.asked != l.asked {
		return nil
	}
	if msg.ended {
		l.running = false
		l.cancel()
		return nil
	}
	l.found = append(l.found, msg.finding)
	m.takeTold(msg.finding.Org)
	return func() tea.Msg { return nextFinding(msg.asked, msg.more) }
}

// takeTold puts into the list what a look has told, unless the tokens have been
// replaced meanwhile.
func (m *model) takeTold(told tokens.Org) {
	i, known := m.list.byKey[told.Key]
	if !known || m.list.orgs[i].Generation != told.Generation {
		return
	}
	org := m.list.orgs[i]
	org.Username, org.ExpiresAt, org.ExpirySource = told.Username, told.ExpiresAt, told.ExpirySource
	m.list.replace(org)
}

// online shows the findings of the look at an org, each with its request and what
// it cost.
func (d *page) online(org tokens.Org) {
	l := &d.m.looking
	if l.key != org.Key {
		return
	}
	d.heading("Asked online")
	for i := range l.found {
		d.finding(&l.found[i])
	}
	if l.running {
		d.text(d.m.theme.Busy.Render("Asking …"))
	}
}

func (d *page) finding(f *keeper.Finding) {
	t := d.m.theme
	switch {
	case f.Skipped != "":
		d.text(t.Faint.Render(t.Glyphs.Waiting + " " + string(f.Part)))
		d.under(t.Faint, d.m.veil(f.Skipped))
		return
	case f.Failure != nil || f.Ended:
		d.text(t.Failed.Render(t.Glyphs.Failed + " " + string(f.Part)))
	default:
		d.text(t.Fresh.Render(t.Glyphs.Fresh + " " + string(f.Part)))
	}
	if f.Request != "" {
		d.under(t.Faint, f.Request)
		d.under(t.Faint, tokens.FormatTook(f.Took)+", "+callsWord(f.Calls))
	}
	if f.Failure != nil {
		d.under(t.Failed, d.m.veil(f.Failure.Error()))
		d.under(t.Text, d.m.veil(d.m.keeper.Explain(f.Failure).Meaning))
	}
	if f.Ended {
		d.under(t.Failed, "This answer shows that the access token has ended.")
	}
	for _, fact := range f.Facts {
		d.field(cut(strings.ReplaceAll(fact.Name, "_", " "), labelWidth-1), d.m.veil(fact.Text))
	}
	d.limits(f)
}

// under adds wrapped lines below a line of text, four cells in.
func (d *page) under(paint theme.Paint, text string) {
	for _, line := range wrap(text, d.w-4) {
		d.add("    " + paint.Render(line))
	}
}

func callsWord(calls int) string {
	switch calls {
	case keeper.CallsUnknown:
		return "not said whether it is an API call"
	case 1:
		return "1 API call"
	}
	return fmt.Sprintf("%d API calls", calls)
}

// limitsMost is how many limits are shown: those that are used the most.
const limitsMost = 5

func (d *page) limits(f *keeper.Finding) {
	const w = 12
	g := d.m.theme.Glyphs
	for _, l := range mostUsed(f.Limits) {
		full := min(w, int(l.Used()*w+0.5))
		bar := strings.Repeat(g.Life, full) + d.m.theme.Faint.Render(strings.Repeat(g.LifeSpent, w-full))
		d.add(cut("  "+bar+fmt.Sprintf(" %3.0f%% ", 100*l.Used())+tokens.Clean(l.Name), d.w))
	}
}

// mostUsed are the limits that are shown.
func mostUsed(all []keeper.Limit) []keeper.Limit {
	limits := slices.Clone(all)
	slices.SortStableFunc(limits, func(a, b keeper.Limit) int { return cmp.Compare(b.Used(), a.Used()) })
	return limits[:min(limitsMost, len(limits))]
}

// anatomy is what the tokens tell of themselves.
func (d *page) anatomy(a tokens.Anatomy) {
	if len(a.Missing) > 0 {
		d.heading("Scopes that are missing")
		for _, lack := range a.Missing {
			d.add("  " + d.m.theme.Strong.Render(cut(lack.Scope, d.w-2)))
			for _, line := range wrap(lack.Means, d.w-4) {
				d.add("    " + line)
			}
		}
	}
	d.heading("What the tokens tell")
	if a.Access.OrgID != "" {
		d.field("of org", d.m.veil(a.Access.OrgID))
	}
	d.field("alphabet", a.Access.Alphabet)
	if a.Identity.Problem != "" {
		d.field("identity", d.m.veil(a.Identity.Problem))
	} else {
		d.field("identity", d.m.veil(cmp.Or(a.Identity.URL, a.Identity.IDs())))
	}
	d.field("host", d.m.veil(a.Host.TypeText()))
	d.field("signature", "of the answer: "+a.Signature.Text())
	d.doubts(a)
	if a.Access.Problem != "" {
		d.field("wrong", a.Access.Problem)
	}
	d.jwt(a.Access.JWT)
}

func (d *page) jwt(j *tokens.JWT) {
	if j == nil {
		return
	}
	for _, part := range []struct {
		name   string
		claims []tokens.Claim
	}{{"JWT header", j.Header}, {"JWT claims", j.Claims}} {
		d.heading(part.name)
		for _, c := range part.claims {
			name, value := c.Short()
			value = d.m.veil(value)
			if !c.At.IsZero() {
				value += " = " + c.At.Format("2006-01-02 15:04:05 MST")
			}
			d.field(cut(name, labelWidth-1), value)
		}
	}
	d.jwtSignature(j)
	for _, problem := range j.Problems {
		d.text(d.m.theme.Failed.Render("wrong: " + problem))
	}
}

// inspectActions are the keys that look into a login.
func inspectActions() []action {
	return []action{
		{
			keys: []string{"i"}, name: "look online", group: groupDetail, onOrg: true, off: emptyOff,
			about: "Ask the org what it knows of the login: the user, its own record, its limits, and when the access token ends. Uses some API calls, no refresh token.",
			run:   (*model).lookOnline,
		},
		{
			keys: []string{"="}, name: "compare", group: groupOrgs, off: compareOff,
			about: "Show two marked orgs side by side; what differs stands out.",
			run:   (*model).compare,
		},
	}
}
