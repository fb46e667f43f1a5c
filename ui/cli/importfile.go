package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
	"orgkeep/tokens/transfer"
)

// tokenFile is a token file that has been read, or could not be.
type tokenFile struct {
	name  string
	login transfer.Login
	err   error // names the file
}

func (f tokenFile) usable() bool { return f.err == nil }

// appless reports whether it is not known which app the tokens are of.
func (f tokenFile) appless() bool { return !f.login.IsURL && f.login.ClientID == "" }

// readAll reads the files before anything is asked or opened, so that nobody
// answers questions for files that are no good.
func (o *importing) readAll(names []string) []tokenFile {
	files := make([]tokenFile, len(names))
	for i, name := range names {
		var login transfer.Login
		var err error
		switch {
		case strings.HasPrefix(name, transfer.AuthURLScheme):
			name, login, err = o.readURL(name)
		case strings.HasPrefix(name, transfer.Redacted):
			login, err = transfer.Read(strings.NewReader(name), "the argument")
		default:
			login, err = o.read(name)
		}
		if err == nil {
			// What is missing in the file is missing whichever app it was for.
			if _, _, missing := o.orgOf(login, platformCLI); missing != nil {
				err = fmt.Errorf("%s: %w", tokens.Clean(name), missing)
			}
		}
		files[i] = tokenFile{name: name, login: login, err: err}
	}
	return files
}

// readURL reads an auth URL that is an argument. It returns a name for it that
// holds nothing secret.
func (o *importing) readURL(text string) (name string, login transfer.Login, err error) {
	o.say("The auth URL on the command line is now in the history of the shell, and was seen by whoever lists processes. " +
		"Take it out there; orgkeep import - reads one from stdin.")
	u, err := transfer.ParseAuthURL(text)
	if err != nil {
		return "auth URL", transfer.Login{IsURL: true}, fmt.Errorf("reading the auth URL: %w", err)
	}
	return "auth URL of " + strings.TrimPrefix(u.InstanceURL, "https://"), transfer.Login{URL: u, IsURL: true}, nil
}

// read reads a file. Its errors name the file.
func (o *importing) read(file string) (transfer.Login, error) {
	if file == "-" {
		return transfer.Read(o.In, "stdin")
	}
	login, err := transfer.ReadFile(file)
	if errors.Is(err, transfer.ErrNoFile) {
		if _, noHome := transfer.OpenSFHome(file, nil); noHome == nil {
			err = fmt.Errorf("%w, with logins of the Salesforce CLI; orgkeep import --from-sf DIR imports them", err)
		}
	}
	return login, err
}

// orgOf makes of a login what is saved. Where no flag names the app the file may
// tell it, and clientID is that of the others.
func (o *importing) orgOf(l transfer.Login, clientID string) (tokens.Org, tokens.Secrets, error) {
	if !o.appNamed {
		clientID = cmp.Or(l.ClientID, clientID)
	}
	secret := o.clientSecret
	if o.secretOf != "" && o.secretOf != clientID {
		secret = tokens.Secret{}
	}
	return l.NewOrg(transfer.Options{
		Alias: o.alias, ClientID: clientID, ClientSecret: secret, LoginURL: o.loginURL,
	})
}

// adder is how the keeper takes a login.
type adder func(context.Context, tokens.Org, tokens.Secrets) (tokens.Org, keeper.Added, error)

// adder is how a login is taken, by what the flags say.
func (o *importing) adder(k *opened, isURL bool) adder {
	switch {
	case isURL && o.anyway:
		return k.IntroduceAnyway
	case isURL:
		return k.Introduce
	case o.anyway:
		return k.AddAnyway
	}
	return k.Add
}

// save saves a login whole or not at all, whatever happens to ctx meanwhile. It
// may have to wait for another process that has the login locked: told to stop
// it says so, and once its patience is over another signal ends the program.
func (o *importing) save(ctx context.Context, add adder, org tokens.Org, secrets tokens.Secrets) (tokens.Org, keeper.Added, error) {
	type outcome struct {
		org   tokens.Org
		added keeper.Added
		err   error
	}
	saved := make(chan outcome, 1)
	go func() {
		org, added, err := add(context.WithoutCancel(ctx), org, secrets)
		saved <- outcome{org, added, err}
	}()
	stopped := ctx.Done()
	var impatient <-chan time.Time
	for {
		select {
		case s := <-saved:
			return s.org, s.added, s.err
		case <-stopped:
			stopped, impatient = nil, time.After(o.patience)
			o.say("Stopping. The login that is being saved is finished first.")
		case <-impatient:
			impatient = nil
			o.free()
			o.say("Still waiting, perhaps for another orgkeep that has this login locked. ctrl+c again gives it up.")
		}
	}
}
