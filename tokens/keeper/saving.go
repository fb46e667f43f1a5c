package keeper

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"orgkeep/keychain"
	"orgkeep/tokens"
	"orgkeep/tokens/salesforce"
)

// save brings the answer to the journal, the keychain and the ledger, in this
// order. The caller can no longer cancel: the old refresh token may be dead.
func (t *try) save(ctx context.Context, saved tokens.Secrets, answer salesforce.Answer) Result {
	t.step(tokens.StepSaving)
	t.exit() // what the pool is for, requests under way at once, is over
	k, key := t.keeper, t.org.Key
	grant, foreign := own(answer.Grant, t.org)
	next, before := saved.Next(grant, k.clock.Now()), t.org
	t.attempt.Rotated = !answer.Grant.RefreshToken.IsZero()
	if !next.RefreshToken.Equal(saved.RefreshToken) {
		t.attempt.Spent = saved.RefreshToken.LongFingerprint()
	}
	t.attempt.Fingerprint = next.AccessToken.Fingerprint()
	t.org = t.org.Holding(next)
	inJournal := k.journal.Keep(key, next)
	err := k.writeTrying(context.WithoutCancel(ctx), key, next)
	received := answer.Received()
	t.attempt.Answer = received.Text()
	if foreign != nil {
		foreign.HTTPStatus, foreign.ContentType, foreign.RequestID, foreign.Body = received.HTTPStatus, received.ContentType, received.RequestID, received.Body
	}
	var notBack error
	if foreign == nil {
		notBack = t.writeBack(ctx, next)
	}
	if err == nil {
		t.toMirror(context.WithoutCancel(ctx), saved, next)
		result := t.saved(answer, foreign)
		result.Warning = errors.Join(result.Warning, notBack)
		if err := k.journal.Done(key); err != nil {
			result.Warning = errors.Join(result.Warning, err)
		}
		return result
	}
	where, inLedger := k.held.keep(t.org, next, inJournal), t.org
	if where == HeldInMemory {
		inLedger = before // tokens that may end with this process are not the org's yet
	}
	result := t.record(inLedger, tokens.OutcomeRefreshed, nil)
	result.Held = where
	result.Warning = errors.Join(result.Warning, notBack, inJournal, fmt.Errorf("saving the new tokens of %s: %w", t.org.Alias, err))
	return result
}

// saved is the result of tokens that the keychain has taken.
func (t *try) saved(answer salesforce.Answer, foreign *tokens.Failure) Result {
	outcome := tokens.OutcomeRefreshed
	if foreign != nil {
		outcome = tokens.OutcomeFailed
	}
	result := t.finish(outcome, foreign)
	if answer.Distrusted != "" {
		result.Warning = errors.Join(result.Warning, fmt.Errorf(
			"%s: the answer named %s, which is no host of Salesforce's or of this org; it was left out, the new tokens are saved", t.org.Alias, answer.Distrusted))
	}
	return result
}

// own checks that a grant is for the org's own login. The tokens of another one
// are kept, since the old refresh token is spent, but nothing else of the answer
// is believed, and the failure says so.
func own(g tokens.Grant, org tokens.Org) (tokens.Grant, *tokens.Failure) {
	sameOrg, sameUser := org.OrgID == "" || g.OrgID == org.OrgID, org.UserID == "" || g.UserID == org.UserID
	if g.OrgID == "" || sameOrg && sameUser { // ids that are not known yet are learned
		return g, nil
	}
	f := &tokens.Failure{
		Kind: tokens.FailedAnswer, Sent: true, HTTPStatus: 200, Host: strings.TrimPrefix(org.LoginHost(), "https://"),
		Problem: fmt.Sprintf("%s: org %s, user %s", tokens.ProblemOtherLogin, g.OrgID, g.UserID),
	}
	g.ID, g.InstanceURL, g.Scopes = "", "", nil
	return g, f
}

// writeTrying writes to the keychain, and tries again after 0.2 s and 1 s. A
// keychain that hangs has had its time by then, and gets no more of it.
func (k *Keeper) writeTrying(ctx context.Context, key tokens.Key, s tokens.Secrets) error {
	err := k.write(ctx, key, s)
	for _, pause := range []time.Duration{200 * time.Millisecond, time.Second} {
		if err == nil || errors.Is(err, keychain.ErrTimeout) {
			return err
		}
		time.Sleep(pause)
		err = k.write(ctx, key, s)
	}
	return err
}
