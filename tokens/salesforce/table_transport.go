package salesforce

import "orgkeep/tokens"

const notSent = " The refresh token was not sent; the saved tokens are kept."

// sentRows are requests that had begun to leave and brought no whole answer.
var sentRows = []row{
	sent(problemWholeTime, "The request was sent and no whole answer came in time.",
		"the host is slow or overloaded", "the network broke while it was answering"),
	sent(problemReset, "The request was sent, then the connection was reset.",
		"a fault at the host or at a proxy or firewall before it", "the network changed or broke"),
	sent(problemClosed, "The request was sent, then the connection was closed before the answer was whole.",
		"a fault at the host or at a proxy before it", "the network broke"),
	sent(problemGzip, "The request was sent and the answer came damaged: it cannot be unpacked.",
		"a proxy damages answers", "a fault at the host"),
	sent(problemMalformed, "The request was sent and what came back is not HTTP.",
		"a proxy or firewall answered in the host's place", "the host is no Salesforce org"),
	sent("", "The request was sent and no whole answer came.",
		"the network broke", "a fault at the host or at a proxy before it"),
}

func sent(problem, what string, causes ...string) row {
	return row{
		kind: tokens.FailedTransport, sent: true, problem: problem,
		Explanation: tokens.Explanation{
			Meaning: what + " The refresh token may have been used up, so orgkeep will not send it again by itself." + kept,
			Causes:  causes,
			Remedy:  "Test the access token. If it fails, sign in again.",
			Who:     you, Do: tokens.DoTest,
		},
	}
}

// transportRows are requests whose refresh token did not leave.
var transportRows = []row{
	{
		kind: tokens.FailedTransport, problem: problemNoHost, unsent: true,
		Explanation: tokens.Explanation{
			Meaning: "The host name does not exist, as far as this machine can tell.",
			Causes:  []string{"the sandbox or org was deleted or renamed", "no network, or a VPN is needed", "the domain is new and not known everywhere yet"},
			Remedy:  "Check the network, then the org's address in the browser. If it has a new one, import again with that login URL.",
			Who:     you, Retry: true,
		},
	},
	{
		kind: tokens.FailedTransport, problem: problemDNS, again: true, unsent: true,
		Explanation: tokens.Explanation{
			Meaning: "The host name could not be looked up.",
			Causes:  []string{"no network", "the name server does not answer"},
			Remedy:  "Check the network or the VPN, then try again.",
			Who:     you, Retry: true,
		},
	},
	{
		kind: tokens.FailedTransport, problem: problemRefused, again: true, unsent: true,
		Explanation: tokens.Explanation{
			Meaning: "Nothing accepts connections at this host and port.",
			Causes:  []string{"a firewall", "a wrong port in the org's URL", "the host is down"},
			Remedy:  "Check the org's URL and the firewall, then try again.",
			Who:     you, Retry: true,
		},
	},
	{
		kind: tokens.FailedTransport, problem: problemUnknownCA, unsent: true,
		Explanation: tokens.Explanation{
			Meaning: "The host's certificate was signed by an authority this machine does not trust, so no token was entrusted to it.",
			Causes:  []string{"a company proxy opens TLS with a certificate of its own", "the host is not the one it says it is"},
			Remedy:  "Ask your IT for the company's CA certificate. Add it to the system's trust, or on Linux name a bundle holding it in SSL_CERT_FILE.",
			Who:     you,
		},
	},
	{
		kind: tokens.FailedTransport, problem: problemCertTime, unsent: true,
		Explanation: tokens.Explanation{
			Meaning: "The host's certificate is not valid now: not yet, or not any more.",
			Causes:  []string{"this machine's clock is wrong", "the certificate has expired"},
			Remedy:  "Compare this machine's clock with another. If it is right, the host's certificate needs renewal.",
			Who:     you,
		},
	},
	{
		kind: tokens.FailedTransport, problem: problemCertName, unsent: true,
		Explanation: tokens.Explanation{
			Meaning: "The certificate is for another host name, so the host is not the one meant.",
			Causes:  []string{"a mistyped or old URL of the org", "a proxy or sign-in page of the network stands between"},
			Remedy:  "Check the org's URL, and open it in the browser to see who answers.",
			Who:     you,
		},
	},
	{
		kind: tokens.FailedTransport, problem: problemCert, unsent: true,
		Explanation: tokens.Explanation{
			Meaning: "The host's certificate was not accepted.",
			Causes:  []string{"a proxy that opens TLS", "a faulty certificate"},
			Remedy:  "Open the org's URL in the browser and look at the certificate.",
			Who:     you,
		},
	},
	{
		kind: tokens.FailedTransport, problem: problemNotTLS, unsent: true,
		Explanation: tokens.Explanation{
			Meaning: "The host answered, but not in TLS.",
			Causes:  []string{"the port is one for plain http", "a proxy answered in the host's place"},
			Remedy:  "Check the org's URL and its port.",
			Who:     you,
		},
	},
	{
		kind: tokens.FailedTransport, problem: problemTLSAlert, unsent: true,
		Explanation: tokens.Explanation{
			Meaning: "The host broke off the TLS handshake.",
			Causes:  []string{"it wants a client certificate", "a firewall or proxy does not let it pass"},
			Remedy:  "Check the proxy and the firewall, and whether the org demands a client certificate.",
			Who:     you, Retry: true,
		},
	},
	{
		kind: tokens.FailedTransport, problem: problemProxy + ": HTTP 407",
		Explanation: proxyWants,
	},
	{
		kind: tokens.FailedTransport, problem: problemProxy, unsent: true,
		Explanation: tokens.Explanation{
			Meaning: "The proxy did not let the connection through.",
			Causes:  []string{"the proxy does not allow this host"},
			Remedy:  "Ask your IT to allow the host, or name it in NO_PROXY if it can be reached directly.",
			Who:     you,
		},
	},
	{
		kind: tokens.FailedTransport, problem: problemProxyAway, again: true, unsent: true,
		Explanation: tokens.Explanation{
			Meaning: "The proxy that this machine is told to use cannot be reached.",
			Causes:  []string{"HTTPS_PROXY names a wrong host or port", "the network or VPN of the proxy is off"},
			Remedy:  "Check HTTPS_PROXY, HTTP_PROXY and NO_PROXY, then try again.",
			Who:     you, Retry: true,
		},
	},
	{
		kind: tokens.FailedTransport, problem: problemConnectTime, again: true, unsent: true,
		Explanation: tokens.Explanation{
			Meaning: "No connection came about in the time allowed.",
			Causes:  []string{"a firewall drops the packets", "the network is slow or off", "a proxy is needed"},
			Remedy:  "Check the network, the VPN and the proxy, then try again.",
			Who:     you, Retry: true,
		},
	},
	{
		kind: tokens.FailedTransport, problem: problemWholeTime, again: true, unsent: true,
		Explanation: tokens.Explanation{
			Meaning: "The time allowed was over before an answer came.",
			Causes:  []string{"the network is slow", "the host is overloaded"},
			Remedy:  "Check the network, then try again.",
			Who:     you, Retry: true,
		},
	},
	{
		kind: tokens.FailedTransport, again: true, unsent: true,
		Explanation: tokens.Explanation{
			Meaning: "The connection broke.",
			Causes:  []string{"the network changed or broke", "a proxy or firewall cut it", "a fault at the host"},
			Remedy:  "Check the network, then try again.",
			Who:     you, Retry: true,
		},
	},
}

var proxyWants = tokens.Explanation{
	Meaning: "The proxy wants a user name and password first." + kept,
	Causes:  []string{"the proxy's variables carry no login, or a wrong one"},
	Remedy:  "Put the proxy's user and password into HTTPS_PROXY (http://user:password@proxy:port), or ask your IT.",
	Who:     you,
}
