package ui

import (
	"fmt"
	"testing"

	"orgkeep/tokens/keeper"
)

// An import whose tokens are saved has come, also where its token file has not followed.
func TestAnImportSaysThatTheMirrorIsBehind(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 140, 40)
	org, _ := s.org("acme-uat")
	s.goTo("acme-prod")
	s.model.imported(importedMsg{org: org, added: keeper.AddedUpdated, err: fmt.Errorf("acme-uat: %w m.json is not in step: it was left", keeper.ErrMirror)})
	s.shows("its token file m.json is not in step: it was left.")
	if now, _ := s.model.list.current(); now.Key != org.Key {
		t.Errorf("the cursor is on %s", now.Alias)
	}
}
