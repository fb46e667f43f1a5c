package ledger

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"orgkeep/tokens"
)

func sharedText(s tokens.Shared) (string, error) {
	if s == (tokens.Shared{}) {
		return "", nil
	}
	text, err := json.Marshal(s)
	if err != nil {
		return "", fmt.Errorf("writing with whom the org is shared: %w", err)
	}
	return string(text), nil
}

// readShared undoes sharedText. What cannot be read is an error: to take such an
// org for one that is not shared would end a login of the other program.
func readShared(text string) (tokens.Shared, error) {
	if text == "" {
		return tokens.Shared{}, nil
	}
	var s tokens.Shared // here, so that an org that is not shared costs no memory
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return s, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return s, nil
}

// SetShared writes with whom an org is shared, and nothing else of it. Errors
// wrap ErrNotFound or ErrUnusable.
func (l *Ledger) SetShared(ctx context.Context, key tokens.Key, s tokens.Shared) (tokens.Org, error) {
	const doing = "writing in the ledger with whom an org is shared"
	orgs, err := l.each(ctx, doing, []tokens.Key{key}, func(tx *sql.Tx, org tokens.Org) error {
		text, err := sharedText(s)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE orgs SET shared = ? WHERE key = ?`, text, string(org.Key))
		return err //nolint:wrapcheck // each says what was being done
	})
	if err != nil {
		return tokens.Org{}, err
	}
	return orgs[0], nil
}

// Owing returns the orgs whose new tokens the other program that shares them has
// not got yet. Errors wrap ErrUnusable.
func (l *Ledger) Owing(ctx context.Context) ([]tokens.Key, error) {
	const doing = "looking in the ledger for tokens to write back"
	rows, err := l.db.QueryContext(ctx, `SELECT key FROM orgs WHERE shared <> '' AND json_extract(shared, '$.owed') ORDER BY alias`)
	if err != nil {
		return nil, l.explain(doing, err)
	}
	defer rows.Close() //nolint:errcheck // Err has told by then
	var keys []tokens.Key
	for rows.Next() {
		var key string
		if err := rows.Scan(&key); err != nil {
			return nil, l.explain(doing, misread(err))
		}
		keys = append(keys, tokens.Key(key))
	}
	if err := rows.Err(); err != nil {
		return nil, l.explain(doing, err)
	}
	return keys, nil
}

// KeyOf returns the Key under which the login of org, told by its ids and client
// id, is saved; org's own where none is. It differs from that for a login that
// was saved before its ids were known. Errors wrap ErrUnusable.
func (l *Ledger) KeyOf(ctx context.Context, org tokens.Org) (tokens.Key, error) {
	if org.OrgID == "" || org.UserID == "" {
		return org.Key, nil
	}
	var key string
	err := l.db.QueryRowContext(ctx, `SELECT key FROM orgs WHERE org_id = ? AND user_id = ? AND client_id = ?
		ORDER BY key = ? DESC, key LIMIT 1`, org.OrgID, org.UserID, org.ClientID, string(org.Key)).Scan(&key)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return org.Key, nil
	case err != nil:
		return "", l.explain("looking for a login in the ledger", misread(err))
	}
	return tokens.Key(key), nil
}
