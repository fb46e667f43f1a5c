package ledger

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"orgkeep/tokens"
)

// separator stands between the columns that SQLite puts joined into one text:
// to ask it for every column of 10,000 rows by itself takes twice as long. The
// byte is in no UTF-8, which all text here is; what need not be comes last.
const separator = "\xff"

// orgColumns and attemptColumns are what fields reads, in order. None may be
// NULL: concat_ws leaves that out.
const (
	orgColumns = `o.key, o.alias, o.org_id, o.user_id, o.username, o.type, o.login_url, o.instance_url,
		o.client_id, o.scopes, o.tags, o.issued_at, o.expires_at, o.expiry_source, o.refresh_used_at,
		o.has_refresh_token, o.rotates, o.generation, o.favourite, o.forgetting, o.mirrored, o.shared, o.watched, o.mirror`
	attemptColumns = `h.at, h.started_by, h.outcome, h.duration, h.tries, h.rotated, h.fingerprint, h.failure`
	joined         = `concat_ws(CAST(x'ff' AS TEXT), `
	wholeAttempt   = joined + attemptColumns + `, h.phases, h.date, h.skew, h.body)`
	// An attempt that went well has no body of its own: it has the answer in that place.
	lastAttempt = joined + attemptColumns + `, h.phases, h.date, h.skew, CASE h.failure WHEN '' THEN coalesce(a.text, '') ELSE h.body END)`
	// Columns that come after a long body are left on the disk with it.
	listedAttempt = `CASE WHEN ` + shortBody + ` THEN ` + joined + attemptColumns + `, '', h.date, h.skew, h.body)
		ELSE ` + joined + attemptColumns + `, '', 0, 0, '') END`

	// selectOrg brings the latest attempt along; without one it is empty.
	// selectOrgs, for lists, leaves long bodies and what comes after them on the
	// disk.
	selectOrg  = selectLast + lastAttempt + fromOrgs + ` LEFT JOIN answers a ON a.org_key = o.key AND a.fingerprint = h.fingerprint`
	selectOrgs = selectLast + listedAttempt + fromOrgs
	selectLast = `SELECT ` + joined + orgColumns + `), CASE WHEN h.id IS NULL THEN '' ELSE `
	fromOrgs   = ` END FROM orgs o LEFT JOIN history h ON h.id = o.last_id`
)

// shortBody is of the attempts whose body, in bytes, is short enough to be listed.
// Answers of a token endpoint are far shorter; the longer ones are pages of
// proxies and login screens. SQLite tells the length of a column without
// reading it.
const shortBody = "octet_length(h.body) <= 1024"

type scanner interface {
	Scan(dest ...any) error
}

// fields are columns that SQLite has put joined.
type fields struct {
	rest string
	err  error // wraps ErrDamaged
}

func (f *fields) text() string {
	text, rest, found := strings.Cut(f.rest, separator)
	if !found {
		f.fail("a column is missing")
	}
	f.rest = rest
	return text
}

func (f *fields) number() int64 {
	text := f.text()
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		f.fail(strconv.Quote(text) + " is no number")
	}
	return n
}

func (f *fields) yes() bool { return f.number() != 0 }

func (f *fields) time() time.Time { return fromMilli(f.number()) }

func (f *fields) fail(how string) {
	if f.err == nil {
		f.err = fmt.Errorf("%w: reading a row: %s", ErrDamaged, how)
	}
}

// orgRow reads rows of selectOrgs. One is used again for all rows of a list.
type orgRow struct {
	org, last string // columns
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
	if err := row.Scan(&r.org, &r.last); err != nil {
		return tokens.Org{}, misread(err)
	}
	f := &fields{rest: r.org}
	o := tokens.Org{
		Key: tokens.Key(f.text()), Alias: f.text(), OrgID: r.once(f.text()), UserID: f.text(), Username: f.text(), Type: tokens.Type(r.once(f.text())),
		LoginURL: r.once(f.text()), InstanceURL: f.text(), ClientID: r.once(f.text()), Scopes: r.scopesOf(f.text()),
	}
	tags := f.text()
	o.IssuedAt, o.ExpiresAt, o.ExpirySource, o.RefreshUsedAt = f.time(), f.time(), tokens.LeftSource(r.once(f.text())), f.time()
	o.HasRefreshToken, o.Rotates, o.Generation, o.Favourite = f.yes(), tokens.Rotation(r.once(f.text())), f.number(), f.yes()
	forgetting := f.number()
	o.Mirrored = f.number()
	shared := f.text()
	o.Watched, o.Mirror = f.yes(), f.rest
	if f.err != nil {
		return tokens.Org{}, f.err
	}
	var err error
	if o.Tags, err = splitTags(tags); err != nil {
		return tokens.Org{}, fmt.Errorf("reading the tags of %s: %w", o.Alias, err)
	}
	if o.Shared, err = readShared(shared); err != nil {
		return tokens.Org{}, fmt.Errorf("reading with whom %s is shared: %w", o.Alias, err)
	}
	if forgetting != 0 {
		o.Last = halfForgotten(forgetting)
	} else if r.last != "" {
		attempt, err := parseAttempt(r.last, r.once)
		if err != nil {
			return tokens.Org{}, fmt.Errorf("reading the last refresh of %s: %w", o.Alias, err)
		}
		o.Last = &attempt
	}
	return o, nil
}

// parseAttempt reads the columns of an attempt. Texts that many have go through
// once.
func parseAttempt(columns string, once func(string) string) (tokens.Attempt, error) {
	f := &fields{rest: columns}
	a := tokens.Attempt{
		At: f.time(), Trigger: once(f.text()), Outcome: tokens.Outcome(once(f.text())), Duration: time.Duration(f.number()) * time.Millisecond,
		Tries: int(f.number()), Rotated: f.yes(),
		Fingerprint: strings.Clone(f.text()), // else it would hold on to all the columns
	}
	failure := f.text()
	a.Phases, a.Date, a.Skew = parsePhases(f.text()), f.time(), time.Duration(f.number())*time.Millisecond
	if f.err != nil {
		return tokens.Attempt{}, f.err
	}
	if a.Failure = readFailure(failure, f.rest); a.Failure == nil {
		a.Answer = f.rest
	}
	return a, nil
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
