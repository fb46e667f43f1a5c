package demo

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"orgkeep/tokens"
)

// Scenario is a set of orgs and how their endpoint answers them.
type Scenario string

// The scenarios.
const (
	// Mixed has an org in every state.
	Mixed Scenario = "mixed"
	// Happy is thirty customers whose access tokens are old, and who can all be
	// refreshed.
	Happy Scenario = "happy"
	// Expired is thirty customers of whom two cannot be refreshed any more.
	Expired Scenario = "expired"
	// Rotation is customers whose app rotates refresh tokens: one that is sent a
	// second time ends the login.
	Rotation Scenario = "rotation"
	// RateLimit is two hosts, one of which asks for patience.
	RateLimit Scenario = "ratelimit"
	// Outage is two instances, one of which is down.
	Outage Scenario = "outage"
)

// Scenarios returns all scenarios, the usual one first.
func Scenarios() []Scenario { return []Scenario{Mixed, Happy, Expired, Rotation, RateLimit, Outage} }

// About says in one line what a scenario shows; empty for one that is not there.
func (s Scenario) About() string {
	switch s {
	case Mixed:
		return "twelve orgs, one in every state"
	case Happy:
		return "thirty customers; all refresh"
	case Expired:
		return "thirty, two of whose logins are over"
	case Rotation:
		return "rotating tokens, and a second use"
	case RateLimit:
		return "two hosts; one asks for patience"
	case Outage:
		return "two instances; one is down"
	}
	return ""
}

// roles are the orgs of a scenario.
func (s Scenario) roles() ([]role, error) {
	switch s {
	case Mixed, "":
		return mixed, nil
	case Happy:
		return customers(len(customerNames)), nil
	case Expired:
		roles := customers(len(customerNames))
		roles[4].refusal, roles[17].refusal = grantExpired, inactiveUser
		return roles, nil
	case Rotation:
		roles := customers(rotatingOrgs)
		for i := range roles {
			roles[i].app, roles[i].rotation, roles[i].rotates = nightlyJobs, tokens.RotationYes, true
		}
		roles[2].reused = true
		return roles, nil
	case RateLimit:
		roles := customers(limitedOrgs)
		for i := range roles {
			if i%2 == 0 {
				roles[i].login = "login.busy.example"
			}
		}
		return roles, nil
	case Outage:
		roles := customers(limitedOrgs)
		for i := range roles {
			roles[i].west = i%2 == 0
		}
		return roles, nil
	}
	names := make([]string, len(Scenarios()))
	for i, known := range Scenarios() {
		names[i] = string(known)
	}
	return nil, fmt.Errorf("there is no scenario %s, use %s", tokens.Clean(string(s)), strings.Join(names, ", "))
}

const rotatingOrgs, limitedOrgs = 8, 12

// customerNames are those of companies that are not there.
var customerNames = []string{
	"aperture", "atlas", "bluebook", "brightside", "cascade", "clearwater", "cobalt", "corvid", "delos", "dunder",
	"everglow", "fernhill", "gringotts", "halcyon", "hanso", "ironwood", "juniper", "kestrel", "larkspur", "massive",
	"monarch", "nakatomi", "oceanic", "paperstreet", "quill", "rekall", "sirius", "treehouse", "virtucon", "weyland",
}

// customers are so many production orgs and sandboxes whose access tokens ran out
// at different times.
func customers(n int) []role {
	roles := make([]role, 0, n)
	for i, name := range customerNames[:n] {
		r := role{
			alias: name, host: name + ".my.salesforce.com", username: "integration@" + name + ".example",
			tags: []string{[]string{"north", "south", "east", "west"}[i%4]}, app: cli,
			age: time.Duration(3+5*i)*time.Hour + time.Duration(7*i%60)*time.Minute, rotation: tokens.RotationNo,
		}
		if i%5 == 3 {
			r.alias, r.host = name+"-uat", name+"--uat.sandbox.my.salesforce.com"
		}
		if i%3 == 0 {
			r.lastAge, r.lastTook = r.age, time.Duration(300+17*i)*time.Millisecond
		}
		roles = append(roles, r)
	}
	return roles
}

// Known reports whether there is such a scenario.
func (s Scenario) Known() bool { return slices.Contains(Scenarios(), s) }
