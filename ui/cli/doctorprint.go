package cli

import (
	"context"
	"fmt"
	"strings"

	"orgkeep/tokens/doctor"
)

// carryOut runs the checks and prints each in its order, as soon as it and those
// before it have ended. On a terminal a line below says what is waited for.
func (o *doctoring) carryOut(ctx context.Context, e *examination) []doctor.Result {
	results := make([]doctor.Result, len(e.checks))
	ended := make([]bool, len(e.checks))
	_, live := descriptor(o.Err)
	live = live && !o.asJSON && o.env("TERM") != "dumb"
	next := 0
	wait := func(done int) {
		if live && next < len(e.checks) {
			_, _ = fmt.Fprintf(o.Err, "\r\x1b[K%d of %d, waiting for: %s\r", done, len(e.checks), label(e.checks[next].Name, e.checks[next].Subject))
		}
	}
	wait(0)
	done := 0
	for step := range doctor.Run(ctx, o.Clock, e.checks) {
		results[step.Index], ended[step.Index] = step.Result, true
		done++
		if live {
			_, _ = fmt.Fprint(o.Err, "\r\x1b[K")
		}
		for ; next < len(ended) && ended[next]; next++ {
			if o.printResult(results[next]) != nil {
				return results // the conclusion meets the same error
			}
		}
		wait(done)
	}
	return results
}

// label names a check with its host.
func label(check, subject string) string { return strings.TrimSpace(check + " " + subject) }

// printResult prints one result in a line, and what to do in another.
func (o *doctoring) printResult(r doctor.Result) error {
	if o.asJSON {
		return nil
	}
	const outcomeWidth, labelWidth = 8, 14
	line := fmt.Sprintf("%-*s %-*s %s", outcomeWidth, r.Outcome, labelWidth, label(r.Check, r.Subject), r.Seen)
	if r.Detail != "" {
		line += " (" + r.Detail + ")"
	}
	if r.Do != "" {
		line += "\n" + strings.Repeat(" ", outcomeWidth+labelWidth+2) + "→ " + r.Do
	}
	return o.print(line)
}

// examined is one result in JSON. What there is nothing of is null.
type examined struct {
	Check      string         `json:"check"`
	Host       *string        `json:"host"`
	Outcome    doctor.Outcome `json:"outcome"`
	Seen       string         `json:"seen"`
	Detail     *string        `json:"detail"`
	Do         *string        `json:"do"`
	DurationMS int64          `json:"duration_ms"`
}

// doctorDocument is what orgkeep doctor --json prints.
type doctorDocument struct {
	Version  int        `json:"version"`
	Failed   int        `json:"failed"`
	Warnings int        `json:"warnings"`
	Checks   []examined `json:"checks"`
}

// conclusion prints the sum of it, or the document.
func (o *doctoring) conclusion(results []doctor.Result) error {
	if !o.asJSON {
		o.say("%s", doctor.Summary(results))
		return nil
	}
	document := doctorDocument{
		Version: documentVersion, Failed: doctor.Count(results, doctor.Failed), Warnings: doctor.Count(results, doctor.Warning),
		Checks: make([]examined, len(results)),
	}
	for i, r := range results {
		document.Checks[i] = examined{
			Check: r.Check, Host: known(r.Subject), Outcome: r.Outcome, Seen: r.Seen,
			Detail: known(r.Detail), Do: known(r.Do), DurationMS: r.Took.Milliseconds(),
		}
	}
	return writeJSON(o.Out, document)
}
