package cli

import (
	"errors"
	"fmt"
	"strings"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
	"orgkeep/tokens/ledger"
)

// signedIn is the result of orgkeep login --json. What is not known, and what
// only the other outcome has, is null.
type signedIn struct {
	Outcome     string  `json:"outcome"` // new, updated, failed
	Alias       *string `json:"alias"`
	OrgID       *string `json:"org_id"`
	UserID      *string `json:"user_id"`
	Username    *string `json:"username"`
	InstanceURL *string `json:"instance_url"`
	ClientID    *string `json:"client_id"`
	// Other is "org", "user" or "app" when not the login came back that was to be
	// signed in again.
	Other *string `json:"other"`
	// Held is "journal" or "memory" when the keychain has refused the tokens.
	Held *string `json:"held"`
	refusal
	Meaning *string  `json:"meaning"`
	Causes  []string `json:"causes"`
	Remedy  *string  `json:"remedy"`
	Who     *string  `json:"who"`
}

// conclude prints how the sign-in ended and returns how the command ends.
func (o *loggingIn) conclude(signed keeper.SignedIn, err error) error {
	if err != nil {
		return o.refused(err)
	}
	org := signed.Org
	o.tell(signed)
	code := exitWell
	if signed.Other != keeper.OtherNothing {
		code = exitFailed // a script would go on with the login that was meant
	}
	if signed.Held != keeper.HeldNowhere || errors.Is(signed.Warning, ledger.ErrUnusable) {
		code = exitUnusable
	}
	if o.asJSON {
		document := struct {
			Version int        `json:"version"`
			Results []signedIn `json:"results"`
		}{documentVersion, []signedIn{{
			Outcome: string(signed.Added), Alias: known(org.Alias), OrgID: known(org.OrgID), UserID: known(org.UserID), Username: known(org.Username),
			InstanceURL: known(org.InstanceURL), ClientID: known(org.ClientID), Other: known(string(signed.Other)), Held: known(string(signed.Held)),
			Causes: listed(nil),
		}}}
		if err := writeJSON(o.Out, document); err != nil {
			return err
		}
		return ended(code)
	}
	if err := o.print(fmt.Sprintf("%s: %s, %s, %s", org.Alias, signed.Added, org.Type.Label(), org.User())); err != nil {
		return err
	}
	return ended(code)
}

// tell says what a person should know of a sign-in that went well.
func (o *loggingIn) tell(signed keeper.SignedIn) {
	org := signed.Org
	if signed.Other != keeper.OtherNothing {
		o.say("orgkeep: %s: it is %s of org %s, and is kept as %s. The org that was to be signed in again is as it was.",
			signed.Other.Words(), org.User(), org.OrgID, org.Alias)
	}
	o.say("%s is signed in. %s", org.Alias, whereSaved(signed.Held, o.keeper.place.name()))
	if signed.Warning != nil {
		o.say("orgkeep: %s: %s", org.Alias, strings.TrimPrefix(oneLine(signed.Warning), org.Alias+": "))
	}
	if signed.Notice != "" {
		o.say("orgkeep: %s", signed.Notice)
	}
}

// refused is how the command ends after a sign-in that failed.
func (o *loggingIn) refused(err error) error {
	f, explained := errors.AsType[*tokens.Failure](err)
	if !explained {
		return err
	}
	code := codeOf(err)
	o.say("orgkeep: %s", o.explained(err))
	if !o.asJSON {
		return ended(code)
	}
	e := o.keeper.Explain(f)
	document := struct {
		Version int        `json:"version"`
		Results []signedIn `json:"results"`
	}{documentVersion, []signedIn{{
		Outcome: "failed", refusal: newRefusal(f), Meaning: known(e.Meaning), Causes: listed(e.Causes), Remedy: known(e.Remedy), Who: known(e.Who),
	}}}
	if err := writeJSON(o.Out, document); err != nil {
		return err
	}
	return ended(code)
}

// explained is a failure in the words of the endpoint and then in orgkeep's.
func (o *loggingIn) explained(err error) string {
	f, ok := errors.AsType[*tokens.Failure](err)
	if !ok {
		return oneLine(err)
	}
	e := o.keeper.Explain(f)
	return join(strings.TrimRight(tokens.Clean(f.Error()), ".")+".", e.Meaning, e.Remedy)
}
