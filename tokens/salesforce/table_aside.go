package salesforce

import "orgkeep/tokens"

// asideRows are questions other than a refresh that left, or could not leave.
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
		kind: tokens.FailedTransport, problem: problemSignInSent,
		Explanation: tokens.Explanation{
			Meaning: "The code of the sign-in was sent and no whole answer came. A code serves once, so it is not sent again. Saved tokens are as they were.",
			Causes:  []string{"the network broke", "the host or a proxy before it is slow or faulty"},
			Remedy:  "Check the network. " + anew,
			Who:     you,
		},
	},
	{
		kind: tokens.FailedCancelled, problem: ProblemNoBrowser,
		Explanation: tokens.Explanation{
			Meaning: "The browser did not come back in time, or the sign-in was called off. Nothing was sent for tokens." + kept,
			Causes:  []string{"the browser's window was closed", "the app does not list the callback URL, which the page says", "the browser runs on another machine"},
			Remedy:  "Begin again. From a browser on another machine, copy the address it ends on and paste it into orgkeep.", Who: you, Retry: true,
		},
	},
	{
		kind: tokens.FailedLocal, problem: ProblemNoRefreshGrant,
		Explanation: tokens.Explanation{
			Meaning: "The sign-in brought an access token and no refresh token, so orgkeep could not renew it. Nothing was saved." + kept,
			Causes:  []string{"the app lacks the scope refresh_token", "the sign-in did not ask for it", "the app's refresh token policy expires it immediately"},
			Remedy:  "Ask an admin to add the scope refresh_token (offline_access) to the app, and sign in again.", Who: admin,
		},
	},
	{
		kind: tokens.FailedLocal, problem: ProblemIncomplete,
		Explanation: tokens.Explanation{
			Meaning: "The tokens came without what tells whose they are or which host they are for. Nothing was saved." + kept,
			Causes:  []string{"the answer named a host that is not Salesforce's", "a proxy before the host changes its answers"},
			Remedy:  "Sign in at the org's My Domain host.", Who: you, Do: tokens.DoSignIn,
		},
	},
	{
		kind: tokens.FailedAnswer, problem: problemCodeOver,
		Explanation: tokens.Explanation{
			Meaning: "The code that the browser brought was over when it was sent: it lives 15 minutes and serves once." + kept,
			Causes:  []string{"it was pasted too late", "it had been used already"},
			Remedy:  anew, Who: you,
		},
	},
	{
		kind: tokens.FailedLocal, problem: problemPort,
		Explanation: tokens.Explanation{
			Meaning: "The browser comes back to a port of this machine, and another program has that port. Nothing was begun.",
			Causes:  []string{"another sign-in is waiting, of orgkeep or of the Salesforce CLI", "a program of another kind uses the port"},
			Remedy:  "End that program, or add a callback URL with another port to the app and give that with --port.", Who: you,
		},
	},
	{
		kind: tokens.FailedLocal, problem: problemNoListen,
		Explanation: tokens.Explanation{
			Meaning: "The browser comes back to a port of this machine, and the system does not let orgkeep have it. Nothing was begun.",
			Causes:  []string{"ports under 1024 are for the system", "a security program forbids it"},
			Remedy:  "Add a callback URL with another port to the app and give that with --port.", Who: you,
		},
	},
	{
		kind: tokens.FailedLocal, problem: problemState,
		Explanation: tokens.Explanation{
			Meaning: "The browser came back with the state of another sign-in, so nothing of its answer was used.",
			Causes:  []string{"an older sign-in page was still open", "another program uses the same port", "somebody tries to slip in a sign-in of their own"},
			Remedy:  anew, Who: you,
		},
	},
	{
		kind: tokens.FailedLocal, problem: problemNoCode,
		Explanation: tokens.Explanation{
			Meaning: "The browser came back without a code and without an error.",
			Causes:  []string{"the address was cut when it was copied", "the app answers in another way than by a code"},
			Remedy:  anew, Who: you,
		},
	},
	{
		kind: tokens.FailedLocal, problem: problemNoCallback,
		Explanation: tokens.Explanation{
			Meaning: "What was pasted is not the address that the browser came back to.",
			Causes:  []string{"another address was copied", "it was cut"},
			Remedy:  "Copy the whole address of the page that the browser ends on, which begins with http://localhost, and paste that.", Who: you,
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
