package tokens

import "path/filepath"

// SharedMode says what orgkeep does about a refresh token that the Salesforce
// CLI has too. A rotating one that is used by one of the two breaks the other.
type SharedMode string

// The modes.
const (
	// SharedNot is an org whose tokens are orgkeep's alone.
	SharedNot SharedMode = ""
	// SharedLocked is refreshed under the CLI's own lock, and the new tokens are
	// written back to the CLI's file.
	SharedLocked SharedMode = "locked"
	// SharedReadOnly is never refreshed here; what the CLI has is taken over.
	SharedReadOnly SharedMode = "read-only"
)

// Shared names the place of the Salesforce CLI that has an org's refresh token.
type Shared struct {
	Mode SharedMode `json:"mode"`
	// Home is the folder with the CLI's files, absolute.
	Home string `json:"sf_home"`
	// Username is the login's name there, and App that of the client app under
	// it; empty for the login itself.
	Username string `json:"username"`
	App      string `json:"app,omitempty"`
	// Owed says that the CLI's file still has tokens that were replaced here.
	Owed bool `json:"owed,omitempty"`
}

// Same reports whether two are the same place, whatever the modes.
func (s Shared) Same(other Shared) bool {
	return s.Mode != SharedNot && other.Mode != SharedNot && s.Home == other.Home && s.Username == other.Username && s.App == other.App
}

// File is the path of the CLI's file that has the tokens.
func (s Shared) File() string { return filepath.Join(s.Home, s.Username+".json") }
