package cli

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"

	"orgkeep/keychain"
	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
)

// The documents that scripts are promised, to the letter.
const (
	wantList = `{"version":1,"orgs":[{"alias":"acme-prod","org_id":"00D41000000F8A0EAK","user_id":"005410000031xAAEAY",` +
		`"username":"ada@acme.example","type":"production","login_url":"https://login.salesforce.com",` +
		`"instance_url":"https://acme.my.salesforce.com","client_id":"PlatformCLI","scopes":["api","refresh_token"],"tags":["acme"],` +
		`"issued_at":"2026-11-23T09:14:02Z","age_s":725,"left_s":6475,"left_source":"estimate","idle_left_s":2591275,"health":"fresh",` +
		`"rotates":"unknown","last_refresh":{"at":"2026-11-23T09:14:02Z","outcome":"refreshed","duration_ms":412,"attempts":1}}]}`
	wantUnknown = `{"alias":"bare","org_id":"00D41000000F8A0EAK","user_id":"005410000031xAAEAY","username":null,"type":"unknown",` +
		`"login_url":"https://acme.example","instance_url":"https://acme.example","client_id":"x","scopes":[],"tags":[],"issued_at":null,` +
		`"age_s":null,"left_s":null,"left_source":"unknown","idle_left_s":null,"health":"unknown","rotates":"unknown","last_refresh":null}`
	wantLastFailed = `"last_refresh":{"at":"2026-11-23T09:14:02Z","outcome":"failed","duration_ms":388,"attempts":1,` +
		`"http_status":400,"error":"invalid_grant","error_description":"expired access/refresh token"}}`
	wantFailed = `{"version":1,"results":[{"alias":"globex","outcome":"failed","http_status":400,"error":"invalid_grant",` +
		`"error_description":"expired access/refresh token","request_id":null,"known":true,"meaning":"`
	wantFailedEnd = `,"who":"you","retry":false,"attempts":1,"duration_ms":388,"rotated":false,"date":null,"clock_skew_s":null}]}`
	wantRefreshed = `{"version":1,"results":[{"alias":"acme","outcome":"refreshed","http_status":null,"error":null,` +
		`"error_description":null,"request_id":null,"known":null,"meaning":null,"causes":[],"remedy":null,"who":null,"retry":null,"attempts":1,` +
		`"duration_ms":412,"rotated":true,"date":null,"clock_skew_s":null}]}`
)

var (
	issued  = time.Date(2026, 11, 23, 9, 14, 2, 345e6, time.UTC)
	refused = tokens.Attempt{
		At: issued, Outcome: tokens.OutcomeFailed, Duration: 388 * time.Millisecond, Tries: 1,
		Failure: &tokens.Failure{
			Kind: tokens.FailedAnswer, HTTPStatus: http.StatusBadRequest,
			Code: "invalid_grant", Description: "expired access/refresh token",
		},
	}
	went = tokens.Attempt{At: issued, Outcome: tokens.OutcomeRefreshed, Duration: 412 * time.Millisecond, Tries: 1}
)

func document(t *testing.T, d any) string {
	t.Helper()
	var out bytes.Buffer
	if err := writeJSON(&out, d); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(out.String(), "\n")
}

func TestListDocument(t *testing.T) {
	t.Parallel()
	known := tokens.Org{
		Alias: "acme-prod", OrgID: "00D41000000F8A0EAK", UserID: "005410000031xAAEAY", Username: "ada@acme.example", Type: tokens.Production,
		LoginURL: "https://login.salesforce.com", InstanceURL: "https://acme.my.salesforce.com", ClientID: "PlatformCLI",
		Scopes: []string{"api", "refresh_token"}, Tags: []string{"acme"}, IssuedAt: issued, RefreshUsedAt: issued, HasRefreshToken: true,
		Rotates: tokens.RotationUnknown, Last: &went,
	}
	now := issued.Add(725 * time.Second)
	if got := document(t, newOrgList([]tokens.Org{known}, now, tokens.DefaultLimits())); got != wantList {
		t.Errorf("got\n%s\nwant\n%s", got, wantList)
	}
	known.Last, known.Favourite = &refused, true
	if got := document(t, newListedOrg(known, now, tokens.DefaultLimits())); !strings.Contains(got, `"tags":["acme"],"favourite":true,"issued_at"`) {
		t.Errorf("a favourite is\n%s", got)
	}
	if got := document(t, newListedOrg(known, now, tokens.DefaultLimits())); !strings.HasSuffix(got, wantLastFailed) {
		t.Errorf("got\n%s\nwant it to end with\n%s", got, wantLastFailed)
	}
	bare := tokens.Org{
		Alias: "bare", OrgID: "00D41000000F8A0EAK", UserID: "005410000031xAAEAY", Type: tokens.TypeUnknown,
		InstanceURL: "https://acme.example", ClientID: "x", Rotates: tokens.RotationUnknown,
	}
	if got := document(t, newListedOrg(bare, now, tokens.DefaultLimits())); got != wantUnknown {
		t.Errorf("got\n%s\nwant\n%s", got, wantUnknown)
	}
}

// newRefreshing returns a refresh command whose output goes to the buffers.
func newRefreshing(out, errs *bytes.Buffer) *refreshing {
	k := &opened{Keeper: keeper.New(keeper.Options{}), place: &place{secrets: keychain.Memory()}}
	return &refreshing{session: &session{Program: Program{Out: out, Err: errs, Clock: tokens.StillClock(issued)}}, keeper: k, asJSON: true}
}

func TestRefreshDocument(t *testing.T) {
	t.Parallel()
	var out, errs bytes.Buffer
	o := newRefreshing(&out, &errs)
	if err := o.answer([]keeper.Result{{Org: tokens.Org{Alias: "globex"}, Attempt: refused}}); err == nil {
		t.Error("a failed refresh is no exit 0")
	}
	got := strings.TrimSuffix(out.String(), "\n")
	if !strings.HasPrefix(got, wantFailed) || !strings.HasSuffix(got, wantFailedEnd) || !strings.Contains(got, `],"remedy":"`) {
		t.Errorf("got\n%s\nwant\n%s…%s", got, wantFailed, wantFailedEnd)
	}
	out.Reset()
	rotated := went
	rotated.Rotated = true
	if err := o.answer([]keeper.Result{{Org: tokens.Org{Alias: "acme"}, Attempt: rotated}}); err != nil {
		t.Error(err)
	}
	if got := strings.TrimSuffix(out.String(), "\n"); got != wantRefreshed {
		t.Errorf("got\n%s\nwant\n%s", got, wantRefreshed)
	}
}
