package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"orgkeep/tokens"
)

// What is kept of spent refresh tokens: the last ones of an org, and of the orgs
// that are here no more.
const (
	spentKept   = 50
	strangeKept = 1000
)

// Spent reports whether a refresh token is known to have been replaced by
// rotation. Errors wrap ErrUnusable.
func (l *Ledger) Spent(ctx context.Context, refresh tokens.Secret) (bool, error) {
	_, replaced, err := l.spent(ctx, refresh)
	return replaced, err
}

// IntroducedAs returns under which Key a refresh token came by an auth URL or was
// replaced, and whether it was replaced. The Key is empty where the token is not
// known or its org is here no more. Errors wrap ErrUnusable.
func (l *Ledger) IntroducedAs(ctx context.Context, refresh tokens.Secret) (key tokens.Key, replaced bool, err error) {
	key, replaced, err = l.spent(ctx, refresh)
	if err != nil || key == "" {
		return "", replaced, err
	}
	if _, err := l.Org(ctx, key); errors.Is(err, ErrNotFound) {
		return "", replaced, nil
	} else if err != nil {
		return "", replaced, err
	}
	return key, replaced, nil
}

func (l *Ledger) spent(ctx context.Context, refresh tokens.Secret) (key tokens.Key, replaced bool, err error) {
	if refresh.IsZero() {
		return "", false, nil
	}
	var text string
	err = l.db.QueryRowContext(ctx, `SELECT org_key, replaced FROM spent WHERE fingerprint IN (?, ?) ORDER BY replaced DESC, id DESC LIMIT 1`,
		refresh.LongFingerprint(), refresh.Fingerprint()).Scan(&text, &replaced)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return "", false, nil
	case err != nil:
		return "", false, l.explain("looking for a spent refresh token in the ledger", misread(err))
	}
	return tokens.Key(text), replaced, nil
}

// Spend writes down that the refresh token of a fingerprint was replaced by
// rotation; Record does it for those of an attempt. Errors wrap ErrUnusable.
func (l *Ledger) Spend(ctx context.Context, key tokens.Key, fingerprint string) error {
	return l.change(ctx, "writing down a spent refresh token", func(tx *sql.Tx) error {
		return spend(ctx, tx, key, fingerprint, true)
	})
}

// Introduced writes down that a refresh token came by an auth URL, and under which
// Key its login is saved. Errors wrap ErrUnusable.
func (l *Ledger) Introduced(ctx context.Context, key tokens.Key, refresh tokens.Secret) error {
	return l.change(ctx, "writing down an auth URL's refresh token", func(tx *sql.Tx) error {
		return spend(ctx, tx, key, refresh.LongFingerprint(), false)
	})
}

// Issued forgets that a refresh token was replaced: the endpoint has just given it
// out. Errors wrap ErrUnusable.
func (l *Ledger) Issued(ctx context.Context, refresh tokens.Secret) error {
	if known, err := l.Spent(ctx, refresh); err != nil || !known {
		return err
	}
	return l.change(ctx, "taking back a spent refresh token", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM spent WHERE fingerprint IN (?, ?)`, refresh.LongFingerprint(), refresh.Fingerprint())
		return err //nolint:wrapcheck // change says what was being done
	})
}

// spend adds a fingerprint, or moves it to another org. What was replaced stays so.
func spend(ctx context.Context, tx *sql.Tx, key tokens.Key, fingerprint string, replaced bool) error {
	if fingerprint == "" {
		return nil
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO spent (fingerprint, org_key, replaced) VALUES (?, ?, ?)
		ON CONFLICT (fingerprint) DO UPDATE SET org_key = excluded.org_key, replaced = max(replaced, excluded.replaced)`,
		fingerprint, string(key), replaced)
	if err != nil {
		return fmt.Errorf("writing down a spent refresh token: %w", err)
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM spent WHERE org_key = ?1
		AND id <= (SELECT id FROM spent WHERE org_key = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)`, string(key), spentKept)
	if err != nil {
		return fmt.Errorf("pruning the spent refresh tokens: %w", err)
	}
	return nil
}

// pruneStrange deletes the oldest fingerprints of orgs that are here no more.
func pruneStrange(ctx context.Context, tx *sql.Tx) error {
	const strange = `FROM spent WHERE org_key NOT IN (SELECT key FROM orgs)`
	_, err := tx.ExecContext(ctx, `DELETE `+strange+` AND id <= (SELECT id `+strange+` ORDER BY id DESC LIMIT 1 OFFSET ?)`, strangeKept)
	if err != nil {
		return fmt.Errorf("pruning the spent refresh tokens: %w", err)
	}
	return nil
}
