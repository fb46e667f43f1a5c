package cli

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
)

func TestAnOrgThatAPauseHoldsBackIsToldSo(t *testing.T) {
	t.Parallel()
	var out, errs bytes.Buffer
	o := newRefreshing(&out, &errs)
	asked := &tokens.Failure{Kind: tokens.FailedAnswer, HTTPStatus: 429}
	pause := &tokens.Pause{Scope: "host acme.example", Since: issued, Until: issued.Add(52 * time.Minute), Failure: asked}
	r := result(tokens.OutcomeCancelled, &tokens.Failure{Kind: tokens.FailedPaused, Problem: "not sent: acme.example is paused until 10:06"})
	r.Org.Alias, r.Org.Pause = "globex", pause
	if err := o.answer([]keeper.Result{r}); err == nil || !strings.Contains(out.String(), `"outcome":"cancelled"`) ||
		!strings.HasSuffix(out.String(), `,"paused_until":"2026-11-23T10:06:02Z"}]}`+"\n") {
		t.Errorf("%v: %s", err, out.String())
	}
	if got, want := o.resultLine(r), "globex: not sent: acme.example is paused until 10:06. orgkeep refresh globex --anyway sends it all the same."; got != want {
		t.Errorf("it says %q", got)
	}
	list := document(t, newOrgList([]tokens.Org{r.Org}, issued, tokens.DefaultLimits()))
	if !strings.Contains(list, `"last_refresh":null,"paused_until":"2026-11-23T10:06:02Z"}`) {
		t.Errorf("list: %s", list)
	}
	if text := pauseText(r.Org, issued); text != "paused until 10:06, in 52m 00s" {
		t.Errorf("the list says %q", text)
	}
	if pausedUntil(r.Org, pause.Until) != nil || pauseFacts(r.Org, pause.Until) != nil {
		t.Error("a pause that is over is told of")
	}
	// Each pause that is waited for is said once.
	for range 2 {
		o.waits(keeper.Event{Step: tokens.StepPausing, Wait: 30 * time.Second, Pause: pause})
	}
	if errs.String() != "acme.example asks to wait (HTTP 429); going on with it in 30s.\n" {
		t.Errorf("waiting says %q", errs.String())
	}
}
