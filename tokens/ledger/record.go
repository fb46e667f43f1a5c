package ledger

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"orgkeep/tokens"
)

// Record adds an attempt to the history of an org and, in the same transaction,
// writes what the attempt changed: generation, times (but for when the access token
// ends, where that has been told since: SetExpiry), instance URL and type,
// scopes, rotation, and the ids and the username where org has them. The attempt becomes the
// org's Last. Alias, tags and what else a person gave stay as they are.
//
// Where the ledger's generation is already higher than org's, another process
// has saved newer tokens: then the history alone grows, and Last stays theirs.
// Of each org the last 500 attempts are kept, and the one that is its Last. The
// fingerprint in the attempt's Spent is kept apart from them, for Spent, and so is
// its Answer, of the last attempt that has one, for Org.
// Errors wrap ErrNotFound or ErrUnusable; nothing is changed then.
func (l *Ledger) Record(ctx context.Context, org tokens.Org, a tokens.Attempt) error {
	doing := "recording the refresh of " + tokens.Clean(label(org))
	return l.change(ctx, doing, func(tx *sql.Tx) error { return addAttempt(ctx, tx, org, a) })
}

// Note adds an attempt to the history of an org and changes nothing else of it: its
// Last stays. It is for what did not touch the org's tokens, as a sign-in that
// failed. Errors wrap ErrNotFound or ErrUnusable.
func (l *Ledger) Note(ctx context.Context, org tokens.Org, a tokens.Attempt) error {
	doing := "noting a sign-in of " + tokens.Clean(label(org))
	return l.change(ctx, doing, func(tx *sql.Tx) error {
		if _, err := insertAttempt(ctx, tx, org.Key, a); err != nil {
			return err
		}
		return prune(ctx, tx, org.Key)
	})
}

// insertAttempt writes a row of the history and returns its number.
func insertAttempt(ctx context.Context, tx *sql.Tx, key tokens.Key, a tokens.Attempt) (int64, error) {
	failure, body, err := failureText(a.Failure)
	if err != nil {
		return 0, err
	}
	// An insert that finds its org tells a missing one apart by its row count.
	result, err := tx.ExecContext(ctx, `INSERT INTO history
			(org_key, at, started_by, outcome, duration, tries, rotated, fingerprint, failure, body, phases, date, skew)
		SELECT key, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM orgs WHERE key = ?`,
		toMilli(a.At), a.Trigger, string(a.Outcome), a.Duration.Milliseconds(), a.Tries, a.Rotated,
		a.Fingerprint, failure, body, phasesText(a.Phases), toMilli(a.Date),
		a.Skew.Milliseconds(), string(key))
	if err != nil {
		return 0, fmt.Errorf("writing the history: %w", err)
	}
	if err := mustTouch(result); err != nil {
		return 0, err
	}
	id, err := result.LastInsertId()
	if err != nil {
		return 0, fmt.Errorf("numbering the history row: %w", err)
	}
	return id, nil
}

func addAttempt(ctx context.Context, tx *sql.Tx, org tokens.Org, a tokens.Attempt) error {
	id, err := insertAttempt(ctx, tx, org.Key, a)
	if err != nil {
		return err
	}
	result, err := tx.ExecContext(ctx, `UPDATE orgs SET issued_at = ?1,
			expires_at = CASE WHEN generation < ?11 THEN ?2 ELSE expires_at END,
			expiry_source = CASE WHEN generation < ?11 THEN ?3 ELSE expiry_source END,
			instance_url = ?4, type = coalesce(nullif(?5, 'unknown'), type), scopes = ?6, generation = ?11, rotates = ?7, refresh_used_at = ?8,
			has_refresh_token = ?9, username = coalesce(nullif(?10, ''), username),
			org_id = coalesce(nullif(?12, ''), org_id), user_id = coalesce(nullif(?13, ''), user_id), last_id = ?14, forgetting = 0
		WHERE key = ?15 AND generation <= ?11`,
		toMilli(org.IssuedAt), toMilli(org.ExpiresAt), string(org.ExpirySource),
		org.InstanceURL, string(org.Type), strings.Join(org.Scopes, " "), string(org.Rotates),
		toMilli(org.RefreshUsedAt), org.HasRefreshToken, org.Username, org.Generation, org.OrgID, org.UserID, id, string(org.Key))
	if err != nil {
		return fmt.Errorf("writing the row of the org: %w", err)
	}
	if mustTouch(result) == nil {
		if err := keepAnswer(ctx, tx, org.Key, a); err != nil {
			return err
		}
	}
	if err := spend(ctx, tx, org.Key, a.Spent, true); err != nil {
		return err
	}
	return prune(ctx, tx, org.Key)
}

// keepAnswer puts an attempt's answer in the place of the one before.
func keepAnswer(ctx context.Context, tx *sql.Tx, key tokens.Key, a tokens.Attempt) error {
	if a.Answer == "" {
		return nil
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO answers (org_key, fingerprint, text) VALUES (?, ?, ?)
		ON CONFLICT (org_key) DO UPDATE SET fingerprint = excluded.fingerprint, text = excluded.text`,
		string(key), a.Fingerprint, a.Answer)
	if err != nil {
		return fmt.Errorf("keeping the answer: %w", err)
	}
	return nil
}

// kept is how many attempts of an org the history holds: more than a year of
// one a day.
const kept = 500

// prune deletes what an org's history has beyond kept attempts, but for the one
// that is the org's Last, which may be older than they.
func prune(ctx context.Context, tx *sql.Tx, key tokens.Key) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM history WHERE org_key = ?1
		AND id <= (SELECT id FROM history WHERE org_key = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)
		AND id <> (SELECT last_id FROM orgs WHERE key = ?1)`, string(key), kept)
	if err != nil {
		return fmt.Errorf("pruning the history: %w", err)
	}
	return nil
}

// History returns the attempts of an org, newest first, limit at most. An org
// that is not there has none. Failures are whole. Errors wrap ErrUnusable.
func (l *Ledger) History(ctx context.Context, key tokens.Key, limit int) ([]tokens.Attempt, error) {
	recorded, err := l.history(ctx, "reading the history of "+tokens.Clean(string(key)),
		selectHistory+` WHERE h.org_key = ? ORDER BY h.id DESC LIMIT ?`, string(key), max(0, limit))
	attempts := make([]tokens.Attempt, len(recorded))
	for i, r := range recorded {
		attempts[i] = r.Attempt
	}
	return attempts, err
}

// Recorded is an attempt with the alias of the org it was of.
type Recorded struct {
	Alias string
	tokens.Attempt
}

// HistoryOfAll returns the attempts of all orgs by time, newest first, limit at
// most. Failures are whole. Errors wrap ErrUnusable.
func (l *Ledger) HistoryOfAll(ctx context.Context, limit int) ([]Recorded, error) {
	// Chosen by their numbers first, only the bodies of the chosen ones are read.
	return l.history(ctx, "reading the history",
		selectHistory+` WHERE h.id IN (SELECT id FROM history ORDER BY at DESC, id DESC LIMIT ?) ORDER BY h.at DESC, h.id DESC`, max(0, limit))
}

const selectHistory = `SELECT o.alias, ` + wholeAttempt + ` FROM history h JOIN orgs o ON o.key = h.org_key`

func (l *Ledger) history(ctx context.Context, doing, query string, args ...any) ([]Recorded, error) {
	rows, err := l.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, l.explain(doing, err)
	}
	defer rows.Close() //nolint:errcheck // Err has told by then
	var history []Recorded
	var row orgRow
	for rows.Next() {
		var alias, columns string
		if err := rows.Scan(&alias, &columns); err != nil {
			return nil, l.explain(doing, misread(err))
		}
		attempt, err := parseAttempt(columns, row.once)
		if err != nil {
			return nil, l.explain(doing, err)
		}
		history = append(history, Recorded{alias, attempt})
	}
	if err := rows.Err(); err != nil {
		return nil, l.explain(doing, err)
	}
	return history, nil
}
