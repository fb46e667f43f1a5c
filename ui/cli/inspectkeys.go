package cli

import (
	"context"
	"errors"
	"strconv"

	"orgkeep/tokens"
	"orgkeep/tokens/salesforce"
)

// keysAsked is a host that was asked for the keys that it publishes, with what it
// answered.
type keysAsked struct {
	Host    string  `json:"host"`
	Request string  `json:"request"`
	TookMS  int64   `json:"took_ms"`
	Keys    int     `json:"published_keys"`
	FoundAt *string `json:"found_at"`
	// Note says that the issuer which is published is another host of Salesforce's.
	Note    *string `json:"note"`
	Failure *string `json:"failure"`

	keys tokens.Keys
	took string
}

// askKeys checks the signatures of the JWTs in an anatomy with the keys that their
// issuers publish. Each issuer is asked once, and no token goes with the question. Of
// a JWT whose issuer is not asked, unasked says why.
func (o *inspecting) askKeys(ctx context.Context, a *tokens.Anatomy) (all []keysAsked, unasked []string) {
	client := salesforce.New(salesforce.Options{TLS: o.tls, Clock: o.Clock})
	for _, jwt := range []struct {
		name  string
		token *tokens.Token
	}{{"the access token", &a.Access}, {"the id token", &a.ID}} {
		t := jwt.token
		if t.JWT == nil {
			continue
		}
		if !t.JWT.Checkable() {
			unasked = append(unasked, "nobody was asked for "+jwt.name+": "+t.JWT.Signature.Why)
			continue
		}
		base, why := t.JWT.KeysAt()
		if why != "" {
			t.JWT.Signature = tokens.Check{Verdict: tokens.CheckNone, Why: why}
			unasked = append(unasked, "nobody was asked for "+jwt.name+": "+why)
			continue
		}
		asked := askedAlready(all, base)
		if asked == nil {
			all = append(all, askHost(ctx, client, base))
			asked = &all[len(all)-1]
		}
		if asked.Failure != nil {
			t.JWT.Signature = tokens.Check{Verdict: tokens.CheckNone, Why: "the keys of " + base + " could not be had"}
			continue
		}
		t.JWT.Signature = t.JWT.Verify(asked.keys)
		t.JWT.Signature.Why += " of " + base
	}
	return all, unasked
}

func askedAlready(all []keysAsked, base string) *keysAsked {
	for i := range all {
		if all[i].Host == base {
			return &all[i]
		}
	}
	return nil
}

func askHost(ctx context.Context, client *salesforce.Client, base string) keysAsked {
	told, err := client.Keys(ctx, base)
	k := keysAsked{
		Host: base, Request: "GET /.well-known/openid-configuration, then its jwks_uri", TookMS: told.Latency.Whole.Milliseconds(),
		took: tokens.FormatTook(told.Latency.Whole), keys: told.Keys, Keys: told.Len(), FoundAt: known(told.Path), Note: known(told.Note),
	}
	if err != nil {
		k.Failure = known(failureWords(err))
	}
	return k
}

// failureWords are what a request that failed says.
func failureWords(err error) string {
	if failure := (*tokens.Failure)(nil); errors.As(err, &failure) {
		return failure.Error()
	}
	return oneLine(err)
}

// keysFacts are the lines on who was asked for keys, and why nobody was.
func keysFacts(asked []keysAsked, unasked []string) []fact {
	var facts []fact
	for _, k := range asked {
		lines := []string{k.Request + ", at " + k.Host + ": " + k.took}
		if k.Failure != nil {
			lines = append(lines, *k.Failure)
		} else {
			lines = append(lines, "published keys "+strconv.Itoa(k.Keys)+", found at "+*k.FoundAt)
		}
		if k.Note != nil {
			lines = append(lines, *k.Note)
		}
		facts = append(facts, many("keys", lines)...)
	}
	return append(facts, many("keys", unasked)...)
}
