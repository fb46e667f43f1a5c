package ledger

import (
	"testing"

	"orgkeep/tokens"
)

func TestWithWhomAnOrgIsShared(t *testing.T) {
	t.Parallel()
	l := memory(t)
	org, err := l.Save(t.Context(), full(t))
	if err != nil || org.Shared != full(t).Shared {
		t.Fatalf("%+v, %v", org.Shared, err)
	}
	keys, err := l.Owing(t.Context())
	same(t, keys, []tokens.Key{org.Key})
	if err != nil {
		t.Error(err)
	}
	paid := org.Shared
	paid.Owed = false
	if org, err = l.SetShared(t.Context(), org.Key, paid); err != nil || org.Shared != paid {
		t.Errorf("%+v, %v", org.Shared, err)
	}
	if keys, err := l.Owing(t.Context()); err != nil || len(keys) != 0 {
		t.Errorf("%v, %v", keys, err)
	}
	// A refresh is recorded with what its caller knew, perhaps before the org was shared.
	stale := org
	stale.Shared = tokens.Shared{}
	if err := l.Record(t.Context(), stale, tokens.Attempt{At: at(6), Outcome: tokens.OutcomeRefreshed}); err != nil {
		t.Fatal(err)
	}
	if org, err = l.Org(t.Context(), org.Key); err != nil || org.Shared != paid {
		t.Errorf("a refresh left %+v, %v", org.Shared, err)
	}
	org.Shared = tokens.Shared{}
	if org, err = l.Save(t.Context(), org); err != nil || org.Shared.Mode != tokens.SharedNot {
		t.Errorf("new tokens left %+v, %v", org.Shared, err)
	}
}

func TestIdsThatARefreshTold(t *testing.T) {
	t.Parallel()
	l := memory(t)
	org := login(t, 3)
	ids := org
	key, err := tokens.UnknownKey("", "host and fingerprint", org.ClientID)
	if err != nil {
		t.Fatal(err)
	}
	org.Key, org.OrgID, org.UserID = key, "", ""
	if org, err = l.Save(t.Context(), org); err != nil {
		t.Fatal(err)
	}
	if got, err := l.KeyOf(t.Context(), ids); err != nil || got != ids.Key {
		t.Errorf("%s, %v", got, err)
	}
	org.OrgID, org.UserID = ids.OrgID, ids.UserID
	if err := l.Record(t.Context(), org, tokens.Attempt{At: at(6), Outcome: tokens.OutcomeRefreshed}); err != nil {
		t.Fatal(err)
	}
	if got, err := l.KeyOf(t.Context(), ids); err != nil || got != key {
		t.Errorf("%s, %v, want %s", got, err, key)
	}
	if got, err := l.Org(t.Context(), key); err != nil || got.OrgID != ids.OrgID || got.UserID != ids.UserID {
		t.Errorf("%+v, %v", got, err)
	}
}
