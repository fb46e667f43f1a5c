package ledger

import (
	"errors"
	"testing"

	"orgkeep/tokens"
)

func TestLearnType(t *testing.T) {
	t.Parallel()
	l := memory(t)
	org := login(t, 1)
	org.Type = tokens.TypeUnknown
	org = save(t, l, org)
	got, err := l.LearnType(t.Context(), org.Key, tokens.Sandbox)
	if err != nil || got.Type != tokens.Sandbox {
		t.Fatalf("%+v %v", got, err)
	}
	same(t, read(t, l, org.Key), got)
	// A type that is known stays.
	if again, err := l.LearnType(t.Context(), org.Key, tokens.Production); err != nil || again.Type != tokens.Sandbox {
		t.Errorf("%s %v", again.Type, err)
	}
	if _, err := l.LearnType(t.Context(), login(t, 2).Key, tokens.Sandbox); !errors.Is(err, ErrNotFound) {
		t.Errorf("an org that is not there: %v", err)
	}
}
