package cli

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"orgkeep/tokens"
	"orgkeep/tokens/ledger"
)

// recalling is one run of the history command.
type recalling struct {
	*session
	asJSON bool
	most   int
}

func newHistory(s *session) *cobra.Command {
	o := &recalling{session: s}
	c := &cobra.Command{
		Use:   "history [ORG]",
		Short: "Print how earlier refreshes ended",
		Long: "Prints the refreshes of one org, or of all of them by time, the newest first.\n" +
			"It reads the ledger alone: no keychain, no network. ORG is an alias or an org id.\n" +
			"After the alias and the outcome stands who asked: screen, command, watch (by itself), or login for a sign-in; trigger in the JSON.\n" +
			"The end of a line tells how long each part of the last request took. The JSON also has the new access token's fingerprint.",
		Example: "  orgkeep history acme-prod -n 5\n" +
			"  orgkeep history --json | jq '.history[] | select(.outcome == \"failed\")'",
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: s.completeOneAlias,
		RunE:              act(func(c *cobra.Command, args []string) error { return o.run(c.Context(), args) }),
	}
	f := c.Flags()
	f.SortFlags = false
	f.IntVarP(&o.most, "number", "n", defaultHistory, "how many refreshes at most")
	f.BoolVar(&o.asJSON, "json", false, "print the refreshes as JSON")
	return c
}

const (
	defaultHistory = 20
	mostHistory    = 100_000
)

func (o *recalling) run(ctx context.Context, names []string) error {
	if o.most < 1 || o.most > mostHistory {
		return usage("-n is %d, it has to be from 1 to %d", o.most, mostHistory)
	}
	history, err := o.recall(ctx, names)
	if errors.Is(err, ledger.ErrDamaged) {
		history, err = o.recall(ctx, names) // opened again, a damaged ledger is mended
	}
	if err != nil {
		return err
	}
	if o.asJSON {
		return writeJSON(o.Out, newHistoryDocument(history))
	}
	if len(history) == 0 {
		o.say("No refresh yet.")
		return nil
	}
	rows, now := make([][]string, len(history)), o.Clock.Now()
	for i, p := range history {
		rows[i] = historyRow(p, now)
		for j, cell := range rows[i] {
			rows[i][j] = o.theme().Glyphs.Fold(cell)
		}
	}
	return writeTable(o.Out, historyColumns(), rows)
}

// recall reads the latest refreshes of the org that is named, or of all.
func (o *recalling) recall(ctx context.Context, names []string) ([]ledger.Recorded, error) {
	k, done, err := o.openAll(ctx, duty{looks: true})
	if err != nil {
		return nil, err
	}
	defer done()
	if len(names) == 0 {
		return k.HistoryOfAll(ctx, o.most)
	}
	orgs, err := k.Orgs(ctx)
	if err != nil {
		return nil, err
	}
	org, err := byName(orgs, names[0])
	if err != nil {
		return nil, err
	}
	attempts, err := k.History(ctx, org.Key, o.most)
	history := make([]ledger.Recorded, len(attempts))
	for i, a := range attempts {
		history[i] = ledger.Recorded{Alias: org.Alias, Attempt: a}
	}
	return history, err
}

func historyColumns() []column {
	return []column{
		{title: "AT"},
		{title: "AGO", right: true},
		{title: "ORG"},
		{title: "OUTCOME"},
		{title: "BY"},
		{title: "TOOK", right: true},
		{title: "ATTEMPTS", right: true},
		{title: "ANSWER"},
	}
}

func historyRow(p ledger.Recorded, now time.Time) []string {
	answer := ""
	switch {
	case p.Failure != nil:
		answer = p.Failure.Error()
	case p.Rotated:
		answer = "with a new refresh token"
	}
	if phases := p.Phases.Text(); phases != "" {
		answer = strings.TrimPrefix(answer+"; "+phases, "; ")
	}
	return []string{
		instant(p.At), tokens.FormatSpan(max(0, now.Sub(p.At))), p.Alias, string(p.Outcome), p.Trigger,
		tokens.FormatTook(p.Duration), strconv.Itoa(p.Tries), answer,
	}
}

// historyDocument is what orgkeep history --json prints.
type historyDocument struct {
	Version int          `json:"version"`
	History []pastAnswer `json:"history"`
}

// pastAnswer is one refresh. What is not known is null.
type pastAnswer struct {
	Alias            string         `json:"alias"`
	At               string         `json:"at"`
	Trigger          string         `json:"trigger"`
	Outcome          tokens.Outcome `json:"outcome"`
	HTTPStatus       *int           `json:"http_status"`
	Error            *string        `json:"error"`
	ErrorDescription *string        `json:"error_description"`
	Problem          *string        `json:"problem"`
	DurationMS       int64          `json:"duration_ms"`
	Attempts         int            `json:"attempts"`
	Rotated          bool           `json:"rotated"`
	Fingerprint      *string        `json:"fingerprint"`
	PhasesMS         phasesMS       `json:"phases_ms"`
}

// phasesMS is how many milliseconds the parts of the last request took; 0 for a
// part that did not happen.
type phasesMS struct {
	Resolve int64 `json:"resolve"`
	Connect int64 `json:"connect"`
	TLS     int64 `json:"tls"`
	Send    int64 `json:"send"`
	Wait    int64 `json:"wait"`
	Read    int64 `json:"read"`
}

func newHistoryDocument(history []ledger.Recorded) historyDocument {
	document := historyDocument{Version: documentVersion, History: make([]pastAnswer, len(history))}
	for i, p := range history {
		refused := newRefusal(p.Failure)
		document.History[i] = pastAnswer{
			Alias: p.Alias, At: instant(p.At), Trigger: p.Trigger, Outcome: p.Outcome,
			HTTPStatus: refused.HTTPStatus, Error: refused.Error, ErrorDescription: refused.ErrorDescription, Problem: known(refused.Problem),
			DurationMS: p.Duration.Milliseconds(), Attempts: p.Tries, Rotated: p.Rotated, Fingerprint: known(p.Fingerprint),
			PhasesMS: newPhasesMS(p.Phases),
		}
	}
	return document
}

func newPhasesMS(p tokens.Phases) phasesMS {
	return phasesMS{
		Resolve: p.Resolve.Milliseconds(), Connect: p.Connect.Milliseconds(), TLS: p.TLS.Milliseconds(),
		Send: p.Send.Milliseconds(), Wait: p.Wait.Milliseconds(), Read: p.Read.Milliseconds(),
	}
}
