package ledger

import (
	"path/filepath"
	"testing"

	"orgkeep/tokens"
)

// What is done here is no change elsewhere; what another process does is.
func TestTheVersionTellsOfOthersAlone(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "ledger.db")
	here, other := open(t, path), open(t, path)
	version := func() int64 {
		t.Helper()
		v, err := here.Version(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	before := version()
	org := save(t, here, login(t, 1))
	record(t, here, org, tokens.Attempt{Outcome: tokens.OutcomeRefreshed})
	backup(t, here)
	listed(t, other)
	if version() != before {
		t.Error("what was done here, a copy or a look by others counts as a change")
	}
	record(t, other, org, tokens.Attempt{Outcome: tokens.OutcomeRefreshed})
	if version() == before {
		t.Error("a refresh elsewhere is not seen")
	}
}
