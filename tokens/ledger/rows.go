package ledger

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"orgkeep/tokens"
)

// orgColumns and attemptColumns are what orgRow and attemptRow scan, in order.
const (
	orgColumns = `o.key, o.alias, o.org_id, o.user_id, o.username, o.type, o.login_url, o.instance_url,
		o.client_id, o.scopes, o.tags, o.issued_at, o.expires_at, o.expiry_source, o.refresh_used_at,
		o.has_refresh_token, o.rotates, o.generation, o.favourite, o.forgetting, o.mirror, o.mirrored, o.shared, o.watched`
	attemptColumns = `h.at, h.started_by, h.outcome, h.duration, h.tries, h.rotated, h.fingerprint, h.failure,
		h.body, h.phases, h.date, h.skew`

	// selectOrg brings the latest attempt along; without one its columns are
	// empty and its id is 0, so that no scan meets a NULL. selectOrgs, for
	// lists, leaves long bodies and what comes after them on the disk.
	selectOrg  = selectLast + `ifnull(h.body, ''), ifnull(h.phases, ''), ifnull(h.date, 0), ifnull(h.skew, 0)` + fromOrgs
	selectOrgs = selectLast + `CASE WHEN ` + shortBody + ` THEN h.body ELSE '' END, '',
		CASE WHEN ` + shortBody + ` THEN h.date ELSE 0 END, CASE WHEN ` + shortBody + ` THEN h.skew ELSE 0 END` + fromOrgs
	selectLast = `SELECT ` + orgColumns + `, o.last_id, ifnull(h.at, 0), ifnull(h.started_by, ''),
		ifnull(h.outcome, ''), ifnull(h.duration, 0), ifnull(h.tries, 0), ifnull(h.rotated, 0),
		ifnull(h.fingerprint, ''), ifnull(h.failure, ''), `
	fromOrgs = ` FROM orgs o LEFT JOIN history h ON h.id = o.last_id`
)

// shortBody is of the attempts whose body, in bytes, is short enough to be listed.
// Answers of a token endpoint are far shorter; the longer ones are pages of
// proxies and login screens. SQLite tells the length of a column without
// reading it.
const shortBody = "octet_length(h.body) <= 1024"

type scanner interface {
	Scan(dest ...any) error
}

// orgRow is a row of selectOrgs as SQLite has it. One is used again for all
// rows of a list.
type orgRow struct {
	org                       tokens.Org
	scopes, tags, shared      string
	issued, expires, used     int64
	forgetting                int64
	lastID                    int64
	last                      attemptRow
	key, kind, source, rotate string
	// known are texts that many orgs have, so that a list of thousands has each once.
	known  map[string]string
	listed map[string][]string // scopes by their text; nobody changes them in place
}

// knownMost bounds what is remembered of a list, should every org differ.
const knownMost = 1000

// once returns text, or the same one from an earlier row.
func (r *orgRow) once(text string) string {
	if text == "" {
		return ""
	}
	if same, is := r.known[text]; is {
		return same
	}
	if r.known == nil {
		r.known = map[string]string{}
	}
	if len(r.known) < knownMost {
		r.known[text] = text
	}
	return text
}

// scopesOf is splitScopes, once for each text.
func (r *orgRow) scopesOf(text string) []string {
	if same, is := r.listed[text]; is {
		return same
	}
	scopes := splitScopes(text)
	if r.listed == nil {
		r.listed = map[string][]string{}
	}
	if len(r.listed) < knownMost {
		r.listed[text] = scopes
	}
	return scopes
}

func (r *orgRow) scan(row scanner) (tokens.Org, error) {
	o := &r.org
	err := row.Scan(&r.key, &o.Alias, &o.OrgID, &o.UserID, &o.Username, &r.kind, &o.LoginURL, &o.InstanceURL,
		&o.ClientID, &r.scopes, &r.tags, &r.issued, &r.expires, &r.source, &r.used,
		&o.HasRefreshToken, &r.rotate, &o.Generation, &o.Favourite, &r.forgetting, &o.Mirror, &o.Mirrored, &r.shared, &o.Watched, &r.lastID,
		&r.last.at, &r.last.trigger, &r.last.outcome, &r.last.duration, &r.last.tries, &r.last.rotated,
		&r.last.fingerprint, &r.last.failure, &r.last.body, &r.last.phases,
		&r.last.date, &r.last.skew)
	if err != nil {
		return tokens.Org{}, misread(err)
	}
	o.Key, o.Type = tokens.Key(r.key), tokens.Type(r.once(r.kind))
	o.ExpirySource, o.Rotates = tokens.LeftSource(r.once(r.source)), tokens.Rotation(r.once(r.rotate))
	o.ClientID, o.LoginURL, o.OrgID = r.once(o.ClientID), r.once(o.LoginURL), r.once(o.OrgID)
	o.IssuedAt, o.ExpiresAt, o.RefreshUsedAt = fromMilli(r.issued), fromMilli(r.expires), fromMilli(r.used)
	o.Scopes = r.scopesOf(r.scopes)
	if o.Tags, err = splitTags(r.tags); err != nil {
		return tokens.Org{}, fmt.Errorf("reading the tags of %s: %w", o.Alias, err)
	}
	if o.Shared, err = readShared(r.shared); err != nil {
		return tokens.Org{}, fmt.Errorf("reading with whom %s is shared: %w", o.Alias, err)
	}
	o.Last = nil
	if r.last.outcome != "" {
		r.last.trigger, r.last.outcome = r.once(r.last.trigger), r.once(r.last.outcome)
		attempt := r.last.attempt()
		o.Last = &attempt
	}
	if r.forgetting != 0 {
		o.Last = halfForgotten(r.forgetting)
	}
	return *o, nil
}

// attemptRow is a row of the history as SQLite has it.
type attemptRow struct {
	at, duration     int64
	date, skew       int64
	tries            int
	rotated          bool
	trigger, outcome string
	fingerprint      string
	failure, body    string
	phases           string
}

// scan reads an alias and then the columns of an attempt.
func (r *attemptRow) scan(row scanner) (Recorded, error) {
	var alias string
	err := row.Scan(&alias, &r.at, &r.trigger, &r.outcome, &r.duration, &r.tries, &r.rotated, &r.fingerprint,
		&r.failure, &r.body, &r.phases, &r.date, &r.skew)
	if err != nil {
		return Recorded{}, misread(err)
	}
	return Recorded{alias, r.attempt()}, nil
}

func (r *attemptRow) attempt() tokens.Attempt {
	a := tokens.Attempt{
		At: fromMilli(r.at), Trigger: r.trigger, Outcome: tokens.Outcome(r.outcome),
		Duration: time.Duration(r.duration) * time.Millisecond, Tries: r.tries, Rotated: r.rotated,
		Fingerprint: r.fingerprint, Phases: parsePhases(r.phases),
		Date: fromMilli(r.date), Skew: time.Duration(r.skew) * time.Millisecond,
	}
	a.Failure = readFailure(r.failure, r.body)
	return a
}

// readFailure undoes failureText.
func readFailure(text, body string) *tokens.Failure {
	if text == "" {
		return nil
	}
	f := new(tokens.Failure)
	if err := json.Unmarshal([]byte(text), f); err != nil {
		// That it failed is worth more than a list that does not open.
		f = &tokens.Failure{Kind: tokens.FailedLedger, Problem: "the ledger's note of this failure is damaged"}
	}
	f.Body = body
	return f
}

// failureText returns a failure as its columns have it: its body apart.
func failureText(f *tokens.Failure) (text, body string, err error) {
	if f == nil {
		return "", "", nil
	}
	bodiless := *f
	bodiless.Body = ""
	encoded, err := json.Marshal(bodiless)
	if err != nil {
		return "", "", fmt.Errorf("writing the failure: %w", err)
	}
	return string(encoded), f.Body, nil
}

// splitScopes undoes strings.Join with a space, which no scope can hold (RFC
// 6749 section 3.3).
func splitScopes(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, " ")
}

func joinTags(tags []string) (string, error) {
	if len(tags) == 0 {
		return "", nil
	}
	text, err := json.Marshal(tags)
	if err != nil {
		return "", fmt.Errorf("writing the tags: %w", err)
	}
	return string(text), nil
}

func splitTags(text string) ([]string, error) {
	if text == "" {
		return nil, nil
	}
	var tags []string
	if err := json.Unmarshal([]byte(text), &tags); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return tags, nil
}

func toMilli(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func fromMilli(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
