package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"orgkeep/tokens"
)

// Orgs returns every org with its latest attempt, in the order of their
// aliases. The Body of a failure is left empty where it is longer than 1 KiB,
// and the Phases of an attempt are left at zero: Org has both. Errors wrap ErrUnusable, and ErrDamaged where the file is
// the reason.
func (l *Ledger) Orgs(ctx context.Context) ([]tokens.Org, error) {
	// A list that grows as it is read would take several times its memory.
	var n int
	if err := l.db.QueryRowContext(ctx, `SELECT count(*) FROM orgs`).Scan(&n); err != nil {
		return nil, l.explain("counting the orgs of the ledger", misread(err))
	}
	orgs, err := list(ctx, l.db, ` ORDER BY o.alias`, n)
	if err == nil && len(orgs) == 0 {
		// Damage can look like an empty list. To check one costs next to nothing.
		err = integrity(ctx, l.db)
	}
	if err != nil {
		return nil, l.explain("listing the orgs of the ledger", err)
	}
	return orgs, nil
}

// list reads the orgs of a query; expected is about how many there are.
func list(ctx context.Context, db *sql.DB, which string, expected int) ([]tokens.Org, error) {
	rows, err := db.QueryContext(ctx, selectOrgs+which)
	if err != nil {
		return nil, fmt.Errorf("reading the rows: %w", err)
	}
	defer rows.Close() //nolint:errcheck // Err has told by then
	var row orgRow
	orgs := make([]tokens.Org, 0, expected)
	for rows.Next() {
		org, err := row.scan(rows)
		if err != nil {
			return nil, err
		}
		orgs = append(orgs, org)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("reading the rows: %w", err)
	}
	return orgs, nil
}

// Org returns the org of a key, with the whole of its latest attempt. Errors
// wrap ErrNotFound or ErrUnusable.
func (l *Ledger) Org(ctx context.Context, key tokens.Key) (tokens.Org, error) {
	return l.find(ctx, selectOrg+` WHERE o.key = ?`, string(key))
}

// Find returns the org that has exactly this alias, with the whole of its
// latest attempt. Errors wrap ErrNotFound or ErrUnusable.
func (l *Ledger) Find(ctx context.Context, alias string) (tokens.Org, error) {
	return l.find(ctx, selectOrg+` WHERE o.alias = ?`, alias)
}

func (l *Ledger) find(ctx context.Context, query, name string) (tokens.Org, error) {
	org, err := one(ctx, l.db, query, name)
	if errors.Is(err, sql.ErrNoRows) {
		return tokens.Org{}, fmt.Errorf("%w: %s", ErrNotFound, tokens.Clean(name))
	}
	if err != nil {
		return tokens.Org{}, l.explain("reading "+tokens.Clean(name)+" from the ledger", err)
	}
	return org, nil
}

// one reads the one row of a query that has it.
func one(ctx context.Context, q queryer, query, name string) (tokens.Org, error) {
	found := q.QueryRowContext(ctx, query, name)
	if err := found.Err(); err != nil {
		return tokens.Org{}, fmt.Errorf("reading its row: %w", err)
	}
	var row orgRow
	return row.scan(found)
}

// mustTouch returns ErrNotFound when a statement met no row.
func mustTouch(result sql.Result) error {
	n, err := result.RowsAffected()
	if err != nil {
		return fmt.Errorf("counting rows: %w", err)
	}
	if n == 0 {
		return ErrNotFound
	}
	return nil
}
