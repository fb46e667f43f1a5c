package ui

import (
	"cmp"
	"context"
	"errors"
	"strings"

	tea "charm.land/bubbletea/v2"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
)

// handOut offers the ways in which another program can have the org.
func (m *model) handOut() tea.Cmd {
	org, _ := m.list.current()
	d := &dialog{
		title: "Hand out " + org.Alias,
		text:  []string{"What is handed out is what is saved now: refresh the org before, if it is stale. In scripts: orgkeep token, env, exec and export."},
	}
	copyOff := ""
	if m.copied.whyNot != "" {
		copyOff = "nothing can copy here"
		d.text = append(d.text, "Nothing can be copied: "+m.copied.whyNot+".")
	}
	d.choices = append(d.choices,
		choice{key: "c", label: "copy the access token", off: copyOff, run: (*model).copyToken},
		choice{key: "v", label: "copy variables for a shell", off: copyOff, run: (*model).copyEnv},
		choice{key: "r", label: "show the refresh as a curl command, no secrets", off: noRefreshOff(org), run: func(m *model) tea.Cmd {
			return writeCurl(m.ctx, m.keeper, org)
		}},
		choice{key: "a", label: "show the last answer, without secrets", off: noAnswerOff(org), run: func(m *model) tea.Cmd {
			return writeAnswer(m.ctx, m.keeper, org)
		}})
	off := m.filesOff()
	if off != "" {
		d.text = append(d.text, "Files are off: "+off+".")
	}
	d.choices = append(d.choices,
		choice{key: "j", label: "write a token file, with the refresh token", off: off, run: func(m *model) tea.Cmd { return m.askExport(org, keeper.FormTokenFile) }},
		choice{key: "u", label: "write an sf auth URL, with the refresh token", off: cmp.Or(off, noRefreshOff(org)), run: func(m *model) tea.Cmd { return m.askExport(org, keeper.FormAuthURL) }})
	if org.Mirror == "" {
		d.choices = append(d.choices, choice{key: "m", label: "keep a token file in step from now on", off: off, run: func(m *model) tea.Cmd { return m.askMirror(org) }})
	} else {
		d.choices = append(d.choices, choice{
			key: "m", label: "no longer keep " + m.seen(org).Mirror + " in step", run: func(m *model) tea.Cmd { return setMirror(m.ctx, m.keeper, org, "") },
		})
	}
	return m.ask(d)
}

// noRefreshOff says why there is no refresh of an org to hand out.
func noRefreshOff(org tokens.Org) string {
	if !org.HasRefreshToken {
		return "no refresh token is saved"
	}
	return ""
}

// noAnswerOff says why there is no last answer of an org to hand out.
func noAnswerOff(org tokens.Org) string {
	switch last := org.Last; {
	case last == nil:
		return "it has not been refreshed since its tokens were saved"
	case last.Failure != nil && tokens.LastAnswer(org) == "":
		return "the last refresh got no answer"
	}
	return ""
}

// writeCurl writes the refresh of an org down as a command.
func writeCurl(ctx context.Context, k Keeper, org tokens.Org) tea.Cmd {
	return func() tea.Msg {
		anatomy, err := k.Anatomy(ctx, org.Key)
		return reportedMsg{
			orgs: []tokens.Org{org}, what: "The refresh of " + org.Alias + " as a curl command",
			text: tokens.RefreshCurl(org, anatomy.HasClientSecret), command: true, err: err,
		}
	}
}

// errNoAnswer is an org whose tokens came in an answer that nobody here has kept.
var errNoAnswer = errors.New("the answer that brought the saved tokens is not kept; that of the next refresh will be")

// writeAnswer writes the last answer to a refresh or sign-in down, with the whole of
// its body.
func writeAnswer(ctx context.Context, k Keeper, org tokens.Org) tea.Cmd {
	return func() tea.Msg {
		whole, err := k.Whole(ctx, org.Key)
		text := tokens.LastAnswer(whole)
		if err == nil && text == "" {
			err = errNoAnswer
		}
		return reportedMsg{orgs: []tokens.Org{org}, what: "The last answer to " + org.Alias, text: text, err: err}
	}
}

// copyEnv copies the lines that give a shell the access token and the host.
func (m *model) copyEnv() tea.Cmd {
	org, _ := m.list.current()
	m.copied.asked++
	m.note = "Reading the access token of " + org.Alias + "."
	return copyLines(m.ctx, m.keeper, m.copied.board, org, m.copied.asked, m.copied.terminal)
}

// copyLines is copyToken for the lines of a shell.
func copyLines(ctx context.Context, k Keeper, board *pasteboard, org tokens.Org, asked int, terminal bool) tea.Cmd {
	return func() tea.Msg {
		lines, err := k.Written(ctx, org, keeper.FormEnv)
		lines = tokens.NewSecret(strings.TrimRight(lines.Reveal(), "\n"))
		done := copiedMsg{asked: asked, alias: org.Alias, err: err}
		switch {
		case err != nil:
		case terminal:
			return tea.BatchMsg{tea.SetClipboard(lines.Reveal()), func() tea.Msg { return done }}
		default:
			done.err = board.put(lines)
		}
		return done
	}
}

// exportedMsg says what became of a file.
type exportedMsg struct {
	org  tokens.Org
	path string
	err  error
}

func export(ctx context.Context, k Keeper, org tokens.Org, form keeper.Form, path string) tea.Cmd {
	return func() tea.Msg {
		return exportedMsg{org: org, path: path, err: k.Export(ctx, org, form, path, false)}
	}
}

// askExport asks for the file.
func (m *model) askExport(org tokens.Org, form keeper.Form) tea.Cmd {
	name := strings.NewReplacer("/", "-", `\`, "-", ":", "-").Replace(m.seen(org).Alias) + ".json"
	title := "A token file of " + org.Alias
	if form == keeper.FormAuthURL {
		name, title = strings.TrimSuffix(name, ".json")+".txt", "An auth URL of "+org.Alias
	}
	return m.ask(textDialog(title, "file: ", name, "write it", []string{
		"The file has the refresh token in plain text, for its owner alone. A file that is there stays as it is.", sharedText(org),
	}, func(m *model, text string) tea.Cmd {
		path := strings.TrimSpace(text)
		if path == "" {
			m.note = "Nothing was written."
			return nil
		}
		return export(m.ctx, m.keeper, org, form, path)
	}))
}

// sharedText says what two programs with one refresh token have to expect.
func sharedText(org tokens.Org) string {
	if org.Rotates == tokens.RotationNo {
		return "Its app did not rotate the refresh token so far, so both programs can use it."
	}
	rotates := "If its app rotates refresh tokens, which is not known,"
	if org.Rotates == tokens.RotationYes {
		rotates = "Its app rotates refresh tokens:"
	}
	return rotates + " whichever program refreshes first keeps the login, and using the other's copy ends it for both. Let one of them refresh."
}

func (m *model) exported(msg exportedMsg) {
	switch {
	case errors.Is(msg.err, keeper.ErrThere):
		m.note, m.noteBad = "Nothing was written: "+msg.err.Error()+".", true
	case msg.err != nil:
		m.note, m.noteBad = "Nothing was written for "+msg.org.Alias+": "+msg.err.Error()+".", true
	default:
		m.note, m.noteBad = msg.org.Alias+" is written to "+tokens.Clean(msg.path)+", for you alone to read.", false
	}
}
