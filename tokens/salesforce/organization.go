package salesforce

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"time"

	"orgkeep/tokens"
)

const versionsPath = "/services/data/"

// Versions is what an instance tells of its REST API.
type Versions struct {
	Head
	Newest string // as "65.0"
}

// Versions asks the instance for the versions of its REST API. The question goes
// without an access token and counts as no API call of the org. Errors,
// cancelling and concurrent use are as with Userinfo.
func (c *Client) Versions(ctx context.Context, instance string) (Versions, error) {
	host, err := tokens.CheckURL(instance)
	if err != nil {
		return Versions{}, refuse(err.Error(), err)
	}
	newest, head, failure := c.newest(ctx, question{host: host})
	if failure != nil {
		return Versions{Head: head}, failure
	}
	return Versions{Head: head, Newest: newest}, nil
}

// restQuestion is one to the REST API in a version.
func restQuestion(instance, version string, access tokens.Secret) (question, *tokens.Failure) {
	q, failure := bearing(instance, access)
	if failure != nil {
		return q, failure
	}
	if !versionForm.MatchString(version) {
		return q, refuse(problemNoVersion, nil)
	}
	q.path = versionsPath + "v" + version
	return q, nil
}

// Organization is the record that an org has of itself. Texts are cleaned.
type Organization struct {
	Head
	Name     string
	Type     string // OrganizationType: the edition, in Salesforce's words
	Instance string // as "EU42"
	Sandbox  bool   // IsSandbox, which is true of scratch orgs too
	TrialEnd time.Time
	NoTrial  bool   // it says that it is no trial; a record that says nothing of trials does not
	Prefix   string // of the namespace; mostly empty
	APIUsed  int64  // the org's API calls of the last 24 hours, and
	APIMax   int64  // how many it may make; zero when the answer did not say
}

// Kind tells what the record makes the org, by the rule of the Salesforce CLI
// (@salesforce/core, determineOrg): a sandbox that ends is a scratch org.
func (o Organization) Kind() string {
	switch {
	case o.Sandbox && !o.TrialEnd.IsZero():
		return "scratch org"
	case o.Sandbox:
		return "sandbox"
	case !o.TrialEnd.IsZero():
		return "trial"
	}
	return "no sandbox"
}

// OrgType is the type that the record tells, by the rule of the Salesforce CLI for
// sandboxes and scratch orgs (@salesforce/core, determineOrg). A trial can be of any
// use, and a record that leaves trial or edition out tells too little: it is
// tokens.TypeUnknown then.
func (o Organization) OrgType() tokens.Type {
	switch {
	case o.Sandbox && !o.TrialEnd.IsZero():
		return tokens.Scratch
	case o.Sandbox:
		return tokens.Sandbox
	case o.Type == "Developer Edition":
		return tokens.Developer
	case o.NoTrial && o.Type != "":
		return tokens.Production
	}
	return tokens.TypeUnknown
}

const organizationQuery = "SELECT Name, InstanceName, IsSandbox, TrialExpirationDate, NamespacePrefix, OrganizationType FROM Organization"

var errNotOne = errors.New("not one record in it")

// Organization asks for the org's own record, in a version of the REST API that
// Versions told. It counts as one API call of the org. Errors, cancelling and
// concurrent use are as with Userinfo.
func (c *Client) Organization(ctx context.Context, instance, version string, access tokens.Secret) (Organization, error) {
	q, failure := restQuestion(instance, version, access)
	if failure != nil {
		return Organization{}, failure
	}
	q.path += "/query?q=" + url.QueryEscape(organizationQuery)
	var o Organization
	head, failure := c.inquire(ctx, q, problemNoOrganization, func(text string, r reply, m mask) (err error) {
		o, err = parseOrganization(text, m)
		o.APIUsed, o.APIMax = apiUsage(m.line(r.header.Get("Sforce-Limit-Info")))
		return err
	})
	if failure != nil {
		return Organization{Head: head}, failure
	}
	o.Head = head
	return o, nil
}

func parseOrganization(text string, m mask) (Organization, error) {
	var raw struct {
		Records []struct {
			Name      string          `json:"Name"`
			Type      string          `json:"OrganizationType"`
			Instance  string          `json:"InstanceName"`
			Sandbox   *bool           `json:"IsSandbox"`
			Trial     json.RawMessage `json:"TrialExpirationDate"` // null where it is no trial
			Namespace string          `json:"NamespacePrefix"`
		} `json:"records"`
	}
	if err := json.Unmarshal([]byte(text), &raw); err != nil {
		return Organization{}, fmt.Errorf("reading the org's record: %w", err)
	}
	if len(raw.Records) != 1 || raw.Records[0].Sandbox == nil {
		return Organization{}, fmt.Errorf("reading the org's record: %w", errNotOne)
	}
	r := raw.Records[0]
	o := Organization{
		Name: m.line(r.Name), Type: m.line(r.Type), Instance: m.line(r.Instance), Sandbox: *r.Sandbox, Prefix: m.line(r.Namespace),
	}
	var ends string
	if o.NoTrial = string(r.Trial) == "null"; o.NoTrial || len(r.Trial) == 0 {
		return o, nil
	}
	if err := json.Unmarshal(r.Trial, &ends); err != nil {
		return Organization{}, fmt.Errorf("reading the org's record: %w", err)
	}
	if ends == "" {
		return o, nil
	}
	// As "2026-12-01T08:00:00.000+0000".
	at, err := time.Parse("2006-01-02T15:04:05.999-0700", ends)
	if err != nil {
		return Organization{}, fmt.Errorf("reading the org's record: %w", err)
	}
	o.TrialEnd = at.UTC()
	return o, nil
}
