package transfer

import (
	"encoding/json"
	"time"

	"orgkeep/tokens"
)

// sfKind is what a login file of the Salesforce CLI tells of the org itself
// (@salesforce/core 9.4.0, AuthFields; trailExpirationDate is its spelling).
type sfKind struct {
	Sandbox  sfLoose `json:"isSandbox"`
	Scratch  sfLoose `json:"isScratch"`
	DevHub   sfLoose `json:"isDevHub"`
	Edition  sfLoose `json:"orgEdition"`
	Expires  sfLoose `json:"expirationDate"`
	TrialEnd sfLoose `json:"trailExpirationDate"`
}

// sfLoose is a value that is nice to have: of another form than expected it is
// passed over, and the login is read all the same.
type sfLoose struct {
	told, yes bool // of true and false
	text      string
}

// UnmarshalJSON takes true, false or a string. It returns no error.
func (l *sfLoose) UnmarshalJSON(value []byte) error {
	l.told = json.Unmarshal(value, &l.yes) == nil && string(value) != "null"
	if !l.told {
		_ = json.Unmarshal(value, &l.text) // what is no string stays empty
	}
	return nil
}

// kind is the org's type as the CLI found it out (determineOrg.js: a sandbox that
// ends is a scratch org); for orgs whose host does not tell it.
func (k sfKind) kind() tokens.Type {
	switch {
	case k.Scratch.yes:
		return tokens.Scratch
	case k.Sandbox.yes:
		return tokens.Sandbox
	case !k.Scratch.told || !k.Sandbox.told || k.TrialEnd.text != "":
		return tokens.TypeUnknown // a trial is neither
	case k.Edition.text == "Developer Edition":
		return tokens.Developer
	}
	return tokens.Production
}

// ends is when a scratch org or a trial ends; zero when the file does not tell.
func (k sfKind) ends() time.Time {
	for _, text := range []string{k.Expires.text, k.TrialEnd.text} {
		for _, form := range []string{time.DateOnly, "2006-01-02T15:04:05.000-0700", time.RFC3339} {
			if end, err := time.Parse(form, text); err == nil {
				return end.UTC()
			}
		}
	}
	return time.Time{}
}
