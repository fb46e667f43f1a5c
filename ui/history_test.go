package ui

import (
	"testing"
	"time"

	"orgkeep/tokens"
)

func TestPhasesText(t *testing.T) {
	t.Parallel()
	for want, p := range map[string]tokens.Phases{
		"":                                     {Send: time.Microsecond},
		"connect 20 ms, TLS 31 ms, wait 1.4 s": {Connect: 20 * time.Millisecond, TLS: 31 * time.Millisecond, Wait: 1400 * time.Millisecond},
	} {
		if got := phasesText(p); got != want {
			t.Errorf("%+v: %q, want %q", p, got, want)
		}
	}
}
