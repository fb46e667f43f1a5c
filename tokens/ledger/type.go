package ledger

import (
	"context"
	"database/sql"

	"orgkeep/tokens"
)

// LearnType writes down the type that an org's own record told, and returns the org
// as it now stands. A type that is known stays. Errors wrap ErrNotFound or
// ErrUnusable.
func (l *Ledger) LearnType(ctx context.Context, key tokens.Key, kind tokens.Type) (tokens.Org, error) {
	orgs, err := l.each(ctx, "writing the type of an org to the ledger", []tokens.Key{key}, func(tx *sql.Tx, known tokens.Org) error {
		if known.Type != tokens.TypeUnknown {
			return nil
		}
		_, err := tx.ExecContext(ctx, `UPDATE orgs SET type = ? WHERE key = ?`, string(kind), string(key))
		return err //nolint:wrapcheck // each says what was being done
	})
	if err != nil {
		return tokens.Org{}, err
	}
	return orgs[0], nil
}
