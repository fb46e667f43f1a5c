package ui

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
)

// adding is the form that adds an org: where the tokens are, and what their file
// does not tell.
type adding struct {
	open   bool
	id     int // of the form; answers to an earlier one mean nothing
	fields []textinput.Model
	at     int // the field that is typed into
	told   string
	bad    bool
	busy   addStep
}

type addStep int

const (
	addIdle addStep = iota
	addReading
	addSaving
)

// The fields of the form.
const (
	addSource = iota
	addClient
	addSecret
	addAlias
)

// addNames are what the form calls its fields.
var addNames = []string{addSource: "file or JSON", addClient: "client id", addSecret: "client secret", addAlias: "alias"}

// addHints stand in the fields that are empty.
var addHints = []string{
	addSource: "(a path, or paste the JSON or URL)", addClient: "(PlatformCLI is the Salesforce CLI's)",
	addSecret: "(empty when the app has none)", addAlias: "(empty for one from the host)",
}

func (m *model) openAdd() tea.Cmd {
	f := &m.adding
	*f = adding{open: true, id: f.id + 1, fields: make([]textinput.Model, len(addNames))}
	for i := range f.fields {
		in := newInput("")
		if i == addSecret {
			in.EchoMode = textinput.EchoPassword
		}
		f.fields[i] = in
	}
	f.fields[addClient].SetValue(m.settings.ClientID)
	return f.goTo(addSource)
}

func (f *adding) goTo(field int) tea.Cmd {
	f.fields[f.at].Blur()
	f.at = (field + len(f.fields)) % len(f.fields)
	return f.fields[f.at].Focus()
}

// addPressed takes a key for the form.
func (m *model) addPressed(key tea.KeyPressMsg) tea.Cmd {
	f := &m.adding
	switch name := key.String(); {
	case f.busy == addSaving:
		m.note = "It is being saved."
		return nil
	case name == "esc", name == "ctrl+c":
		*f = adding{id: f.id + 1}
		m.note = "Nothing was added."
		return nil
	case f.busy == addReading:
		return nil
	case name == "enter":
		return m.readAdd()
	case name == "tab":
		return m.completeAdd()
	case name == "down":
		return f.goTo(f.at + 1)
	case name == "up", name == "shift+tab":
		return f.goTo(f.at - 1)
	}
	return f.typed(key)
}

// typed gives a key or a paste to the field. JSON and auth URLs are not shown: they
// hold tokens.
func (f *adding) typed(msg tea.Msg) tea.Cmd {
	if f.busy != addIdle {
		return nil
	}
	f.told, f.bad = "", false
	in := &f.fields[f.at]
	if paste, is := msg.(tea.PasteMsg); is && f.at == addSource && holdsTokens(paste.Content) {
		in.EchoMode = textinput.EchoPassword // before it is there to be drawn
	}
	var cmd tea.Cmd
	*in, cmd = in.Update(msg)
	if f.at == addSource {
		in.EchoMode = textinput.EchoNormal
		if holdsTokens(in.Value()) {
			in.EchoMode = textinput.EchoPassword
		}
	}
	return cmd
}

// holdsTokens tells JSON and an auth URL from a path.
func holdsTokens(text string) bool {
	text = strings.TrimSpace(text)
	return strings.HasPrefix(text, "{") || strings.HasPrefix(text, "force://")
}

// completeAdd completes the path that is being typed; elsewhere tab goes on to
// the next field.
func (m *model) completeAdd() tea.Cmd {
	f := &m.adding
	text := f.fields[addSource].Value()
	if f.at != addSource || text == "" || holdsTokens(text) {
		return f.goTo(f.at + 1)
	}
	return completePath(m.first.intake, f.id, text)
}

// pathCompleted takes the files that the path can become.
func (m *model) pathCompleted(msg pathCompletedMsg) tea.Cmd {
	f := &m.adding
	if !f.open || msg.asked != f.id || f.at != addSource || f.fields[addSource].Value() != msg.text {
		return nil
	}
	whole := common(msg.paths)
	switch {
	case len(msg.paths) == 0:
		f.told, f.bad = "No file is called that.", true
		return nil
	case whole == msg.text && len(msg.paths) == 1:
		return f.goTo(addSource + 1)
	case len(msg.paths) > 1:
		f.told = fmt.Sprintf("%d files begin so.", len(msg.paths))
	}
	f.fields[addSource].SetValue(whole)
	f.fields[addSource].CursorEnd()
	return nil
}

// common is what all texts begin with.
func common(texts []string) string {
	if len(texts) == 0 {
		return ""
	}
	least, most := []rune(slices.Min(texts)), []rune(slices.Max(texts))
	n := 0
	for n < len(least) && n < len(most) && least[n] == most[n] {
		n++
	}
	return string(least[:n])
}

// readAdd reads what the form says, to show it before anything is saved.
func (m *model) readAdd() tea.Cmd {
	f := &m.adding
	value := func(field int) string { return strings.TrimSpace(f.fields[field].Value()) }
	source := value(addSource)
	f.bad = true
	if source == "" {
		f.told = "The path of a token file is needed, its JSON or an auth URL."
		return f.goTo(addSource)
	}
	in := Import{Path: source, Alias: value(addAlias), ClientID: value(addClient), ClientSecret: tokens.NewSecret(value(addSecret))}
	if holdsTokens(source) {
		in.Path, in.Text = "", tokens.NewSecret(source)
	}
	f.busy, f.told, f.bad = addReading, "Reading ...", false
	return readImport(m.first.intake, f.id, in)
}

// importRead shows what would be saved, and asks.
func (m *model) importRead(msg importReadMsg) tea.Cmd {
	f := &m.adding
	if !f.open || msg.asked != f.id {
		return nil
	}
	f.busy, f.told, f.bad = addIdle, "", false
	switch {
	case errors.Is(msg.err, ErrNoClientID):
		f.told, f.bad = strings.ToUpper(ErrNoClientID.Error()[:1])+ErrNoClientID.Error()[1:]+".", true
		return f.goTo(addClient)
	case msg.err != nil:
		f.told, f.bad = tokens.Clean(msg.err.Error())+".", true
		return nil
	case msg.arrival.Foreseen.Added == keeper.AddedUnchanged:
		f.told = "It is saved already, as " + msg.arrival.Foreseen.Known.Alias + ", with the same tokens. There is nothing to save."
		return nil
	}
	return m.ask(m.planDialog(msg.in, msg.arrival))
}

// imported puts the new org under the cursor, or says in the form why there is
// none.
func (m *model) imported(msg importedMsg) tea.Cmd {
	f := &m.adding
	f.busy, f.told = addIdle, ""
	if msg.err != nil && !keeper.OfMirrorOnly(msg.err) {
		f.told, f.bad = tokens.Clean(msg.err.Error())+".", true
		return nil
	}
	*f = adding{id: f.id + 1}
	m.note = ""
	if msg.err != nil {
		m.note, m.noteBad = m.veil(tokens.Clean(msg.err.Error()))+".", true
	}
	before := msg.org.Alias
	if i, known := m.list.byKey[msg.org.Key]; known {
		before = m.list.orgs[i].Alias
	}
	m.list.set(append(slices.DeleteFunc(slices.Clone(m.list.orgs), func(o tokens.Org) bool { return o.Key == msg.org.Key }), msg.org), m.now, m.limits)
	m.jump(msg.org.Key)
	text := msg.org.Alias + " is added. Its tokens are saved in " + m.storeWords() + "."
	switch msg.added {
	case keeper.AddedUpdated:
		text = msg.org.Alias + " has the new tokens. They are saved in " + m.storeWords() + "."
	case keeper.AddedKept:
		text = msg.org.Alias + ": the tokens in " + m.storeWords() + " are newer and were kept."
	case keeper.AddedUnchanged:
		text = msg.org.Alias + " has these tokens already. Nothing was changed."
	case keeper.AddedNew:
	}
	if before != msg.org.Alias {
		text += " It was called " + before + "."
	}
	return m.toast(text, false)
}
