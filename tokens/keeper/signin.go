package keeper

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"orgkeep/keychain"
	"orgkeep/tokens"
	"orgkeep/tokens/ledger"
	"orgkeep/tokens/salesforce"
)

// Where the browser comes back to unless the user says otherwise.
const (
	DefaultPort     = salesforce.DefaultPort
	DefaultCallback = salesforce.DefaultCallback
)

// SignInRequest is what a sign-in begins with.
type SignInRequest struct {
	// Again is the login that is signed in again; without a Key for a new one.
	Again tokens.Org
	// Alias is for the login that comes back; empty keeps a known one's, and
	// makes one from the host otherwise.
	Alias string
	// Host is where the browser goes, https://host.
	Host string
	// ClientID is the consumer key of the app; ClientSecret is absent for apps
	// without one, and for a login that is signed in again with its saved one.
	ClientID     string
	ClientSecret tokens.Secret
	// Scopes are what is asked for; nil for the usual ones.
	Scopes []string
	// Port and Callback are the port and the path of the callback URL that the
	// app lists: http://localhost:PORT/CALLBACK. Port 0 takes any that is free.
	Port     int
	Callback string
}

// SigningIn is a sign-in that waits for the browser: StartSignIn, Wait, Save,
// and Close in the end. Wait and Save belong to one goroutine; the rest is safe
// for concurrent use.
type SigningIn struct {
	keeper   *Keeper
	request  SignInRequest
	signIn   salesforce.SignIn
	callback *salesforce.Callback
	pasted   chan tokens.Secret
	code     tokens.Secret
	kind     tokens.SignInKind
}

// StartSignIn makes sure that the keychain can take tokens and that the alias is
// free, and listens for the browser; nothing is sent. Errors are
// *tokens.Failure, or wrap tokens.ErrAlias or ledger.ErrAliasTaken.
func (k *Keeper) StartSignIn(ctx context.Context, r SignInRequest) (_ *SigningIn, err error) {
	kind := tokens.SignInNew
	defer func() {
		if err != nil && errors.Is(ctx.Err(), context.Canceled) {
			err = calledOff(ctx)
		}
		err = salesforce.OfSignIn(err, kind)
	}()
	if err := k.aliasFree(ctx, r); err != nil {
		return nil, err
	}
	if err := k.unlockJournal(ctx); err != nil {
		return nil, keychainFailure(err)
	}
	known, err := k.savedOf(ctx, r.Again)
	if err != nil {
		return nil, keychainFailure(err)
	}
	if !known.AccessToken.IsZero() || !known.RefreshToken.IsZero() {
		kind = tokens.SignInAgain
	}
	if r.ClientSecret.IsZero() && r.ClientID == r.Again.ClientID {
		r.ClientSecret = known.ClientSecret
	}
	s := &SigningIn{keeper: k, request: r, pasted: make(chan tokens.Secret, 1), kind: kind}
	if s.callback, err = salesforce.Listen(ctx, r.Port, r.Callback); err != nil {
		return nil, err //nolint:wrapcheck // a *tokens.Failure, worded already
	}
	s.signIn, err = salesforce.NewSignIn(salesforce.SignIn{
		Host: r.Host, ClientID: r.ClientID, ClientSecret: r.ClientSecret, Redirect: s.callback.URL(), Scopes: r.Scopes,
		Known: []string{r.Again.InstanceURL, known.ID}, Prompt: "login",
	})
	if err != nil {
		s.callback.Close()
		return nil, err //nolint:wrapcheck // a *tokens.Failure, worded already
	}
	s.callback.Serve(func(query url.Values) error {
		_, err := s.signIn.Code(query)
		return err //nolint:wrapcheck // a *tokens.Failure, worded already
	})
	return s, nil
}

// aliasFree makes sure of the alias before anybody signs in for it.
func (k *Keeper) aliasFree(ctx context.Context, r SignInRequest) error {
	if r.Alias == "" {
		return nil
	}
	if err := tokens.CheckAlias(r.Alias); err != nil {
		return fmt.Errorf("signing in: %w", err)
	}
	orgs, err := k.ledger.Orgs(ctx)
	if err != nil {
		return fmt.Errorf("signing in: %w", err)
	}
	for _, org := range orgs {
		if org.Alias == r.Alias && org.Key != r.Again.Key {
			return fmt.Errorf("signing in: %w: %s; to sign that org in again, name it as the org", ledger.ErrAliasTaken, r.Alias)
		}
	}
	return nil
}

// savedOf reads what is saved of a login that is signed in again; that nothing
// is saved may be the reason for it.
func (k *Keeper) savedOf(ctx context.Context, org tokens.Org) (tokens.Secrets, error) {
	if org.Key == "" {
		return tokens.Secrets{}, nil
	}
	saved, err := k.read(ctx, org.Key)
	if errors.Is(err, keychain.ErrNotFound) || errors.Is(err, tokens.ErrSecrets) {
		return tokens.Secrets{}, nil
	}
	return saved, err
}

// URL is where the browser goes. It holds no secret: without what stays in this
// process nobody can finish the sign-in with it.
func (s *SigningIn) URL() string { return s.signIn.URL() }

// Redirect is the callback URL, which the app has to list to the letter.
func (s *SigningIn) Redirect() string { return s.callback.URL() }

// Strange has an item when a page of another sign-in has come back; nothing was
// taken from it.
func (s *SigningIn) Strange() <-chan struct{} { return s.callback.Strange() }

// Paste takes the address that the browser ended on, from a browser that cannot
// reach this machine. What is not this sign-in's is refused, and the wait goes
// on; the error is a *tokens.Failure.
func (s *SigningIn) Paste(text string) error {
	code, err := s.signIn.Pasted(text)
	if err != nil {
		return salesforce.OfSignIn(err, s.kind)
	}
	select {
	case s.pasted <- code:
	default: // it was pasted twice
	}
	return nil
}

// Wait returns nil once the browser has come back, or its address was pasted.
// The error is a *tokens.Failure: what the browser was told, or a cancelled one
// that wraps the cause of ctx's end. A failure is written to the history of the org
// that was to be signed in again, but for a ctx that was cancelled: somebody has
// called the sign-in off.
func (s *SigningIn) Wait(ctx context.Context) error {
	started, stopwatch := s.keeper.clock.Now(), s.keeper.clock.Stopwatch()
	err := salesforce.OfSignIn(s.wait(ctx), s.kind)
	if err != nil && !errors.Is(ctx.Err(), context.Canceled) {
		s.noteFailure(tokens.Attempt{At: started, Duration: stopwatch()}, err)
	}
	return err
}

func (s *SigningIn) wait(ctx context.Context) error {
	waiting, cancel := context.WithCancel(ctx)
	defer cancel()
	type came struct {
		query url.Values
		err   error
	}
	browser := make(chan came, 1)
	go func() {
		query, err := s.callback.Wait(waiting)
		browser <- came{query, err}
	}()
	select {
	case s.code = <-s.pasted:
		return nil
	case c := <-browser:
		if c.err != nil {
			return s.notBack(ctx)
		}
		var err error
		s.code, err = s.signIn.Code(c.query)
		return err //nolint:wrapcheck // a *tokens.Failure, worded already
	}
}

// notBack is the failure of a wait that ctx has ended: its time was over, or somebody
// called it off.
func (s *SigningIn) notBack(ctx context.Context) *tokens.Failure {
	f := tokens.Failure{Kind: tokens.FailedCancelled, Problem: salesforce.ProblemNoBrowser}
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return calledOff(ctx)
	case s.callback.Strayed():
		f.Problem = salesforce.ProblemOnlyStrange
		return f.WithCause(salesforce.ErrState)
	}
	return f.WithCause(context.Cause(ctx))
}

func calledOff(ctx context.Context) *tokens.Failure {
	return tokens.Failure{Kind: tokens.FailedCancelled, Problem: salesforce.ProblemSignInOff}.WithCause(context.Cause(ctx))
}

// Close gives the port back.
func (s *SigningIn) Close() { s.callback.Close() }

// usernameLimit is how long a sign-in waits for the name of its user.
const usernameLimit = 10 * time.Second

// Save exchanges the code that Wait has got for tokens and saves them. The code
// serves once, so from when it leaves ctx ends nothing but the look for the
// username. The error is a *tokens.Failure, or one of saving the tokens.
//
// step, if not nil, hears StepContacting, StepWaiting and StepSaving. It must not
// block.
func (s *SigningIn) Save(ctx context.Context, step func(tokens.Step)) (done SignedIn, err error) {
	k := s.keeper
	watch := k.clock.Stopwatch()
	defer func() {
		err = salesforce.OfSignIn(err, s.kind)
		k.logSignIn(done.Org, watch(), err)
		if f, ok := errors.AsType[*tokens.Failure](err); err != nil && (!ok || f.Kind != tokens.FailedCancelled) {
			s.noteFailure(tokens.Attempt{At: k.clock.Now().Add(-watch()), Duration: watch(), Tries: 1}, err)
		}
	}()
	k.running.Add(1)
	defer k.running.Done()
	attempt, stopwatch := tokens.Attempt{At: k.clock.Now(), Trigger: triggerSignIn, Outcome: tokens.OutcomeRefreshed, Tries: 1}, k.clock.Stopwatch()
	answer, err := k.endpoint.Exchange(ctx, s.signIn, s.code, step)
	if err != nil {
		return SignedIn{}, err //nolint:wrapcheck // a *tokens.Failure, worded already
	}
	if step != nil {
		step(tokens.StepSaving)
	}
	org, secrets, err := s.login(answer)
	if err != nil {
		return SignedIn{}, err
	}
	signed, err := k.saveSignedIn(context.WithoutCancel(ctx), org, secrets)
	if err != nil {
		return SignedIn{}, fmt.Errorf("saving the new tokens: %w", err)
	}
	signed.Other = otherThan(s.request.Again, signed.Org)
	if signed.Org.Key.Unknown() && signed.Held == HeldNowhere { // now that its ids are known, the login may be here twice
		settled, _, err := k.Settle(context.WithoutCancel(ctx), signed.Org)
		signed.Org, signed.Warning = settled, errors.Join(signed.Warning, err)
	}
	if answer.Distrusted != "" {
		signed.Warning = errors.Join(signed.Warning, fmt.Errorf(
			"%s: the answer named %s, which is no host of Salesforce's or of this org; it was left out", signed.Org.Alias, answer.Distrusted))
	}
	attempt.Date, attempt.Skew = answer.Date, answer.Skew(k.clock.Now()).Round(time.Millisecond)
	signed.Notice = tokens.SkewWarning(attempt.Skew, signed.Org.LoginHost())
	attempt.Answer = answer.Received().Text()
	attempt.Fingerprint, attempt.Duration = secrets.AccessToken.Fingerprint(), stopwatch()
	signed = k.recordSignIn(signed, attempt)
	if signed.Held == HeldNowhere {
		short, cancel := context.WithTimeout(ctx, usernameLimit)
		defer cancel()
		if named, err := k.TestAccess(short, signed.Org); err == nil {
			signed.Org = named
		} // else the user id stands for it, until the access token is tested
	}
	return signed, nil
}
