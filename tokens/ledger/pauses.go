package ledger

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"orgkeep/tokens"
)

// SavePause writes a pause down, in place of the one its scope had, and deletes
// those that are over by its Since. The body of its Failure is left out. Errors
// wrap ErrUnusable.
func (l *Ledger) SavePause(ctx context.Context, p tokens.Pause) error {
	doing := "writing the pause of " + tokens.Clean(p.Scope.Name())
	return l.change(ctx, doing, func(tx *sql.Tx) error {
		failure, _, err := failureText(p.Failure)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM pauses WHERE until <= ?`, toMilli(p.Since)); err != nil {
			return fmt.Errorf("deleting what is over: %w", err)
		}
		_, err = tx.ExecContext(ctx, `INSERT OR REPLACE INTO pauses (scope, since, until, failure) VALUES (?, ?, ?, ?)`,
			string(p.Scope), toMilli(p.Since), toMilli(p.Until), failure)
		if err != nil {
			return fmt.Errorf("writing its row: %w", err)
		}
		return nil
	})
}

const selectPauses = `SELECT scope, since, until, failure FROM pauses WHERE since <= ?1 AND until > ?1`

// Pauses returns the pauses that hold at now. One that begins after now was
// written by a clock that has been put back since; how long it lasts is not
// known, so it does not hold. Errors wrap ErrUnusable.
func (l *Ledger) Pauses(ctx context.Context, now time.Time) ([]tokens.Pause, error) {
	return l.pauses(ctx, selectPauses, toMilli(now))
}

// PausesOf returns those of the pauses that hold at now which are about the org.
// Errors wrap ErrUnusable.
func (l *Ledger) PausesOf(ctx context.Context, org tokens.Org, now time.Time) ([]tokens.Pause, error) {
	return l.pauses(ctx, selectPauses+` AND scope IN (?2, ?3)`, toMilli(now), string(tokens.HostScope(org)), string(tokens.UserScope(org)))
}

func (l *Ledger) pauses(ctx context.Context, query string, args ...any) ([]tokens.Pause, error) {
	const doing = "reading the pauses"
	rows, err := l.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, l.explain(doing, err)
	}
	defer rows.Close() //nolint:errcheck // Err has told by then
	var pauses []tokens.Pause
	for rows.Next() {
		var scope, failure string
		var since, until int64
		if err := rows.Scan(&scope, &since, &until, &failure); err != nil {
			return nil, l.explain(doing, misread(err))
		}
		pauses = append(pauses, tokens.Pause{
			Scope: tokens.PauseScope(scope), Since: fromMilli(since), Until: fromMilli(until), Failure: readFailure(failure, ""),
		})
	}
	if err := rows.Err(); err != nil {
		return nil, l.explain(doing, err)
	}
	return pauses, nil
}
