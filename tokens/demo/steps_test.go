package demo_test

import (
	"context"
	"testing"
	"time"

	"orgkeep/tokens/demo"
)

func TestStepsLetTimePass(t *testing.T) {
	t.Parallel()
	steps := demo.NewSteps(nineOClock, 100*time.Millisecond)
	watch := steps.Stopwatch()
	if steps.Now() != nineOClock || watch() != 0 {
		t.Errorf("it is %s after %s", steps.Now(), watch())
	}
	steps.Step()
	steps.Step()
	if want := nineOClock.Add(200 * time.Millisecond); steps.Now() != want || watch() != 200*time.Millisecond {
		t.Errorf("it is %s after %s, want %s", steps.Now(), watch(), want)
	}
	if !steps.Wait(t.Context(), 0) {
		t.Error("no time at all has not passed")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if steps.Wait(ctx, time.Hour) {
		t.Error("an hour has passed")
	}
	passed := make(chan bool, 1)
	go func() { passed <- steps.Wait(t.Context(), 250*time.Millisecond) }()
	for began := steps.Now(); ; steps.Step() {
		select {
		case ok := <-passed:
			if !ok || steps.Now().Sub(began) < 250*time.Millisecond {
				t.Errorf("%v after %s", ok, steps.Now().Sub(began))
			}
			return
		default:
		}
	}
}

// A refresh is answered when steps have let its latency pass, and not before.
func TestADemoWaitsForSteps(t *testing.T) {
	t.Parallel()
	steps := demo.NewSteps(nineOClock, 10*time.Second)
	d := start(t, demo.Options{Clock: steps, Wait: steps.Wait, Speed: 1})
	saved := named(t, d, "acme-prod")
	began := make(chan struct{})
	answered := make(chan answer, 1)
	go func() {
		close(began)
		got, _ := do(t.Context(), d, "POST", saved.Org.LoginHost()+"/services/oauth2/token", asForm, refreshForm(saved, saved.Secrets.RefreshToken.Reveal()))
		answered <- got
	}()
	<-began
	// The request waits from when it has come; a step after that lets it go on.
	for {
		select {
		case got := <-answered:
			if got.grant(t).IssuedAt.Equal(nineOClock) {
				t.Error("it was answered although time stood")
			}
			return
		default:
			steps.Step()
		}
	}
}
