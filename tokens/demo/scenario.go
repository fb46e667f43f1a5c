package demo

import (
	"net/http"
	"time"

	"orgkeep/tokens"
)

const day = 24 * time.Hour

// role is one org of the scenario: what is saved of it, and how its endpoint
// answers.
type role struct {
	alias, host, username string
	tags                  []string
	app                   app
	age                   time.Duration // of its access token, when the demo starts
	jwtLife               time.Duration // not zero: its access tokens are JWTs of this life
	noRefresh             bool          // it was signed in with a flow that gives no refresh token
	rotation              tokens.Rotation
	rotates               bool          // each refresh brings a new refresh token
	latency               time.Duration // zero: one from the seed
	refusal               *refusal      // what its refreshes are answered with; nil: tokens
	login                 string        // the host that refreshes it, where that is not its own
	west                  bool          // it is on the instance that can be down alone
	reused                bool          // somebody else has used its refresh token already
	unanswered            bool          // the answer to its last refresh was lost

	lastAge  time.Duration // how long ago the last refresh was; zero: none is known
	lastTook time.Duration
}

// app is what a login belongs to. Public clients have no secret.
type app struct {
	id     string
	public bool
}

var (
	cli         = app{id: "PlatformCLI", public: true}
	portal      = app{id: "3MVG9.demo.portal"}
	nightlyJobs = app{id: "3MVG9.demo.nightly-jobs"}
	deletedApp  = app{id: "3MVG9.demo.deleted-app", public: true}
)

// refusal is an answer of the token endpoint that brings no tokens.
type refusal struct {
	status            int
	code, description string
	page              string // not empty: HTML in place of the JSON
	retryAfter        int    // seconds
}

// The refusals of the scenario, in the endpoint's own words.
var (
	grantExpired  = &refusal{status: http.StatusBadRequest, code: "invalid_grant", description: "expired access/refresh token"}
	inactiveUser  = &refusal{status: http.StatusBadRequest, code: "invalid_grant", description: "inactive user"}
	ipRestricted  = &refusal{status: http.StatusBadRequest, code: "invalid_grant", description: "ip restricted"}
	unknownClient = &refusal{status: http.StatusBadRequest, code: "invalid_client_id", description: "client identifier invalid"}
	maintenance   = &refusal{status: http.StatusServiceUnavailable, page: "<!DOCTYPE html>\n<html>\n<head><title>Maintenance</title></head>\n" +
		"<body>\n<h1>We are down for maintenance.</h1>\n<p>Sorry for the inconvenience. We'll be back shortly.</p>\n</body>\n</html>\n"}
)

// mixed has an org in every state.
var mixed = []role{
	{
		alias: "acme-prod", host: "acme.my.salesforce.com", username: "ada@acme.example", tags: []string{"acme"}, app: portal,
		age: 12*time.Minute + 5*time.Second, rotation: tokens.RotationNo,
		lastAge: 12*time.Minute + 5*time.Second, lastTook: 412 * time.Millisecond,
	},
	{
		alias: "acme-uat", host: "acme--uat.sandbox.my.salesforce.com", username: "ada@acme.example.uat", tags: []string{"acme"}, app: portal,
		age: time.Hour + 58*time.Minute, rotation: tokens.RotationUnknown,
	},
	{
		alias: "globex", host: "globex.my.salesforce.com", username: "ops@globex.example", tags: []string{"customer"}, app: cli,
		age: 27*day + 20*time.Hour, rotation: tokens.RotationNo, refusal: grantExpired,
		lastAge: 27*day + 20*time.Hour, lastTook: 531 * time.Millisecond,
	},
	{
		alias: "initech", host: "initech-dev-ed.develop.my.salesforce.com", username: "pat@initech.example", app: cli,
		age: 3*time.Hour + 12*time.Minute, rotation: tokens.RotationUnknown, latency: 4025 * time.Millisecond,
	},
	{
		alias: "hooli", host: "hooli-ci.scratch.my.salesforce.com", username: "scratch@hooli.example", tags: []string{"ci"}, app: nightlyJobs,
		age: 42 * time.Second, jwtLife: 8 * time.Hour, noRefresh: true, rotation: tokens.RotationUnknown,
	},
	{
		alias: "umbrella", host: "umbrella--qa.sandbox.my.salesforce.com", username: "qa@umbrella.example", tags: []string{"customer"}, app: cli,
		age: 26 * time.Hour, rotation: tokens.RotationUnknown, refusal: ipRestricted,
		lastAge: 2 * time.Minute, lastTook: 388 * time.Millisecond,
	},
	{
		alias: "wonka", host: "wonka.my.salesforce.com", username: "violet@wonka.example", tags: []string{"customer"}, app: nightlyJobs,
		age: time.Hour + 49*time.Minute, rotation: tokens.RotationYes, rotates: true,
		lastAge: time.Hour + 49*time.Minute, lastTook: 642 * time.Millisecond,
	},
	{
		alias: "cyberdyne", host: "cyberdyne--dev.sandbox.my.salesforce.com", username: "miles@cyberdyne.example", app: portal,
		age: 6 * time.Minute, jwtLife: 30 * time.Minute, rotation: tokens.RotationUnknown,
	},
	{
		alias: "stark", host: "stark.my.salesforce.com", username: "pepper@stark.example", tags: []string{"customer"}, app: portal,
		age: 9*time.Hour + 41*time.Minute, rotation: tokens.RotationUnknown, refusal: inactiveUser,
	},
	{
		alias: "tyrell", host: "tyrell.my.salesforce.com", username: "rachael@tyrell.example", tags: []string{"customer"}, app: cli,
		age: 2*time.Hour + 20*time.Minute, rotation: tokens.RotationUnknown, refusal: maintenance,
	},
	{
		alias: "vandelay", host: "vandelay-dev-ed.trailblaze.my.salesforce.com", username: "art@vandelay.example", app: cli,
		age: 5*day + 4*time.Hour, rotation: tokens.RotationUnknown, unanswered: true,
		lastAge: 5 * time.Minute, lastTook: 30 * time.Second,
	},
	{
		alias: "wayne", host: "wayne--staging.sandbox.my.salesforce.com", username: "lucius@wayne.example", tags: []string{"customer"},
		app: deletedApp, age: 11*day + 7*time.Hour, rotation: tokens.RotationUnknown, refusal: unknownClient,
	},
}
