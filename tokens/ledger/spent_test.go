package ledger

import (
	"strconv"
	"testing"

	"orgkeep/tokens"
)

func spent(t *testing.T, l *Ledger, text string) bool {
	t.Helper()
	replaced, err := l.Spent(t.Context(), tokens.NewSecret(text))
	if err != nil {
		t.Fatal(err)
	}
	return replaced
}

func TestSpentTokensAreKnownAgain(t *testing.T) {
	t.Parallel()
	l := memory(t)
	org := save(t, l, login(t, 1))
	long, short := tokens.NewSecret("long"), tokens.NewSecret("short")
	for _, fingerprint := range []string{long.LongFingerprint(), short.Fingerprint(), ""} {
		record(t, l, org, tokens.Attempt{Outcome: tokens.OutcomeRefreshed, Spent: fingerprint})
	}
	if !spent(t, l, "long") || !spent(t, l, "short") || spent(t, l, "another") || spent(t, l, "") {
		t.Error("what is spent is not known, or what is not is")
	}
	if err := l.Introduced(t.Context(), org.Key, long); err != nil || !spent(t, l, "long") {
		t.Errorf("what is spent is so no more (%v)", err)
	}
	if err := l.Forget(t.Context(), org.Key); err != nil || !spent(t, l, "long") {
		t.Errorf("a forgotten login can be ended (%v)", err)
	}
	if key, replaced, err := l.IntroducedAs(t.Context(), long); err != nil || key != "" || !replaced {
		t.Errorf("%s, %v, %v", key, replaced, err)
	}
	if err := l.Issued(t.Context(), long); err != nil || spent(t, l, "long") {
		t.Errorf("what was issued again is still spent (%v)", err)
	}
}

func TestIntroducedTokensAreKnownAgain(t *testing.T) {
	t.Parallel()
	l := memory(t)
	org, other := save(t, l, login(t, 1)), save(t, l, login(t, 2))
	token := tokens.NewSecret("introduced")
	for _, key := range []tokens.Key{org.Key, other.Key} { // it was given to another entry
		if err := l.Introduced(t.Context(), key, token); err != nil {
			t.Fatal(err)
		}
		if as, replaced, err := l.IntroducedAs(t.Context(), token); err != nil || as != key || replaced {
			t.Errorf("%s, %v, %v", as, replaced, err)
		}
	}
}

func TestSpentTokensArePruned(t *testing.T) {
	t.Parallel()
	l := memory(t)
	org := save(t, l, login(t, 1))
	for n := range spentKept + 3 {
		if err := l.Spend(t.Context(), org.Key, tokens.NewSecret(strconv.Itoa(n)).LongFingerprint()); err != nil {
			t.Fatal(err)
		}
	}
	if spent(t, l, "2") || !spent(t, l, "3") || !spent(t, l, strconv.Itoa(spentKept+2)) {
		t.Error("not the last ones are kept")
	}
	for n := range strangeKept + 2 {
		key := login(t, 1000+n).Key
		if err := l.Spend(t.Context(), key, tokens.NewSecret("strange "+strconv.Itoa(n)).LongFingerprint()); err != nil {
			t.Fatal(err)
		}
	}
	gone := save(t, l, login(t, 2))
	if err := l.Forget(t.Context(), gone.Key); err != nil {
		t.Fatal(err)
	}
	if spent(t, l, "strange 1") || !spent(t, l, "strange 2") || !spent(t, l, "3") {
		t.Error("not the last ones of orgs that are here no more are kept")
	}
}
