package tokens

import "time"

// Holding returns the org with the facts that travel with the secrets: when and
// where they were issued, how long they last, their generation. The ledger's
// row can so be written anew from the keychain alone. When the access token ends is
// kept where the endpoint has told it of these very tokens.
func (o Org) Holding(s Secrets) Org {
	told := o.Generation == s.Generation && (o.ExpirySource == LeftFromIntrospection || o.ExpirySource == LeftFromAnswer)
	o.Generation = s.Generation
	o.IssuedAt = s.IssuedAt
	o.RefreshUsedAt = s.RefreshUsedAt
	if o.OrgID == "" || o.UserID == "" {
		o = o.identified(s.ID)
	}
	o.HasRefreshToken = !s.RefreshToken.IsZero()
	if s.InstanceURL != "" {
		o.InstanceURL = s.InstanceURL
		if t := TypeOf(s.InstanceURL); t != TypeUnknown || o.Type == "" {
			o.Type = t // else what somebody told stays
		}
	}
	if len(s.Scopes) > 0 {
		o.Scopes = s.Scopes
	}
	o.Rotates = RotationUnknown
	if s.Rotates != "" {
		o.Rotates = s.Rotates
	}
	if !told {
		o.ExpiresAt, o.ExpirySource = JWTExpiry(s.AccessToken)
	}
	return o
}

// identified fills in the ids that were not known when the org was saved; those
// of another org than the known one are left out.
func (o Org) identified(identity string) Org {
	orgID, userID, err := ParseIdentityURL(identity)
	if err == nil && (o.OrgID == "" || o.OrgID == orgID) {
		o.OrgID, o.UserID = orgID, userID
	}
	return o
}

// Next returns the secrets after a refresh at now: what the answer brought, and the
// old refresh token only where the answer brought none (RFC 6749 section 6).
// Salesforce sends a new refresh token exactly when the app rotates them, and
// the old one is then dead at once.
func (s Secrets) Next(g Grant, now time.Time) Secrets {
	next := s
	next.Generation++
	next.AccessToken = g.AccessToken
	next.RefreshUsedAt = now
	next.IssuedAt, next.IssuedAtText = g.IssuedAt, g.IssuedAtText
	next.Rotates = RotationNo
	if !g.RefreshToken.IsZero() {
		if !g.RefreshToken.Equal(s.RefreshToken) {
			next.Replaced = s.RefreshToken.Fingerprint()
		}
		next.RefreshToken = g.RefreshToken
		next.Rotates = RotationYes
	}
	next.Signature = Secret{} // it vouches for the id of its own answer alone
	if g.ID != "" {
		next.ID, next.Signature = g.ID, g.Signature
	}
	if g.InstanceURL != "" {
		next.InstanceURL = g.InstanceURL
	}
	if len(g.Scopes) > 0 {
		next.Scopes = g.Scopes
	}
	return next
}
