package salesforce

import "orgkeep/tokens"

// signInPages are what the exchange of a code met instead of an answer, where the
// words for a refresh would not be true of it.
var signInPages = []row{
	{
		kind: tokens.FailedTransport, problem: problemNoHost, unsent: true,
		Explanation: tokens.Explanation{
			Meaning: "The host name does not exist, as far as this machine can tell.",
			Causes:  []string{"no network, or a VPN is needed", "the host is mistyped", "the sandbox or org was deleted or renamed", "the domain is new and not known everywhere yet"},
			Remedy:  "Check the network and the host, then try again.", Who: you, Retry: true,
		},
	},
	{
		kind: tokens.FailedAnswer, problem: problemNoGrant,
		Explanation: tokens.Explanation{
			Meaning: "The host answered the sign-in with success, but without readable tokens. The code of a sign-in serves once, so it is not sent again.",
			Causes:  []string{"a page of a proxy or of maintenance stood in for the answer", "the answer was damaged on its way"},
			Remedy:  "Check the proxy. " + anew,
			Who:     you,
		},
	},
	{
		kind: tokens.FailedAnswer, anywhere: "URL No Longer Exists",
		Explanation: signInGone,
	},
	{
		kind: tokens.FailedAnswer, anywhere: "Destination URL not reset",
		Explanation: signInGone,
	},
	{
		kind: tokens.FailedAnswer, anywhere: "down for maintenance",
		Explanation: maintenance,
	},
	{
		kind: tokens.FailedAnswer, anywhere: "we'll be back shortly",
		Explanation: maintenance,
	},
	{
		kind: tokens.FailedAnswer, problem: problemRedirect,
		Explanation: tokens.Explanation{
			Meaning: "The host sends requests elsewhere. orgkeep does not follow with the code of a sign-in.",
			Causes:  []string{"the org has a new My Domain name", "the host is not that of a Salesforce org", "a proxy wants a sign-in first"},
			Remedy:  "If the place it names is the org's new address, sign in there.", Who: you,
		},
	},
	{
		kind: tokens.FailedAnswer, status: []int{404},
		Explanation: tokens.Explanation{
			Meaning: "There is no such endpoint at this host.",
			Causes:  []string{"the host is not that of a Salesforce org"},
			Remedy:  "Check the host; it ends in my.salesforce.com for most orgs. Then begin again.", Who: you,
		},
	},
}

var signInGone = tokens.Explanation{
	Meaning: "The host says that this address is not there any more. Salesforce does not document the page.",
	Causes:  []string{"the org was deleted, moved or renamed"},
	Remedy:  "Check the org's address in the browser, and sign in at the new one if it has one.", Who: you,
}
