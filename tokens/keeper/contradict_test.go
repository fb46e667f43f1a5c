package keeper_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
)

const (
	anotherUser = `{"user_id":"005410000031xBBAAY","organization_id":"00D41000000F8A0EAK","preferred_username":"eve@acme.example"}`
	anotherOrg  = `{"user_id":"005410000031xAAAAY","organization_id":"00DKS00000ZzYyX2AV","preferred_username":"eve@acme.example"}`
	shortIDs    = `{"user_id":"005410000031xAA","organization_id":"00D41000000F8A0","preferred_username":"ada@acme.example"}`
)

// The username of another login is not taken over, and what it is of is said.
func TestUserinfoOfAnotherLogin(t *testing.T) {
	t.Parallel()
	for body, wrong := range map[string]string{
		anotherUser: "the saved user id is 005410000031xAAAAY, and userinfo names 005410000031xBBAAY",
		anotherOrg:  "the saved org id is 00D41000000F8A0EAK, and userinfo names 00DKS00000ZzYyX2AV",
		shortIDs:    "",
	} {
		w, o := newWorld(t), newOracle(t)
		org := w.seen(o, "00D41000000F8A0!AQ.access", "")
		o.answers["/services/oauth2/userinfo"] = body
		o.answers["/services/data/v65.0/query"] = `{"records":[{"IsSandbox":true,"TrialExpirationDate":null}]}`
		found := inspect(t.Context(), w.keeper(), org)
		f, want := found[keeper.PartUserinfo], ""
		if wrong == "" {
			want = "ada@acme.example"
		}
		if strings.Join(f.Wrong, "\n") != wrong || f.Other != (wrong != "") || f.Org.Username != want || w.org(org.Key).Username != want {
			t.Errorf("look: %+v, saved %q", f, w.org(org.Key).Username)
		}
		if learned := w.org(org.Key).Type == tokens.Sandbox; learned != (wrong == "") {
			t.Errorf("%s: the type became %s", body, w.org(org.Key).Type)
		}
		tested, err := w.keeper().TestAccess(t.Context(), org)
		failure, failed := errors.AsType[*tokens.Failure](err)
		if failed != (wrong != "") || failed && (!failure.OtherLogin() || !strings.HasSuffix(failure.Problem, wrong) || failure.Sent || !w.keeper().Explain(failure).Known) || tested.Username != want || w.org(org.Key).Username != want {
			t.Errorf("test: %+v, %v", tested, err)
		}
	}
}

// introspected is what a look has found where introspection has answered so.
func introspected(t *testing.T, access, body string) (*world, tokens.Org, keeper.Finding) {
	t.Helper()
	w, o := newWorld(t), newOracle(t)
	org := w.seen(o, access, "s3cret")
	o.answers["/services/oauth2/introspect"] = body
	f := inspect(t.Context(), w.keeper(), org)[keeper.PartIntrospection]
	return w, org, f
}

func TestIntrospectionOfAnotherToken(t *testing.T) {
	t.Parallel()
	exp := fmt.Sprintf(`"exp":%d`, now.Add(time.Hour).Unix())
	for more, wrong := range map[string]string{
		`"client_id":"another"`: "the saved client id is acme, and introspection names another",
		`"sub":"https://login.salesforce.com/id/00D41000000F8A0EAK/005410000031xBBAAY"`: "the saved user id is 005410000031xAAAAY, and introspection names 005410000031xBBAAY",
		`"sub":"uid:005410000031xBB"`:     "the saved user id is 005410000031xAAAAY, and introspection names 005410000031xBBAAY",
		`"token_type":"refresh_token"`:    "introspection was asked about the access token, and tells of a token of the type refresh_token",
		`"token_type":"access_token"`:     "",
		`"token_type":"Bearer"`:           "",
		`"client_id":"acme"`:              "",
		`"sub":"uid:005410000031xAA"`:     "",
		`"username":"ada@acme.example"`:   "",
		`"scope":"api web refresh_token"`: "",
	} {
		w, org, f := introspected(t, "00D41000000F8A0!AQ.access", `{"active":true,`+exp+`,`+more+`}`)
		if strings.Join(f.Wrong, "\n") != wrong || f.Other != (wrong != "") {
			t.Errorf("%s: %+v", more, f)
		}
		if taken := !w.org(org.Key).ExpiresAt.IsZero(); taken != (wrong == "") {
			t.Errorf("%s: the end is taken: %t", more, taken)
		}
		if differ := slices.Contains(f.Notes, "introspection names the scopes web, refresh_token, and the saved ones have not those."); differ != strings.Contains(more, "scope") {
			t.Errorf("%s: notes %q", more, f.Notes)
		}
	}
}

func TestIntrospectionOfAnotherUsername(t *testing.T) {
	t.Parallel()
	w, o := newWorld(t), newOracle(t)
	org := w.seen(o, "00D41000000F8A0!AQ.access", "s3cret")
	org.Username = "eve@acme.example"
	if f := inspect(t.Context(), w.keeper(), org)[keeper.PartIntrospection]; !f.Other || !slices.Contains(f.Wrong, "the saved username is eve@acme.example, and introspection names ada@acme.example") {
		t.Errorf("%+v", f)
	}
}

// A JWT is over at its own exp, or sooner where the endpoint says so.
func TestTheEarlierOfTwoEndsHolds(t *testing.T) {
	t.Parallel()
	e := base64.RawURLEncoding
	own := now.Add(10 * time.Minute)
	access := e.EncodeToString([]byte(`{"alg":"RS256","kid":"1"}`)) + "." + e.EncodeToString(fmt.Appendf(nil, `{"exp":%d}`, own.Unix())) + "." + e.EncodeToString(make([]byte, 256))
	for told, want := range map[time.Time]struct {
		ends         time.Time
		source       tokens.LeftSource
		wrong, notes int
	}{
		now.Add(time.Hour):       {own, tokens.LeftFromJWT, 1, 0},
		own:                      {own, tokens.LeftFromIntrospection, 0, 0},
		now.Add(5 * time.Minute): {now.Add(5 * time.Minute), tokens.LeftFromIntrospection, 0, 1},
	} {
		w, org, f := introspected(t, access, fmt.Sprintf(`{"active":true,"exp":%d}`, told.Unix()))
		for _, got := range []tokens.Org{f.Org, w.org(org.Key)} {
			if !got.ExpiresAt.Equal(want.ends) || got.ExpirySource != want.source || len(f.Wrong) != want.wrong || len(f.Notes) != want.notes || f.Other {
				t.Errorf("told %s: %s by %s, %+v", told, got.ExpiresAt, got.ExpirySource, f)
			}
		}
	}
}

// An active token has not ended: an exp that has passed is not taken, and one that an
// earlier look has kept is let go.
func TestAnActiveTokenWhoseExpHasPassed(t *testing.T) {
	t.Parallel()
	body := fmt.Sprintf(`{"active":true,"exp":%d}`, now.Add(-time.Hour).Unix())
	w, org, f := introspected(t, "00D41000000F8A0!AQ.access", body)
	if len(f.Wrong) != 1 || !strings.Contains(f.Wrong[0], "clocks of this machine and of the endpoint may differ") || f.Other || f.Ended {
		t.Errorf("%+v", f)
	}
	w.endless(org.Key)
	kept, err := w.ledger.SetExpiry(t.Context(), w.org(org.Key), now.Add(-time.Hour), tokens.LeftFromIntrospection)
	if err != nil || kept.ExpiresAt.IsZero() {
		t.Fatal(err)
	}
	for f := range w.keeper().Inspect(t.Context(), kept) {
		if !f.Org.ExpiresAt.IsZero() {
			t.Errorf("after %s it ends at %s", f.Part, f.Org.ExpiresAt)
		}
	}
	w.endless(org.Key)
}

func TestAnExpThatCannotBeTaken(t *testing.T) {
	t.Parallel()
	for _, exp := range []string{`95617584000`, `"soon"`, `1795424000000`, `-5`} {
		w, org, f := introspected(t, "00D41000000F8A0!AQ.access", `{"active":true,"exp":`+exp+`}`)
		if len(f.Notes) != 1 || !strings.HasPrefix(f.Notes[0], "Its exp cannot be taken: "+exp+" is no time") || len(f.Wrong) != 0 {
			t.Errorf("%s: %+v", exp, f)
		}
		w.endless(org.Key)
	}
	if _, _, f := introspected(t, "00D41000000F8A0!AQ.access", `{"active":true,"exp":null}`); len(f.Notes) != 0 {
		t.Errorf("of null: %q", f.Notes)
	}
}

// The record tells the type of an org whose host does not, and a type that is known
// stays.
func TestTheRecordTellsTheType(t *testing.T) {
	t.Parallel()
	for record, want := range map[string]tokens.Type{
		`"IsSandbox":true,"TrialExpirationDate":null,"OrganizationType":"Enterprise Edition"`:                            tokens.Sandbox,
		`"IsSandbox":true,"TrialExpirationDate":"2026-12-01T08:00:00.000+0000","OrganizationType":"Developer Edition"`:   tokens.Scratch,
		`"IsSandbox":false,"TrialExpirationDate":null,"OrganizationType":"Developer Edition"`:                            tokens.Developer,
		`"IsSandbox":false,"TrialExpirationDate":null,"OrganizationType":"Enterprise Edition"`:                           tokens.Production,
		`"IsSandbox":false,"TrialExpirationDate":"2026-12-01T08:00:00.000+0000","OrganizationType":"Enterprise Edition"`: tokens.TypeUnknown,
		`"IsSandbox":false,"OrganizationType":"Enterprise Edition"`:                                                      tokens.TypeUnknown,
		`"IsSandbox":false,"TrialExpirationDate":null`:                                                                   tokens.TypeUnknown,
	} {
		w, o := newWorld(t), newOracle(t)
		org := w.seen(o, "00D41000000F8A0!AQ.access", "")
		o.answers["/services/data/v65.0/query"] = `{"records":[{` + record + `}]}`
		f := inspect(t.Context(), w.keeper(), org)[keeper.PartOrganization]
		if f.Org.Type != want || w.org(org.Key).Type != want || (len(f.Notes) == 1) != (want != tokens.TypeUnknown) || f.Warning != nil {
			t.Errorf("%s: %+v, saved %s", record, f, w.org(org.Key).Type)
		}
		known := f.Org
		known.Type = tokens.Patch
		if f := inspect(t.Context(), w.keeper(), known)[keeper.PartOrganization]; f.Org.Type != tokens.Patch || len(f.Notes) != 0 {
			t.Errorf("a known type became %s", f.Org.Type)
		}
	}
}

// A refresh keeps the type that a look has told, also one that was begun before it.
func TestALearnedTypeOutlivesARefresh(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, _ := w.login("acme", true)
	if _, err := w.ledger.LearnType(t.Context(), org.Key, tokens.Sandbox); err != nil {
		t.Fatal(err)
	}
	if r := refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{org})); r.Attempt.Outcome != tokens.OutcomeRefreshed {
		t.Fatalf("%+v", r)
	}
	if kind := w.org(org.Key).Type; kind != tokens.Sandbox {
		t.Errorf("after a refresh it is %s", kind)
	}
}
