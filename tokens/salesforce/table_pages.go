package salesforce

import "orgkeep/tokens"

// pageRows are pages and other texts that are no answer of an endpoint.
var pageRows = []row{
	{
		kind: tokens.FailedAnswer, problem: problemNoGrant, anywhere: "down for maintenance",
		Explanation: maintenanceInstead,
	},
	{
		kind: tokens.FailedAnswer, problem: problemNoGrant, anywhere: "we'll be back shortly",
		Explanation: maintenanceInstead,
	},
	{
		kind: tokens.FailedAnswer, problem: problemNoGrant,
		Explanation: tokens.Explanation{
			Meaning: "The host answered with success, but without readable tokens. The refresh token may have been used up, so orgkeep will not send it again by itself." + kept,
			Causes:  []string{"a page of a proxy or a sign-in page stood in for the answer", "the answer was damaged on its way"},
			Remedy:  "Test the access token. If it fails, sign in again.",
			Who:     you, Do: tokens.DoTest,
		},
	},
	{
		kind: tokens.FailedAnswer, anywhere: "down for maintenance", again: true,
		Explanation: maintenance,
	},
	{
		kind: tokens.FailedAnswer, anywhere: "we'll be back shortly", again: true,
		Explanation: maintenance,
	},
	{
		kind: tokens.FailedAnswer, anywhere: "URL No Longer Exists",
		Explanation: gone,
	},
	{
		kind: tokens.FailedAnswer, anywhere: "Destination URL not reset",
		Explanation: gone,
	},
	{
		kind: tokens.FailedAnswer, problem: problemRedirect,
		Explanation: tokens.Explanation{
			Meaning: "The host sends requests elsewhere. orgkeep does not follow with a token, so nothing was refreshed." + kept,
			Causes:  []string{"the org has a new My Domain name", "the login URL is not that of a token endpoint", "a proxy wants a sign-in first"},
			Remedy:  "If the place it names is the org's new address, import again with that login URL.",
			Who:     you,
		},
	},
	{
		kind: tokens.FailedAnswer, problem: problemNoUserinfo,
		Explanation: tokens.Explanation{
			Meaning: "The host answered, but not with the details of a user. Whether the access token works is not known." + kept,
			Causes:  []string{"a page of a proxy or a sign-in page stood in for the answer"},
			Remedy:  "Check the org's instance URL and the proxy.", Who: you,
		},
	},
}

// statusRows explain answers by their HTTP status alone, where their words say nothing.
var statusRows = []row{
	{
		kind: tokens.FailedAnswer, status: []int{429}, again: true,
		Explanation: tokens.Explanation{
			Meaning: "The host receives too many requests and asks to wait." + kept,
			Causes:  []string{"many requests in a short time"},
			Remedy:  "Wait as long as the host asks for, then try again.", Who: you, Retry: true,
		},
	},
	{
		kind: tokens.FailedAnswer, status: []int{503}, again: true,
		Explanation: tokens.Explanation{
			Meaning: "The host does not serve requests at the moment." + kept,
			Causes:  []string{"maintenance", "a fault at Salesforce"},
			Remedy:  "Try again later. If it goes on, look at status.salesforce.com.", Who: salesforce, Retry: true,
		},
	},
	{
		kind: tokens.FailedAnswer, status: []int{502, 504}, sent: true,
		Explanation: tokens.Explanation{
			Meaning: "A gateway got no usable answer from the endpoint. The refresh token may have been used up, so orgkeep will not send it again by itself." + kept,
			Causes:  []string{"a fault or overload behind the gateway"},
			Remedy:  "Test the access token. If it fails, sign in again.", Who: you, Do: tokens.DoTest,
		},
	},
	{
		kind: tokens.FailedAnswer, status: []int{500, 502, 504},
		Explanation: serverTrouble,
	},
	{
		kind: tokens.FailedAnswer, status: []int{407},
		Explanation: proxyWants,
	},
	{
		kind: tokens.FailedAnswer, status: []int{404}, aside: true,
		Explanation: tokens.Explanation{
			Meaning: "There is no such endpoint at this host." + kept,
			Causes:  []string{"the URL is not that of a Salesforce org", "the org does not offer what was asked for"},
			Remedy:  "Check the org's URL; it ends in my.salesforce.com for most orgs.", Who: you,
		},
	},
	{
		kind: tokens.FailedAnswer, status: []int{404},
		Explanation: tokens.Explanation{
			Meaning: "There is no such endpoint at this host." + kept,
			Causes:  []string{"the login URL is not that of a Salesforce org"},
			Remedy:  "Check the login URL; it ends in my.salesforce.com for most orgs. Then import again.", Who: you,
		},
	},
	{
		kind: tokens.FailedAnswer, anywhere: "<html",
		Explanation: tokens.Explanation{
			Meaning: "The host answered with a web page and not as an endpoint does." + kept,
			Causes:  []string{"the login URL is not that of a Salesforce org", "a proxy or firewall answered in its place", "the org does not exist any more"},
			Remedy:  "Check that the org exists and that the login URL is right.", Who: you,
		},
	},
}

// wordlessRows explain answers that say nothing in words, nor by their status.
var wordlessRows = []row{
	wordless(problemGzip, "it is packed, and what came cannot be unpacked", "a proxy damages answers", "a fault at the host"),
	wordless(problemBrokeOff, "its body broke off", "the network broke", "a fault at the host or at a proxy before it"),
	wordless(problemTooLong, "it is longer than orgkeep reads", "the login URL leads to another service than the token endpoint", "a gateway or proxy answered in the host's place"),
	wordless(problemNoError, "its JSON names none", "the login URL leads to another service than the token endpoint", "a gateway or proxy answered in the host's place"),
	wordless(problemEmpty, "it is empty", "the login URL leads to another service than the token endpoint", "a gateway or proxy answered in the host's place"),
}

func wordless(problem, why string, causes ...string) row {
	return row{
		kind: tokens.FailedAnswer, problem: problem,
		Explanation: tokens.Explanation{
			Meaning: "The answer has no error that could be read: " + why + "." + kept,
			Causes:  causes,
			Remedy:  "Check the login URL and the proxy, then try again.",
			Who:     you, Retry: problem == problemGzip || problem == problemBrokeOff,
		},
	}
}

var (
	maintenanceInstead = tokens.Explanation{
		Meaning: "The host answered with success and a page of maintenance, without tokens. The refresh token may have been used up, so orgkeep will not send it again by itself." + kept,
		Causes:  []string{"the host is down for maintenance", "a proxy put the page in the answer's place"},
		Remedy:  "Test the access token once the maintenance is over. If it fails, sign in again.",
		Who:     you, Do: tokens.DoTest,
	}
	maintenance = tokens.Explanation{
		Meaning: "The host is down for maintenance." + kept,
		Causes:  []string{"Salesforce maintains the instance"},
		Remedy:  "Try again later. status.salesforce.com tells when it ends.", Who: salesforce, Retry: true,
	}
	gone = tokens.Explanation{
		Meaning: "The host says that this address is not there any more. Salesforce does not document the page." + kept,
		Causes:  []string{"the org was deleted, moved or renamed"},
		Remedy:  "Check the org's address in the browser. If it is new, import again with that login URL.", Who: you,
	}
)
