package cli

import (
	"encoding/json"
	"io"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
)

// writeResults writes the document of a command that has done something to orgs: a
// result of each.
func writeResults[T any](w io.Writer, results []T) error {
	if results == nil {
		results = []T{}
	}
	return writeJSON(w, struct {
		Version int `json:"version"`
		Results []T `json:"results"`
	}{documentVersion, results})
}

// What forget and export say of one org.
const (
	resultForgotten = "forgotten"
	resultRevoked   = "revoked" // and forgotten
	resultNotTried  = "not tried"
	resultWritten   = "written"
)

// forgotten is one result of orgkeep forget --json.
type forgotten struct {
	Alias  string  `json:"alias"`
	Result string  `json:"result"` // forgotten, revoked, refused, not tried
	Error  *string `json:"error"`
}

// renamed is the result of orgkeep rename --json.
type renamed struct {
	Alias string `json:"alias"`
	Was   string `json:"was"`
	OrgID string `json:"org_id"`
}

// tagged is one result of orgkeep tag --json.
type tagged struct {
	Alias string   `json:"alias"`
	Tags  []string `json:"tags"`
}

// watched is one result of orgkeep watch --json. Stopped is why its watch has, null
// where it has not.
type watched struct {
	Alias   string  `json:"alias"`
	Watched bool    `json:"watched"`
	Stopped *string `json:"stopped"`
}

func newWatched(org *tokens.Org) watched {
	w := watched{Alias: org.Alias, Watched: org.Watched}
	if org.Watched {
		w.Stopped = known(keeper.Halted(org))
	}
	return w
}

// mirrored is one result of orgkeep mirror --json. Mirror is null where no file is
// kept in step.
type mirrored struct {
	Alias  string  `json:"alias"`
	Mirror *string `json:"mirror"`
	Behind bool    `json:"behind"`
	Error  *string `json:"error"`
}

func newMirrored(org tokens.Org, err error) mirrored {
	m := mirrored{Alias: org.Alias, Mirror: known(org.Mirror), Behind: behind(org)}
	if err != nil {
		m.Error = known(oneLine(err))
	}
	return m
}

// exported is one result of orgkeep export --json. Without a file the login itself
// is in it, in the clear: as Tokens or as AuthURL, by its format.
type exported struct {
	Alias   string          `json:"alias"`
	Format  string          `json:"format"`
	Result  string          `json:"result"` // written, refused
	File    *string         `json:"file"`
	Rotates tokens.Rotation `json:"rotates"`
	Error   *string         `json:"error"`
	Tokens  json.RawMessage `json:"tokens,omitempty"`
	AuthURL string          `json:"auth_url,omitempty"`
}
