package salesforce

import "orgkeep/tokens"

const (
	signIn = "Sign in again with the same app."
	kept   = " The saved tokens are kept."
)

// refreshRows are the errors of the token endpoint that a refresh meets
// (Salesforce help, OAuth 2.0 Authorization Errors; REST API guide; the constants of Salesforce's SDKs).
var refreshRows = []row{
	{
		kind: tokens.FailedAnswer, code: "invalid_grant", says: []string{"expired access/refresh token"},
		Explanation: tokens.Explanation{
			Meaning: "The login is over: Salesforce no longer accepts this refresh token." + kept,
			Causes: []string{
				"revoked by the user or an admin, or the app was blocked",
				"unused for too long, or past the lifetime its app allows",
				"more than five approvals of the app for this user: the oldest ends",
				"the app rotates refresh tokens, and an older one was sent",
				"the app lets refresh tokens expire at once, or grants no refresh_token scope",
				"the app's consumer key or secret was changed, or Salesforce froze the user after traffic from an anonymous network",
			},
			Remedy: signIn + " If it happens again, an admin looks at the org's Login History.",
			Who:    you, Do: tokens.DoSignIn,
		},
	},
	{
		kind: tokens.FailedAnswer, code: "invalid_grant", says: []string{"token validity expired"},
		Explanation: tokens.Explanation{
			Meaning: "The login is over. Salesforce does not document what sets off these words." + kept,
			Causes:  []string{"not documented; perhaps the lifetime that the app allows its refresh tokens"},
			Remedy:  signIn,
			Who:     you, Do: tokens.DoSignIn,
		},
	},
	{
		kind: tokens.FailedAnswer, code: "invalid_grant", says: []string{"token request is already being processed"}, again: true,
		Explanation: tokens.Explanation{
			Meaning: "Another refresh with the same token was under way, so this one was turned away." + kept,
			Causes:  []string{"another program or machine refreshes the same login"},
			Remedy:  "Wait a few seconds, then refresh again. orgkeep reads the saved tokens anew first.",
			Who:     you, Retry: true,
		},
	},
	{
		kind: tokens.FailedAnswer, code: "invalid_grant", says: []string{"expired authorization code"}, again: true,
		Explanation: tokens.Explanation{
			Meaning: "On a refresh this is the older wording for: another refresh with the same token was under way." + kept,
			Causes:  []string{"another program or machine refreshes the same login"},
			Remedy:  "Wait a few seconds, then refresh again. orgkeep reads the saved tokens anew first.",
			Who:     you, Retry: true,
		},
	},
	{
		kind: tokens.FailedAnswer, code: "invalid_grant", says: []string{"inactive user"},
		Explanation: inactiveUser,
	},
	{
		kind: tokens.FailedAnswer, code: "invalid_grant", says: []string{"inactive organization"},
		Explanation: inactiveOrg,
	},
	{
		kind: tokens.FailedAnswer, code: "invalid_grant", says: []string{"invalid password"},
		Explanation: tokens.Explanation{
			Meaning: "The endpoint did not accept the password. A refresh sends none; this belongs to the username-password flow." + kept,
			Causes:  []string{"wrong or changed password", "the security token is missing behind it"},
			Remedy:  "Sign in through the browser instead.",
			Who:     you, Do: tokens.DoSignIn,
		},
	},
	{
		kind: tokens.FailedAnswer, code: "invalid_grant", says: []string{"authentication failure"},
		Explanation: tokens.Explanation{
			Meaning: "Salesforce could not authenticate the user behind this login." + kept,
			Causes:  []string{"the password was changed", "the user was deactivated or frozen", "the username-password flow is not allowed for the app"},
			Remedy:  signIn,
			Who:     you, Do: tokens.DoSignIn,
		},
	},
	{
		kind: tokens.FailedAnswer, code: "invalid_grant", says: []string{"ip restricted"},
		Explanation: tokens.Explanation{
			Meaning: "The org does not accept this login from your network or at this hour." + kept,
			Causes:  []string{"the address is outside the login IP ranges", "it is outside the login hours", "the app's IP policy is enforced"},
			Remedy:  "Refresh again from a network or at an hour that is allowed, or ask an admin to relax the app's IP policy.",
			Who:     admin, Retry: true,
		},
	},
	{
		kind: tokens.FailedAnswer, code: "invalid_grant", says: []string{"hasn't approved this consumer"},
		Explanation: tokens.Explanation{
			Meaning: "The user has not approved this app in this org, or the approval was withdrawn." + kept,
			Causes:  []string{"the user never signed in with the app", "the app is not pre-authorised for the user's profile or permission set"},
			Remedy:  "Sign in once in the browser with this app, or ask an admin to pre-authorise it.",
			Who:     you, Do: tokens.DoSignIn,
		},
	},
	{
		kind: tokens.FailedAnswer, code: "invalid_app_access",
		Explanation: tokens.Explanation{
			Meaning: "The app admits only users an admin has approved, and this user is not one of them." + kept,
			Causes:  []string{"Permitted Users is set to admin approved, and the user lacks the profile or permission set"},
			Remedy:  "Ask an admin to give the user a profile or permission set that the app admits. Then refresh again.",
			Who:     admin, Do: tokens.DoRefresh,
		},
	},
	{
		kind: tokens.FailedAnswer, code: "app_not_found",
		Explanation: tokens.Explanation{
			Meaning: "The org does not know the external client app that these tokens belong to." + kept,
			Causes:  []string{"the login URL is that of another org", "the app's package is not installed in this org"},
			Remedy:  "Check the login URL. If it is right, ask an admin to install the app's package.",
			Who:     admin,
		},
	},
	{
		kind: tokens.FailedAnswer, code: "invalid_client_id",
		Explanation: tokens.Explanation{
			Meaning: "The host does not know this client id (consumer key)." + kept,
			Causes:  []string{"the client id is mistyped", "the login URL is that of another org or kind of org", "the app is only minutes old"},
			Remedy:  "Check the client id and the login URL and import again. A new app needs up to 10 minutes.",
			Who:     you,
		},
	},
	{
		kind: tokens.FailedAnswer, code: "invalid_client", says: []string{"app must be installed into org"},
		Explanation: tokens.Explanation{
			Meaning: "The app has to be installed in the org before anybody can use it there." + kept,
			Causes:  []string{"the app is not installed in this org"},
			Remedy:  "Ask an admin to install the app (Setup, Connected Apps OAuth Usage, Install).",
			Who:     admin,
		},
	},
	{
		kind: tokens.FailedAnswer, code: "invalid_client",
		Explanation: invalidClient,
	},
	{
		kind: tokens.FailedAnswer, code: "invalid_client_credentials",
		Explanation: invalidClient,
	},
	{
		kind: tokens.FailedAnswer, code: "inactive_user",
		Explanation: inactiveUser,
	},
	{
		kind: tokens.FailedAnswer, code: "inactive_org",
		Explanation: inactiveOrg,
	},
	{
		kind: tokens.FailedAnswer, code: "rate_limit_exceeded", again: true,
		Explanation: tokens.Explanation{
			Meaning: "This user has used up the logins of this hour (3,600)." + kept,
			Causes:  []string{"a program signs in or refreshes with the same user again and again"},
			Remedy:  "Wait an hour, or as long as the answer asks for, then refresh again. Find the program that signs in so often.",
			Who:     you, Retry: true,
		},
	},
	{
		kind: tokens.FailedAnswer, code: "unsupported_grant_type",
		Explanation: tokens.Explanation{
			Meaning: "The app does not allow the refresh token flow." + kept,
			Causes:  []string{"the flow is switched off for the app", "the host is no Salesforce token endpoint"},
			Remedy:  "Ask an admin to allow the flow in the app's OAuth settings, and check the login URL.",
			Who:     admin,
		},
	},
	{
		kind: tokens.FailedAnswer, code: "invalid_scope", status: []int{400},
		Explanation: badScope,
	},
	{
		kind: tokens.FailedAnswer, anywhere: "data not available",
		Explanation: tokens.Explanation{
			Meaning: "The org does not appear to exist any more." + kept,
			Causes:  []string{"the scratch org or trial has expired", "the org was deleted"},
			Remedy:  "Check in the browser that the org is there. If it is gone, its entry can go too.",
			Who:     you,
		},
	},
	{
		kind: tokens.FailedAnswer, code: "server_error",
		Explanation: serverTrouble,
	},
	{
		kind: tokens.FailedAnswer, code: "temporarily_unavailable", again: true,
		Explanation: serverTrouble,
	},
}

var (
	inactiveUser = tokens.Explanation{
		Meaning: "The user of this login is deactivated or frozen." + kept,
		Causes:  []string{"an admin deactivated or froze the user", "Salesforce froze the user after unusual traffic"},
		Remedy:  "Ask an admin to activate the user. If it still fails, sign in again, or as another user.",
		Who:     admin, Do: tokens.DoRefresh,
	}
	inactiveOrg = tokens.Explanation{
		Meaning: "The org is locked, closed or suspended." + kept,
		Causes:  []string{"the trial has expired", "the org was closed or suspended"},
		Remedy:  "Check the org in the browser. Salesforce can tell why it is closed and renew it.",
		Who:     salesforce,
	}
	invalidClient = tokens.Explanation{
		Meaning: "The client secret is wrong or missing, or the app wants none." + kept,
		Causes:  []string{"the secret was changed or mistyped", "the app requires a secret for refreshes", "the app is public and must not send one"},
		Remedy:  "Compare the client secret with the app's settings, then import again with the right one.",
		Who:     you,
	}
	badScope = tokens.Explanation{
		Meaning: "A scope was asked for that is invalid, unknown or malformed. A refresh asks for none." + kept,
		Causes:  []string{"the app's scopes were changed"},
		Remedy:  "Ask an admin to check the scopes of the app.",
		Who:     admin,
	}
	serverTrouble = tokens.Explanation{
		Meaning: "Salesforce had trouble of its own with this request." + kept,
		Causes:  []string{"a passing fault at Salesforce"},
		Remedy:  "Try again in a minute. If it goes on, look at status.salesforce.com.",
		Who:     salesforce, Retry: true,
	}
)
