package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
	"orgkeep/tokens/ledger"
	"orgkeep/ui"
	"orgkeep/ui/settings"
)

// loggingIn is one run of the login command.
type loggingIn struct {
	*session
	alias, scopes                        string
	secretOnStdin, noBrowser, qr, asJSON bool
	timeout                              time.Duration
	patience                             time.Duration // as in importing
	keeper                               *opened
	free                                 func()
	lines                                <-chan string // what is typed while the browser is waited for
}

func newLogin(s *session) *cobra.Command {
	o := &loggingIn{session: s, patience: 5 * time.Second}
	c := &cobra.Command{
		Use:   "login [ORG]",
		Short: "Sign in with the browser and save the tokens",
		Long: "Opens the browser, waits until you have signed in there, and saves the tokens that come of it.\n" +
			"With ORG, an alias or an org id, that org is signed in again: its alias, tags and history stay.\n" +
			"The app (an external client app or connected app) has to list the callback URL to the letter:\n" +
			"http://localhost:1717/OauthRedirect, unless --port and --callback-path say another one.\n" +
			"From a browser on another machine, paste the address it ends on into the terminal.\n" +
			"Where another login comes back than that of ORG, it is saved as one of its own, and the exit code is 1.\n" +
			"Exit code: 0 signed in, 1 not, 2 wrong usage, 3 keychain, vault or ledger not usable.",
		Example: "  orgkeep login --client-id PlatformCLI --alias acme\n" +
			"  orgkeep login acme\n" +
			"  orgkeep login --client-id 3MVG9... --login-url https://acme--uat.sandbox.my.salesforce.com --no-browser --qr",
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: s.completeOneAlias,
		RunE:              act(func(c *cobra.Command, args []string) error { return o.run(c.Context(), args) }),
	}
	f := c.Flags()
	f.SortFlags = false
	f.StringVar(&o.alias, "alias", "", "name for the org (default: from its host; with ORG, the one it has)")
	addSettings(f, signingIn)
	f.BoolVar(&o.secretOnStdin, "client-secret-stdin", false, "read the app's client secret from stdin, one line")
	f.StringVar(&o.scopes, "scope", "", "scopes to ask for, with commas or blanks (default api,refresh_token,id)")
	f.BoolVar(&o.noBrowser, "no-browser", false, "open no browser; the address is printed")
	f.BoolVar(&o.qr, "qr", false, "print the address as a QR code too")
	f.DurationVar(&o.timeout, "timeout", 5*time.Minute, "how long to wait for the browser, 5s to 1h")
	s.addVaultKey(f)
	f.BoolVar(&o.asJSON, "json", false, "print the result as JSON")
	return c
}

// check turns down what cannot be carried out, before anything is opened.
func (o *loggingIn) check(names []string) error {
	const least, most = 5 * time.Second, time.Hour
	switch {
	case o.timeout < least || o.timeout > most:
		return usage("--timeout is %s, it has to be from %s to %s", o.timeout, least, most)
	case len(names) == 0 && o.settings.ClientID == "" && !o.someoneThere():
		return usage("without a terminal to ask on, login wants --client-id (PlatformCLI for the Salesforce CLI's app)")
	case o.passphraseFD == 0 && o.secretOnStdin:
		return usage("--passphrase-fd 0 is stdin, which is wanted for something else already")
	case strings.HasSuffix(o.settings.LoginHost, ".lightning.force.com"):
		return usage("--login-url: %s shows pages and signs nobody in; give https://NAME.my.salesforce.com", o.settings.LoginHost)
	}
	if o.alias != "" {
		if err := tokens.CheckAlias(o.alias); err != nil {
			return usage("--alias: %w", err)
		}
	}
	return nil
}

func (o *loggingIn) run(ctx context.Context, names []string) error {
	if err := o.check(names); err != nil {
		return err
	}
	ctx, free := stoppable(ctx)
	defer free()
	o.free = free
	k, done, err := o.openAll(ctx, duty{})
	if err != nil {
		return err
	}
	defer func() { o.unmake(ctx, k.place, done) }()
	o.keeper = k
	orgs, err := k.Orgs(ctx)
	if err != nil {
		return err
	}
	var again tokens.Org
	if len(names) > 0 {
		if again, err = byName(orgs, names[0]); err != nil {
			return err
		}
	}
	if ctx, err = o.requireOrMake(ctx, k.place, len(orgs)); err != nil {
		return err
	}
	request, err := o.request(ctx, again)
	if err != nil {
		return err
	}
	signed, err := o.signIn(ctx, request)
	if signed.Held == keeper.HeldInMemory {
		signed = o.bringHome(ctx, signed)
	}
	if err == nil {
		o.backUp(context.WithoutCancel(ctx), k).Wait() // the new org is in the copy too
	}
	return o.conclude(signed, err)
}

// request puts together what the sign-in begins with. What an org that is signed
// in again has is taken over, unless a flag says another.
func (o *loggingIn) request(ctx context.Context, again tokens.Org) (keeper.SignInRequest, error) {
	set := o.settings
	r := keeper.SignInRequest{
		Again: again, Alias: o.alias, Host: set.LoginHost, ClientID: set.ClientID, Port: set.Port, Callback: set.CallbackPath,
		Scopes: strings.FieldsFunc(o.scopes, func(c rune) bool { return c == ',' || c == ' ' }),
	}
	if again.Key != "" && set.From("login_host") != settings.FromFlag {
		r.Host = again.LoginHost()
	}
	if again.Key != "" && set.From("client_id") != settings.FromFlag {
		r.ClientID = again.ClientID
	}
	var err error
	asked := r.ClientID == ""
	if asked {
		r.ClientID, err = o.ask(ctx, "Client id (consumer key) of the app to sign in with, or PlatformCLI for the Salesforce CLI's:")
		if err != nil {
			return r, err
		}
		if r.ClientID == "" {
			return r, cannot("without a client id nobody can be signed in")
		}
	}
	r.ClientSecret, err = o.appSecret(ctx, o.secretOnStdin, asked && r.ClientID != platformCLI)
	return r, err
}

// signIn sends the browser off, waits for it, and has the tokens saved.
func (o *loggingIn) signIn(ctx context.Context, r keeper.SignInRequest) (keeper.SignedIn, error) {
	s, err := o.keeper.StartSignIn(ctx, r)
	switch {
	case errors.Is(err, ledger.ErrAliasTaken):
		return keeper.SignedIn{}, cannot("another org is called %s; orgkeep login %s signs that one in again", o.alias, o.alias)
	case err != nil:
		return keeper.SignedIn{}, err
	}
	defer s.Close()
	o.show(ctx, s)
	if err := o.wait(ctx, s); err != nil {
		return keeper.SignedIn{}, err
	}
	o.say("The browser has come back. Fetching the tokens.")
	return o.save(ctx, s)
}

// show tells where to sign in, and opens the browser there.
func (o *loggingIn) show(ctx context.Context, s *keeper.SigningIn) {
	o.say("Sign in at this address:\n\n%s\n", s.URL())
	o.say("The app has to list the callback URL %s", s.Redirect())
	if o.qr {
		lines, err := ui.QR(s.URL(), o.ascii)
		if err != nil {
			o.say("orgkeep: %s", oneLine(err))
		}
		// Not by say: in ASCII too the code is its own signs.
		_, _ = fmt.Fprintln(o.Err, strings.Join(lines, "\n"))
	}
	if !o.noBrowser {
		if err := o.openBrowser(ctx, s.URL()); err != nil {
			o.say("No browser was opened: %s.", oneLine(err))
		} else {
			o.say("The browser has been asked to open it.")
		}
	}
	if o.someoneThere() {
		o.say("If the browser cannot come back to this machine, paste the address it ends on here and press enter.")
		o.lines = o.typed()
	}
	o.say("Waiting for the browser, at most %s. ctrl+c calls it off.", tokens.FormatSpan(o.timeout))
}

// typed gives the lines that are typed, until the input ends.
func (o *loggingIn) typed() <-chan string {
	lines := make(chan string)
	go func() {
		for {
			line, err := readLine(o.In)
			if err != nil {
				return
			}
			lines <- line
		}
	}()
	return lines
}

// wait waits for the browser or for its address to be pasted.
func (o *loggingIn) wait(ctx context.Context, s *keeper.SigningIn) error {
	ctx, cancel := context.WithTimeout(ctx, o.timeout)
	defer cancel()
	back := make(chan error, 1)
	go func() { back <- s.Wait(ctx) }()
	for {
		select {
		case err := <-back:
			return err
		case <-s.Strange():
			o.say("A page of another sign-in has come back; nothing was taken from it. Still waiting.")
		case line := <-o.lines:
			if strings.TrimSpace(line) == "" {
				continue
			}
			if err := s.Paste(line); err != nil {
				o.say("orgkeep: %s", o.explained(err))
			}
		}
	}
}

// save has the code exchanged and the tokens saved. Once the code has left it is
// finished, whatever happens to ctx; see importing.save.
func (o *loggingIn) save(ctx context.Context, s *keeper.SigningIn) (keeper.SignedIn, error) {
	type outcome struct {
		signed keeper.SignedIn
		err    error
	}
	saved := make(chan outcome, 1)
	go func() {
		signed, err := s.Save(ctx, nil)
		saved <- outcome{signed, err}
	}()
	stopped := ctx.Done()
	var impatient <-chan time.Time
	for {
		select {
		case r := <-saved:
			return r.signed, r.err
		case <-stopped:
			stopped, impatient = nil, time.After(o.patience)
			o.say("Stopping. If the code has left, its tokens are saved first.")
		case <-impatient:
			impatient = nil
			o.free()
			o.say("Still waiting. ctrl+c again gives the new tokens up.")
		}
	}
}

// bringHome stays until tokens that are in this process only are saved, or the
// person gives them up.
func (o *loggingIn) bringHome(ctx context.Context, signed keeper.SignedIn) keeper.SignedIn {
	o.say("orgkeep: %s: %s", signed.Org.Alias, oneLine(signed.Warning))
	o.holdOn(ctx, o.keeper, keeper.RecoverEvery)
	if len(o.keeper.InMemory()) > 0 {
		return signed
	}
	signed.Held, signed.Warning = keeper.HeldNowhere, nil
	if org, err := o.keeper.Whole(context.WithoutCancel(ctx), signed.Org.Key); err == nil {
		signed.Org = org
	}
	return signed
}
