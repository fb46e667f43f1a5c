package salesforce

import "orgkeep/tokens"

// misplacedRows are codes about an access token that came as the answer to a
// refresh, which sends none: what helps elsewhere, a refresh, has just failed. A
// failure is of a refresh where its Sent is true.
var misplacedRows = []row{
	misplaced("Bad_OAuth_Token"),
	misplaced("Missing_OAuth_Token"),
	misplaced("INVALID_SESSION_ID"),
	misplaced("Wrong_Org"),
	misplaced("No_Access"),
	misplaced("Invalid_Param"),
	{
		kind: tokens.FailedAnswer, code: "unsupported_token_type", sent: true,
		Explanation: tokens.Explanation{
			Meaning: "The host spoke of a kind of token that it cannot revoke, and a refresh revokes nothing. Salesforce does not document this for a refresh." + kept,
			Causes:  []string{"the login URL leads to another service than the token endpoint", "a gateway or proxy answered in the host's place"},
			Remedy:  "Check the login URL and the proxy. If both are right, sign in again.",
			Who:     you, Do: tokens.DoSignIn,
		},
	},
	{
		kind: tokens.FailedAnswer, code: "invalid_token", sent: true,
		Explanation: tokens.Explanation{
			Meaning: "The token endpoint says that a token is not valid. Salesforce does not document these words for a refresh." + kept,
			Causes:  []string{"not documented; perhaps the login is over", "a gateway or proxy answered in the host's place"},
			Remedy:  signIn,
			Who:     you, Do: tokens.DoSignIn,
		},
	},
	{
		kind: tokens.FailedAnswer, code: "invalid_scope", sent: true,
		Explanation: badScope,
	},
}

func misplaced(code string) row {
	return row{
		kind: tokens.FailedAnswer, code: code, sent: true,
		Explanation: tokens.Explanation{
			Meaning: "The host spoke of an access token, and a refresh sends none. Salesforce does not document this for a refresh." + kept,
			Causes:  []string{"the login URL leads to another service than the token endpoint", "a gateway or proxy answered in the host's place", "not documented; perhaps the login is over"},
			Remedy:  "Check the login URL and the proxy. If both are right, sign in again.",
			Who:     you, Do: tokens.DoSignIn,
		},
	}
}
