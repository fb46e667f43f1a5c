package demo_test

import (
	"math"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"orgkeep/tokens"
	"orgkeep/tokens/demo"
)

func TestOrgsAreInEveryState(t *testing.T) {
	t.Parallel()
	d := start(t, demo.Options{})
	health := map[tokens.Health]int{}
	aliases := map[string]bool{}
	keys := map[tokens.Key]bool{}
	var withoutIdle, soon, knownLeft int
	for _, saved := range d.Orgs() {
		clocks := saved.Org.Clocks(nineOClock, tokens.DefaultLimits())
		health[clocks.Health]++
		aliases[saved.Org.Alias], keys[saved.Org.Key] = true, true
		if !clocks.IdleKnown {
			withoutIdle++
		}
		if clocks.IdleSoon {
			soon++
		}
		if clocks.LeftSource == tokens.LeftFromJWT {
			knownLeft++
		}
		if saved.Org.Type == tokens.TypeUnknown {
			t.Errorf("%s: the host %s tells no type", saved.Org.Alias, saved.Org.InstanceURL)
		}
		if err := tokens.CheckAlias(saved.Org.Alias); err != nil {
			t.Error(err)
		}
		if !saved.Org.Key.Valid() {
			t.Errorf("%s: the key %s is not valid", saved.Org.Alias, saved.Org.Key)
		}
	}
	want := map[tokens.Health]int{tokens.Fresh: 3, tokens.Ageing: 2, tokens.Expired: 5, tokens.Failed: 1, tokens.HealthUnknown: 1}
	if !reflect.DeepEqual(health, want) {
		t.Errorf("health: %v, want %v", health, want)
	}
	if len(aliases) != 12 || len(keys) != 12 {
		t.Errorf("%d aliases and %d keys, want 12 of each", len(aliases), len(keys))
	}
	if withoutIdle != 1 || soon != 1 || knownLeft != 2 {
		t.Errorf("without idle clock %d, idle soon %d, known time left %d; want 1, 1, 2", withoutIdle, soon, knownLeft)
	}
}

// A saved org has to survive the keychain: every program reads it back from there.
func TestSecretsFitTheKeychain(t *testing.T) {
	t.Parallel()
	for _, saved := range start(t, demo.Options{}).Orgs() {
		line, err := saved.Secrets.Line()
		if err != nil {
			t.Fatal(err)
		}
		if len(line) > 2400 {
			t.Errorf("%s: the keychain item has %d bytes", saved.Org.Alias, len(line))
		}
		again, err := tokens.ParseSecrets(line)
		if err != nil {
			t.Fatal(err)
		}
		if got := saved.Org.Holding(again); !reflect.DeepEqual(got, saved.Org) {
			t.Errorf("%s:\n got %+v\nwant %+v", saved.Org.Alias, got, saved.Org)
		}
	}
}

func TestEachOrgAnswersInItsWay(t *testing.T) {
	t.Parallel()
	refusals := map[string]string{
		"globex":   "invalid_grant expired access/refresh token",
		"umbrella": "invalid_grant ip restricted",
		"stark":    "invalid_grant inactive user",
		"wayne":    "invalid_client_id client identifier invalid",
	}
	d := start(t, demo.Options{})
	for _, saved := range d.Orgs() {
		if !saved.Org.HasRefreshToken {
			continue
		}
		t.Run(saved.Org.Alias, func(t *testing.T) {
			t.Parallel()
			got := refresh(t, d, saved, saved.Secrets.RefreshToken.Reveal())
			switch want, refused := refusals[saved.Org.Alias]; {
			case saved.Org.Alias == "tyrell":
				if got.status != http.StatusServiceUnavailable || !strings.HasPrefix(got.kind, "text/html") || !strings.Contains(got.body, "We are down for maintenance.") {
					t.Errorf("HTTP %d %s %s", got.status, got.kind, got.body)
				}
			case refused:
				if got.status != http.StatusBadRequest || !strings.HasPrefix(got.kind, "application/json") || got.refusal(t) != want {
					t.Errorf("HTTP %d %s %s, want %s", got.status, got.kind, got.body, want)
				}
			default:
				checkGrant(t, saved, got.grant(t))
			}
		})
	}
}

func checkGrant(t *testing.T, saved demo.Saved, grant tokens.Grant) {
	t.Helper()
	if grant.AccessToken.Equal(saved.Secrets.AccessToken) {
		t.Error("the access token is the old one")
	}
	if !grant.IssuedAt.Equal(nineOClock) || grant.IssuedAtText != "1795424400000" {
		t.Errorf("issued_at is %s, want the clock's time", grant.IssuedAtText)
	}
	if grant.OrgID != saved.Org.OrgID || grant.UserID != saved.Org.UserID || grant.InstanceURL != saved.Org.InstanceURL {
		t.Errorf("the answer is for %s %s %s", grant.OrgID, grant.UserID, grant.InstanceURL)
	}
	if rotates := !grant.RefreshToken.IsZero(); rotates != (saved.Org.Alias == "wonka") {
		t.Errorf("rotated: %v", rotates)
	}
	if _, source := tokens.JWTExpiry(saved.Secrets.AccessToken); source != "" {
		if exp, _ := tokens.JWTExpiry(grant.AccessToken); !exp.Equal(nineOClock.Add(30 * time.Minute)) {
			t.Errorf("the JWT ends at %s", exp)
		}
	} else if mask, want := grant.AccessToken.Mask(), saved.Org.OrgID[:5]+"…!AQ…"; !strings.HasPrefix(mask, want) {
		t.Errorf("the access token is masked %s, want %s", mask, want)
	}
}

func TestRotationAndReuse(t *testing.T) {
	t.Parallel()
	d := start(t, demo.Options{})
	saved := named(t, d, "wonka")
	first := saved.Secrets.RefreshToken.Reveal()
	grant := refresh(t, d, saved, first).grant(t)
	second := grant.RefreshToken.Reveal()
	grant = refresh(t, d, saved, second).grant(t)
	third := grant.RefreshToken.Reveal()
	if first == second || second == third {
		t.Fatal("a refresh token came twice")
	}
	if got := userinfo(t, d, saved, grant.AccessToken); got.status != http.StatusOK {
		t.Fatalf("the new access token: HTTP %d %s", got.status, got.body)
	}
	for _, token := range []string{first, third, second} { // the old one ends the login, so the newest is dead too
		if got := refresh(t, d, saved, token); got.status != http.StatusBadRequest || got.refusal(t) != "invalid_grant expired access/refresh token" {
			t.Errorf("after reuse: HTTP %d %s", got.status, got.body)
		}
	}
	if got := userinfo(t, d, saved, grant.AccessToken); got.status != http.StatusForbidden {
		t.Errorf("the access token of a revoked login: HTTP %d", got.status)
	}
}

func TestUserinfo(t *testing.T) {
	t.Parallel()
	d := start(t, demo.Options{})
	for _, saved := range d.Orgs() {
		got := userinfo(t, d, saved, saved.Secrets.AccessToken)
		if saved.Org.Clocks(nineOClock, tokens.DefaultLimits()).Left <= 0 {
			if got.status != http.StatusForbidden || got.body != "Bad_OAuth_Token" || !strings.HasPrefix(got.kind, "text/plain") {
				t.Errorf("%s, dead: HTTP %d %s %s", saved.Org.Alias, got.status, got.kind, got.body)
			}
			continue
		}
		if got.status != http.StatusOK || !strings.Contains(got.body, `"preferred_username":"`+saved.Org.Username+`"`) {
			t.Errorf("%s: HTTP %d %s", saved.Org.Alias, got.status, got.body)
		}
	}
}

func TestOneSeedGivesOneDemo(t *testing.T) {
	t.Parallel()
	one, again, other := start(t, demo.Options{Seed: 7}), start(t, demo.Options{Seed: 7}), start(t, demo.Options{Seed: 8})
	if !reflect.DeepEqual(one.Orgs(), again.Orgs()) {
		t.Error("one seed gave two sets of orgs")
	}
	for i, saved := range one.Orgs() {
		if saved.Org.Key == other.Orgs()[i].Org.Key || saved.Secrets.AccessToken.Equal(other.Orgs()[i].Secrets.AccessToken) {
			t.Errorf("%s is the same under another seed", saved.Org.Alias)
		}
	}
	saved := named(t, one, "wonka")
	first, second := refresh(t, one, saved, saved.Secrets.RefreshToken.Reveal()), refresh(t, again, saved, saved.Secrets.RefreshToken.Reveal())
	if first != second {
		t.Errorf("one seed gave two answers:\n%s\n%s", first.body, second.body)
	}
}

func TestOrgsAreCopies(t *testing.T) {
	t.Parallel()
	d := start(t, demo.Options{})
	changed := d.Orgs()
	changed[0].Org.Alias, changed[0].Org.Tags[0], changed[0].Org.Scopes[0], changed[0].Org.Last.Tries = "x", "x", "x", 9
	if reflect.DeepEqual(changed[0], d.Orgs()[0]) {
		t.Fatal("the caller changed the demo's own orgs")
	}
	if again := d.Orgs()[0].Org; again.Alias == "x" || again.Tags[0] == "x" || again.Scopes[0] == "x" || again.Last.Tries == 9 {
		t.Errorf("the caller's change is in %+v", again)
	}
}

func TestSpeedHasToBePositive(t *testing.T) {
	t.Parallel()
	for _, speed := range []float64{-1, math.NaN(), math.Inf(-1)} {
		if d, err := demo.Start(demo.Options{Speed: speed}); err == nil {
			_ = d.Close()
			t.Errorf("speed %v was accepted", speed)
		}
	}
}
