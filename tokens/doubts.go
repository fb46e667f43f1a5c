package tokens

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// doubts says where the parts of a specimen contradict themselves or each other.
func (a *Anatomy) doubts(s Specimen) []string {
	var doubts []string
	doubt := func(format string, args ...any) { doubts = append(doubts, fmt.Sprintf(format, args...)) }
	if host := issuerHost(a.Identity.URL); host != "" && host != a.Host.Host && !ofSalesforce(a.Identity.URL) {
		doubt("the identity URL is at %s, which is no host of Salesforce's", brief(host))
	}
	for _, id := range []struct{ whose, id string }{
		{"the org id in the access token" + a.Access.where(), a.Access.Prefix},
		{"the org id in " + a.Identity.orgSource(), a.orgToldElsewhere()},
		{"the user id in " + a.Identity.source(), a.Identity.UserID},
	} {
		if wrong := CheckID(id.id); wrong != "" {
			doubt("%s: %s", id.whose, wrong)
		}
	}
	if a.Access.OrgID != "" && a.Identity.OrgID != "" && !sameID(a.Access.OrgID, a.Identity.OrgID) {
		doubt("the access token is of org %s, and %s names org %s: they are not of one login", a.Access.OrgID, a.Identity.orgSource(), a.Identity.OrgID)
	}
	for _, t := range []struct {
		name  string
		token Token
	}{{"the access token", a.Access}, {"the id token", a.ID}} {
		if t.token.JWT != nil {
			doubts = append(doubts, a.doubtsOf(t.name, t.token.JWT, s)...)
		}
	}
	if j := a.Access.JWT; j != nil {
		doubts = append(doubts, a.hostDoubts(j)...)
		doubts = append(doubts, scopeDoubts(j.Scopes, s.Secrets.Scopes,
			"the access token's own scopes have %s, and the answer's scope has not",
			"the answer's scope has %s, and the access token's own scopes have not")...)
	}
	return slices.Concat(doubts, a.audienceDoubts(s), a.renewalDoubts(s.Secrets.Scopes))
}

// doubtsOf says where a JWT names another user, org or app than the rest does.
func (a *Anatomy) doubtsOf(name string, j *JWT, s Specimen) []string {
	var doubts []string
	org, user := j.subject()
	for _, id := range []struct{ word, mine, theirs, source string }{
		{"org", org, a.Identity.OrgID, a.Identity.orgSource()}, {"user", user, a.Identity.UserID, a.Identity.source()},
	} {
		if id.mine != "" && id.theirs != "" && !sameID(id.mine, id.theirs) {
			doubts = append(doubts, fmt.Sprintf("%s is of %s %s, and %s names %s %s: they are not of one login",
				name, id.word, id.mine, id.source, id.word, id.theirs))
		}
	}
	if s.ClientID != "" && s.ClientIDFrom == "" && j.ClientID != "" && j.ClientID != s.ClientID {
		doubts = append(doubts, fmt.Sprintf("%s was issued to the app %s, and the client id is %s", name, brief(j.ClientID), brief(s.ClientID)))
	}
	return doubts
}

// scopeDoubts says which scopes one has and the other has not, each in words of its
// own. Either may name none.
func scopeDoubts(one, other []string, oneHas, otherHas string) []string {
	if len(one) == 0 || len(other) == 0 {
		return nil
	}
	var doubts []string
	for _, side := range []struct {
		has, lacks []string
		words      string
	}{{one, other, oneHas}, {other, one, otherHas}} {
		var alone []string
		for _, scope := range side.has {
			if !slices.Contains(side.lacks, scope) {
				alone = append(alone, scope)
			}
		}
		if len(alone) > 0 {
			doubts = append(doubts, fmt.Sprintf(side.words, brief(strings.Join(alone, ", "))))
		}
	}
	return doubts
}

// source names where an identity was read.
func (i Identity) source() string {
	switch {
	case i.From == "", i.URL != "":
		return "the identity URL"
	case i.From == "sub", i.From == FromTenant:
		return "the token's " + i.From
	case i.From == FromInput:
		return "the input"
	}
	return "the field " + i.From
}

// orgSource names where the org of an identity was read.
func (i Identity) orgSource() string {
	if i.OrgFrom != "" {
		i.From = i.OrgFrom
	}
	return i.source()
}

// where names the part of a token that names its org, where that is not its
// beginning.
func (t Token) where() string {
	if t.OrgFrom == FromTenant {
		return "'s " + FromTenant
	}
	return ""
}

// orgToldElsewhere is the org of the identity, unless the access token told it.
func (a *Anatomy) orgToldElsewhere() string {
	if cmp.Or(a.Identity.OrgFrom, a.Identity.From) == FromTenant {
		return ""
	}
	return a.Identity.OrgID
}

// Ahead says which JWT claims to have been issued in the future, by more than the
// clocks of its org and of this machine differ, in sentences without the full stop.
// Of what is not saved the org is zero. It is safe for concurrent use.
func (a Anatomy) Ahead(org Org, now time.Time) []string {
	var doubts []string
	for _, t := range []struct {
		name string
		jwt  *JWT
	}{{"the access token", a.Access.JWT}, {"the id token", a.ID.JWT}} {
		if t.jwt != nil && org.ahead(t.jwt.IssuedAt, now) {
			doubts = append(doubts, t.name+"'s iat lies in the future, by "+FormatSpan(t.jwt.IssuedAt.Sub(now)))
		}
	}
	return doubts
}

// Against says where the anatomy of a login contradicts what is saved of its org,
// and which of the saved ids do not hold together. Of tokens that were not read
// the Anatomy is zero. It is safe for concurrent use.
func (a Anatomy) Against(org Org) []string {
	var doubts []string
	for _, id := range []struct{ word, saved, told string }{{"org", org.OrgID, a.orgToldElsewhere()}, {"user", org.UserID, a.Identity.UserID}} {
		if wrong := CheckID(id.saved); wrong != "" && id.saved != id.told {
			doubts = append(doubts, "the saved "+id.word+" id: "+wrong)
		}
		doubts = append(doubts, otherID(id.word, id.saved, a.Identity.source(), id.told)...)
	}
	if a.Access.OrgID != "" && org.OrgID != "" && !sameID(a.Access.OrgID, org.OrgID) && !sameID(a.Identity.OrgID, org.OrgID) {
		doubts = append(doubts, fmt.Sprintf("the access token is of org %s, and the saved org id is %s", a.Access.OrgID, org.OrgID))
	}
	if j := a.Access.JWT; j != nil && j.ClientID != "" && org.ClientID != "" && j.ClientID != org.ClientID {
		doubts = append(doubts, fmt.Sprintf("the access token was issued to the app %s, and the saved client id is %s", brief(j.ClientID), brief(org.ClientID)))
	}
	return doubts
}

// otherID says that a source names another id than the saved one. What either does
// not tell contradicts nothing, nor does what was masked because a token has it too.
func otherID(word, saved, source, told string) []string {
	if saved == "" || told == "" || strings.Contains(told, Masked) || sameID(saved, told) {
		return nil
	}
	return []string{fmt.Sprintf("the saved %s id is %s, and %s names %s", word, saved, source, brief(told))}
}

// OtherThan says where the ids that a source names are those of another org or user
// than the saved ones, in sentences without the full stop. An id of 15 characters
// and one of 18 may name the same; an empty one contradicts nothing. It is safe for
// concurrent use.
func (o Org) OtherThan(source, orgID, userID string) []string {
	return append(otherID("org", o.OrgID, source, orgID), otherID("user", o.UserID, source, userID)...)
}

// OtherScopes says which scopes a source names and the saved ones lack, and the
// other way round, in sentences without the full stop. It is no contradiction: an
// admin can have changed them since. It is safe for concurrent use.
func (o Org) OtherScopes(source string, told []string) []string {
	return scopeDoubts(told, o.Scopes, source+" names the scopes %s, and the saved ones have not those", "the saved scopes have %s, and "+source+" does not name those")
}
