package cli

import (
	"slices"
	"time"

	"orgkeep/tokens"
)

// anatomy is what the tokens of a login tell, in JSON. What is not known is null.
type anatomy struct {
	AccessToken     *tokenJSON   `json:"access_token"`
	RefreshToken    *tokenJSON   `json:"refresh_token"`
	HasClientSecret bool         `json:"has_client_secret"`
	Identity        identityJSON `json:"identity"`
	Host            hostJSON     `json:"host"`
	Scopes          []scopeJSON  `json:"scopes"`
	MissingScopes   []lackJSON   `json:"missing_scopes"`
	Note            *string      `json:"note"` // what the form of the access token means for its scopes
	// Signature is that of the answer, and null where there is no answer. A JWT has
	// its own, in jwt.
	Signature *signatureJSON `json:"signature"`
	// Doubts are what does not hold together.
	Doubts []string `json:"doubts"`
}

type tokenJSON struct {
	Mask         string           `json:"mask"`
	Kind         tokens.TokenKind `json:"kind"`
	Length       int              `json:"length"`
	Alphabet     string           `json:"alphabet"`
	SHA256       string           `json:"sha256"`
	OrgID        *string          `json:"org_id"`
	OrgIDInToken *string          `json:"org_id_in_token"`
	OrgIDFrom    *string          `json:"org_id_from"` // "prefix" or "tnk"
	JWT          *jwtJSON         `json:"jwt"`
	Problem      *string          `json:"problem"`
}

type jwtJSON struct {
	Algorithm *string     `json:"algorithm"`
	KeyID     *string     `json:"key_id"`
	Audience  []string    `json:"audience"`
	ExpiresAt *string     `json:"expires_at"`
	IssuedAt  *string     `json:"issued_at"`
	NotBefore *string     `json:"not_before"`
	LeftS     *int64      `json:"left_s"`
	Issuer    *string     `json:"issuer"`
	Subject   *string     `json:"subject"`
	ClientID  *string     `json:"client_id"`
	Scopes    []string    `json:"scopes"`
	Standing  string      `json:"standing"`
	Header    []claimJSON `json:"header"`
	Claims    []claimJSON `json:"claims"`
	// Signature is that of the JWT itself.
	Signature signatureJSON `json:"signature"`
	Problems  []string      `json:"problems"`
}

type claimJSON struct {
	Name  string  `json:"name"`
	Value string  `json:"value"`
	At    *string `json:"at"`
}

type identityJSON struct {
	URL     *string `json:"url"`
	OrgID   *string `json:"org_id"`
	UserID  *string `json:"user_id"`
	From    *string `json:"from"`     // the field or claim that tells it
	OrgFrom *string `json:"org_from"` // what tells the org, where that is something else
	Problem *string `json:"problem"`
}

type hostJSON struct {
	Host *string     `json:"host"`
	Type tokens.Type `json:"type"`
	How  string      `json:"how"`
	From *string     `json:"from"` // the field or claim that names it
}

type scopeJSON struct {
	Name    string  `json:"name"`
	Meaning *string `json:"meaning"`
}

type lackJSON struct {
	Scope string `json:"scope"`
	Means string `json:"means"`
}

type signatureJSON struct {
	Verdict tokens.Verdict `json:"verdict"`
	Why     string         `json:"why"`
}

func newAnatomy(a tokens.Anatomy, now time.Time) *anatomy {
	d := &anatomy{
		AccessToken: newTokenJSON(a.Access, now), RefreshToken: newTokenJSON(a.Refresh, now), HasClientSecret: a.HasClientSecret,
		Identity:  identityJSON{known(a.Identity.URL), known(a.Identity.OrgID), known(a.Identity.UserID), known(a.Identity.From), known(a.Identity.OrgFrom), known(a.Identity.Problem)},
		Host:      hostJSON{known(a.Host.Host), a.Host.Type, a.Host.How, known(a.Host.From)},
		Scopes:    make([]scopeJSON, len(a.Scopes)),
		Signature: &signatureJSON{a.Signature.Verdict, a.Signature.Why}, MissingScopes: make([]lackJSON, len(a.Missing)), Doubts: listed(slices.Concat(a.Doubts, a.Mismatches())), Note: known(a.Note),
	}
	for i, s := range a.Scopes {
		d.Scopes[i] = scopeJSON{s.Name, known(s.Meaning)}
	}
	for i, l := range a.Missing {
		d.MissingScopes[i] = lackJSON(l)
	}
	return d
}

func newTokenJSON(t tokens.Token, now time.Time) *tokenJSON {
	if !t.Present() {
		return nil
	}
	d := &tokenJSON{
		Mask: t.Mask, Kind: t.Kind, Length: t.Length, Alphabet: t.Alphabet, SHA256: t.SHA256,
		OrgID: known(t.OrgID), OrgIDInToken: known(t.Prefix), OrgIDFrom: known(t.OrgFrom), Problem: known(t.Problem),
	}
	if t.JWT == nil {
		return d
	}
	j := t.JWT
	d.JWT = &jwtJSON{
		Algorithm: known(tokens.Clean(j.Algorithm)), KeyID: known(tokens.Clean(j.KeyID)), Audience: listed(j.Audience),
		ExpiresAt: known(instant(j.ExpiresAt)), IssuedAt: known(instant(j.IssuedAt)), NotBefore: known(instant(j.NotBefore)),
		Issuer: known(tokens.Clean(j.Issuer)), Subject: known(tokens.Clean(j.Subject)), ClientID: known(j.ClientID), Scopes: listed(j.Scopes), Standing: j.Standing(now),
		Header: newClaims(j.Header), Claims: newClaims(j.Claims), Problems: listed(j.Problems),
		Signature: signatureJSON{j.Signature.Verdict, j.Signature.Why},
	}
	if !j.ExpiresAt.IsZero() {
		left := wholeSeconds(j.ExpiresAt.Sub(now))
		d.JWT.LeftS = &left
	}
	return d
}

func newClaims(claims []tokens.Claim) []claimJSON {
	list := make([]claimJSON, len(claims))
	for i, c := range claims {
		list[i] = claimJSON{c.Name, c.Value, known(instant(c.At))}
	}
	return list
}
