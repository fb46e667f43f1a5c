package tokens

import (
	"testing"
	"time"
)

func TestPhasesText(t *testing.T) {
	t.Parallel()
	for want, p := range map[string]Phases{
		"":                                     {Send: time.Microsecond},
		"connect 20 ms, TLS 31 ms, wait 1.4 s": {Connect: 20 * time.Millisecond, TLS: 31 * time.Millisecond, Wait: 1400 * time.Millisecond},
	} {
		if got := p.Text(); got != want {
			t.Errorf("%+v: %q, want %q", p, got, want)
		}
	}
}
