package tokens

import (
	"strings"
	"testing"
	"time"
)

func TestAttemptText(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		outcome Outcome
		failure *Failure
		want    string
	}{
		{OutcomeRefreshed, nil, "refreshed 7s ago"},
		{OutcomeFailed, &Failure{Kind: FailedAnswer, HTTPStatus: 503}, "failed 7s ago: HTTP 503"},
		{OutcomeFailed, &Failure{Kind: FailedTransport, Phase: "connecting"}, "failed 7s ago: while connecting"},
		{OutcomeFailed, &Failure{Kind: FailedTransport, Phase: "TLS handshake"}, "failed 7s ago: in the TLS handshake"},
		{OutcomeUnknown, &Failure{Kind: FailedTransport, Phase: "waiting", Sent: true}, "unknown 7s ago: while waiting"},
		{OutcomeUnknown, &Failure{Kind: FailedTransport, Sent: true}, "unknown 7s ago: no answer"},
		{OutcomeFailed, &Failure{Kind: FailedKeychain}, "failed 7s ago: store refused"},
		{OutcomeFailed, &Failure{Kind: FailedLocal}, "failed 7s ago: nothing sent"},
	} {
		if got := (&Attempt{At: now.Add(-7 * time.Second), Outcome: c.outcome, Failure: c.failure}).Text(now); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

func TestTheWordsOfClocks(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	for _, c := range []struct {
		clocks           Clocks
		left, word, idle string
	}{
		{Clocks{LeftSource: LeftUnknown}, "?", "?", "–"},
		{Clocks{LeftSource: LeftEstimated, Left: 12*time.Minute + 5*time.Second, IdleKnown: true, IdleLeft: 29*day + 1}, "~12m", "~12m", "29d"},
		{Clocks{LeftSource: LeftFromJWT, Left: 12*time.Minute + 5*time.Second, IdleKnown: true, IdleLeft: 2 * day, IdleSoon: true}, "12m 05s", "12m 05s", "2d !"},
		{Clocks{LeftSource: LeftUnknown, IdleUnknown: true}, "?", "?", "?"},
		{Clocks{LeftSource: LeftEstimated, Left: -26 * time.Hour, IdleKnown: true, IdleSoon: true}, "expired 1d 02h ago", "expired", "over !"},
		{Clocks{LeftSource: LeftFromJWT}, "expired just now", "expired", "–"},
	} {
		if left, word, idle := c.clocks.LeftText(), c.clocks.LeftWord(), c.clocks.IdleText(); left != c.left || word != c.word || idle != c.idle {
			t.Errorf("%+v: %q, %q, %q", c.clocks, left, word, idle)
		}
	}
}

func TestSkewWarning(t *testing.T) {
	t.Parallel()
	for skew, want := range map[time.Duration]string{
		0: "", time.Minute: "", -time.Minute: "",
		4*time.Minute + 5*time.Second: "4m 05s behind the endpoint's: tokens look that much younger",
		-61 * time.Second:             "1m 01s ahead of the endpoint's: tokens look that much older",
	} {
		if skew := SkewWarning(skew, "https://acme.my.salesforce.com"); want != "" && !strings.Contains(skew, " that of acme.my.salesforce.com: tokens") {
			t.Errorf("the host is not named: %s", skew)
		}
		got := SkewWarning(skew, "")
		if !strings.Contains(got, want) || (got == "") != (want == "") {
			t.Errorf("%s: %q", skew, got)
		}
	}
}

// A clock that was put right since is not warned of.
func TestLatestSkewIsThatOfTheLatestAnswer(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	orgs := []Org{
		{Last: &Attempt{At: now, Skew: time.Second}},
		{Last: &Attempt{At: now.Add(-time.Hour), Skew: time.Hour}},
		{Last: &Attempt{At: now.Add(time.Hour)}}, // no answer
		{},
	}
	orgs[0].LoginURL = "https://acme.my.salesforce.com"
	if got, host := LatestSkew(orgs); got != time.Second || host != orgs[0].LoginURL {
		t.Errorf("skew %s of %s", got, host)
	}
	if got, _ := LatestSkew(nil); got != 0 {
		t.Errorf("skew %s of no org", got)
	}
}
