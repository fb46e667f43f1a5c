package keeper

import (
	"context"
	"fmt"
	"strings"
	"time"

	"orgkeep/tokens"
	"orgkeep/tokens/salesforce"
)

func (l *look) introspection(ctx context.Context) Finding {
	const request = "POST /services/oauth2/introspect"
	if l.saved.ClientSecret.IsZero() {
		return Finding{Part: PartIntrospection, Skipped: "it needs the app's client secret, and none is saved"}
	}
	host := l.org.LoginHost()
	told, err := l.keeper.endpoint.Introspect(ctx, salesforce.IntrospectRequest{
		Host: host, ClientID: l.org.ClientID, ClientSecret: l.saved.ClientSecret, Token: l.saved.AccessToken, Hint: salesforce.HintAccess,
	})
	f := l.asked(PartIntrospection, request, host, told.Head, CallsUnknown, err)
	if err != nil {
		return f
	}
	f.Ended = !told.Active
	f.Facts = facts(
		Fact{Name: "active", Text: yesNo(told.Active)}, timeFact("expires_at", told.ExpiresAt), timeFact("issued_at", told.IssuedAt),
		timeFact("not_before", told.NotBefore), Fact{Name: "scopes", Text: strings.Join(told.Scopes, " ")},
		Fact{Name: "client_id", Text: told.ClientID}, Fact{Name: "username", Text: told.Username},
		Fact{Name: "subject", Text: told.Subject}, Fact{Name: "token_type", Text: told.TokenType},
	)
	f.Notes = told.Unread
	for _, difference := range l.org.OtherScopes(string(PartIntrospection), told.Scopes) {
		f.Notes = append(f.Notes, difference+".")
	}
	switch wrong := l.introspectedOther(told); {
	case len(wrong) > 0:
		l.isOther(&f, wrong)
	case told.Active && !told.ExpiresAt.IsZero():
		l.takeEnd(ctx, &f, told)
	}
	return f
}

// introspectedOther says where an introspection is not of the access token that it was
// asked about. The username counts where no id is named: an admin can change it.
func (l *look) introspectedOther(told salesforce.Introspection) []string {
	orgID, userID := tokens.SubjectIDs(told.Subject)
	wrong := l.org.OtherThan(string(PartIntrospection), orgID, userID)
	if userID == "" && told.Username != "" && l.org.Username != "" && !strings.EqualFold(told.Username, l.org.Username) {
		wrong = append(wrong, fmt.Sprintf("the saved username is %s, and introspection names %s", l.org.Username, told.Username))
	}
	if told.ClientID != "" && l.org.ClientID != "" && told.ClientID != l.org.ClientID {
		wrong = append(wrong, fmt.Sprintf("the saved client id is %s, and introspection names %s", l.org.ClientID, told.ClientID))
	}
	// Salesforce says access_token; RFC 7662 section 2.2 means the types of RFC 6749
	// section 7.1, as Bearer.
	if kind := told.TokenType; kind != "" && !strings.EqualFold(kind, string(salesforce.HintAccess)) && !strings.EqualFold(kind, "Bearer") {
		wrong = append(wrong, "introspection was asked about the access token, and tells of a token of the type "+kind)
	}
	return wrong
}

// isOther makes a finding that of another login or token. Nothing more is taken over
// from it.
func (l *look) isOther(f *Finding, wrong []string) {
	l.other = true
	f.Other, f.Wrong = true, wrong
	f.Notes = append(f.Notes, "Nothing of this answer was taken over.")
}

// takeEnd keeps the end that introspection has told of a token that it calls active,
// as far as neither that nor the token's own exp contradicts it.
func (l *look) takeEnd(ctx context.Context, f *Finding, told salesforce.Introspection) {
	ends, source := told.ExpiresAt, tokens.LeftFromIntrospection
	own, ownSource := tokens.JWTExpiry(l.saved.AccessToken)
	now := l.keeper.clock.Now()
	switch {
	case !ends.After(now):
		f.Wrong = append(f.Wrong, "introspection says that the token is active, and that it ended at "+utc(ends)+
			": the clocks of this machine and of the endpoint may differ, and that end is not taken")
		if warning := tokens.SkewWarning(l.skew(told.Head, now), l.org.LoginHost()); warning != "" {
			f.Notes = append(f.Notes, warning)
		}
		if l.org.ExpirySource != tokens.LeftFromIntrospection || !l.org.ExpiresAt.Equal(ends) {
			return
		}
		ends, source = own, ownSource // an earlier look has kept it
	case !own.IsZero() && own.Before(ends):
		f.Wrong = append(f.Wrong, "introspection says that the token ends at "+utc(ends)+", and its own exp is "+utc(own)+": the earlier one holds")
		ends, source = own, ownSource
	case ends.Before(own):
		f.Notes = append(f.Notes, "The token's own exp is later, "+utc(own)+": the earlier one holds.")
	}
	l.org, f.Warning = l.keeper.keepExpiry(ctx, l.org, l.saved.Generation, ends, source)
}

// skew is how far the endpoint's clock is ahead of this machine's, by an answer's
// Date, else as the last refresh has told.
func (l *look) skew(h salesforce.Head, now time.Time) time.Duration {
	if h.Date.IsZero() && l.org.Last != nil {
		return l.org.Last.Skew
	}
	return h.Skew(now)
}

func utc(at time.Time) string { return at.UTC().Format(time.RFC3339) }

// takeType keeps the type of an org that nothing else has told.
func (l *look) takeType(ctx context.Context, f *Finding, kind tokens.Type) {
	known, err := l.keeper.ledger.LearnType(ctx, l.org.Key, kind)
	if err != nil {
		f.Warning = err
		return
	}
	l.org.Type = known.Type
	f.Notes = append(f.Notes, "Its type was not known, and is "+string(known.Type)+" by this record.")
}
