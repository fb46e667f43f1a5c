package cli

import (
	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
)

// follow brings a login's plan into line with those before it, which are saved first.
func (p *planned) follow(before []planned) {
	for i := len(before) - 1; i >= 0 && p.err == nil; i-- {
		other := &before[i]
		switch takes := other.action == resultNew || other.action == resultUpdated && !other.same; {
		case !takes || other.err != nil:
		case p.isURL && other.secrets.RefreshToken.Equal(p.secrets.RefreshToken) && other.org.ClientID == p.org.ClientID:
			p.action, p.may, p.after = resultUnchanged, nil, other
			p.notes = []string{"the same login as " + other.from() + "; its refresh token is not sent for this one"}
			return
		case !p.isURL && !other.isURL && p.isLogin(other):
			p.followLogin(other)
			return
		}
	}
}

// followLogin is the plan of tokens whose login another file has before them.
func (p *planned) followLogin(other *planned) {
	p.action, p.after = string(keeper.Follows(other.secrets, p.secrets)), other
	p.same = p.action == resultUnchanged
	what := "whose tokens stay"
	switch p.action {
	case resultUpdated:
		what = "whose place these tokens take"
	case resultUnchanged:
		what = "with the same tokens"
	}
	p.notes = []string{"the same login as " + other.from() + ", " + what}
	p.noteChanges()
}

// isLogin reports whether another login of the plan is the same.
func (p *planned) isLogin(other *planned) bool {
	_, same := sameLogin([]tokens.Org{other.org}, p.org)
	return same || p.known.Key != "" && p.known.Key == other.known.Key
}

// from says where a login comes from, as a person is told.
func (p *planned) from() string {
	if p.name == "-" {
		return "stdin"
	}
	return tokens.Clean(p.name)
}
