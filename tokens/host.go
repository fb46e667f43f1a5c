package tokens

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strings"
)

// Type is the kind of an org, read off the host name of its instance URL: the
// partition of My Domain names, or the domain of the government and China
// clouds. What the host does not tell is TypeUnknown, unless the org's own
// record told it, here or to the Salesforce CLI.
type Type string

// The types, in the words of the JSON output.
const (
	Production  Type = "production"
	Sandbox     Type = "sandbox"
	Scratch     Type = "scratch"
	Developer   Type = "developer"
	Trailhead   Type = "trailhead"
	DemoOrg     Type = "demo"
	Patch       Type = "patch"
	Government  Type = "government"
	China       Type = "china"
	TypeUnknown Type = "unknown"
)

// Types returns every Type, TypeUnknown last.
func Types() []Type {
	return []Type{Production, Sandbox, Scratch, Developer, Trailhead, DemoOrg, Patch, Government, China, TypeUnknown}
}

// MayBeProduction reports whether an org of this type can hold a business's
// data: the names of government and China clouds do not tell their sandboxes
// apart, and an unknown type rules nothing out.
func (t Type) MayBeProduction() bool {
	switch t {
	case Production, Government, China, TypeUnknown:
		return true
	case Sandbox, Scratch, Developer, Trailhead, DemoOrg, Patch:
	}
	return false
}

// Label is the short word for the type, at most four characters.
func (t Type) Label() string {
	switch t {
	case Production:
		return "PROD"
	case Sandbox:
		return "SBX"
	case Scratch:
		return "SCR"
	case Developer:
		return "DEV"
	case Trailhead:
		return "TRLH"
	case DemoOrg:
		return "DEMO"
	case Patch:
		return "PTCH"
	case Government:
		return "GOV"
	case China:
		return "CN"
	case TypeUnknown:
	}
	return "?"
}

// partitions are the labels between an org's name and my.salesforce.com
// (OrgDomainLog.DomainPartition in Salesforce's Tooling API).
var partitions = map[string]Type{
	"sandbox": Sandbox, "scratch": Scratch, "develop": Developer,
	"trailblaze": Trailhead, "demo": DemoOrg, "patch": Patch,
}

// TypeOf tells the type of the org behind an instance URL.
func TypeOf(instanceURL string) Type {
	u, err := url.Parse(instanceURL)
	if err != nil {
		return TypeUnknown
	}
	host := plainHost(u.Hostname())
	switch {
	case strings.HasSuffix(host, ".salesforce.mil"), strings.HasSuffix(host, ".crmforce.mil"):
		return Government
	case strings.HasSuffix(host, ".sfcrmproducts.cn"), strings.HasSuffix(host, ".sfcrmapps.cn"):
		return China
	case host == "login.salesforce.com":
		return Production
	case host == "test.salesforce.com":
		return Sandbox
	}
	name, found := strings.CutSuffix(host, ".my.salesforce.com")
	if !found {
		return TypeUnknown
	}
	name, partition, partitioned := strings.Cut(name, ".")
	switch {
	case partitioned && partitions[partition] != "":
		return partitions[partition]
	case partitioned && !strings.HasPrefix(partition, "cs"):
		return TypeUnknown
	case partitioned, strings.Contains(name, "--"):
		// Names from before partitions: a sandbox is on a cs instance or has a double hyphen.
		return Sandbox
	case strings.HasSuffix(name, "-dev-ed"):
		return Developer
	}
	return Production
}

// hostForm is what a host and a port are written with. A percent escape in a host
// can hold anything, and names in other scripts are told by their xn-- form.
var hostForm = regexp.MustCompile(`^[A-Za-z0-9._:\[\]-]+$`)

// ErrURL marks a login or instance URL that orgkeep will not send a token to.
var ErrURL = errors.New("not a usable URL")

// CheckURL returns raw as scheme and host alone, or an error wrapping ErrURL. The
// error quotes neither path nor query: people paste URLs that carry a session.
// Tokens go over https; plain http is accepted for loopback addresses only.
func CheckURL(raw string) (string, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Hostname() == "" || !Printable(raw) || !hostForm.MatchString(u.Host) {
		return "", fmt.Errorf("%w: it wants https://host", ErrURL)
	}
	if u.User != nil {
		return "", fmt.Errorf("%w: the URL for %s carries a user name or password", ErrURL, brief(u.Hostname()))
	}
	switch {
	case u.Scheme == "https":
	case u.Scheme == "http" && loopback(u.Hostname()):
	case u.Scheme == "http":
		return "", fmt.Errorf("%w: http://%s is plain http, which would show the token to the network", ErrURL, brief(u.Host))
	default:
		return "", fmt.Errorf("%w: %s://%s (it wants https://host)", ErrURL, brief(u.Scheme), brief(u.Host))
	}
	return u.Scheme + "://" + strings.ToLower(u.Host), nil
}

// plainHost is the name of a host for comparing. A dot behind it names the same
// host (RFC 1034 section 3.1).
func plainHost(host string) string { return strings.TrimSuffix(strings.ToLower(host), ".") }

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// AliasFromURL proposes an alias for an org: the first label of its host, with
// the double hyphen of sandboxes made single ("acme--uat" becomes "acme-uat").
func AliasFromURL(instanceURL string) string {
	u, err := url.Parse(instanceURL)
	if err != nil || u.Hostname() == "" {
		return "org"
	}
	host := strings.ToLower(u.Hostname())
	if net.ParseIP(host) != nil {
		return strings.TrimLeft(strings.ReplaceAll(host, ":", "-"), "-")
	}
	label, _, _ := strings.Cut(host, ".")
	return strings.ReplaceAll(label, "--", "-")
}
