package tokens

import (
	"fmt"
	"strings"
)

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

// LastAnswer writes down the answer that the last refresh failed with, as it was
// received: its status, what of its headers is kept, and its body, in which
// everything that looks like a secret is masked. It is empty where there was no
// answer, and after a refresh that went well: that answer holds the tokens, and is
// not kept.
func LastAnswer(o Org) string {
	if o.Last == nil || o.Last.Failure == nil || o.Last.Failure.HTTPStatus == 0 {
		return ""
	}
	f := o.Last.Failure
	var b strings.Builder
	fmt.Fprintf(&b, "HTTP %d\n", f.HTTPStatus)
	if f.ContentType != "" {
		b.WriteString("Content-Type: " + f.ContentType + "\n")
	}
	if !o.Last.Date.IsZero() {
		b.WriteString("Date: " + o.Last.Date.UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT") + "\n")
	}
	if f.RequestID != "" {
		b.WriteString("X-Request-Id: " + f.RequestID + "\n")
	}
	b.WriteString("\n" + strings.TrimRight(f.Body, "\n") + "\n")
	if f.BodyCut {
		b.WriteString("… the body went on, or broke off here\n")
	}
	return b.String()
}
