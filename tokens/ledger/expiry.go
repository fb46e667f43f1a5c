package ledger

import (
	"context"
	"database/sql"
	"time"

	"orgkeep/tokens"
)

// SetExpiry writes down when the access token of an org ends, as somebody was
// told, and returns the org as it now stands. It changes nothing where the tokens
// are of another generation than org's: they were replaced meanwhile. Errors wrap
// ErrNotFound or ErrUnusable.
func (l *Ledger) SetExpiry(ctx context.Context, org tokens.Org, ends time.Time, source tokens.LeftSource) (tokens.Org, error) {
	orgs, err := l.each(ctx, "writing an expiry to the ledger", []tokens.Key{org.Key}, func(tx *sql.Tx, known tokens.Org) error {
		if known.Generation != org.Generation {
			return nil
		}
		_, err := tx.ExecContext(ctx, `UPDATE orgs SET expires_at = ?, expiry_source = ? WHERE key = ?`,
			toMilli(ends), string(source), string(org.Key))
		return err //nolint:wrapcheck // each says what was being done
	})
	if err != nil {
		return tokens.Org{}, err
	}
	return orgs[0], nil
}
