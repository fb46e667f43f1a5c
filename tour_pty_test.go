//go:build unix

package main

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The tour starts the demo anew for each chapter, and hands the screen over
// after the last.
func TestTheTourOnATerminal(t *testing.T) {
	t.Parallel()
	w := withoutKeychain(t).open(t, 80, 24, "demo", "--tour", "--clock", onStage, "--still", "--speed", "40")
	w.see("●○○○○ 1 of 5", "○●○○○ 2 of 5", "○○●○○ 3 of 5", "○○○●○ 4 of 5", "○○○○● 5 of 5", "That was the tour. The demo is yours")
	w.press("\x1b")
	w.see("r refresh")
	w.press("q")
	if code := exitCode(t, w.cmd.Wait()); code != 0 {
		t.Errorf("exit %d", code)
	}
}

func TestTheTourIsTurnedByItsKeys(t *testing.T) {
	t.Parallel()
	w := withoutKeychain(t).open(t, 80, 24, "demo", "--tour", "--clock", onStage, "--still", "--speed", "0.1")
	w.see("1 of 5", "12 orgs")
	w.press("n")
	w.see("2 of 5", "30 orgs")
	w.press("\x1b[C") // right
	w.see("3 of 5", "30 orgs")
	w.press("n")
	w.see("4 of 5", "8 orgs")
	w.press("b")
	w.see("3 of 5")
	w.press("q")
	w.see("The demo is yours.")
	w.press("q")
	if code := exitCode(t, w.cmd.Wait()); code != 0 {
		t.Errorf("exit %d", code)
	}
}

// With --step time stands between two presses of f9, in the demo as in its tour.
func TestTheDemoStandsBetweenSteps(t *testing.T) {
	t.Parallel()
	const f9 = "\x1b[20~"
	w := withoutKeychain(t).open(t, 120, 30, "demo", "--clock", onStage, "--scenario", "expired", "--step", "2s")
	w.see("30 orgs", "q quit")
	w.press("R")
	w.see("0 of 30", "waiting for endpoint 0.0s")
	w.until("the end of the refreshes", func() bool {
		if strings.Contains(w.text(), "28 of 30 refreshed in") {
			return true
		}
		w.press(f9)
		return false
	})
	// Each answer took whole steps, since no other time has passed.
	if took := regexp.MustCompile(`ok (\d+\.\ds|\d+s)`).FindAllString(w.text(), -1); len(took) == 0 || slices.ContainsFunc(took, func(s string) bool {
		return !strings.HasSuffix(s, ".0s") && strings.Contains(s, ".")
	}) {
		t.Errorf("refreshes took %q", took)
	}
	w.press("q")
	if code := exitCode(t, w.cmd.Wait()); code != 0 {
		t.Errorf("exit %d", code)
	}
}

// Where time stands no answer comes, so that leaving waits for none.
func TestLeavingDoesNotWaitForTimeThatStands(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"q", "\x03"} {
		w := withoutKeychain(t).open(t, 120, 30, "demo", "--clock", onStage, "--scenario", "expired", "--step", "200ms")
		w.see("30 orgs", "q quit")
		w.press("R")
		w.see("0 of 30", "waiting for endpoint 0.0s")
		w.press(key)
		if code := exitCode(t, w.cmd.Wait()); code != 0 {
			t.Errorf("exit %d", code)
		}
		if strings.Contains(w.text(), "Finishing what was sent") {
			t.Error("it waits for an answer that cannot come")
		}
	}
}

// The demo names none of the real orgs, nor what only the screen outside of it uses.
func TestTheDemoSpeaksOfItselfAlone(t *testing.T) {
	t.Parallel()
	m := withoutKeychain(t)
	r := m.run(t, "demo")
	if r.code != 2 || !strings.Contains(r.errors, "the screen needs a terminal") || strings.Contains(r.errors, "orgkeep list") {
		t.Errorf("without a terminal: exit %d: %s", r.code, r.errors)
	}
	w := m.open(t, 120, 40, "demo", "--clock", onStage, "--still")
	w.see("12 orgs", "q quit")
	w.press("D")
	w.see("Doctor", "the demo contacts no host", " ok,")
	if text := w.text(); !strings.Contains(text, "terminal") || strings.Contains(text, "clipboard program") || strings.Contains(text, "browser") {
		t.Errorf("the demo's doctor says\n%s", text)
	}
	w.press("\x1b")
	w.see("q quit")
	w.press("q")
	if code := exitCode(t, w.cmd.Wait()); code != 0 {
		t.Errorf("exit %d", code)
	}
}

func TestTheTourIsRefused(t *testing.T) {
	t.Parallel()
	for with, says := range map[string]string{"--scenario=happy": "--tour has scenarios of its own", "--accessible": "--tour plays on the screen"} {
		r := withoutKeychain(t).run(t, "demo", "--tour", with)
		if r.code != 2 || !strings.Contains(r.errors, says) {
			t.Errorf("%s: exit %d: %s", with, r.code, r.errors)
		}
	}
}
