package doctor

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"strings"
)

// Terminal is what is known of the terminal.
type Terminal struct {
	There         bool   // there is one
	Width, Height int    // in cells
	Colours       string // what it shows of them
	MinWidth      int    // that the screen needs
	MinHeight     int
	ASCII         bool // the screen is drawn with ASCII alone
	Env           func(string) string
}

// Check tells whether the screen can be drawn there.
func (t Terminal) Check() Check {
	return Check{Name: "terminal", Look: func(context.Context) Result {
		if !t.There {
			return Result{Outcome: Skipped, Seen: "there is none"}
		}
		r := Result{Outcome: OK, Seen: fmt.Sprintf("TERM=%s, %s, %d×%d", cmp.Or(word(t.Env("TERM")), "?"), t.Colours, t.Width, t.Height)}
		unicode := t.unicode()
		if unicode {
			r.Seen += ", UTF-8"
		}
		switch {
		case t.Env("TERM") == "dumb":
			r.Outcome, r.Do = Warning, "The screen cannot be drawn there; orgkeep list works."
		case t.Width < t.MinWidth || t.Height < t.MinHeight:
			r.Outcome, r.Do = Warning, fmt.Sprintf("The screen needs a window of %d×%d.", t.MinWidth, t.MinHeight)
		case !unicode && !t.ASCII && runtime.GOOS != "windows":
			r.Outcome, r.Seen = Warning, r.Seen+", no UTF-8"
			r.Do = "Set LANG to a locale with UTF-8, or use --ascii."
		}
		return r
	}}
}

// unicode reads the locale as the C library does: the first that is set holds.
func (t Terminal) unicode() bool {
	locale := strings.ToLower(cmp.Or(t.Env("LC_ALL"), t.Env("LC_CTYPE"), t.Env("LANG")))
	return strings.Contains(locale, "utf-8") || strings.Contains(locale, "utf8")
}

// word is a short value of the environment with nothing in it but letters,
// digits and hyphens: another one could be anything.
func word(value string) string {
	const most = 30
	odd := func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-'
	}
	if len(value) > most || strings.ContainsFunc(value, odd) {
		return "?"
	}
	return value
}

// Copying tells what a copied token would go through: a program of this machine,
// or the terminal (OSC 52), which multiplexers take part in. there says that
// orgkeep has found the machine's clipboard, and osc52 when it may use the
// terminal's.
func Copying(there bool, osc52 string, env func(string) string) Check {
	return Check{Name: "clipboard", Look: func(context.Context) Result {
		r := Result{Outcome: OK, Seen: "this machine's clipboard can be used"}
		if !there {
			r.Outcome, r.Seen = Warning, "no clipboard program was found"
			r.Do = "Install wl-clipboard, xclip or xsel, or allow the terminal's with --clipboard-osc52 ssh."
		}
		multiplexer := ""
		switch {
		case env("TMUX") != "":
			multiplexer = "tmux"
		case env("STY") != "":
			multiplexer = "screen"
		}
		if env("SSH_CONNECTION") != "" || env("SSH_TTY") != "" {
			r.Seen += ", over SSH"
		}
		r.Seen += ", OSC 52 " + osc52
		if multiplexer != "" {
			r.Seen += ", inside " + multiplexer
		}
		if multiplexer == "tmux" && osc52 != "never" {
			r.Do = strings.TrimSpace(r.Do + " tmux passes OSC 52 on with set -s set-clipboard on, and keeps a copy in its own buffers.")
		}
		return r
	}}
}

// Browser looks for what opens a page to sign in on; find is exec.LookPath.
func Browser(env func(string) string, find func(string) (string, error)) Check {
	return Check{Name: "browser", Look: func(context.Context) Result {
		if env("BROWSER") != "" {
			return Result{Outcome: OK, Seen: "BROWSER names one", Detail: env("BROWSER")}
		}
		programs := map[string][]string{"darwin": {"open"}, "windows": {"rundll32"}}[runtime.GOOS]
		if programs == nil {
			programs = []string{"xdg-open", "x-www-browser", "www-browser", "wslview"}
		}
		for _, program := range programs {
			if path, err := find(program); err == nil {
				return Result{Outcome: OK, Seen: program + " opens one", Detail: path}
			}
		}
		return Result{Outcome: Warning, Seen: "nothing that opens a browser was found", Do: "To sign in, open the address that is shown on any machine."}
	}}
}

// Program tells which orgkeep this is and what it runs on.
func Program(version string) Check {
	return Check{Name: "program", Look: func(context.Context) Result {
		return Result{Outcome: OK, Seen: fmt.Sprintf("orgkeep %s, %s, %s/%s", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)}
	}}
}
