package tokens

import "strings"

// RefreshCurl writes the refresh of an org as a command line for curl, as orgkeep
// sends it. The secrets are the variables REFRESH_TOKEN and CLIENT_SECRET; printf
// is a builtin of the shell and hands them over by a pipe, since arguments are seen
// by every process of the machine. It needs bash or zsh for that.
func RefreshCurl(o Org, withClientSecret bool) string {
	lines := []string{
		"curl --request POST", shellQuote(o.LoginHost() + "/services/oauth2/token"),
		"--header 'Accept: application/json'",
		"--data-urlencode 'grant_type=refresh_token'",
		"--data-urlencode " + shellQuote("client_id="+o.ClientID),
		`--data-urlencode "refresh_token@"<(printf %s "$REFRESH_TOKEN")`,
	}
	if withClientSecret {
		lines = append(lines, `--data-urlencode "client_secret@"<(printf %s "$CLIENT_SECRET")`)
	}
	return strings.Join(lines, " \\\n  ") + "\n"
}

func shellQuote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
