package salesforce

import "orgkeep/tokens"

// asideRows are questions other than a refresh or a sign-in that left, or could not
// leave.
var asideRows = []row{
	{
		kind: tokens.FailedTransport, problem: problemRevokeSent,
		Explanation: tokens.Explanation{
			Meaning: "The token was sent to be revoked and no whole answer came: it may be revoked or not." + kept,
			Causes:  []string{"the network broke", "the host or a proxy before it is slow or faulty"},
			Remedy:  "Revoke again; for a token that is revoked already that does no harm.",
			Who:     you, Retry: true,
		},
	},
	{
		kind: tokens.FailedTransport, problem: problemIntrospectSent,
		Explanation: tokens.Explanation{
			Meaning: "The token was sent to be looked at and no whole answer came. That does not use a token up." + kept,
			Causes:  []string{"the network broke", "the host or a proxy before it is slow or faulty"},
			Remedy:  "Check the network, then ask again.",
			Who:     you, Retry: true,
		},
	},
	{
		kind: tokens.FailedLocal, problem: problemNoClientSecret,
		Explanation: tokens.Explanation{
			Meaning: "Salesforce tells about a token only to apps that show their client secret, and none is saved for this org. Nothing was sent.",
			Causes:  []string{"the app is a public client, which has none", "it was left out of the import"},
			Remedy:  "If the app has a client secret, import the file again and give it. Else test the access token instead.",
			Who:     you,
		},
	},
	{
		kind: tokens.FailedLocal, problem: problemNoVersion,
		Explanation: tokens.Explanation{
			Meaning: "The question needs a version of the org's API, and none is known. Nothing was sent.",
			Causes:  []string{"the org did not tell its versions"},
			Remedy:  "Check the org's instance URL, then look again.",
			Who:     you,
		},
	},
	{
		kind: tokens.FailedLocal, problem: problemKeysElsewhere,
		Explanation: tokens.Explanation{
			Meaning: "The org's discovery document names another host for its keys. orgkeep asks the org's own hosts alone." + kept,
			Causes:  []string{"the host is not that of a Salesforce org", "a proxy answers in its place"},
			Remedy:  "Check the org's instance URL.",
			Who:     you,
		},
	},
	{
		kind: tokens.FailedLocal, problem: problemIssuerElsewhere,
		Explanation: tokens.Explanation{
			Meaning: "The org's discovery document is that of another issuer, which is no host of Salesforce's. Its keys were not asked for." + kept,
			Causes:  []string{"the host is not that of a Salesforce org", "a proxy answers in its place"},
			Remedy:  "Check the org's instance URL.",
			Who:     you,
		},
	},
	{
		kind: tokens.FailedAnswer, problem: tokens.ProblemOtherLogin, aside: true,
		Explanation: tokens.Explanation{
			Meaning: "The org accepts the access token, and says that it belongs to another user or org than the saved login. Nothing of the answer was taken over." + kept,
			Causes:  []string{"the tokens of two logins were mixed up before they were imported", "a test or proxy server answered"},
			Remedy:  "Sign in again, as the user that the login is for.",
			Who:     you, Do: tokens.DoSignIn,
		},
	},
	{
		kind: tokens.FailedLocal, problem: problemNoToken,
		Explanation: tokens.Explanation{
			Meaning: "There is no token of this kind to send. Nothing was sent.",
			Causes:  []string{"the imported file held none"},
			Remedy:  "Nothing is left to do for this kind of token.",
			Who:     you,
		},
	},
}

// asidePages are answers of status 2xx that do not say what was asked.
var asidePages = []row{
	notSaid(problemNotRevoked, "The host answered, but did not confirm that the token was revoked."),
	notSaid(problemNoIntrospection, "The host answered, but not about the token."),
	notSaid(problemNoVersions, "The host answered, but not with the versions of its API."),
	notSaid(problemNoOrganization, "The host answered, but not with the org's record."),
	notSaid(problemNoKeys, "The host answered, but not with the keys that the org signs with."),
	notSaid(problemNoLimits, "The host answered, but not with the org's limits."),
}

func notSaid(problem, what string) row {
	return row{
		kind: tokens.FailedAnswer, problem: problem,
		Explanation: tokens.Explanation{
			Meaning: what + kept,
			Causes:  []string{"a page of a proxy or a sign-in page stood in for the answer", "the URL is not that of a Salesforce org"},
			Remedy:  "Check the org's URLs and the proxy, then ask again.",
			Who:     you, Retry: true,
		},
	}
}
