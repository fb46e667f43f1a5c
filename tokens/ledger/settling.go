package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"orgkeep/tokens"
)

// Settling writes down that the tokens of the org of key are on their way into
// another entry of the same login, and that it is to go then. Errors wrap
// ErrNotFound or ErrUnusable.
func (l *Ledger) Settling(ctx context.Context, key, into tokens.Key) error {
	return l.change(ctx, "bringing two entries of one login together in the ledger", func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, `UPDATE orgs SET settles = ? WHERE key = ?`, string(into), string(key))
		if err != nil {
			return fmt.Errorf("writing its row: %w", err)
		}
		return mustTouch(result)
	})
}

// SettlesInto returns the Key of the entry that an org's tokens are on their way
// into; empty for none, and where that one is here no more. Errors wrap
// ErrUnusable.
func (l *Ledger) SettlesInto(ctx context.Context, key tokens.Key) (tokens.Key, error) {
	var into string
	err := l.db.QueryRowContext(ctx, `SELECT i.key FROM orgs o JOIN orgs i ON i.key = o.settles WHERE o.key = ?`, string(key)).Scan(&into)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", l.explain("reading which entries of one login come together", misread(err))
	}
	return tokens.Key(into), nil
}

// Unsettled returns the orgs whose tokens are on their way into another entry that
// is here. Errors wrap ErrUnusable.
func (l *Ledger) Unsettled(ctx context.Context) ([]tokens.Org, error) {
	orgs, err := list(ctx, l.db, ` WHERE o.settles <> '' AND o.settles IN (SELECT key FROM orgs)`, 0)
	if err != nil {
		return nil, l.explain("listing the entries of one login that come together", err)
	}
	return orgs, nil
}
