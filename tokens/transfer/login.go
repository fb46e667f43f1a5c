package transfer

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"orgkeep/tokens"
)

// Login is what a file, an argument or stdin held: a token endpoint's answer, or
// an auth URL.
type Login struct {
	Grant tokens.Grant
	App   // of the answer
	URL   AuthURL
	IsURL bool
}

// App is the app of a login, as orgkeep's own files tell it beside the token
// endpoint's answer. What a file does not tell is empty.
type App struct {
	ClientID     string
	ClientSecret tokens.Secret
	LoginURL     string // where to refresh
}

// NewOrg makes of a login what is saved; see the NewOrg of either kind. What the
// options leave open the file may tell: its app.
func (l Login) NewOrg(o Options) (tokens.Org, tokens.Secrets, error) {
	if l.IsURL {
		return l.URL.NewOrg(o)
	}
	o.ClientID, o.LoginURL = cmp.Or(o.ClientID, l.ClientID), cmp.Or(o.LoginURL, l.LoginURL)
	if o.ClientSecret.IsZero() && o.ClientID == l.ClientID {
		o.ClientSecret = l.ClientSecret
	}
	return NewOrg(l.Grant, o)
}

// ReadFile reads a login from the file path: token JSON, an auth URL as text, or
// JSON that has an auth URL as sfdxAuthUrl or result.sfdxAuthUrl, which are the
// forms that the Salesforce CLI reads and prints. Errors are as those of
// ReadTokenFile, and may wrap ErrAuthURL, ErrSFLogin, ErrSFOutput or ErrRedacted.
func ReadFile(path string) (Login, error) {
	file, err := openRegular(path)
	if err != nil {
		return Login{}, fmt.Errorf("reading %s: %w", tokens.Clean(path), err)
	}
	login, err := Read(file, path)
	// Nothing was written, so closing has nothing to tell.
	_ = file.Close()
	return login, err
}

// Read is ReadFile of a stream; name stands for it in errors.
func Read(r io.Reader, name string) (Login, error) {
	text, err := readAll(r)
	if err == nil {
		var login Login
		if login, err = parseLogin(text); err == nil {
			return login, nil
		}
	}
	return Login{}, fmt.Errorf("reading %s: %w", tokens.Clean(name), err)
}

// readAll reads Limit bytes and one at most.
func readAll(r io.Reader) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(r, Limit+1))
	switch {
	case err != nil:
		return nil, bare(err)
	case len(text) > Limit:
		return nil, ErrTooBig
	case len(text) == 0:
		return nil, fmt.Errorf("%w: it is empty", tokens.ErrGrant)
	}
	return text, nil
}

func parseLogin(text []byte) (Login, error) {
	text = bytes.TrimSpace(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")))
	if url, there := authURLIn(text); there {
		u, err := ParseAuthURL(url)
		return Login{URL: u, IsURL: true}, err
	}
	g, err := tokens.ParseGrant(text)
	if better := explainSF(text, err); better != nil {
		return Login{}, better
	}
	return Login{Grant: g, App: appIn(text)}, err
}

// appIn reads what a file says of the app. A field of another type than text is
// somebody else's.
func appIn(text []byte) App {
	var file map[string]json.RawMessage
	if json.Unmarshal(text, &file) != nil {
		return App{} // ParseGrant says what is wrong with it
	}
	read := func(name string) (value string) {
		if json.Unmarshal(file[name], &value) != nil || strings.HasPrefix(value, Redacted) {
			return ""
		}
		return value
	}
	app := App{ClientID: read("client_id"), ClientSecret: tokens.NewSecret(read("client_secret"))}
	if login, err := tokens.CheckURL(read("login_url")); err == nil {
		app.LoginURL = login
	}
	return app
}

// authURLIn finds the auth URL of a text or of JSON.
func authURLIn(text []byte) (string, bool) {
	if bytes.HasPrefix(text, []byte(AuthURLScheme)) || bytes.HasPrefix(text, []byte(Redacted)) {
		return string(text), true
	}
	var file struct {
		URL    string `json:"sfdxAuthUrl"`
		Result struct {
			URL string `json:"sfdxAuthUrl"`
		} `json:"result"`
	}
	if json.Unmarshal(text, &file) != nil {
		return "", false // ParseGrant says what is wrong with it
	}
	if file.URL != "" {
		return file.URL, true
	}
	return file.Result.URL, file.Result.URL != ""
}
