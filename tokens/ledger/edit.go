package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"orgkeep/tokens"
)

// Edit writes what a person gives of an org that is known: Alias, Tags,
// LoginURL and Username. All else of it stays: the facts of its tokens, its
// Last and its history. The org is returned as it now stands.
//
// As in Save, an empty Alias or Username and nil Tags keep what the ledger has
// (an empty slice clears the tags), and an empty LoginURL is written: the
// instance URL serves then. Errors wrap ErrNotFound, ErrAliasTaken,
// tokens.ErrAlias or ErrUnusable; nothing is changed then.
func (l *Ledger) Edit(ctx context.Context, org tokens.Org) (tokens.Org, error) {
	doing := "changing " + tokens.Clean(label(org)) + " in the ledger"
	if org.Alias != "" {
		if err := tokens.CheckAlias(org.Alias); err != nil {
			return tokens.Org{}, fmt.Errorf("%s: %w", doing, err)
		}
	}
	err := l.change(ctx, doing, func(tx *sql.Tx) error {
		known, err := keep(ctx, tx, &org)
		if err != nil {
			return err
		}
		if !known {
			return ErrNotFound
		}
		tags, err := joinTags(org.Tags)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE orgs SET alias = ?, tags = ?, login_url = ?, username = ? WHERE key = ?`,
			org.Alias, tags, org.LoginURL, org.Username, string(org.Key)); err != nil {
			return fmt.Errorf("writing its row: %w", err)
		}
		org, err = one(ctx, tx, selectOrg+` WHERE o.key = ?`, string(org.Key))
		return err
	})
	if err != nil {
		return tokens.Org{}, err
	}
	return org, nil
}

// keep fills in what org leaves to the ledger and makes sure that its alias is
// its own. It reports whether the ledger knows the org.
func keep(ctx context.Context, tx *sql.Tx, org *tokens.Org) (known bool, err error) {
	var alias, username, tags, kind string
	row := tx.QueryRowContext(ctx, `SELECT alias, username, tags, type FROM orgs WHERE key = ?`, string(org.Key))
	switch err := row.Scan(&alias, &username, &tags, &kind); {
	case errors.Is(err, sql.ErrNoRows):
		return false, nil
	case err != nil:
		return false, misread(err)
	}
	if org.Username == "" {
		org.Username = username
	}
	if org.Type == tokens.TypeUnknown {
		org.Type = tokens.Type(kind)
	}
	if org.Tags == nil {
		if org.Tags, err = splitTags(tags); err != nil {
			return false, err
		}
	}
	if org.Alias == "" {
		org.Alias = alias
		return true, nil
	}
	return true, free(ctx, tx, *org)
}
