package ui

import (
	"context"
	"errors"
	"slices"
	"strings"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
)

// signIn is the sign-in that is open over everything else: a form, then the wait
// for the browser, then how it ended.
type signIn struct {
	stage  signInStage
	again  tokens.Org // the login that is signed in again; without a Key for a new one
	hosts  []string   // what up and down choose from
	fields []textinput.Model
	at     int // the field that is typed into

	id      int // of the sign-in; messages of an earlier one mean nothing
	waiting *keeper.SigningIn
	cancel  context.CancelFunc
	opened  error // why no browser was opened
	step    tokens.Step
	code    []string // the QR code, while it is shown
	paste   bool     // the address is being pasted
	told    []string // paragraphs of how it ended, or what was wrong with the form
}

type signInStage int

const (
	signInClosed signInStage = iota
	signInForm
	signInStarting
	signInBrowser
	signInSaving
	signInEnded
)

// The fields of the form; the last one is the box for an address.
const (
	fieldHost = iota
	fieldClient
	fieldSecret
	fieldAlias
	fieldAddress
	fieldsOfForm = fieldAddress
)

// openSignIn opens the form: for the org under the cursor where it needs a new
// sign-in, else for a new one.
func (m *model) openSignIn() tea.Cmd {
	s := &m.signIn
	*s = signIn{stage: signInForm, id: s.id + 1, hosts: []string{m.settings.LoginHost, "https://login.salesforce.com", "https://test.salesforce.com"}}
	values := []string{m.settings.LoginHost, m.settings.ClientID, "", "", ""}
	if org, ok := m.list.current(); ok && m.needsSignIn(org) {
		s.again = org
		s.hosts = append([]string{org.LoginHost(), org.InstanceURL}, s.hosts...)
		values[fieldHost], values[fieldClient], values[fieldAlias] = org.LoginHost(), org.ClientID, org.Alias
	}
	slices.Sort(s.hosts[1:])
	s.hosts = slices.Compact(s.hosts)
	for i, prompt := range []string{"host:          ", "client id:     ", "client secret: ", "alias:         ", "address: "} {
		in := newInput(prompt)
		in.CharLimit = 4096
		if i == fieldSecret {
			in.EchoMode = textinput.EchoPassword
		}
		in.SetValue(values[i])
		s.fields = append(s.fields, in)
	}
	if values[fieldClient] == "" {
		s.at = fieldClient
	}
	return s.fields[s.at].Focus()
}

// needsSignIn reports whether an org's last refresh failed for good, or nothing
// could refresh it.
func (m *model) needsSignIn(org tokens.Org) bool {
	return !org.HasRefreshToken || org.Last != nil && (org.Last.Outcome == tokens.OutcomeFailed || org.Last.Outcome == tokens.OutcomeUnknown)
}

func signInOff(m *model) string {
	if m.browser == nil {
		return "the demo has nobody to sign in"
	}
	return noPlaceOff(m)
}

// pressed takes a key for the sign-in.
func (m *model) signInPressed(key tea.KeyPressMsg) tea.Cmd {
	s := &m.signIn
	switch {
	case key.String() == "esc" && s.paste:
		s.paste = false
		return nil
	case key.String() == "esc" && s.stage == signInSaving:
		m.note = "The code has left; its tokens are saved first."
		return nil
	case key.String() == "esc", key.String() == "ctrl+c" && s.stage != signInSaving:
		return m.closeSignIn()
	case s.stage == signInForm, s.paste:
		return m.signInTyped(key)
	case s.stage == signInBrowser:
		return m.signInWaited(key.String())
	case s.stage == signInEnded && key.String() == "enter":
		return m.closeSignIn()
	case s.stage == signInEnded && key.String() == "l" && s.fields != nil:
		s.stage, s.told = signInForm, nil
		s.id++
		return s.fields[s.at].Focus()
	}
	return nil
}

// closeSignIn takes the sign-in away, and calls it off while the browser is out.
func (m *model) closeSignIn() tea.Cmd {
	s := &m.signIn
	waiting, cancel, stage := s.waiting, s.cancel, s.stage
	*s = signIn{id: s.id + 1}
	if stage == signInBrowser || stage == signInStarting {
		m.note = "The sign-in is called off. Nothing was changed."
	}
	if cancel != nil {
		cancel()
	}
	return hangUp(waiting)
}

// signInTyped gives a key to the field under the cursor.
func (m *model) signInTyped(key tea.KeyPressMsg) tea.Cmd {
	s := &m.signIn
	if s.paste {
		if key.String() == "enter" {
			return m.addressGiven()
		}
	} else {
		switch key.String() {
		case "enter":
			return m.beginSignIn()
		case "tab":
			return s.goTo((s.at + 1) % fieldsOfForm)
		case "shift+tab":
			return s.goTo((s.at + fieldsOfForm - 1) % fieldsOfForm)
		case "up", "down":
			if s.at == fieldHost {
				s.nextHost(key.String() == "down")
			}
			return nil
		}
	}
	return s.typed(key)
}

// typed gives a key or a paste to the field.
func (s *signIn) typed(msg tea.Msg) tea.Cmd {
	in := &s.fields[s.field()]
	var cmd tea.Cmd
	*in, cmd = in.Update(msg)
	return cmd
}

// field is the one that is typed into.
func (s *signIn) field() int {
	if s.paste {
		return fieldAddress
	}
	return s.at
}

func (s *signIn) goTo(field int) tea.Cmd {
	s.fields[s.at].Blur()
	s.at = field
	return s.fields[s.at].Focus()
}

func (s *signIn) nextHost(forward bool) {
	i, n := slices.Index(s.hosts, s.fields[fieldHost].Value()), len(s.hosts)
	switch {
	case i < 0:
		i = 0
	case forward:
		i = (i + 1) % n
	default:
		i = (i + n - 1) % n
	}
	s.fields[fieldHost].SetValue(s.hosts[i])
	s.fields[fieldHost].CursorEnd()
}

// beginSignIn reads the form and starts.
func (m *model) beginSignIn() tea.Cmd {
	s := &m.signIn
	value := func(field int) string { return strings.TrimSpace(s.fields[field].Value()) }
	host := value(fieldHost)
	if !strings.Contains(host, "://") {
		host = "https://" + host
	}
	if value(fieldClient) == "" {
		s.told = []string{"A client id is needed: the consumer key of your app, or PlatformCLI for the Salesforce CLI's."}
		return s.goTo(fieldClient)
	}
	ctx, cancel := context.WithCancel(m.ctx)
	s.stage, s.cancel, s.told = signInStarting, cancel, nil
	alias := value(fieldAlias)
	if alias == s.again.Alias {
		alias = "" // it stays
	}
	return startSignIn(ctx, m.keeper, m.browser, s.id, keeper.SignInRequest{
		Again: s.again, Alias: alias, Host: host, ClientID: value(fieldClient), ClientSecret: tokens.NewSecret(value(fieldSecret)),
		Port: m.settings.Port, Callback: m.settings.CallbackPath,
	})
}

// signInWaited takes a key while the browser is out.
func (m *model) signInWaited(key string) tea.Cmd {
	s := &m.signIn
	switch key {
	case "c":
		return m.copyPlain(s.waiting.URL(), "The address is copied. It holds no secret.", "Q shows the address as a QR code.")
	case "Q":
		if s.code != nil {
			s.code = nil
			return nil
		}
		code, err := QR(s.waiting.URL(), m.terminal.ASCII)
		if err != nil {
			m.note, m.noteBad = err.Error()+".", true
		}
		s.code = code
	case "p":
		s.paste, s.code = true, nil
		s.fields[fieldAddress].SetValue("")
		return s.fields[fieldAddress].Focus()
	}
	return nil
}

// addressGiven takes the address that a browser elsewhere ended on.
func (m *model) addressGiven() tea.Cmd {
	s := &m.signIn
	s.paste = false
	text := s.fields[fieldAddress].Value()
	s.fields[fieldAddress].SetValue("")
	if err := s.waiting.Paste(text); err != nil {
		m.note, m.noteBad = strings.Join(m.whyNot(err), " "), true
	}
	return nil
}

// whyNot is an error in the endpoint's words first, then in orgkeep's.
func (m *model) whyNot(err error) []string {
	words := strings.TrimRight(tokens.Clean(err.Error()), ".") + "."
	f, ok := errors.AsType[*tokens.Failure](err)
	if !ok {
		return []string{words}
	}
	e := m.keeper.Explain(f)
	return []string{words, e.Meaning, e.Remedy}
}
