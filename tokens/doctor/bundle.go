package doctor

import (
	"archive/zip"
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"runtime"
	"slices"
	"time"

	"orgkeep/tokens"
	"orgkeep/tokens/ledger"
	"orgkeep/tokens/salesforce"
)

// Facts are what a bundle is made of. Only what Files picks out of them goes in.
type Facts struct {
	Results  []Result
	Version  string            // of orgkeep
	Settings map[string]string // by name; those that can name somebody are left out
	Orgs     []tokens.Org
	History  []ledger.Recorded // the newest first
	Limits   tokens.Limits
	Now      time.Time
}

// File is one file of a bundle.
type File struct {
	Name, Purpose string
	Data          []byte
}

// checksFile is the one file of sentences.
const checksFile = "checks.json"

// bundleVersion is that of the bundle's files.
const bundleVersion = 1

// Files writes the facts down: the results, what runs here, each org under a
// stand-in with what can be told of it, and how refreshes ended. Host, alias,
// user, ids, tags and answers are not in them. The manifest comes last.
func (f Facts) Files() ([]File, error) {
	numbers := f.numbers()
	files := make([]File, 0, 5)
	for _, part := range []struct {
		name, purpose string
		content       any
	}{
		{checksFile, "what orgkeep doctor has found", f.checks()},
		{"program.json", "which orgkeep, on what system, and the settings", f.program()},
		{"orgs.json", "each org under a stand-in: type, clocks in hours and days, state, last failure", f.orgs(numbers)},
		{"history.json", "how the latest refreshes ended", f.history(numbers)},
	} {
		data, err := pretty(part.content)
		if err != nil {
			return nil, err
		}
		files = append(files, File{part.name, part.purpose, data})
	}
	manifest, err := pretty(f.manifest(files))
	if err != nil {
		return nil, err
	}
	return append(files, File{"manifest.json", "what each file is for, and its SHA-256", manifest}), nil
}

func pretty(content any) ([]byte, error) {
	var data bytes.Buffer
	e := json.NewEncoder(&data)
	e.SetEscapeHTML(false) // what is searched has to stand there as it is
	e.SetIndent("", " ")
	if err := e.Encode(content); err != nil {
		return nil, fmt.Errorf("writing the bundle: %w", err)
	}
	return data.Bytes(), nil
}

// numbers gives every org its stand-in, in the order of the keys: the order of
// the aliases would tell something of them.
func (f Facts) numbers() map[tokens.Key]string {
	keys := make([]tokens.Key, len(f.Orgs))
	for i, org := range f.Orgs {
		keys[i] = org.Key
	}
	slices.Sort(keys)
	numbers := make(map[tokens.Key]string, len(keys))
	for i, key := range keys {
		numbers[key] = fmt.Sprintf("org-%02d", i+1)
	}
	return numbers
}

type bundledCheck struct {
	Check   string  `json:"check"`
	Host    string  `json:"host,omitempty"`
	Outcome Outcome `json:"outcome"`
	Seen    string  `json:"seen"`
	Do      string  `json:"do,omitempty"`
	TookMS  int64   `json:"took_ms"`
}

func (f Facts) checks() any {
	checks := make([]bundledCheck, 0, len(f.Results))
	for _, r := range Share(f.Results) {
		checks = append(checks, bundledCheck{r.Check, r.Subject, r.Outcome, r.Seen, r.Do, r.Took.Milliseconds()})
	}
	return checks
}

// shareable are the settings that name nobody.
var shareable = []string{
	"theme", "appearance", "ascii", "still", "sort", "group", "columns", "times", "mouse", "private", "pool",
	"assumed_life", "idle_limit", "ageing_under", "idle_warning", "reveal", "clipboard", "clipboard_osc52", "port",
}

func (f Facts) program() any {
	settings := map[string]string{}
	for _, name := range shareable {
		if value, known := f.Settings[name]; known {
			settings[name] = value
		}
	}
	return map[string]any{
		"orgkeep": f.Version, "go": runtime.Version(), "os": runtime.GOOS, "arch": runtime.GOARCH, "orgs": len(f.Orgs), "settings": settings,
	}
}

type bundledOrg struct {
	Org        string            `json:"org"`
	Type       tokens.Type       `json:"type"`
	Health     tokens.Health     `json:"health"`
	AgeH       *int64            `json:"age_h"`
	LeftH      *int64            `json:"left_h"`
	LeftSource tokens.LeftSource `json:"left_source"`
	IdleDays   *int64            `json:"idle_left_days"`
	Refreshes  bool              `json:"has_refresh_token"`
	Rotates    tokens.Rotation   `json:"rotates"`
	App        string            `json:"app"` // PlatformCLI or own
	Generation int64             `json:"generation"`
	Last       *bundledAttempt   `json:"last"`
}

func (f Facts) orgs(numbers map[tokens.Key]string) any {
	orgs := make([]bundledOrg, 0, len(f.Orgs))
	for _, org := range slices.SortedFunc(slices.Values(f.Orgs), func(a, b tokens.Org) int { return cmp.Compare(a.Key, b.Key) }) {
		c := org.Clocks(f.Now, f.Limits)
		b := bundledOrg{
			Org: numbers[org.Key], Type: org.Type, Health: c.Health, LeftSource: c.LeftSource,
			Refreshes: org.HasRefreshToken, Rotates: org.Rotates, App: "own", Generation: org.Generation,
			AgeH: whole(c.AgeKnown, c.Age, time.Hour), LeftH: whole(c.LeftSource != tokens.LeftUnknown, c.Left, time.Hour),
			IdleDays: whole(c.IdleKnown, c.IdleLeft, 24*time.Hour),
		}
		if org.ClientID == publicClient {
			b.App = publicClient
		}
		if org.Last != nil {
			b.Last = f.attempt(*org.Last)
		}
		orgs = append(orgs, b)
	}
	return orgs
}

// publicClient is the Salesforce CLI's client id, which everybody has.
const publicClient = "PlatformCLI"

func whole(known bool, d, unit time.Duration) *int64 {
	if !known {
		return nil
	}
	n := int64(d / unit)
	return &n
}

type bundledAttempt struct {
	Org        string         `json:"org,omitempty"`
	AgoH       int64          `json:"ago_h"`
	Trigger    string         `json:"trigger"`
	Outcome    tokens.Outcome `json:"outcome"`
	DurationMS int64          `json:"duration_ms"`
	Attempts   int            `json:"attempts"`
	Rotated    bool           `json:"rotated"`
	Kind       string         `json:"kind,omitempty"`  // which part refused
	Phase      string         `json:"phase,omitempty"` // where a request without an answer broke
	HTTPStatus int            `json:"http_status,omitempty"`
	// Error is the endpoint's code where orgkeep knows it; "other" is a word of
	// its own that could be anything.
	Error string `json:"error,omitempty"`
	Known *bool  `json:"known,omitempty"` // the table of failures has these words
}

// triggers are who asks for a refresh, where that is no command.
var triggers = []string{"screen", "watch", "login"}

// attempt tells how a refresh ended, without the endpoint's words and answer.
func (f Facts) attempt(a tokens.Attempt) *bundledAttempt {
	trigger := "command"
	if slices.Contains(triggers, a.Trigger) {
		trigger = a.Trigger
	}
	b := &bundledAttempt{
		AgoH: int64(f.Now.Sub(a.At) / time.Hour), Trigger: trigger, Outcome: a.Outcome,
		DurationMS: a.Duration.Milliseconds(), Attempts: a.Tries, Rotated: a.Rotated,
	}
	if a.Failure == nil {
		return b
	}
	known := salesforce.Explain(a.Failure).Known
	b.Kind, b.Phase, b.HTTPStatus, b.Known = string(a.Failure.Kind), a.Failure.Phase, a.Failure.HTTPStatus, &known
	switch {
	case slices.Contains(codes, a.Failure.Code):
		b.Error = a.Failure.Code
	case a.Failure.Code != "":
		b.Error = "other"
	}
	return b
}

// codes are those of RFC 6749 sections 4.1.2.1 and 5.2, and Salesforce's own.
var codes = []string{
	"invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type", "invalid_scope",
	"access_denied", "unsupported_response_type", "server_error", "temporarily_unavailable",
	"inactive_user", "inactive_org", "rate_limit_exceeded", "invalid_client_id", "invalid_client_credentials", "invalid_app_access",
	"unknown_error", "unsupported_token_type",
}

func (f Facts) history(numbers map[tokens.Key]string) any {
	byAlias := make(map[string]string, len(f.Orgs))
	for _, org := range f.Orgs {
		byAlias[org.Alias] = numbers[org.Key]
	}
	history := make([]*bundledAttempt, 0, len(f.History))
	for _, p := range f.History {
		b := f.attempt(p.Attempt)
		b.Org = byAlias[p.Alias]
		history = append(history, b)
	}
	return history
}

func (f Facts) manifest(files []File) any {
	type entry struct {
		Name    string `json:"name"`
		Purpose string `json:"purpose"`
		SHA256  string `json:"sha256"`
		Bytes   int    `json:"bytes"`
	}
	entries := make([]entry, len(files))
	for i, file := range files {
		sum := sha256.Sum256(file.Data)
		entries[i] = entry{file.Name, file.Purpose, hex.EncodeToString(sum[:]), len(file.Data)}
	}
	return map[string]any{
		"version": bundleVersion, "by": "orgkeep doctor " + f.Version, "written": f.Now.UTC().Truncate(time.Hour).Format(time.RFC3339), "files": entries,
	}
}

// Pack makes one zip archive of the files.
func Pack(files []File, now time.Time) ([]byte, error) {
	var packed bytes.Buffer
	z := zip.NewWriter(&packed)
	for _, file := range files {
		w, err := z.CreateHeader(&zip.FileHeader{Name: file.Name, Method: zip.Deflate, Modified: now.UTC().Truncate(time.Hour)})
		if err != nil {
			return nil, fmt.Errorf("packing the bundle: %w", err)
		}
		if _, err := w.Write(file.Data); err != nil {
			return nil, fmt.Errorf("packing the bundle: %w", err)
		}
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("packing the bundle: %w", err)
	}
	return packed.Bytes(), nil
}
