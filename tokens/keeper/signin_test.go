package keeper_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"orgkeep/keychain"
	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
	"orgkeep/tokens/ledger"
)

// signInHost gives tokens for any code, with a refresh token of its own each
// time.
type signInHost struct {
	*httptest.Server
	sent atomic.Int32
	// before is called before the answer leaves.
	before func()
	fields string
}

// badID is adaID with a sign in it that no id has.
const badID = "https://login.salesforce.com/id/00D41000000F8A0EAK/005410000031xAA-AY"

const adaID = "https://login.salesforce.com/id/00D41000000F8A0EAK/005410000031xAAAAY"

func newSignInHost(t *testing.T) *signInHost {
	t.Helper()
	h := &signInHost{before: func() {}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /services/oauth2/token", func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm() // the code has left
		n := h.sent.Add(1)
		h.before()
		w.Header().Set("Content-Type", "application/json")
		fields := h.fields
		if fields == "" {
			fields = fmt.Sprintf(`"refresh_token":"signed.refresh.%d","instance_url":%q,"id":%q`, n, h.URL, adaID)
		}
		_, _ = fmt.Fprintf(w, `{"access_token":"00Dxx!signed.%d","issued_at":"%d",%s}`, n, now.UnixMilli(), fields)
	})
	h.Server = httptest.NewServer(mux)
	t.Cleanup(h.Close)
	return h
}

// signIn begins a sign-in and brings the browser back.
func signIn(t *testing.T, k *keeper.Keeper, r keeper.SignInRequest) *keeper.SigningIn {
	t.Helper()
	if r.ClientID == "" {
		r.ClientID = "acme"
	}
	s, err := k.StartSignIn(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	address, err := url.Parse(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Paste(s.Redirect() + "?code=aPrx&state=" + address.Query().Get("state")); err != nil {
		t.Fatal(err)
	}
	if err := s.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

// Whatever call of the keychain fails, the tokens of a sign-in are not lost: once
// it works again, Recover brings them home.
func TestAKeychainThatFailsAtTheKthCallNeverLosesASignIn(t *testing.T) {
	t.Parallel()
	for _, known := range []bool{false, true} {
		held := 0
		for k := 1; ; k++ {
			w, h := newWorld(t), newSignInHost(t)
			r := keeper.SignInRequest{Host: h.URL, Alias: "signed"}
			if known {
				r.Again, _ = w.login("acme", true)
				r.Alias = ""
			}
			kept := w.keeper()
			s := signIn(t, kept, r)
			w.store.failing(func(n int) bool { return n >= k })
			signed, err := s.Save(t.Context(), nil)
			calls := w.store.calls
			w.store.failing(nil)
			if err != nil {
				t.Fatalf("k=%d: %v", k, err)
			}
			if signed.Held == keeper.HeldInJournal {
				held++
			}
			if _, waiting, err := w.keeper().Recover(t.Context()); err != nil || len(waiting) != 0 {
				t.Errorf("k=%d: still waiting %v, %v", k, waiting, err)
			}
			if got := w.saved(signed.Org.Key); got.RefreshToken.Reveal() != "signed.refresh.1" {
				t.Errorf("k=%d: the keychain has %s", k, got.RefreshToken.Reveal())
			}
			if org := w.org(signed.Org.Key); org.Generation != w.saved(org.Key).Generation || !org.HasRefreshToken || org.Alias != map[bool]string{true: "acme", false: "signed"}[known] {
				t.Errorf("k=%d: %+v", k, org)
			}
			if h.sent.Load() != 1 {
				t.Errorf("k=%d: %d requests", k, h.sent.Load())
			}
			if k > calls {
				break
			}
		}
		if held == 0 {
			t.Errorf("known %v: no case left the tokens in the journal", known)
		}
	}
}

func TestASignInIsSavedAlthoughItsContextEnds(t *testing.T) {
	t.Parallel()
	w, h := newWorld(t), newSignInHost(t)
	ctx, cancel := context.WithCancel(t.Context())
	h.before = cancel
	signed, err := signIn(t, w.keeper(), keeper.SignInRequest{Host: h.URL}).Save(ctx, nil)
	if err != nil || signed.Added != keeper.AddedNew || w.saved(signed.Org.Key).RefreshToken.Reveal() != "signed.refresh.1" {
		t.Errorf("%+v, %v", signed, err)
	}
}

func TestSigningInAgainKeepsWhatAPersonGave(t *testing.T) {
	t.Parallel()
	w, h := newWorld(t), newSignInHost(t)
	org, secrets := w.fresh("acme", "first")
	org.LoginURL, secrets.ClientSecret = "https://acme.example", tokens.NewSecret("client secret")
	if _, _, err := w.keeper().Add(t.Context(), org, secrets); err != nil {
		t.Fatal(err)
	}
	k := w.keeper()
	if _, err := k.Retag(t.Context(), []tokens.Org{org}, tokens.TagChange{Add: []string{"big"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := k.SetFavourite(t.Context(), []tokens.Org{org}, true); err != nil {
		t.Fatal(err)
	}
	if err := w.ledger.Record(t.Context(), org, tokens.Attempt{At: now, Trigger: "command", Outcome: tokens.OutcomeFailed, Failure: &tokens.Failure{Kind: tokens.FailedAnswer, HTTPStatus: 400, Code: "invalid_grant"}}); err != nil {
		t.Fatal(err)
	}
	signed, err := signIn(t, k, keeper.SignInRequest{Again: w.org(org.Key), Host: h.URL}).Save(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	got := w.org(org.Key)
	if signed.Added != keeper.AddedUpdated || signed.Other != keeper.OtherNothing || got.Alias != "acme" || !slices.Equal(got.Tags, []string{"big"}) ||
		!got.Favourite || got.Last == nil || got.Last.Outcome != tokens.OutcomeRefreshed || got.Last.Trigger != "login" || got.LoginURL != "https://acme.example" || got.InstanceURL != h.URL {
		t.Errorf("%+v, %+v", signed, got)
	}
	if s := w.saved(org.Key); s.ClientSecret.Reveal() != "client secret" || s.Generation != 2 {
		t.Errorf("generation %d", s.Generation)
	}
	whole, err := k.Whole(t.Context(), org.Key)
	if answer := tokens.LastAnswer(whole); err != nil || !strings.Contains(answer, "HTTP 200") || !strings.Contains(answer, `"refresh_token":"[masked]"`) || signed.Org.Last.Answer != "" {
		t.Errorf("the answer is %q, %v", answer, err)
	}
	if past, err := k.History(t.Context(), org.Key, 10); err != nil || len(past) != 2 || past[0].Trigger != "login" || past[0].Fingerprint != w.saved(org.Key).AccessToken.Fingerprint() {
		t.Errorf("history %v, %v", past, err)
	}
}

func TestAnotherAppIsAnotherLogin(t *testing.T) {
	t.Parallel()
	w, h := newWorld(t), newSignInHost(t)
	org, _ := w.login("acme", true)
	before := w.saved(org.Key)
	signed, err := signIn(t, w.keeper(), keeper.SignInRequest{Again: org, Host: h.URL, ClientID: "another"}).Save(t.Context(), nil)
	if err != nil || signed.Other != keeper.OtherApp || signed.Org.Alias == "acme" || signed.Org.Key == org.Key {
		t.Errorf("%+v, %v", signed, err)
	}
	if after := w.saved(org.Key); after.Generation != before.Generation || !after.RefreshToken.Equal(before.RefreshToken) {
		t.Error("the login that was meant has changed")
	}
}

func TestAnAnswerThatMakesNoLoginIsNotSaved(t *testing.T) {
	t.Parallel()
	for fields, says := range map[string]string{
		`"instance_url":"https://acme.my.salesforce.com","id":"` + adaID + `"`:                     "scope refresh_token",
		`"refresh_token":"x","id":"` + adaID + `"`:                                                 "Nothing was saved",
		`"refresh_token":"x","instance_url":"https://acme.my.salesforce.com","id":"` + badID + `"`: "its id is not valid: user in the identity URL",
		`"refresh_token":"x","instance_url":"https://evil.example","id":"` + adaID + `"`:           "Nothing was saved",
		`"refresh_token":"x","instance_url":"https://acme.my.salesforce.com"`:                      "Nothing was saved",
		`"refresh_token":"x","instance_url":"https://acme.my.salesforce.com","id":"https://x/y/z"`: "Nothing was saved",
	} {
		w, h := newWorld(t), newSignInHost(t)
		h.fields = fields
		k := w.keeper()
		_, err := signIn(t, k, keeper.SignInRequest{Host: h.URL}).Save(t.Context(), nil)
		f, ok := errors.AsType[*tokens.Failure](err)
		if !ok || !k.Explain(f).Known || !strings.Contains(f.Problem+k.Explain(f).Meaning+k.Explain(f).Remedy, says) {
			t.Errorf("%s: %v", fields, err)
		}
		if orgs, err := w.ledger.Orgs(t.Context()); err != nil || len(orgs) != 0 {
			t.Errorf("%s: the ledger has %v, %v", fields, orgs, err)
		}
	}
}

func TestASignInDoesNotBeginWithoutAKeychainOrAnAlias(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, _ := w.login("acme", true)
	r := keeper.SignInRequest{Host: "https://acme.example", ClientID: "x", Alias: "acme"}
	if _, err := w.keeper().StartSignIn(t.Context(), r); !errors.Is(err, ledger.ErrAliasTaken) {
		t.Errorf("%v", err)
	}
	r.Alias = "a b"
	if _, err := w.keeper().StartSignIn(t.Context(), r); !errors.Is(err, tokens.ErrAlias) {
		t.Errorf("%v", err)
	}
	r.Alias, r.Host = "", "http://acme.example"
	if _, err := w.keeper().StartSignIn(t.Context(), r); !errors.Is(err, tokens.ErrURL) {
		t.Errorf("%v", err)
	}
	w.store.failing(func(int) bool { return true })
	if _, err := w.keeper().StartSignIn(t.Context(), keeper.SignInRequest{Again: org, Host: "https://acme.example", ClientID: "acme"}); !errors.Is(err, keychain.ErrUnavailable) {
		t.Errorf("%v", err)
	}
}

// Tokens that only this process has are not yet the known login's.
func TestASignInThatNothingTakesIsInMemory(t *testing.T) {
	t.Parallel()
	w, h := newWorld(t), newSignInHost(t)
	org, _ := w.login("acme", true)
	k := w.keeper()
	s := signIn(t, k, keeper.SignInRequest{Again: org, Host: h.URL})
	h.before = func() {
		w.noJournal()
		w.store.failing(func(int) bool { return true })
	}
	signed, err := s.Save(t.Context(), nil)
	if err != nil || signed.Held != keeper.HeldInMemory || signed.Warning == nil || !slices.Equal(k.InMemory(), []string{"acme"}) {
		t.Fatalf("%+v, %v, in memory %v", signed, err, k.InMemory())
	}
	w.store.failing(nil)
	w.journalBack()
	if _, waiting, err := k.Recover(t.Context()); err != nil || len(waiting) != 0 {
		t.Errorf("%v, %v", waiting, err)
	}
	if got := w.saved(org.Key); got.RefreshToken.Reveal() != "signed.refresh.1" || w.org(org.Key).Generation != got.Generation {
		t.Errorf("the keychain has %s", got.RefreshToken.Reveal())
	}
}
