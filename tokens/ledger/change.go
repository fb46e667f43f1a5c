package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"orgkeep/tokens"
)

// Rename gives an org another alias and returns the org as it now stands. Errors
// wrap ErrNotFound, ErrAliasTaken, tokens.ErrAlias or ErrUnusable; nothing is
// changed then.
func (l *Ledger) Rename(ctx context.Context, key tokens.Key, alias string) (tokens.Org, error) {
	const doing = "changing the alias in the ledger"
	if err := tokens.CheckAlias(alias); err != nil {
		return tokens.Org{}, fmt.Errorf("%s: %w", doing, err)
	}
	orgs, err := l.each(ctx, doing, []tokens.Key{key}, func(tx *sql.Tx, org tokens.Org) error {
		org.Alias = alias
		if err := free(ctx, tx, org); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE orgs SET alias = ? WHERE key = ?`, alias, string(key))
		return err //nolint:wrapcheck // each says what was being done
	})
	if err != nil {
		return tokens.Org{}, err
	}
	return orgs[0], nil
}

// Retag changes the tags of orgs, of all or of none, and returns the orgs as
// they now stand. Errors wrap ErrNotFound or ErrUnusable.
func (l *Ledger) Retag(ctx context.Context, keys []tokens.Key, change tokens.TagChange) ([]tokens.Org, error) {
	return l.each(ctx, "changing tags in the ledger", keys, func(tx *sql.Tx, org tokens.Org) error {
		tags, err := joinTags(change.Of(org.Tags))
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE orgs SET tags = ? WHERE key = ?`, tags, string(org.Key))
		return err //nolint:wrapcheck // each says what was being done
	})
}

// SetFavourite makes orgs favourites or takes that back, of all or of none, and
// returns the orgs as they now stand. Errors wrap ErrNotFound or ErrUnusable.
func (l *Ledger) SetFavourite(ctx context.Context, keys []tokens.Key, favourite bool) ([]tokens.Org, error) {
	return l.each(ctx, "changing favourites in the ledger", keys, func(tx *sql.Tx, org tokens.Org) error {
		_, err := tx.ExecContext(ctx, `UPDATE orgs SET favourite = ? WHERE key = ?`, favourite, string(org.Key))
		return err //nolint:wrapcheck // each says what was being done
	})
}

// SetWatched writes down whether orgs are kept fresh without asking, of all or of
// none, and returns the orgs as they now stand. Errors wrap ErrNotFound or
// ErrUnusable.
func (l *Ledger) SetWatched(ctx context.Context, keys []tokens.Key, watched bool) ([]tokens.Org, error) {
	return l.each(ctx, "writing in the ledger which orgs are watched", keys, func(tx *sql.Tx, org tokens.Org) error {
		_, err := tx.ExecContext(ctx, `UPDATE orgs SET watched = ? WHERE key = ?`, watched, string(org.Key))
		return err //nolint:wrapcheck // each says what was being done
	})
}

// each changes orgs in one transaction, and reads each before and after.
func (l *Ledger) each(ctx context.Context, doing string, keys []tokens.Key, do func(*sql.Tx, tokens.Org) error) ([]tokens.Org, error) {
	orgs := make([]tokens.Org, len(keys))
	err := l.change(ctx, doing, func(tx *sql.Tx) error {
		for i, key := range keys {
			org, err := known(ctx, tx, key)
			if err != nil {
				return err
			}
			if err := do(tx, org); err != nil {
				return fmt.Errorf("%s: %w", org.Alias, err)
			}
			if orgs[i], err = known(ctx, tx, key); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return orgs, nil
}

// known is one with ErrNotFound for an org that the ledger does not have.
func known(ctx context.Context, tx *sql.Tx, key tokens.Key) (tokens.Org, error) {
	org, err := one(ctx, tx, selectOrg+` WHERE o.key = ?`, string(key))
	if errors.Is(err, sql.ErrNoRows) {
		return tokens.Org{}, fmt.Errorf("%w: %s", ErrNotFound, tokens.Clean(string(key)))
	}
	return org, err
}
