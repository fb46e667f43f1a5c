package keeper_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
)

// comesBack makes a browser come back to a sign-in with a query, beside the state.
func comesBack(t *testing.T, s *keeper.SigningIn, query url.Values) {
	t.Helper()
	address, err := url.Parse(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	query.Set("state", address.Query().Get("state"))
	go func() {
		res, err := http.Get(s.Redirect() + "?" + query.Encode()) //nolint:noctx // it ends with the sign-in's listener
		if err == nil {
			_ = res.Body.Close()
		}
	}()
}

// A sign-in that failed is in the org's history, and the org stays as it is.
func TestAFailedSignInIsInTheHistory(t *testing.T) {
	t.Parallel()
	w, h := newWorld(t), newSignInHost(t)
	org, _ := w.login("acme", true)
	org = refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{org})).Org
	begin := func() *keeper.SigningIn {
		s, err := w.keeper().StartSignIn(t.Context(), keeper.SignInRequest{Again: org, Host: h.URL, ClientID: org.ClientID})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(s.Close)
		return s
	}

	denied := begin()
	comesBack(t, denied, url.Values{"error": {"access_denied"}, "error_description": {"end-user denied authorization"}})
	if err := denied.Wait(t.Context()); err == nil {
		t.Fatal("a denied sign-in went on")
	}
	late := begin()
	short, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if err := late.Wait(short); err == nil {
		t.Fatal("nobody came, and the sign-in went on")
	}
	h.fields = `"instance_url":"` + h.URL + `","id":"` + adaID + `"` // no refresh token
	if _, err := signIn(t, w.keeper(), keeper.SignInRequest{Again: org, Host: h.URL, ClientID: org.ClientID}).Save(t.Context(), nil); err == nil {
		t.Fatal("a sign-in without a refresh token was saved")
	}
	// Called off by the user it is nobody's failure.
	gone, off := context.WithCancel(t.Context())
	off()
	if err := begin().Wait(gone); err == nil {
		t.Fatal("a sign-in that was called off went on")
	}

	history, err := w.ledger.History(t.Context(), org.Key, 10)
	if err != nil || len(history) != 4 {
		t.Fatalf("%d rows: %+v, %v", len(history), history, err)
	}
	for i, want := range []string{"no refresh token", "the browser has not come back", "access_denied"} {
		a := history[i]
		if a.Trigger != "login" || a.Outcome != tokens.OutcomeFailed || a.Failure == nil || !strings.Contains(a.Failure.Error(), want) {
			t.Errorf("row %d is %s, %s, %v, want %q", i, a.Trigger, a.Outcome, a.Failure, want)
		}
	}
	if got := w.org(org.Key); got.Last == nil || got.Last.Outcome != tokens.OutcomeRefreshed || got.Generation != org.Generation {
		t.Errorf("%+v", got.Last)
	}
}

// How a wait for the browser ends tells whether it was called off, nobody came, or
// only a page of another sign-in did; and whether there are tokens that are kept.
func TestHowTheWaitForTheBrowserEnds(t *testing.T) {
	t.Parallel()
	w, h := newWorld(t), newSignInHost(t)
	saved, _ := w.login("acme", true)
	begin := func(again tokens.Org) *keeper.SigningIn {
		s, err := w.keeper().StartSignIn(t.Context(), keeper.SignInRequest{Again: again, Host: h.URL, ClientID: "3MVG9.app"})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(s.Close)
		return s
	}
	strayed := begin(tokens.Org{})
	res, err := http.Get(strayed.Redirect() + "?code=x&state=another") //nolint:noctx // it ends with the sign-in's listener
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	over, cancel := context.WithDeadline(t.Context(), time.Unix(0, 0))
	defer cancel()
	off, callOff := context.WithCancel(t.Context())
	callOff()
	for name, c := range map[string]struct {
		s       *keeper.SigningIn
		ctx     context.Context //nolint:containedctx // one of each case
		problem string
		kind    tokens.SignInKind
	}{
		"nobody came":    {begin(tokens.Org{}), over, "the browser has not come back in time", tokens.SignInNew},
		"of a saved one": {begin(saved), over, "the browser has not come back in time", tokens.SignInAgain},
		"another state":  {strayed, over, "only a page of another sign-in has come back", tokens.SignInNew},
		"called off":     {begin(tokens.Org{}), off, "the sign-in was called off", tokens.SignInNew},
	} {
		f, ok := errors.AsType[*tokens.Failure](c.s.Wait(c.ctx))
		if !ok || f.Kind != tokens.FailedCancelled || f.Problem != c.problem || f.SignIn != c.kind {
			t.Errorf("%s: %+v", name, f)
		}
	}
	_, err = w.keeper().StartSignIn(off, keeper.SignInRequest{Again: saved, Host: h.URL, ClientID: "3MVG9.app"})
	if f, ok := errors.AsType[*tokens.Failure](err); !ok || f.Problem != "the sign-in was called off" || !errors.Is(err, context.Canceled) {
		t.Errorf("called off before it began: %v", err)
	}
}
