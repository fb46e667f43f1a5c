package transfer

import (
	"testing"
	"time"

	"orgkeep/tokens"
)

func TestWhatTheCLITellsOfAnOrg(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 12, 20, 0, 0, 0, 0, time.UTC)
	for text, want := range map[string]struct {
		kind tokens.Type
		hub  bool
		ends time.Time
	}{
		`{"isScratch":true,"isSandbox":false,"expirationDate":"2026-12-20"}`:                                               {tokens.Scratch, false, day},
		`{"isScratch":true,"trailExpirationDate":"2026-12-20T00:00:00.000+0000"}`:                                          {tokens.Scratch, false, day},
		`{"isScratch":false,"isSandbox":true,"isDevHub":true}`:                                                             {tokens.Sandbox, true, time.Time{}},
		`{"isScratch":false,"isSandbox":false,"orgEdition":"Developer Edition"}`:                                           {tokens.Developer, false, time.Time{}},
		`{"isScratch":false,"isSandbox":false,"orgEdition":"Enterprise Edition","trailExpirationDate":null}`:               {tokens.Production, false, time.Time{}},
		`{"isScratch":false,"isSandbox":false,"orgEdition":"Developer Edition","trailExpirationDate":"2026-12-20T00:00Z"}`: {tokens.TypeUnknown, false, time.Time{}},
		`{"isSandbox":false}`:                 {tokens.TypeUnknown, false, time.Time{}},
		`{}`:                                  {tokens.TypeUnknown, false, time.Time{}},
		`{"isScratch":null,"isSandbox":null}`: {tokens.TypeUnknown, false, time.Time{}},
		`{"isScratch":"true","expirationDate":[1]}`: {tokens.TypeUnknown, false, time.Time{}},
	} {
		auth, err := parseSF([]byte(text))
		if err != nil || auth.kind() != want.kind || auth.DevHub.yes != want.hub || !auth.ends().Equal(want.ends) {
			t.Errorf("%s: %s, %v, %v, %v", text, auth.kind(), auth.DevHub.yes, auth.ends(), err)
		}
	}
}

// The host tells more surely than the file, which may be old.
func TestTheHostTellsFirst(t *testing.T) {
	t.Parallel()
	home := sfHome(t)
	put(t, home, "a@x.example.json", `{"refreshToken":"5Aep","orgId":"00D000000000201","instanceUrl":"https://acme--uat.sandbox.my.salesforce.com",
		"clientId":"c","isScratch":false,"isSandbox":false}`)
	if l := content(t, home, nil).Logins[0]; l.Username != "a@x.example" || l.Org.Type != tokens.Sandbox {
		t.Errorf("%+v", l)
	}
}
