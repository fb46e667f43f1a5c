package cli

import (
	"bytes"
	"strings"
	"testing"
)

// A flag that is no good is told in one sentence: which, what was given, and what
// is allowed there. Go's own parsers are not quoted.
func TestAFlagThatIsNoGoodIsToldInOneSentence(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ line, want string }{
		{"demo --seed x", `--seed is "x", it has to be a whole number, 0 to 18446744073709551615`},
		{"demo --seed -1", `--seed is "-1", it has to be a whole number, 0 to 18446744073709551615`},
		{"demo --seed 99999999999999999999", `--seed is "99999999999999999999", it has to be a whole number, 0 to 18446744073709551615`},
		{"demo --speed 0", "--speed is 0, it has to be from 0.1 to 100"},
		{"demo --speed 101", "--speed is 101, it has to be from 0.1 to 100"},
		{"demo --speed NaN", "--speed is NaN, it has to be from 0.1 to 100"},
		{"demo --speed fast", `--speed is "fast", it has to be a number, such as 2 or 0.5`},
		{"demo --step 0s", "--step is 0s, it has to be from 10ms to 10s"},
		{"demo --step 1ms", "--step is 1ms, it has to be from 10ms to 10s"},
		{"demo --step x", `--step is "x", it has to be a span such as 30s, 10m or 2h`},
		{"demo --clock rubbish", `--clock is "rubbish", it has to be like 2026-11-23T09:00:00Z`},
		{"demo --scenario rubbish", `--scenario is "rubbish", it has to be mixed or happy or expired or rotation or ratelimit or outage`},
		{"demo --tour=perhaps", `--tour is "perhaps", it has to be true or false`},
		{"refresh acme --timeout soon", `--timeout is "soon", it has to be a span such as 30s, 10m or 2h`},
		{"history --number many", `--number is "many", it has to be a whole number`},
		{"history -n many", `--number is "many", it has to be a whole number`},
	} {
		var out, errs bytes.Buffer
		code := newDesk(t).program(&out, &errs).Run(t.Context(), strings.Fields(c.line))
		if code != exitUsage || !strings.HasPrefix(errs.String(), "orgkeep: "+c.want) || strings.Count(errs.String(), "\n") != 1 {
			t.Errorf("%s: exit %d: %s", c.line, code, errs.String())
		}
	}
}
