// Package settings is what the user can set once and for all: one small file,
// variables and flags, each value checked before anything starts.
package settings

import (
	"time"

	"orgkeep/tokens"
	"orgkeep/ui/theme"
)

// Settings are the values that hold for one run. The strings are those of the
// file. Default returns the usual ones. It is a value; nobody changes Columns in
// place, so that it is safe for concurrent use.
type Settings struct {
	Theme      string // one of theme.Names
	Appearance string // AppearanceAuto, -Dark or -Light
	ASCII      bool   // draw with ASCII characters only
	Still      bool   // no animation
	Accessible bool   // lines in place of a screen, for screen readers

	Sort    string   // what the list is sorted by: urgency, alias, user, type, host, age, left, idle, last
	Group   string   // what its rows are put together by: none, tag, type, host, user
	Columns []string // those beside the alias: type, user, host, age, left, idle, last, tags
	Times   string   // TimesRelative, -Absolute or -Both
	Mouse   bool     // the screen takes clicks and the wheel
	Private bool     // start with names masked

	Pool        int           // refreshes at once
	AssumedLife time.Duration // of an access token, where nothing tells it
	IdleLimit   time.Duration // of a refresh token that is not used
	AgeingUnder time.Duration // time left below which an access token is ageing
	IdleWarning time.Duration // idle time left below which a person should act
	WatchUnder  time.Duration // time left below which a watched org is refreshed by itself

	Reveal         time.Duration // how long a secret stays on the screen
	Clipboard      time.Duration // after which a copied secret is cleared
	ClipboardOSC52 string        // OSC52Never, -SSH or -Always

	ClientID     string // consumer key of the app; empty: it is asked or a flag says it
	LoginHost    string // scheme and host, as tokens.CheckURL returns them
	Port         int    // of the callback, on this machine
	CallbackPath string // of the callback's URL
}

// The appearances: what the terminal says of its background, or what the user
// says.
const (
	AppearanceAuto  = "auto"
	AppearanceDark  = "dark"
	AppearanceLight = "light"
)

// The ways to write times.
const (
	TimesRelative = "relative"
	TimesAbsolute = "absolute"
	TimesBoth     = "both"
)

// When a secret may be copied by way of the terminal (OSC 52), which terminal
// multiplexers record: never, over SSH only, or always.
const (
	OSC52Never  = "never"
	OSC52SSH    = "ssh"
	OSC52Always = "always"
)

// columns are those beside the alias, in the order of the screen.
func columns() []string {
	return []string{"type", "user", "host", "tags", "age", "left", "idle", "last"}
}

// Default returns the settings that hold unless the user sets others.
func Default() Settings {
	limits := tokens.DefaultLimits()
	return Settings{
		Theme: theme.DefaultName, Appearance: AppearanceAuto,
		Sort: "urgency", Group: "none", Columns: columns(), Times: TimesRelative, Mouse: true,
		Pool:        4,
		AssumedLife: limits.AssumedLife, IdleLimit: limits.IdleLimit, AgeingUnder: limits.AgeingUnder, IdleWarning: limits.IdleWarning, WatchUnder: 15 * time.Minute,
		Reveal: 10 * time.Second, Clipboard: 45 * time.Second, ClipboardOSC52: OSC52Never,
		LoginHost: "https://login.salesforce.com", Port: 1717, CallbackPath: "/OauthRedirect",
	}
}

// OrDefault returns s, or the defaults where s is the zero Settings.
func (s Settings) OrDefault() Settings {
	if s.Theme == "" { // which no checked Settings have
		return Default()
	}
	return s
}
