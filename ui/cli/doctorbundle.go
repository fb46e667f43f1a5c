package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"orgkeep/keychain"
	"orgkeep/tokens"
	"orgkeep/tokens/doctor"
	"orgkeep/ui/settings"
)

const (
	// bundleLimit is how long reading the stored secrets may take.
	bundleLimit = 5 * time.Minute
	// bundledHistory is how many refreshes go into a bundle at most.
	bundledHistory = 500
)

// errNoStore means that the secrets, for which a bundle is searched, cannot be
// read.
var errNoStore = errors.New("without the ledger and the store a bundle cannot be searched for secrets")

// writeBundle writes the bundle and tells how that went, as one more check.
func (o *doctoring) writeBundle(ctx context.Context, e *examination, results []doctor.Result) doctor.Result {
	ctx, cancel := context.WithTimeout(ctx, bundleLimit)
	defer cancel()
	took := o.Clock.Stopwatch()
	r := doctor.Result{Check: "bundle", Outcome: doctor.OK, Detail: tokens.Clean(o.bundle)}
	files, err := o.bundled(ctx, e, results)
	if err == nil {
		err = o.keepBundle(files)
	}
	r.Seen, r.Took = fmt.Sprintf("%d files, searched for every stored secret and name, written for you alone; it was sent nowhere", len(files)), took()
	if err != nil {
		r.Outcome, r.Seen, r.Detail = doctor.Failed, "nothing was written", oneLine(err)
	}
	return r
}

// bundled returns the files of the bundle once none of them holds a secret or a
// name.
func (o *doctoring) bundled(ctx context.Context, e *examination, results []doctor.Result) ([]doctor.File, error) {
	if e.opened == nil {
		return nil, errNoStore
	}
	ctx, err := o.requireStore(ctx, e.opened.place)
	if err != nil {
		return nil, err
	}
	secrets, err := everySecret(ctx, e)
	if err != nil {
		return nil, err
	}
	history, err := e.opened.HistoryOfAll(ctx, bundledHistory)
	if err != nil {
		return nil, err
	}
	facts := doctor.Facts{
		Results: results, Version: o.Version, Settings: o.settingsAsText(), Orgs: e.orgs, History: history,
		Limits: o.settings.Limits(), Now: o.Clock.Now(),
	}
	files, err := facts.Files()
	if err != nil {
		return nil, err
	}
	home, err := o.Home()
	if err != nil {
		return nil, err
	}
	return files, doctor.NewSearch(e.orgs, secrets, home, o.dataFolder()).Look(files)
}

// everySecret reads what is stored of every org, also what waits in the journal.
// An org without an item has no secret to look for; any other refusal ends it,
// for what cannot be read cannot be searched for.
func everySecret(ctx context.Context, e *examination) ([]tokens.Secrets, error) {
	secrets := make([]tokens.Secrets, 0, len(e.orgs))
	for _, org := range e.orgs {
		stored, err := e.opened.Secrets(ctx, org.Key)
		if err != nil && !errors.Is(err, keychain.ErrNotFound) {
			return nil, err
		}
		newest, err := e.opened.Reveal(ctx, org.Key)
		if err != nil && !errors.Is(err, keychain.ErrNotFound) {
			return nil, err
		}
		secrets = append(secrets, stored, newest)
	}
	return secrets, nil
}

func (o *doctoring) settingsAsText() map[string]string {
	texts := map[string]string{}
	for _, k := range settings.Keys() {
		texts[k.Name] = plain(k.Value(o.settings.OrDefault()))
	}
	return texts
}

// keepBundle writes the archive for its owner alone, and never over another file.
func (o *doctoring) keepBundle(files []doctor.File) (err error) {
	packed, err := doctor.Pack(files, o.Clock.Now())
	if err != nil {
		return err
	}
	const mode = 0o600
	file, err := os.OpenFile(o.bundle, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return fmt.Errorf("writing the bundle: %w", err)
	}
	defer func() {
		if err = errors.Join(err, file.Close()); err != nil {
			_ = os.Remove(o.bundle) // a part of it is no use
		}
	}()
	if _, err := file.Write(packed); err != nil {
		return fmt.Errorf("writing the bundle: %w", err)
	}
	return file.Sync()
}
