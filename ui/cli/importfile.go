package cli

import (
	"context"
	"fmt"
	"time"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
	"orgkeep/tokens/transfer"
)

// tokenFile is a token file that has been read, or could not be.
type tokenFile struct {
	name  string
	grant tokens.Grant
	err   error // names the file
}

func (f tokenFile) usable() bool { return f.err == nil }

// readAll reads the files before anything is asked or opened, so that nobody
// answers questions for files that are no good.
func (o *importing) readAll(names []string) []tokenFile {
	files := make([]tokenFile, len(names))
	for i, name := range names {
		grant, err := o.read(name)
		if err == nil {
			// What is missing in the file is missing whichever app it was for.
			if _, _, missing := o.orgOf(grant, platformCLI, o.Clock.Now()); missing != nil {
				err = fmt.Errorf("%s: %w", tokens.Clean(name), missing)
			}
		}
		files[i] = tokenFile{name: name, grant: grant, err: err}
	}
	return files
}

// read reads a token file. Its errors name the file.
func (o *importing) read(file string) (tokens.Grant, error) {
	if file == "-" {
		return transfer.ReadTokens(o.In, "stdin")
	}
	return transfer.ReadTokenFile(file)
}

func (o *importing) orgOf(g tokens.Grant, clientID string, now time.Time) (tokens.Org, tokens.Secrets, error) {
	return transfer.NewOrg(g, transfer.Options{
		Alias: o.alias, ClientID: clientID, ClientSecret: o.clientSecret, LoginURL: o.loginURL, Now: now,
	})
}

// save saves a login whole or not at all, whatever happens to ctx meanwhile. It
// may have to wait for another process that has the login locked: told to stop
// it says so, and once its patience is over another signal ends the program.
func (o *importing) save(ctx context.Context, k *opened, org tokens.Org, secrets tokens.Secrets) (tokens.Org, keeper.Added, error) {
	type outcome struct {
		org   tokens.Org
		added keeper.Added
		err   error
	}
	saved := make(chan outcome, 1)
	go func() {
		org, added, err := k.Add(context.WithoutCancel(ctx), org, secrets)
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
