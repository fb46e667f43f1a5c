package ledger

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"orgkeep/tokens"
)

// Forgetting writes down that an org is being forgotten since at; the zero time
// takes that back. Until the org is forgotten, refreshed or saved anew its Last
// says so, because its tokens may be gone. Errors wrap ErrNotFound or
// ErrUnusable.
func (l *Ledger) Forgetting(ctx context.Context, key tokens.Key, at time.Time) error {
	doing := "marking " + tokens.Clean(string(key)) + " in the ledger"
	return l.change(ctx, doing, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, `UPDATE orgs SET forgetting = ? WHERE key = ?`, toMilli(at), string(key))
		if err != nil {
			return fmt.Errorf("writing its row: %w", err)
		}
		return mustTouch(result)
	})
}

// halfForgotten is the Last of an org that is being forgotten.
func halfForgotten(since int64) *tokens.Attempt {
	return &tokens.Attempt{
		At: fromMilli(since), Outcome: tokens.OutcomeFailed,
		Failure: &tokens.Failure{Kind: tokens.FailedLocal, Problem: tokens.ProblemHalfForgotten},
	}
}

// Forget deletes the org of a key and its history. The fingerprints of its spent
// refresh tokens stay: its login may be alive elsewhere. Errors wrap ErrNotFound or
// ErrUnusable.
func (l *Ledger) Forget(ctx context.Context, key tokens.Key) error {
	doing := "forgetting " + tokens.Clean(string(key))
	return l.change(ctx, doing, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, `DELETE FROM orgs WHERE key = ?`, string(key))
		if err != nil {
			return fmt.Errorf("deleting its row: %w", err)
		}
		if err := mustTouch(result); err != nil {
			return err
		}
		return pruneStrange(ctx, tx)
	})
}
