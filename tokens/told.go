package tokens

import (
	"net/url"
	"slices"
	"strings"
)

// host is the host that issued the token, else the one that it is for. Salesforce
// puts the org's own URL into both.
func (j *JWT) host() HostReading {
	for _, claim := range []struct {
		name string
		urls []string
	}{{"iss", []string{j.Issuer}}, {"aud", j.Audience}} {
		for _, raw := range claim.urls {
			if base, err := CheckURL(raw); err == nil {
				r := ReadHost(base)
				r.From = claim.name
				return r
			}
		}
	}
	return ReadHost("")
}

// subject is the user that sub names, and the org where it names that: an access
// token has uid:<user>, and an identity URL names both. Any other sub tells
// neither.
func (j *JWT) subject() (org, user string) { return SubjectIDs(j.Subject) }

// SubjectIDs are the ids of the org and the user, of 18 characters, that a sub names
// as Salesforce writes it: uid:<user>, or an identity URL. What it does not name is
// empty. It is safe for concurrent use.
func SubjectIDs(sub string) (org, user string) {
	if id, found := strings.CutPrefix(sub, "uid:"); found {
		if user, err := ID18(id); err == nil {
			return "", user
		}
		return "", ""
	}
	if org, user, err := ParseIdentityURL(sub); err == nil {
		return org, user
	}
	return "", ""
}

// salesforceDomains are the domains that the Salesforce CLI takes tokens to
// (@salesforce/core, util/sfdcUrl.js), and that of Experience Cloud sites.
var salesforceDomains = []string{
	".salesforce.com", ".force.com", ".cloudforce.com", ".salesforce.mil", ".crmforce.mil", ".sfcrmproducts.cn", ".my.site.com",
}

// KeysAt is the scheme and host where the keys of the token's issuer are published
// (OpenID Connect Discovery 1.0 section 4), or why they are not asked for. Anybody
// can put a host of his own into iss and sign with his own key: only hosts of
// Salesforce's, and this machine, are asked. It is safe for concurrent use.
func (j JWT) KeysAt() (base, why string) {
	base, err := CheckURL(j.Issuer)
	switch {
	case j.Issuer == "":
		return "", "it names no issuer whose keys could be asked for"
	case err != nil:
		return "", "its iss is no URL of a host that orgkeep asks"
	}
	if !ofSalesforce(base) {
		return "", "its issuer " + brief(issuerHost(base)) + " is no host of Salesforce's, and keys of its own would prove nothing"
	}
	return base, ""
}

// ofSalesforce reports whether a URL is at a host of Salesforce's, or at this
// machine.
func ofSalesforce(raw string) bool {
	u, err := url.Parse(raw)
	if err != nil {
		return false
	}
	host := plainHost(u.Hostname())
	return loopback(host) || slices.ContainsFunc(salesforceDomains, func(domain string) bool { return strings.HasSuffix(host, domain) })
}

// issuerHost is the host of iss, for comparing.
func issuerHost(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	return hostPort(u)
}
