package salesforce

import "orgkeep/tokens"

// questionRows are failures of requests that are no refresh, where the words for a
// refresh would not be true of them.
var questionRows = []row{
	{
		kind: tokens.FailedCancelled, problem: problemCalledOff, aside: true,
		Explanation: tokens.Explanation{
			Meaning: "The request was called off before it was sent. Nothing has changed.",
			Causes:  []string{"it was cancelled here"},
			Remedy:  "Ask again when you like.",
			Who:     you, Retry: true,
		},
	},
	{
		kind: tokens.FailedTransport, problem: problemNoHost, aside: true,
		Explanation: tokens.Explanation{
			Meaning: "The host name does not exist, as far as this machine can tell. Nothing was sent." + kept,
			Causes:  []string{"no network, or a VPN is needed", "the sandbox or org was deleted or renamed", "the domain is new and not known everywhere yet"},
			Remedy:  "Check the network, then the org's address in the browser.",
			Who:     you, Retry: true,
		},
	},
	{
		kind: tokens.FailedAnswer, problem: problemRedirect, aside: true,
		Explanation: tokens.Explanation{
			Meaning: "The host sends requests elsewhere. orgkeep does not follow with a token, so the question was not answered." + kept,
			Causes:  []string{"the org has a new My Domain name", "the URL is not that of a Salesforce org", "a proxy wants a sign-in first"},
			Remedy:  "If the place it names is the org's new address, sign in there.",
			Who:     you,
		},
	},
}
