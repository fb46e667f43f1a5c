package salesforce

import "orgkeep/tokens"

const renew = "Refresh the org to get a new access token."

// tokenUseRows are the errors of the endpoints that an access token opens, and
// of revoke.
var tokenUseRows = []row{
	{
		kind: tokens.FailedAnswer, code: "unsupported_token_type",
		Explanation: tokens.Explanation{
			Meaning: "The endpoint cannot revoke a token of this kind." + kept,
			Causes:  []string{"the token is neither an access nor a refresh token"},
			Remedy:  "An admin can end the login under Connected Apps OAuth Usage.", Who: admin,
		},
	},
	{
		kind: tokens.FailedAnswer, code: "invalid_token",
		Explanation: tokens.Explanation{
			Meaning: "The token is not valid, or not any more." + kept,
			Causes:  []string{"it has ended or was revoked before"},
			Remedy:  "If it was to be revoked, nothing is left to do. Else refresh the org to get a new access token.", Who: you, Do: tokens.DoRefresh,
		},
	},
	{
		kind: tokens.FailedAnswer, code: "Bad_OAuth_Token",
		Explanation: tokens.Explanation{
			Meaning: "The access token does not work any more. This says nothing about the refresh token." + kept,
			Causes:  []string{"the session has timed out", "it was revoked, or the user logged out"},
			Remedy:  renew, Who: you, Do: tokens.DoRefresh,
		},
	},
	{
		kind: tokens.FailedAnswer, code: "Missing_OAuth_Token",
		Explanation: tokens.Explanation{
			Meaning: "The endpoint saw no access token." + kept,
			Causes:  []string{"perhaps something between took the Authorization header away"},
			Remedy:  "Check the proxy, then try again.", Who: you,
		},
	},
	{
		kind: tokens.FailedAnswer, code: "Invalid_Scope",
		Explanation: tokens.Explanation{
			Meaning: "The access token works, but its scopes do not open this endpoint." + kept,
			Causes:  []string{"the app was granted neither id, openid, api nor full"},
			Remedy:  "None is needed for refreshes. For user details, sign in with the id or openid scope.", Who: you,
		},
	},
	{
		kind: tokens.FailedAnswer, code: "Invalid_Param",
		Explanation: tokens.Explanation{
			Meaning: "The endpoint found the request itself wrong." + kept,
			Causes:  []string{"a fault in orgkeep, or a proxy that changes requests"},
			Remedy:  "Report the endpoint's words as a fault of orgkeep.", Who: you,
		},
	},
	{
		kind: tokens.FailedAnswer, code: "Wrong_Org",
		Explanation: tokens.Explanation{
			Meaning: "The access token belongs to another org than this host." + kept,
			Causes:  []string{"the saved instance URL is that of another org"},
			Remedy:  "Check the org's instance URL, then import its tokens again.", Who: you,
		},
	},
	{
		kind: tokens.FailedAnswer, code: "No_Access",
		Explanation: tokens.Explanation{
			Meaning: "The user may not use this endpoint." + kept,
			Causes:  []string{"a permission is missing"},
			Remedy:  "Ask an admin which permission the user lacks.", Who: admin,
		},
	},
	{
		kind: tokens.FailedAnswer, code: "INVALID_SESSION_ID", says: []string{"not valid for use with the rest api"},
		Explanation: notForREST,
	},
	{
		kind: tokens.FailedAnswer, says: []string{"not valid for use with the rest api"},
		Explanation: notForREST,
	},
	{
		kind: tokens.FailedAnswer, anywhere: "connected app is not attached to agent",
		Explanation: tokens.Explanation{
			Meaning: "The app is not attached to the agent; the access token itself has not ended." + kept,
			Causes:  []string{"the app lacks its tie to the agent"},
			Remedy:  "Ask an admin to attach the app to the agent. A refresh does not help.", Who: admin,
		},
	},
	{
		kind: tokens.FailedAnswer, code: "INVALID_SESSION_ID",
		Explanation: tokens.Explanation{
			Meaning: "The access token has ended or is not valid. This says nothing about the refresh token." + kept,
			Causes:  []string{"the session has timed out", "the user logged out, or the session was ended"},
			Remedy:  renew, Who: you, Do: tokens.DoRefresh,
		},
	},
	{
		kind: tokens.FailedAnswer, code: "API_CURRENTLY_DISABLED",
		Explanation: tokens.Explanation{
			Meaning: "The API is switched off for this user or org." + kept,
			Causes:  []string{"the user lacks the API permission"},
			Remedy:  "Ask an admin to allow API access.", Who: admin,
		},
	},
	{
		kind: tokens.FailedAnswer, code: "REQUEST_LIMIT_EXCEEDED",
		Explanation: tokens.Explanation{
			Meaning: "The org has used up its API calls." + kept,
			Causes:  []string{"a program makes very many calls"},
			Remedy:  "Wait, and ask an admin which program makes the calls.", Who: admin, Retry: true,
		},
	},
}

var notForREST = tokens.Explanation{
	Meaning: "The session behind the access token may not use the REST API. It has not ended." + kept,
	Causes:  []string{"the session is of a kind that the REST API does not take", "the login lacks the scope api"},
	Remedy:  "A refresh does not help. If the login's scopes lack api, sign in again with it; else ask an admin what the user and the app may use.", Who: admin,
}
