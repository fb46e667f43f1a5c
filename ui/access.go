package ui

import (
	"errors"
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"orgkeep/tokens"
)

// accessTested says what a test of an access token has shown. Only an answer of
// the org says something of the token.
func (m *model) accessTested(msg accessTestedMsg) {
	alias := msg.org.Alias
	f, failed := errors.AsType[*tokens.Failure](msg.err)
	switch {
	case failed && f.Kind == tokens.FailedAnswer && (f.HTTPStatus == 401 || f.HTTPStatus == 403):
		m.note, m.noteBad = fmt.Sprintf("%s does not accept the access token: %s.", alias, f.Error()), true
		m.learned(msg.org)
	case failed && f.OtherLogin():
		m.note, m.noteBad = fmt.Sprintf("%s accepts the access token, which is of another login: %s.", alias, strings.TrimPrefix(f.Problem, tokens.ProblemOtherLogin+": ")), true
	case msg.err != nil:
		m.note, m.noteBad = fmt.Sprintf("%s: the access token could not be tested, so nothing is known of it: %s.", alias, msg.err.Error()), true
	default:
		m.note, m.noteBad = fmt.Sprintf("%s accepts the access token, as %s: the login has not been revoked.", alias, msg.org.User()), false
		m.learned(msg.org)
	}
}

// reported copies a report, which holds no secret, or shows it where nothing can
// copy. The other texts are shown first.
func (m *model) reported(msg reportedMsg) tea.Cmd {
	if msg.err != nil {
		m.note, m.noteBad = msg.err.Error()+".", true
		return nil
	}
	flag := "--report"
	if msg.what != "" {
		flag = "--curl"
	}
	instead := "orgkeep show " + msg.orgs[0].Alias + " " + flag + " prints it."
	if len(msg.orgs) > 1 {
		instead = "orgkeep show ORG " + flag + " prints each of these: " + aliases(msg.orgs) + "."
	}
	if m.demo { // there is no such org outside it
		instead = ""
	}
	if m.copied.whyNot != "" || msg.what != "" {
		m.read(reading{title: m.reportTitle(msg), text: msg.text, command: msg.command, said: m.reportedText(msg), instead: instead})
		return nil
	}
	return m.copyPlain(msg.text, m.reportedText(msg), instead)
}

// reportTitle is what a text is shown under.
func (m *model) reportTitle(msg reportedMsg) string {
	if msg.what != "" {
		return msg.what
	}
	return "The report on " + aliases(msg.orgs)
}

// reportedText is what the footer says of what was copied.
func (m *model) reportedText(msg reportedMsg) string {
	what := "The report on " + aliases(msg.orgs) + " is copied"
	switch n := len(msg.orgs); {
	case msg.what != "":
		what = msg.what + " is copied"
	case n > 1:
		what = fmt.Sprintf("%d reports are copied, on %s", n, aliases(msg.orgs))
	}
	if m.private.on {
		return what + ", without secrets but with the real names."
	}
	return what + ", without secrets."
}

// asFailure returns the failure that an error is, if it is one.
func asFailure(err error) (*tokens.Failure, bool) { return errors.AsType[*tokens.Failure](err) }

// learned takes what an online look has told of an org, unless the org has
// changed meanwhile.
func (m *model) learned(org tokens.Org) {
	i, known := m.list.byKey[org.Key]
	if !known || m.live[org.Key] != nil {
		return
	}
	now := m.list.orgs[i]
	now.Username, now.Type = org.Username, knownType(now.Type, org.Type)
	if now.Generation == org.Generation {
		now.ExpiresAt, now.ExpirySource = org.ExpiresAt, org.ExpirySource
	}
	m.list.replace(now)
}

// knownType is the type of a row after a look: one that is known stays.
func knownType(known, told tokens.Type) tokens.Type {
	if known == tokens.TypeUnknown {
		return told
	}
	return known
}
