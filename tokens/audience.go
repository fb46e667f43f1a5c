package tokens

import (
	"fmt"
	"slices"
	"strings"
)

// hostDoubts says where the access token was issued by another host than the one
// that instance_url names, or is for another org's host than both.
func (a *Anatomy) hostDoubts(j *JWT) []string {
	var doubts []string
	instance := ""
	if a.Host.From == "instance_url" {
		instance = a.Host.Host
	}
	issuer := issuerHost(j.Issuer)
	if issuer != "" && instance != "" && issuer != instance && !sharedLogin(issuer) && !sharedLogin(instance) {
		doubts = append(doubts, fmt.Sprintf("the access token was issued by %s, and instance_url names %s", brief(issuer), brief(instance)))
	}
	what, host := "instance_url names", instance
	if orgName(host) == "" {
		what, host = "it was issued by", issuer
	}
	if foreign := forAnother(j.Audience, instance, issuer); foreign != "" && orgName(host) != "" {
		doubts = append(doubts, fmt.Sprintf("the access token is for %s, by its aud, and %s %s", brief(foreign), what, brief(host)))
	}
	return doubts
}

// forAnother is the first host of an audience that is another org's than hosts, if
// none of the audience is of theirs.
func forAnother(audience []string, hosts ...string) string {
	foreign := ""
	for _, raw := range audience {
		host := issuerHost(raw)
		name := orgName(host)
		switch {
		case slices.Contains(hosts, host), name != "" && slices.ContainsFunc(hosts, func(h string) bool { return orgName(h) == name }):
			return ""
		case name != "" && foreign == "":
			foreign = host
		}
	}
	return foreign
}

// orgName is the name of an org in a My Domain host, without the partition, which
// came to such names later. Other hosts name no org for certain.
func orgName(host string) string {
	for _, domain := range []string{".my.salesforce.com", ".my.salesforce.mil", ".my.sfcrmproducts.cn"} {
		if name, is := strings.CutSuffix(host, domain); is {
			name, _, _ = strings.Cut(name, ".")
			return name
		}
	}
	return ""
}

// sharedLogin reports whether a host is one that many orgs log in at: beside an
// org's own it contradicts nothing.
func sharedLogin(host string) bool {
	return host == "login.salesforce.com" || host == "test.salesforce.com"
}

// audienceDoubts says whether the id token is for another app than the one that the
// rest names. The audience of an id token has to hold the client id (OpenID Connect
// Core section 2).
func (a *Anatomy) audienceDoubts(s Specimen) []string {
	app, source := s.ClientID, "the client id is"
	if s.ClientIDFrom != "" {
		app = ""
		if j := a.Access.JWT; j != nil {
			app, source = j.ClientID, "the access token was issued to the app"
		}
	}
	j := a.ID.JWT
	switch {
	case app == "", j == nil, len(j.Audience) == 0, slices.Contains(j.Audience, app):
		return nil
	case s.ClientIDFrom == "" && j.ClientID != "" && j.ClientID != app: // doubtsOf says so
		return nil
	}
	return []string{fmt.Sprintf("the id token is for %s, by its aud, and %s %s", brief(strings.Join(j.Audience, ", ")), source, brief(app))}
}

// renewalDoubts says whether a refresh token is there that no scope of the answer
// brings.
func (a *Anatomy) renewalDoubts(answer []string) []string {
	brings := func(s Scope) bool { return s.Name == "refresh_token" || s.Name == "offline_access" }
	if !a.Refresh.Present() || len(answer) == 0 || slices.ContainsFunc(a.Scopes, brings) {
		return nil
	}
	return []string{"a refresh token is there, and no scope that brings one: refresh_token or offline_access"}
}
