package keeper_test

import (
	"net/http"
	"testing"
	"time"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
)

// overBy makes sure that an org, as it was returned and as the ledger has it, has an
// access token that is over because an answer showed it.
func (w *world) overBy(key tokens.Key, returned tokens.Org) {
	w.t.Helper()
	for _, org := range []tokens.Org{returned, w.org(key)} {
		c := org.Clocks(now.Add(time.Second), tokens.DefaultLimits())
		if c.LeftSource != tokens.LeftFromAnswer || c.Health != tokens.Expired || !c.Stale() || c.Lasts(0) || !org.ExpiresAt.Equal(now) {
			w.t.Errorf("the token that an answer showed to be over stands as %+v, until %s", c, org.ExpiresAt)
		}
	}
}

// endless makes sure that no answer has told an end.
func (w *world) endless(key tokens.Key) {
	w.t.Helper()
	if org := w.org(key); !org.ExpiresAt.IsZero() || org.ExpirySource == tokens.LeftFromAnswer {
		w.t.Errorf("an end was invented: %s by %s", org.ExpiresAt, org.ExpirySource)
	}
}

func TestARefreshClearsTheEndThatAnAnswerShowed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, _ := w.login("acme", true)
	w.endpoint.accessOK = false
	dead, err := w.keeper().TestAccess(t.Context(), org)
	if err == nil {
		t.Fatal("the dead token was accepted")
	}
	w.overBy(org.Key, dead)
	if r := refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{dead})); r.Org.ExpirySource == tokens.LeftFromAnswer || !r.Org.ExpiresAt.IsZero() {
		t.Errorf("after the refresh: %+v", r.Org)
	}
	w.endless(org.Key)
}

// An end that has passed already is not put later.
func TestAnEndThatIsKnownStays(t *testing.T) {
	t.Parallel()
	w, o := newWorld(t), newOracle(t)
	access := "00D41000000F8A0!AQ.access"
	org := w.seen(o, access, "")
	o.answers["/services/oauth2/userinfo"], o.status["/services/oauth2/userinfo"] = "Bad_OAuth_Token", http.StatusForbidden
	org.ExpiresAt, org.ExpirySource = now.Add(-time.Hour), tokens.LeftFromIntrospection
	found := inspect(t.Context(), w.keeper(), org)
	if told := found[keeper.PartUserinfo].Org; told.ExpirySource != tokens.LeftFromIntrospection || !told.ExpiresAt.Equal(org.ExpiresAt) {
		t.Errorf("an earlier end was replaced: %s by %s", told.ExpiresAt, told.ExpirySource)
	}
	w.endless(org.Key)
}
