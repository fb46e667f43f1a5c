package salesforce

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"orgkeep/tokens"
)

// served is one answer of the reference as an endpoint gives it, and what must
// be made of it.
type served struct {
	status            int
	body              string
	code, description string
	meaning           string // a part of it; empty: not known
	again, undecided  bool
}

func oauth(code, description, meaning string, again bool) served {
	return served{
		status: 400, body: fmt.Sprintf(`{"error":%q,"error_description":%q}`, code, description),
		code: code, description: description, meaning: meaning, again: again,
	}
}

func known() []served {
	return append([]served{
		oauth("invalid_grant", "expired access/refresh token", "login is over", false),
		oauth("invalid_grant", "Expired access/refresh token", "login is over", false),
		oauth("invalid_grant", "token validity expired", "does not document", false),
		oauth("invalid_grant", "token request is already being processed", "under way", true),
		oauth("invalid_grant", "expired authorization code", "older wording", true),
		oauth("invalid_grant", "inactive user", "deactivated or frozen", false),
		oauth("invalid_grant", "inactive organization", "locked, closed", false),
		oauth("invalid_grant", "authentication failure", "could not authenticate", false),
		oauth("invalid_grant", "authentication failure - Invalid Password", "password", false),
		oauth("invalid_grant", "ip restricted", "from your network", false),
		oauth("invalid_grant", "IP restricted or invalid login hours", "at this hour", false),
		oauth("invalid_grant", "user hasn't approved this consumer", "not approved this app", false),
		oauth("invalid_grant", "user hasn’t approved this consumer", "not approved this app", false),
		oauth("invalid_app_access", "user is not admin approved to access this app", "admits only users", false),
		oauth("app_not_found", "External client app is not installed in this org", "external client app", false),
		oauth("invalid_client_id", "client identifier invalid", "does not know this client id", false),
		oauth("invalid_client", "invalid client credentials", "client secret", false),
		oauth("invalid_client_credentials", "client secret invalid", "client secret", false),
		oauth("inactive_user", "user is inactive", "deactivated or frozen", false),
		oauth("inactive_org", "org is locked, closed, or suspended", "locked, closed", false),
		oauth("rate_limit_exceeded", "number of logins exceeded", "logins of this hour", true),
		oauth("unsupported_grant_type", "grant type not supported", "does not allow the refresh", false),
		oauth("invalid_request", "must use HTTP POST", "request itself wrong", false),
		oauth("invalid_scope", "requested scope is invalid, unknown, or malformed", "scope", false),
		oauth("unknown_error", "Data Not Available", "does not appear to exist", false),
		oauth("server_error", "anything", "trouble of its own", false),
		oauth("invalid_grant", "invalid authorization code", "code of the sign-in", false),
		oauth("invalid_grant", "missing code verifier", "PKCE", false),
		oauth("invalid_request", "invalid code verifier", "PKCE", false),
		oauth("redirect_uri_mismatch", "redirect_uri must match configuration", "callback URL", false),
		oauth("redirect_uri_missing", "redirect_uri not provided", "no callback URL", false),
		oauth("invalid_grant", "invalid assertion", "assertion", false),
		oauth("invalid_grant", "audience is invalid", "assertion", false),
		oauth("invalid_grant", "Audience validation failed", "assertion", false),
		oauth("invalid_assertion_type", "x", "does not document", false),
		oauth("invalid_grant", "no client credentials user enabled", "no user to act for", false),
		oauth("authorization_pending", "", "not finished yet", false),
		oauth("slow_down", "", "too often", false),
		oauth("invalid_grant", "server isn’t able to grant an access token", "device code", false),
		oauth("invalid_request", "device code is invalid", "device code", false),
		oauth("access_denied", "end-user denied authorization", "denied in the browser", false),
		oauth("immediate_unsuccessful", "", "sign in or approve", false),
		oauth("login_required", "", "sign in or approve", false),
		oauth("unsupported_response_type", "", "this way to sign in", false),
		oauth("OAUTH_APP_BLOCKED", "this app is blocked by admin", "blocked this app", false),
		oauth("OAUTH_APP_ACCESS_DENIED", "user is not admin approved to access this app", "admits only users", false),
		oauth("OAUTH_EC_APP_NOT_FOUND", "External client app is not installed in this org", "external client app", false),
		oauth("OAUTH_APPROVAL_ERROR_GENERIC", "An unexpected error has occurred during authentication. Please try again.", "without saying why", false),
		oauth("invalid_client", "app must be installed into org", "installed in the org", false),
		oauth("unsupported_token_type", "Token type not supported", "cannot revoke", false),
		oauth("invalid_token", "Token was invalid", "not document these words for a refresh", false),
	}, knownTexts()...)
}

func knownTexts() []served {
	const down = "<html><head><title>Maintenance</title></head><body>We are down for maintenance.<br>Sorry for the inconvenience. We'll be back shortly.</body></html>"
	return []served{
		{403, "Bad_OAuth_Token", "Bad_OAuth_Token", "", "spoke of an access token", false, false},
		{403, "Missing_OAuth_Token", "Missing_OAuth_Token", "", "spoke of an access token", false, false},
		{403, "Invalid_Scope", "Invalid_Scope", "", "A refresh asks for none", false, false},
		{403, "Invalid_Param\r\n", "Invalid_Param", "", "spoke of an access token", false, false},
		{403, "Wrong_Org", "Wrong_Org", "", "spoke of an access token", false, false},
		{403, "No_Access", "No_Access", "", "spoke of an access token", false, false},
		{401, `[{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}]`, "INVALID_SESSION_ID", "Session expired or invalid", "spoke of an access token", false, false},
		{401, `[{"message":"This session is not valid for use with the REST API","errorCode":"INVALID_SESSION_ID"}]`, "INVALID_SESSION_ID", "This session is not valid for use with the REST API", "spoke of an access token", false, false},
		{401, `Connected app is not attached to Agent`, "", "", "attached to the agent", false, false},
		{403, `[{"message":"off","errorCode":"API_CURRENTLY_DISABLED"}]`, "API_CURRENTLY_DISABLED", "off", "API is switched off", false, false},
		{403, `[{"message":"TotalRequests Limit exceeded.","errorCode":"REQUEST_LIMIT_EXCEEDED"}]`, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.", "API calls", false, false},
		{400, "error=invalid_grant&error_description=expired%20access%2Frefresh+token", "invalid_grant", "expired access/refresh token", "login is over", false, false},
		{503, down, "", "", "down for maintenance", true, false},
		{200, down, "", "", "page of maintenance", false, true},
		{200, "", "", "", "without readable tokens", false, true},
		{200, `{"error":"invalid_grant","error_description":"inactive user"}`, "invalid_grant", "inactive user", "deactivated", false, false},
		{404, "<html><title>URL No Longer Exists</title></html>", "", "", "not there any more", false, false},
		{500, "Destination URL not reset. The URL returned was", "", "", "not there any more", false, false},
		{400, "<!doctype html><html><body>Hello</body></html>", "", "", "web page", false, false},
		{429, "", "", "", "too many requests", true, false},
		{503, "", "", "", "does not serve", true, false},
		{502, "<h1>502 Bad Gateway</h1>", "", "", "gateway", false, true},
		{504, "", "", "", "gateway", false, true},
		{500, "", "", "", "trouble of its own", false, false},
		{407, "", "", "", "user name and password", false, false},
		{404, "", "", "", "no such endpoint", false, false},
		{400, `{"error":"invalid_grant","error_description":"never heard of"}`, "invalid_grant", "never heard of", "", false, false},
		{418, "I am a teapot", "", "", "", false, false},
		{400, `{"foo":1}`, "", "", "no error that could be read: its JSON names none", false, false},
		{400, "", "", "", "no error that could be read: it is empty", false, false},
		{500, `{"error":"server_error"}`, "server_error", "", "trouble of its own", false, false},
	}
}

func TestEveryRowOverHTTP(t *testing.T) {
	t.Parallel()
	for _, s := range known() {
		t.Run(fmt.Sprintf("%d %.50s", s.status, s.body), func(t *testing.T) {
			t.Parallel()
			f := refresh(t, serve(t, say(s.status, "application/json;charset=UTF-8", s.body)))
			if f.Kind != tokens.FailedAnswer || f.HTTPStatus != s.status || f.Code != s.code || f.Description != s.description {
				t.Errorf("failure: %+v", f)
			}
			if f.Body != strings.ReplaceAll(s.body, "\r\n", "\n") {
				t.Errorf("body: %q", f.Body)
			}
			e := Explain(f)
			if e.Known != (s.meaning != "") || !strings.Contains(e.Meaning, s.meaning) {
				t.Errorf("known %v, meaning: %s", e.Known, e.Meaning)
			}
			if Transient(f) != s.again || Undecided(f) != s.undecided {
				t.Errorf("transient %v, undecided %v", Transient(f), Undecided(f))
			}
			if !e.Known && !strings.Contains(e.Meaning, "not known to orgkeep") {
				t.Errorf("meaning: %s", e.Meaning)
			}
		})
	}
}

// Every row is reached by at least one of the answers served above or by a
// failure of the transport and this machine.
func TestNoRowStandsInTheShadowOfAnother(t *testing.T) {
	t.Parallel()
	reached := map[*row]bool{}
	for _, s := range known() {
		r := reply{status: s.status, body: []byte(s.body), sent: true}
		q := question{host: "https://acme.my.salesforce.com"}
		f := r.refused(q, newMask(nil))
		if f == nil {
			_, f = r.grant(q, newMask(nil))
		}
		reached[find(f)] = true
	}
	for _, rows := range [][]row{refreshRows, codeRows, otherGrantRows, requestRows, browserRows, misplacedRows, tokenUseRows, asidePages, pageRows, statusRows} {
		for i := range rows {
			r := &rows[i]
			if reached[r] || find(r.example()) == r {
				continue
			}
			t.Errorf("no answer reaches the row %q %q %q %v", r.code, r.says, r.anywhere, r.status)
		}
	}
	for _, rows := range [][]row{asideRows, questionRows, localRows, sentRows, transportRows} {
		for i := range rows {
			if find(rows[i].example()) != &rows[i] {
				t.Errorf("the row %q is behind another", rows[i].problem)
			}
		}
	}
}

// example is the plainest failure that a row fits.
func (r *row) example() *tokens.Failure {
	f := &tokens.Failure{Kind: r.kind, Code: r.code, Problem: r.problem, Sent: r.sent, Aside: r.aside, Body: r.anywhere}
	if len(r.says) > 0 {
		f.Description = r.says[0]
	}
	if len(r.status) > 0 {
		f.HTTPStatus = r.status[0]
	}
	return f
}

// The same words mean one thing about an access token that was shown and another
// as the answer to a refresh, where "refresh" is no remedy.
func TestNoRemedyOfARefreshIsARefreshAlone(t *testing.T) {
	t.Parallel()
	for code, use := range map[string]string{
		"Bad_OAuth_Token": "access token does not work", "Missing_OAuth_Token": "saw no access token", "INVALID_SESSION_ID": "access token has ended",
		"Wrong_Org": "another org", "No_Access": "may not use", "Invalid_Param": "request itself wrong", "Invalid_Scope": "scopes do not open", "invalid_token": "not valid",
	} {
		f := tokens.Failure{Kind: tokens.FailedAnswer, HTTPStatus: 403, Code: code}
		if e := Explain(&f); !strings.Contains(e.Meaning, use) {
			t.Errorf("%s about an access token: %s", code, e.Meaning)
		}
		f.Sent = true
		if e := Explain(&f); !e.Known || strings.Contains(e.Remedy, "Refresh") || strings.Contains(e.Remedy, "refresh the org") || Transient(&f) {
			t.Errorf("%s as the answer to a refresh: %+v", code, e)
		}
	}
}

func TestExplanationsAreWholeAndShort(t *testing.T) {
	t.Parallel()
	for _, rows := range append(slices.Clone(table), signInTable...) {
		for _, r := range rows {
			e := r.Explanation
			if r.unsent {
				e.Meaning += notSent
			}
			for _, word := range []string{"(l", "l on", "orgkeep login"} {
				if strings.Contains(e.Remedy, word) {
					t.Errorf("a remedy names a key or a command: %s", e.Remedy)
				}
			}
			if e.Meaning == "" || e.Remedy == "" || len(e.Causes) == 0 || (e.Who != you && e.Who != admin && e.Who != salesforce) {
				t.Errorf("incomplete: %+v", e)
			}
			if n := utf8.RuneCountInString(e.Meaning); n > 210 {
				t.Errorf("meaning has %d characters: %s", n, e.Meaning)
			}
			if n := utf8.RuneCountInString(e.Remedy); n > 170 {
				t.Errorf("remedy has %d characters: %s", n, e.Remedy)
			}
			if r.again && !e.Retry {
				t.Errorf("tried again by itself, but a retry is said not to help: %s", e.Meaning)
			}
			for _, text := range append([]string{e.Meaning, e.Remedy}, e.Causes...) {
				if !tokens.Printable(text) || strings.Contains(text, "  ") || strings.Contains(text, "!") {
					t.Errorf("text: %q", text)
				}
			}
		}
	}
}

func TestExplainNothing(t *testing.T) {
	t.Parallel()
	if Explain(nil).Known || Transient(nil) || Undecided(nil) {
		t.Error("no failure is explained")
	}
}
