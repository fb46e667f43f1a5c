package ledger

import (
	"context"
	"database/sql"

	"orgkeep/tokens"
)

// SetMirror writes down which token file is kept in step with an org, none when
// path is empty, and returns the org as it now stands. What the file has is not
// known then. Errors wrap ErrNotFound or ErrUnusable.
func (l *Ledger) SetMirror(ctx context.Context, key tokens.Key, path string) (tokens.Org, error) {
	return l.setMirror(ctx, key, `UPDATE orgs SET mirror = ?, mirrored = 0 WHERE key = ?`, path)
}

// Mirrored writes down that an org's token file has the tokens of a generation,
// and returns the org as it now stands. Errors wrap ErrNotFound or ErrUnusable.
func (l *Ledger) Mirrored(ctx context.Context, key tokens.Key, generation int64) (tokens.Org, error) {
	return l.setMirror(ctx, key, `UPDATE orgs SET mirrored = ? WHERE key = ?`, generation)
}

// Behind returns the orgs whose token file has older tokens than they have, as
// Orgs does. Errors wrap ErrUnusable.
func (l *Ledger) Behind(ctx context.Context) ([]tokens.Org, error) {
	orgs, err := list(ctx, l.db, ` WHERE o.mirror <> '' AND o.mirrored < o.generation`, 0)
	if err != nil {
		return nil, l.explain("listing the mirrors of the ledger", err)
	}
	return orgs, nil
}

func (l *Ledger) setMirror(ctx context.Context, key tokens.Key, update string, value any) (tokens.Org, error) {
	orgs, err := l.each(ctx, "changing the mirror in the ledger", []tokens.Key{key}, func(tx *sql.Tx, _ tokens.Org) error {
		_, err := tx.ExecContext(ctx, update, value, string(key))
		return err //nolint:wrapcheck // each says what was being done
	})
	if err != nil {
		return tokens.Org{}, err
	}
	return orgs[0], nil
}
