package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"orgkeep/tokens"
	"orgkeep/ui/theme"
)

// first is the state of a screen that may have nothing to show yet.
type first struct {
	intake  Intake // nil where nothing can be added, as in the demo
	probed  bool   // the keychain has answered once
	asked   bool   // a key has asked for the probe that is under way
	trouble Trouble
	making  bool // the vault is being made
}

// guided reports whether nothing is saved, so that the screen shows what there
// is to do instead of a list.
func (m *model) guided() bool { return len(m.list.orgs) == 0 }

// meant is the action of a key. While nothing is saved some keys have another.
func (m *model) meant(key string) (action, bool) {
	if other := map[string]string{"i": "A", "r": "K"}[key]; other != "" && m.guided() {
		key = other
	}
	return actionFor(key)
}

// firstActions are those that bring the first org, or the place for it.
func firstActions() []action {
	return []action{
		{
			keys: []string{"A"}, name: "add an org", group: groupApp,
			about: "Add an org from a token file, or from its JSON that you paste; i does it too while no org is saved.",
			off:   addOff,
			run:   (*model).openAdd,
		},
		{
			keys: []string{"d"}, name: "demo", group: groupApp,
			about: "While no org is saved: show the program with made-up orgs, and come back here.",
			off:   demoOff,
			run:   func(m *model) tea.Cmd { m.ending.Next = NextDemo; return tea.Quit },
		},
		{
			keys: []string{"E"}, name: "make a vault", group: groupApp,
			about: "While no org is saved: make an encrypted vault for the tokens, which a passphrase opens, instead of this machine's keychain.",
			off:   vaultOff,
			run:   (*model).askVault,
		},
		{
			keys: []string{"K"}, name: "try the keychain", group: groupApp,
			about: "See whether the keychain or the vault can be used now; r does it too while no org is saved. Nothing is asked of it.",
			off:   probeOff,
			run: func(m *model) tea.Cmd {
				m.first.asked = true
				m.note = "Looking at " + m.storeWords() + "."
				return probeStore(m.ctx, m.keeper)
			},
		},
	}
}

func addOff(m *model) string {
	if m.first.intake == nil {
		return "the demo saves nothing"
	}
	return noPlaceOff(m)
}

// noPlaceOff is for what needs a place for tokens where there may be none yet.
func noPlaceOff(m *model) string {
	switch {
	case m.first.making:
		return vaultBeingMade
	case m.first.trouble.None && m.guided():
		return "there is no place for the tokens; E makes a vault"
	}
	return ""
}

func demoOff(m *model) string {
	switch {
	case m.first.intake == nil:
		return "this is the demo"
	case m.first.making:
		return vaultBeingMade
	case !m.guided():
		return "orgs are saved; orgkeep demo shows it"
	}
	return ""
}

func probeOff(m *model) string {
	switch {
	case m.first.making:
		return vaultBeingMade
	case m.storeProblem == nil:
		return m.storeWords() + " can be used"
	case m.first.trouble.NoVault && m.guided():
		return "there is no vault yet; E makes one"
	}
	return ""
}

// storeProbed takes what the keychain has said of itself.
func (m *model) storeProbed(err error) {
	f := &m.first
	asked := f.asked
	f.probed, f.asked, f.trouble, m.storeProblem = true, false, Trouble{}, err
	switch {
	case err == nil && asked:
		m.note, m.noteBad = m.storeStart()+" can be used.", false
		return
	case err == nil:
		return
	case f.intake != nil:
		f.trouble = f.intake.Trouble(err)
	default:
		f.trouble = Trouble{What: tokens.Clean(err.Error())}
	}
	switch {
	case m.guided() && asked:
		m.note, m.noteBad = m.storeStart()+" still cannot be used.", true
	case !m.guided() && (m.note == "" || asked):
		m.note, m.noteBad = err.Error()+".", true
	}
}

// lead is one key of the guide.
type lead struct{ key, name, about string }

// leads are the keys that lead on, in the order of the guide: what the table has
// of them and is not off.
func (m *model) leads() []lead {
	all := []lead{
		{key: "E", about: "encrypted, opened by a passphrase"},
		{key: "r", about: "when it is unlocked or started"},
		{key: "l", about: "with the browser"},
		{key: "i", about: "from a token file or pasted JSON"},
		{key: "d", about: "made-up orgs; nothing is saved"},
	}
	var ways []lead
	for _, w := range all {
		a, known := m.meant(w.key)
		if !known || a.why(m) != "" || w.key == "E" && !m.first.trouble.None {
			continue
		}
		w.name = a.name
		if w.key == "r" && m.keeper.StoreName() == vault {
			w.name, w.about = "try the vault", "when its folder can be read"
		}
		ways = append(ways, w)
	}
	return ways
}

// guideText is the guide's lines, and for each line the key that it names: as
// much as there is room for.
func (m *model) guideText(r rect) (lines, keys []string) {
	for leave := leaveNothing; ; leave++ {
		g := &guide{m: m, w: min(r.inner(), boxMost), leave: leave}
		g.write()
		if len(g.lines) <= r.rows() || leave == leaveRemedy {
			return g.lines, g.keys
		}
	}
}

// What the guide leaves out in a low window, the least needed first.
const (
	leaveNothing = iota
	leaveTitle
	leaveBlanks
	leaveIntroduction // but for one line, and not the blank lines
	leaveBoth
	leaveRemedy
)

// guide collects the lines of the guide.
type guide struct {
	m           *model
	w           int
	leave       int
	lines, keys []string
}

func (g *guide) add(style theme.Paint, text string) {
	for _, line := range wrap(text, g.w) {
		g.lines, g.keys = append(g.lines, style.Render(line)), append(g.keys, "")
	}
}

func (g *guide) blank() {
	if g.leave < leaveBlanks || g.leave == leaveIntroduction {
		g.lines, g.keys = append(g.lines, ""), append(g.keys, "")
	}
}

func (g *guide) write() {
	const none = "No orgs yet."
	t, begin := g.m.theme, none+" "
	if g.leave < leaveTitle {
		g.blank()
		g.add(t.Strong, none)
		g.blank()
		begin = ""
	}
	switch {
	case g.leave == leaveIntroduction, g.leave == leaveBoth:
		g.add(t.Text, begin+"orgkeep keeps the OAuth tokens of your Salesforce orgs.")
	case g.leave < leaveIntroduction:
		g.add(t.Text, begin+"orgkeep keeps the OAuth tokens of your Salesforce orgs in this machine's keychain or in an encrypted vault, shows how old they are, and refreshes them. Add your first org, or look at the demo.")
		g.blank()
	}
	g.place()
	g.blank()
	for _, one := range g.m.leads() {
		line := t.Accent.Render(fit(one.key, 3)) + t.Strong.Render(fit(one.name, guideName)) + t.Muted.Render(one.about)
		g.lines, g.keys = append(g.lines, cut(line, g.w)), append(g.keys, one.key)
	}
}

const guideName = 18 // the column of the names of the keys

// place says where the tokens will rest, or why they cannot.
func (g *guide) place() {
	m, t, trouble := g.m, g.m.theme, g.m.first.trouble
	switch {
	case m.first.making:
		g.add(t.Busy, "Making the vault ...")
	case !m.first.probed:
		g.add(t.Muted, "Looking at "+m.storeWords()+" ...")
	case trouble.What == "":
		g.add(t.Muted, "The tokens will rest in "+m.storeWords()+".")
	default:
		what := trouble.What + "."
		if g.leave == leaveRemedy {
			what = cut(what, 4*g.w) // the keys below it have to be seen
		}
		g.add(t.Failed, t.Glyphs.Failed+" "+what)
		if g.leave < leaveRemedy {
			g.add(t.Text, sentence(trouble.Remedy))
		}
	}
}

// sentence gives words a capital letter and an end.
func sentence(words string) string {
	words = strings.TrimRight(words, ".")
	if words == "" {
		return ""
	}
	return strings.ToUpper(words[:1]) + words[1:] + "."
}

// guideBox is what stands in place of the list while nothing is saved.
func (m *model) guideBox(r rect) []string {
	lines, _ := m.guideText(r)
	return box{theme: m.theme, border: m.theme.Faint, title: m.theme.Strong.Render("Welcome")}.draw(lines, r)
}

// guideZones are the keys of the guide: a click presses one.
func (m *model) guideZones(l layout) []zone {
	var zones []zone
	_, keys := m.guideText(l.over)
	for i, key := range keys {
		if key != "" && i < l.over.rows() {
			zones = append(zones, zone{at: rect{l.over.x + 2, l.over.y + 1 + i, l.over.inner(), 1}, click: pressing(key)})
		}
	}
	return zones
}
