package settings

import (
	"time"

	"orgkeep/tokens"
	"orgkeep/ui/theme"
)

// texts are words as plain strings.
func texts[W ~string](words []W) []string {
	plain := make([]string, len(words))
	for i, word := range words {
		plain[i] = string(word)
	}
	return plain
}

// Keys returns every setting, in the order in which they are shown.
func Keys() []Key {
	return []Key{
		word("theme", "the colours", func(s *Settings) *string { return &s.Theme }, theme.Names()...),
		word("appearance", "of the terminal's background; auto asks the terminal", func(s *Settings) *string { return &s.Appearance },
			AppearanceAuto, AppearanceDark, AppearanceLight),
		yes("ascii", "draw with ASCII characters only", func(s *Settings) *bool { return &s.ASCII }),
		yes("still", "no animation", func(s *Settings) *bool { return &s.Still }),
		yes("accessible", "lines in place of a screen, for screen readers", func(s *Settings) *bool { return &s.Accessible }),
		word("sort", "what the list is sorted by", func(s *Settings) *string { return &s.Sort },
			texts(tokens.Orders())...),
		word("group", "what its rows are put together by", func(s *Settings) *string { return &s.Group },
			texts(tokens.Groupings())...),
		list("columns", "the columns beside the alias; a narrow window leaves some out", func(s *Settings) *[]string { return &s.Columns },
			columns()...),
		word("times", "how times are written", func(s *Settings) *string { return &s.Times }, TimesRelative, TimesAbsolute, TimesBoth),
		yes("mouse", "the screen takes clicks and the wheel", func(s *Settings) *bool { return &s.Mouse }).denied("no-mouse"),
		yes("private", "start with names, hosts and users masked", func(s *Settings) *bool { return &s.Private }),
		number("pool", "how many orgs are refreshed at once", func(s *Settings) *int { return &s.Pool }, 1, 50).by("jobs"),
		span("assumed_life", "of an access token, where nothing tells it", func(s *Settings) *time.Duration { return &s.AssumedLife }, minute, 30*day),
		span("idle_limit", "how long a refresh token may rest unused", func(s *Settings) *time.Duration { return &s.IdleLimit }, hour, 3650*day),
		span("ageing_under", "time left below which an access token is ageing", func(s *Settings) *time.Duration { return &s.AgeingUnder }, second, day),
		span("idle_warning", "idle time left below which a person should act", func(s *Settings) *time.Duration { return &s.IdleWarning }, hour, 365*day),
		span("watch_under", "time left below which a watched org is refreshed by itself", func(s *Settings) *time.Duration { return &s.WatchUnder }, minute, 12*hour),
		span("reveal", "how long a revealed secret stays on the screen", func(s *Settings) *time.Duration { return &s.Reveal }, second, 5*minute),
		span("clipboard", "after which a copied secret is cleared", func(s *Settings) *time.Duration { return &s.Clipboard }, second, hour),
		word("clipboard_osc52", "copy by way of the terminal, which multiplexers record", func(s *Settings) *string { return &s.ClipboardOSC52 },
			OSC52Never, OSC52SSH, OSC52Always),
		text("client_id", "consumer key of the app that orgs are signed in with", func(s *Settings) *string { return &s.ClientID },
			"a consumer key, which is no secret", checkClientID),
		text("login_host", "where orgs are signed in", func(s *Settings) *string { return &s.LoginHost },
			"a host such as login.salesforce.com, or its https URL, without a path", checkLoginHost).by("login-url"),
		number("port", "of the callback of a sign-in, on this machine", func(s *Settings) *int { return &s.Port }, 1024, 65535),
		text("callback_path", "path of the callback's URL", func(s *Settings) *string { return &s.CallbackPath },
			"a path such as /OauthRedirect", checkCallbackPath),
	}
}
