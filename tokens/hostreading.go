package tokens

import (
	"net/url"
	"regexp"
	"strings"
)

// ReadHost tells the type of an org by the name of its host, and how.
func ReadHost(instanceURL string) HostReading {
	r := HostReading{Type: TypeOf(instanceURL)}
	u, err := url.Parse(instanceURL)
	if err != nil || u.Hostname() == "" {
		r.How = "no host is known"
		return r
	}
	r.Host, r.From = Clean(hostPort(u)), "instance_url"
	r.How = howOf(plainHost(u.Hostname()), r.Type)
	return r
}

// hostPort is the host of a URL with its port, for comparing.
func hostPort(u *url.URL) string {
	return plainHost(strings.Replace(u.Host, ".:", ":", 1))
}

// instanceName is the name of an instance's host, as na139.salesforce.com, from
// when an org's URL was that of its instance.
var instanceName = regexp.MustCompile(`^[a-z]{2,3}[0-9]{1,4}\.salesforce\.com$`)

func howOf(host string, kind Type) string {
	name, mine := strings.CutSuffix(host, ".my.salesforce.com")
	_, partition, partitioned := strings.Cut(name, ".")
	switch {
	case strings.HasSuffix(host, ".lightning.force.com"), strings.HasSuffix(host, ".lightning.crmforce.mil"), strings.HasSuffix(host, ".lightning.sfcrmapps.cn"):
		return "the host is that of Lightning pages, where no tokens are given; it wants the org's My Domain host"
	case kind == TypeUnknown && strings.HasSuffix(host, ".my.site.com"):
		return "an Experience Cloud site, whose name does not tell the type of its org"
	case kind == TypeUnknown && partitioned && mine:
		return "orgkeep does not know the label " + brief(partition) + " before my.salesforce.com"
	case kind == TypeUnknown && instanceName.MatchString(host):
		return "the name of an instance's host, which does not tell the type of an org"
	case kind == TypeUnknown:
		return "the name has none of the forms of Salesforce's"
	case kind == Government:
		return "the domain of the government cloud, which does not tell sandboxes apart"
	case kind == China:
		return "the domain of the China cloud, which does not tell sandboxes apart"
	case host == "test.salesforce.com":
		return "the login host that sandboxes share, and scratch orgs with them"
	case !mine:
		return "the login host that production and Developer Edition orgs share"
	case partitioned && partitions[partition] != "":
		return "the label " + partition + " before my.salesforce.com"
	case partitioned:
		return "an instance of sandboxes, in the form from before partitions"
	case kind == Sandbox:
		return "the double hyphen, in the form from before partitions"
	case kind == Developer:
		return "the ending -dev-ed, in the form from before partitions"
	}
	return "a name of the org's own with no label before my.salesforce.com"
}

// Text is the reading in a line: the host, the type and what tells it.
func (r HostReading) Text() string {
	if r.Host == "" {
		return r.TypeText()
	}
	return r.Host + ": " + r.TypeText()
}

// TypeText is the type and what tells it.
func (r HostReading) TypeText() string {
	text := string(r.Type) + ", by " + r.How
	if r.Type == TypeUnknown {
		text = "type unknown: " + r.How
	}
	if r.From != "" && r.From != "instance_url" {
		text += " (named by " + r.From + ")"
	}
	return text
}
