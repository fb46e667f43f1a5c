package ledger

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"orgkeep/tokens"
)

// Save inserts the org or, where its Key is already there, writes it anew, and
// returns it as it now stands. Tokens were just saved, so Last starts again at
// nil; the history stays. Favourite is for SetFavourite alone, Watched for
// SetWatched.
//
// A few fields, left empty, keep what the ledger has, because a token file does
// not tell them: Alias, Username, Tags (nil; an empty slice clears them), and Type
// where it is TypeUnknown. An org that is new and has no Alias gets one from its instance URL, with -2, -3
// and so on while others have it. An Alias that is given is taken as it is:
// where another org has it, the error wraps ErrAliasTaken. Other errors wrap
// tokens.ErrAlias, tokens.ErrID (the Key is none) or ErrUnusable; nothing is
// changed then.
func (l *Ledger) Save(ctx context.Context, org tokens.Org) (tokens.Org, error) {
	doing := "saving " + tokens.Clean(label(org)) + " in the ledger"
	if !org.Key.Valid() {
		return tokens.Org{}, fmt.Errorf("%s: %w: its key is malformed", doing, tokens.ErrID)
	}
	if org.Alias != "" {
		if err := tokens.CheckAlias(org.Alias); err != nil {
			return tokens.Org{}, fmt.Errorf("%s: %w", doing, err)
		}
	}
	err := l.change(ctx, doing, func(tx *sql.Tx) error {
		if err := complete(ctx, tx, &org); err != nil {
			return err
		}
		if err := write(ctx, tx, org); err != nil {
			return err
		}
		var err error
		org, err = one(ctx, tx, selectOrg+` WHERE o.key = ?`, string(org.Key))
		return err
	})
	if err != nil {
		return tokens.Org{}, err
	}
	return org, nil
}

// label names an org in errors, also before it has an alias.
func label(org tokens.Org) string {
	if org.Alias != "" {
		return org.Alias
	}
	return string(org.Key)
}

// complete fills in what org leaves to the ledger, and makes sure that its
// alias is its own.
func complete(ctx context.Context, tx *sql.Tx, org *tokens.Org) error {
	known, err := keep(ctx, tx, org)
	switch {
	case err != nil || known:
		return err
	case org.Alias == "":
		org.Alias, err = propose(ctx, tx, org.InstanceURL)
		return err
	}
	return free(ctx, tx, *org)
}

// free returns ErrAliasTaken when another org has the alias.
func free(ctx context.Context, tx *sql.Tx, org tokens.Org) error {
	var taken bool
	err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM orgs WHERE alias = ? AND key <> ?)`,
		org.Alias, string(org.Key)).Scan(&taken)
	if err != nil {
		return fmt.Errorf("looking for its alias: %w", err)
	}
	if taken {
		return fmt.Errorf("%w: %s", ErrAliasTaken, tokens.Clean(org.Alias))
	}
	return nil
}

// propose returns an alias for a new org that no other org has.
func propose(ctx context.Context, tx *sql.Tx, instanceURL string) (string, error) {
	base := tokens.AliasFromURL(instanceURL)
	const labelLimit = 63 // of a host name (RFC 1035 section 2.3.4); leaves room for a number
	if len(base) > labelLimit || tokens.CheckAlias(base) != nil {
		base = "org"
	}
	// '.' comes right after '-': the range holds base and base-anything.
	rows, err := tx.QueryContext(ctx, `SELECT alias FROM orgs WHERE alias >= ?1 AND alias < ?1 || '.'`, base)
	if err != nil {
		return "", fmt.Errorf("looking for like aliases: %w", err)
	}
	defer rows.Close() //nolint:errcheck // Err has told by then
	taken := map[string]bool{}
	for rows.Next() {
		var alias string
		if err := rows.Scan(&alias); err != nil {
			return "", fmt.Errorf("looking for like aliases: %w", err)
		}
		taken[alias] = true
	}
	if err := rows.Err(); err != nil {
		return "", fmt.Errorf("looking for like aliases: %w", err)
	}
	alias := base
	for n := 2; taken[alias]; n++ {
		alias = fmt.Sprintf("%s-%d", base, n)
	}
	return alias, nil
}

// write is the insert or update of Save.
func write(ctx context.Context, tx *sql.Tx, o tokens.Org) error {
	tags, err := joinTags(o.Tags)
	if err != nil {
		return err
	}
	shared, err := sharedText(o.Shared)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO orgs (key, alias, org_id, user_id, username, type, login_url,
			instance_url, client_id, scopes, tags, issued_at, expires_at, expiry_source, refresh_used_at,
			has_refresh_token, rotates, generation, shared)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (key) DO UPDATE SET alias = excluded.alias, org_id = excluded.org_id,
			user_id = excluded.user_id, username = excluded.username, type = excluded.type,
			login_url = excluded.login_url, instance_url = excluded.instance_url,
			client_id = excluded.client_id, scopes = excluded.scopes, tags = excluded.tags,
			issued_at = excluded.issued_at, expires_at = excluded.expires_at,
			expiry_source = excluded.expiry_source, refresh_used_at = excluded.refresh_used_at,
			has_refresh_token = excluded.has_refresh_token, rotates = excluded.rotates,
			generation = excluded.generation, shared = excluded.shared, last_id = 0, forgetting = 0`,
		string(o.Key), o.Alias, o.OrgID, o.UserID, o.Username, string(o.Type), o.LoginURL,
		o.InstanceURL, o.ClientID, strings.Join(o.Scopes, " "), tags, toMilli(o.IssuedAt), toMilli(o.ExpiresAt),
		string(o.ExpirySource), toMilli(o.RefreshUsedAt), o.HasRefreshToken, string(o.Rotates), o.Generation, shared)
	if err != nil {
		return fmt.Errorf("writing its row: %w", err)
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM answers WHERE org_key = ?`, string(o.Key)); err != nil {
		return fmt.Errorf("dropping the answer that brought its earlier tokens: %w", err)
	}
	return nil
}
