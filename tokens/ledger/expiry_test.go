package ledger

import (
	"errors"
	"testing"

	"orgkeep/tokens"
)

func TestSetExpiry(t *testing.T) {
	t.Parallel()
	l := memory(t)
	org := save(t, l, login(t, 1))
	got, err := l.SetExpiry(t.Context(), org, at(9), tokens.LeftFromIntrospection)
	if err != nil || !got.ExpiresAt.Equal(at(9)) || got.ExpirySource != tokens.LeftFromIntrospection {
		t.Fatalf("%+v %v", got, err)
	}
	same(t, read(t, l, org.Key), got)
	// Whoever has not heard of it does not undo it, until there are other tokens.
	record(t, l, org, tokens.Attempt{Outcome: tokens.OutcomeFailed, Failure: &tokens.Failure{}})
	if now := read(t, l, org.Key); !now.ExpiresAt.Equal(at(9)) || now.ExpirySource != tokens.LeftFromIntrospection {
		t.Errorf("a refusal has undone it: %+v", now)
	}
	// Tokens that were replaced meanwhile have another end.
	older := org
	older.Generation--
	again, err := l.SetExpiry(t.Context(), older, at(20), tokens.LeftFromIntrospection)
	if err != nil || !again.ExpiresAt.Equal(at(9)) {
		t.Errorf("%+v %v", again, err)
	}
	newer := org
	newer.Generation++
	record(t, l, newer, tokens.Attempt{Outcome: tokens.OutcomeRefreshed})
	if now := read(t, l, org.Key); !now.ExpiresAt.IsZero() || now.ExpirySource != "" {
		t.Errorf("new tokens have the end of the old ones: %+v", now)
	}
	if _, err := l.SetExpiry(t.Context(), login(t, 2), at(1), tokens.LeftFromIntrospection); !errors.Is(err, ErrNotFound) {
		t.Errorf("an org that is not there: %v", err)
	}
}
