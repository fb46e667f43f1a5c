package keeper

import (
	"context"
	"errors"
	"fmt"

	"orgkeep/tokens"
	"orgkeep/tokens/ledger"
	"orgkeep/tokens/salesforce"
	"orgkeep/tokens/transfer"
)

// SignedIn is how a sign-in ended whose tokens are saved.
type SignedIn struct {
	// Org is the login that came, as it stands now.
	Org tokens.Org
	// Added is AddedNew or AddedUpdated.
	Added Added
	// Other says what differs when not the login came back that was to be signed
	// in again. That one is as it was, and Org is one of its own.
	Other Other
	// Held, Notice and Warning are as in Result.
	Held    Held
	Notice  string
	Warning error
}

// Other is what differs between the login that came and the one that was meant.
type Other string

// What can differ.
const (
	OtherNothing Other = ""
	OtherOrg     Other = "org"
	OtherUser    Other = "user"
	OtherApp     Other = "app" // another client id: another login of the same user
)

// Words says it for the user; "" for OtherNothing.
func (o Other) Words() string {
	if o == OtherNothing {
		return ""
	}
	return "another " + string(o) + " came back"
}

func otherThan(meant, came tokens.Org) Other {
	switch {
	case meant.Key == "" || meant.Key == came.Key:
		return OtherNothing
	case meant.OrgID != "" && meant.OrgID != came.OrgID:
		return OtherOrg
	case meant.UserID != "" && meant.UserID != came.UserID:
		return OtherUser
	case meant.ClientID != came.ClientID:
		return OtherApp
	}
	return OtherNothing // saved before its ids were known, under a key of its own
}

// errNoRefreshGrant is a sign-in that ended without what it was for.
var errNoRefreshGrant = errors.New("the answer has no refresh_token")

// login makes of the answer what is saved. What could not be refreshed is not.
func (s *SigningIn) login(answer salesforce.Answer) (tokens.Org, tokens.Secrets, error) {
	r := s.request
	org, secrets, err := transfer.NewOrg(answer.Grant, transfer.Options{
		Alias: r.Alias, ClientID: r.ClientID, ClientSecret: r.ClientSecret,
		LoginURL: ownHost(s.signIn.Host, answer.Grant.InstanceURL),
	})
	if err == nil && secrets.RefreshToken.IsZero() {
		err = errNoRefreshGrant
	}
	if err == nil {
		if secrets.RefreshUsedAt.IsZero() { // no issued_at, and yet the answer has just come
			secrets.RefreshUsedAt = s.keeper.clock.Now()
			org = org.Holding(secrets)
		}
		if otherThan(r.Again, org) != OtherNothing {
			org.Alias, org.LoginURL = "", "" // they were meant for the other one
		} else if r.Again.Key != "" {
			org.Key = r.Again.Key
		}
		return org, secrets, nil
	}
	f := tokens.Failure{Kind: tokens.FailedLocal, Host: s.signIn.Host, Problem: salesforce.ProblemIncomplete + ": " + tokens.Clean(err.Error())}
	if errors.Is(err, errNoRefreshGrant) {
		f.Problem = salesforce.ProblemNoRefreshGrant
	}
	if answer.Distrusted != "" {
		f.Problem += "; left out was " + answer.Distrusted
	}
	return org, secrets, f.WithCause(err)
}

// ownHost is the login URL to save for an org: the one signed in at, unless that
// is the org's instance or one of the hosts that all orgs share. Many orgs refuse
// those, and their instance URL serves.
func ownHost(host, instance string) string {
	switch host {
	case instance, "https://login.salesforce.com", "https://test.salesforce.com":
		return ""
	}
	return host
}

// saveSignedIn brings the tokens of a sign-in to the journal, the keychain and
// the ledger, in this order, as a refresh does: the code is spent. What the
// keychain refuses is held, and brought home later.
func (k *Keeper) saveSignedIn(ctx context.Context, org tokens.Org, secrets tokens.Secrets) (SignedIn, error) {
	if !org.Key.Unknown() { // else Settle brings two entries together
		if key, err := k.ledger.KeyOf(ctx, org); err == nil { // the tokens are saved all the same
			org.Key = key
		}
	}
	unlock, err := k.locks.lock(ctx, org.Key)
	if err != nil {
		return SignedIn{}, err
	}
	defer k.unlockSettled(org.Key, unlock)
	// The endpoint has just given the token out: whatever it was before, it is valid.
	stillMarked := k.ledger.Issued(ctx, secrets.RefreshToken)
	known, err := k.ledger.Org(ctx, org.Key)
	isKnown := err == nil
	if org.LoginURL == "" {
		org.LoginURL = known.LoginURL
	}
	before, err := k.recovered(ctx, org.Key)
	hadTokens := err == nil
	if secrets.ClientSecret.IsZero() {
		secrets.ClientSecret = before.ClientSecret
	}
	secrets.Generation = 1 + max(known.Generation, before.Generation)
	inJournal := k.journal.Keep(org.Key, secrets)
	refused := k.writeTrying(ctx, org.Key, secrets)
	signed := SignedIn{Org: org.Holding(secrets), Added: AddedNew}
	if isKnown {
		signed.Added = AddedUpdated
	}
	switch {
	case refused == nil:
		if signed.Org, err = k.enter(ctx, signed.Org); err == nil {
			k.held.drop(org.Key)
			if !hadTokens {
				before = secrets
			}
			var behind error
			signed.Org, behind = k.followMirror(ctx, signed.Org, before, secrets)
			signed.Warning = errors.Join(stillMarked, behind, k.supersede(org.Key, secrets))
			return signed, nil
		}
		if hadTokens || isKnown {
			return signed, fmt.Errorf("they are in %s: %w", k.store.Name(), err)
		}
		return signed, errors.Join(err, k.putBack(ctx, org.Key, nil), k.journal.Done(org.Key))
	case inJournal == nil || !isKnown:
		signed.Org, err = k.enter(ctx, signed.Org)
	default:
		signed.Org = known // tokens that may end with this process are not the org's yet
	}
	item := org
	item.Alias = signed.Org.Alias
	signed.Held = k.held.keep(item.Holding(secrets), secrets, inJournal)
	signed.Warning = errors.Join(err, inJournal, fmt.Errorf("saving the new tokens of %s: %w", item.Alias, refused))
	return signed, nil
}

// triggerSignIn is what the history says has started a sign-in.
const triggerSignIn = "login"

// recordSignIn adds a sign-in to the history. Tokens that may end with this process
// are not the org's yet: who brings them home records that.
func (k *Keeper) recordSignIn(signed SignedIn, a tokens.Attempt) SignedIn {
	if signed.Held == HeldInMemory {
		return signed
	}
	if err := k.ledger.Record(context.Background(), signed.Org, a); err != nil {
		signed.Warning = errors.Join(signed.Warning, fmt.Errorf("writing the history of %s: %w", signed.Org.Alias, err))
		return signed
	}
	a.Answer = "" // the ledger has it
	signed.Org.Last = &a
	return signed
}

// noteFailure adds a sign-in that failed to the history of the org that was to be
// signed in again. The org itself stays as it is, and a ledger that takes no more
// rows is no reason to say another error than that of the sign-in.
func (s *SigningIn) noteFailure(a tokens.Attempt, err error) {
	f, ok := errors.AsType[*tokens.Failure](err)
	if !ok {
		f = tokens.Failure{Kind: tokens.FailedLocal, Problem: tokens.Clean(err.Error())}.WithCause(err)
	}
	a.Trigger, a.Outcome, a.Failure = triggerSignIn, tokens.OutcomeFailed, f
	if s.request.Again.Key != "" {
		_ = s.keeper.ledger.Note(context.Background(), s.request.Again, a)
	}
}

// enter writes a login to the ledger. Somebody may have taken the alias while
// the browser was open: the login then keeps the one it had, or gets another.
func (k *Keeper) enter(ctx context.Context, org tokens.Org) (tokens.Org, error) {
	saved, err := k.ledger.Save(ctx, org)
	if errors.Is(err, ledger.ErrAliasTaken) {
		org.Alias = ""
		saved, err = k.ledger.Save(ctx, org)
	}
	if err != nil {
		return org, err
	}
	return saved, nil
}
