package ui

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"orgkeep/tokens"
)

// limiting is a token endpoint that asks for patience while it is told to, and
// the way to it beside the demo's.
type limiting struct {
	*httptest.Server
	beside http.RoundTripper
	asked  atomic.Int64
}

func (l *limiting) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasSuffix(l.URL, r.URL.Host) {
		return http.DefaultTransport.RoundTrip(r)
	}
	return l.beside.RoundTrip(r)
}

// limit leads the orgs to one host whose answers are 429 with a Retry-After.
func (s *screen) limit(retryAfter string, aliases ...string) *limiting {
	s.t.Helper()
	l := &limiting{beside: s.broken.RoundTripper}
	l.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		l.asked.Add(1)
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Retry-After", retryAfter)
		w.WriteHeader(http.StatusTooManyRequests)
		_, _ = w.Write([]byte(`{"error":"rate_limit_exceeded","error_description":"too many requests"}`))
	}))
	s.t.Cleanup(l.Close)
	s.broken.RoundTripper = l
	for i := range s.model.list.orgs {
		for _, alias := range aliases {
			if s.model.list.orgs[i].Alias == alias {
				s.model.list.orgs[i].LoginURL = l.URL
			}
		}
	}
	return l
}

func (s *screen) step(alias string) tokens.Step {
	for _, org := range s.model.list.orgs {
		if l := s.model.live[org.Key]; org.Alias == alias && l != nil {
			return l.step
		}
	}
	return ""
}

// rowOf is the line of an org in the list.
func (s *screen) rowOf(alias string) string {
	for line := range strings.SplitSeq(s.text(), "\n") {
		if cells := strings.Fields(strings.Split(line+"││", "││")[0]); len(cells) > 2 && (cells[1] == alias || cells[2] == alias) {
			return line
		}
	}
	return ""
}

func TestAShortPauseCountsDownInTheRowsOfItsHost(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 140, 45)
	l := s.limit("30", "umbrella", "tyrell")
	s.goTo("umbrella")
	s.press("r")
	s.until("umbrella to wait", func() bool { return s.step("umbrella") == tokens.StepPausing })
	s.shows("HTTP 429", "too many requests", "What it means")
	s.showsNot("ip restricted") // of its last refresh
	s.goTo("tyrell")
	s.press("r")
	s.until("tyrell to wait", func() bool { return s.step("tyrell") == tokens.StepPausing })
	s.shows("Not sent yet", "asked to wait 30s.", "It goes for 127.0.0.1:", "too many requests")
	for _, alias := range []string{"umbrella", "tyrell"} {
		if row := s.rowOf(alias); !strings.Contains(row, "paused, again in 30s") && !strings.Contains(row, "paused, again in 29s") {
			t.Errorf("the row of %s: %s", alias, row)
		}
	}
	s.goTo("acme-uat")
	s.press("r")
	s.until("the other host's org", func() bool { return s.step("acme-uat") == "" })
	if l.asked.Load() != 1 || s.step("umbrella") != tokens.StepPausing {
		t.Errorf("%d requests to the paused host", l.asked.Load())
	}
	s.press("esc")
	s.settle()
	s.shows("1 of 3 refreshed")
	s.goTo("umbrella")
	s.shows("HTTP 429", "Paused", "in 30s")
}

func TestALongPauseIsShownUntilItIsOver(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 140, 45)
	l := s.limit("600", "umbrella", "tyrell", "stark")
	s.goTo("umbrella")
	s.press("r")
	s.settle()
	s.shows("The saved tokens are kept. Try again at 12:10.", "in 10m", "Paused", "until 12:10, try again in 10m", "!  try anyway")
	s.goTo("tyrell")
	s.press("r")
	s.settle()
	s.shows("is paused until 12:10. ! sends it all the same.", "The answer that asked for it", "too many requests")
	s.goTo("stark")
	s.press("space")
	s.goTo("tyrell")
	s.press("space", "r")
	s.settle()
	s.shows("0 of 2 refreshed", "2 paused and not sent: ")
	if n := l.asked.Load(); n != 1 {
		t.Errorf("%d requests to the paused host", n)
	}
	s.press("esc")
	s.goTo("tyrell")
	s.press("!")
	s.shows("Send before the pause is over?", "stay, and change nothing")
	s.press("y")
	s.settle()
	if n := l.asked.Load(); n != 2 {
		t.Errorf("%d requests after going over the pause", n)
	}

	s.model.clock = later{Clock: s.model.clock, by: 3 * time.Minute}
	s.tell(clockTickedMsg{tick: s.model.ticks.last})
	if row := s.rowOf("tyrell"); !strings.Contains(row, "in 7m") {
		t.Errorf("three minutes later: %s", row)
	}
	s.model.clock = later{Clock: s.model.clock, by: 7 * time.Minute}
	s.tell(clockTickedMsg{tick: s.model.ticks.last})
	s.showsNot("Paused")
	if row := s.rowOf("stark"); strings.Contains(row, " in ") {
		t.Errorf("once it is over: %s", row)
	}
}

// later is a clock that is ahead of another.
type later struct {
	tokens.Clock
	by time.Duration
}

func (l later) Now() time.Time { return l.Clock.Now().Add(l.by) }

// A screen that starts while a pause lasts knows of it from the list.
func TestANewScreenKnowsThePause(t *testing.T) {
	t.Parallel()
	org := tokens.Org{Alias: "acme", OrgID: "o", UserID: "u", InstanceURL: "https://acme.my.salesforce.com"}
	pause := tokens.Pause{Scope: tokens.UserScope(org), Since: noon, Until: noon.Add(52 * time.Minute)}
	other := org
	other.Alias, org.Pause = "same-user", &pause
	p := newPauses([]tokens.Org{org, other})
	if found, held := p.of(other, noon); !held || pausedText(found.Left(noon)) != "in 52m" {
		t.Errorf("%+v", found)
	}
	if _, held := p.of(other, noon.Add(52*time.Minute)); held {
		t.Error("it holds when it is over")
	}
	for left, want := range map[time.Duration]string{24 * time.Hour: "in 24h", time.Hour: "in 1h 00m", 42 * time.Second: "in 42s"} {
		if got := pausedText(left); got != want || len(got) > lastWidth {
			t.Errorf("%v is %q, want %q", left, got, want)
		}
	}
}
