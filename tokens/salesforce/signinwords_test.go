package salesforce

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"orgkeep/tokens"
)

// told is what an explanation of a sign-in says in all.
func told(e tokens.Explanation) string {
	return strings.Join(append([]string{e.Meaning, e.Remedy}, e.Causes...), "\n")
}

// notOfASignIn finds words of an explanation that are not true of a sign-in: it
// refreshes nothing, it imports nothing, and a new one has no saved tokens.
func notOfASignIn(f *tokens.Failure) string {
	e := Explain(f)
	text := strings.ToLower(told(e))
	for _, name := range []string{"refresh token", "refresh_token"} { // what a sign-in brings
		text = strings.ReplaceAll(text, name, "")
	}
	for _, word := range []string{"refresh", "import", "test the access token", "access token works", "will not send it again"} {
		if strings.Contains(text, word) {
			return word + ": " + told(e)
		}
	}
	if spoken := strings.Contains(text, "saved tokens"); spoken != (f.SignIn == tokens.SignInAgain) {
		return "of saved tokens: " + told(e)
	}
	if e.Do == tokens.DoRefresh || e.Do == tokens.DoTest {
		return string(e.Do)
	}
	return ""
}

// checkBoth reads a failure of a sign-in as that of a new one and of one whose
// tokens are saved.
func checkBoth(t *testing.T, what string, err error) tokens.Explanation {
	t.Helper()
	f, ok := errors.AsType[*tokens.Failure](err)
	if !ok || f.SignIn != tokens.SignInNew {
		t.Fatalf("%s: %#v", what, err)
	}
	for _, kind := range []tokens.SignInKind{tokens.SignInAgain, tokens.SignInNew} {
		_ = OfSignIn(err, kind)
		if said := notOfASignIn(f); said != "" {
			t.Errorf("%s, %s: it speaks of what no sign-in does: %s", what, kind, said)
		}
	}
	return Explain(f)
}

// Every error that an endpoint or the browser is known to give, at either step.
func TestNoSignInSpeaksOfARefresh(t *testing.T) {
	t.Parallel()
	s := newSignIn(t, "https://acme.my.salesforce.com")
	c := newClient(t, Options{})
	for _, k := range known() {
		if k.code != "" {
			_, err := s.Code(url.Values{"state": {s.state.Reveal()}, "error": {k.code}, "error_description": {k.description}})
			checkBoth(t, "in the browser "+k.code, err)
		}
		_, err := c.Exchange(t.Context(), newSignIn(t, serve(t, say(k.status, "application/json", k.body))), tokens.NewSecret("aPrx"), nil)
		checkBoth(t, "at the exchange "+k.body, err)
	}
}

// What the words of the errors that a sign-in meets most are about, at either step.
func TestErrorsOfASignInSayWhatHelpsThere(t *testing.T) {
	t.Parallel()
	s := newSignIn(t, "https://acme.my.salesforce.com")
	c := newClient(t, Options{})
	for _, k := range []struct{ code, description, says string }{
		{"access_denied", "end-user denied authorization", "denied in the browser"},
		{"immediate_unsuccessful", "", "sign in or approve in the browser"},
		{"login_required", "", "sign in or approve in the browser"},
		{"unsupported_response_type", "", "does not allow this way to sign in"},
		{"OAUTH_APP_BLOCKED", "this app is blocked by admin", "unblock the app"},
		{"OAUTH_APP_ACCESS_DENIED", "user is not admin approved to access this app", "approved"},
		{"OAUTH_EC_APP_NOT_FOUND", "External client app is not installed in this org", "does not know this external client app"},
		{"OAUTH_APPROVAL_ERROR_GENERIC", "An unexpected error has occurred during authentication. Please try again.", "without saying why"},
		{"invalid_client", "app must be installed into org", "Ask an admin to install the app"},
		{"invalid_client", "invalid client credentials", "client secret is wrong or missing"},
		{"invalid_client_credentials", "client secret invalid", "client secret is wrong or missing"},
		{"invalid_client_id", "client identifier invalid", "Check the client id and the host, then begin again"},
		{"invalid_app_access", "user is not admin approved to access this app", "then begin again"},
		{"app_not_found", "External client app is not installed in this org", "does not know this external client app"},
		{"invalid_scope", "requested scope is invalid, unknown, or malformed", "does not allow a scope that the sign-in asked for"},
		{"invalid_grant", "ip restricted", "Sign in from a network"},
		{"invalid_grant", "inactive user", "activate the user"},
		{"invalid_grant", "user hasn't approved this consumer", "allow the app in the browser"},
		{"invalid_grant", "invalid authorization code", "code of the sign-in"},
		{"invalid_grant", "missing code verifier", "PKCE"},
		{"invalid_request", "invalid code verifier", "PKCE"},
		{"invalid_request", "must use HTTP POST", "request itself wrong"},
		{"redirect_uri_mismatch", "redirect_uri must match configuration", "callback URL"},
		{"redirect_uri_missing", "redirect_uri not provided", "no callback URL"},
		{"rate_limit_exceeded", "number of logins exceeded", "then begin again"},
		{"unsupported_grant_type", "grant type not supported", "authorization code flow"},
		{"server_error", "", "trouble of its own"},
	} {
		query := url.Values{"state": {s.state.Reveal()}, "error": {k.code}, "error_description": {k.description}}
		_, inBrowser := s.Code(query)
		server := serve(t, say(400, "application/json", oauth(k.code, k.description, "", false).body))
		_, atExchange := c.Exchange(t.Context(), newSignIn(t, server), tokens.NewSecret("aPrx"), nil)
		for step, err := range map[string]error{"in the browser": inBrowser, "at the exchange": atExchange} {
			if e := checkBoth(t, k.code+" "+step, err); !e.Known || !strings.Contains(told(e), k.says) {
				t.Errorf("%s %s %s: %s", k.code, k.description, step, told(e))
			}
		}
	}
}

// An id that came and is not valid is not said to be missing.
func TestAGrantTellsWhyItsIDIsLeftOut(t *testing.T) {
	t.Parallel()
	const tokensOnly = `{"access_token":"00Dxx!a","refresh_token":"5Aep861x","instance_url":"https://acme.my.salesforce.com"`
	for rest, want := range map[string]string{
		`}`: "",
		`,"id":"https://login.salesforce.com/id/00D41000000F8A0EAK/005410000031xAA-AY"}`: "user in the identity URL",
	} {
		g, err := parseGrant(tokensOnly + rest)
		if err != nil || g.ID != "" || !strings.HasPrefix(g.IDProblem, want) || (want == "") != (g.IDProblem == "") {
			t.Errorf("%s: %q, %v", rest, g.IDProblem, err)
		}
	}
}

// Each row of a sign-in is reached, and says nothing that is not true of one.
func TestNoRowOfASignInStandsBehindAnother(t *testing.T) {
	t.Parallel()
	for _, rows := range signInTable {
		for i := range rows {
			f := rows[i].example()
			f.SignIn, f.Aside = tokens.SignInNew, true
			if said := notOfASignIn(f); said != "" {
				t.Errorf("%q %q: %s", rows[i].code, rows[i].problem, said)
			}
		}
	}
	for _, rows := range [][]row{signInHereRows, signInRows, signInPages} {
		for i := range rows {
			f := rows[i].example()
			f.SignIn = tokens.SignInNew
			if find(f) != &rows[i] {
				t.Errorf("the row %q %q %q is behind another", rows[i].code, rows[i].says, rows[i].problem)
			}
		}
	}
}
