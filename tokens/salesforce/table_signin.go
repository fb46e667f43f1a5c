package salesforce

import "orgkeep/tokens"

// signInRows are the answers of Salesforce to a sign-in, in the browser and at the
// exchange of the code, that mean another thing there than to a refresh, or need
// another remedy. browserRows and codeRows stand behind them.
var signInRows = []row{
	{
		kind: tokens.FailedAnswer, code: "invalid_scope",
		Explanation: tokens.Explanation{
			Meaning: "The app does not allow a scope that the sign-in asked for.",
			Causes:  []string{"the app's settings do not list the scope", "the scope is mistyped"},
			Remedy:  "Ask an admin to add the scope to the app's OAuth settings, or ask for other scopes with --scope.", Who: admin,
		},
	},
	{
		kind: tokens.FailedAnswer, code: "invalid_client_id",
		Explanation: tokens.Explanation{
			Meaning: "The host does not know this client id (consumer key).",
			Causes:  []string{"the client id is mistyped", "the host is that of another org or kind of org", "the browser was signed in to another org", "the app is only minutes old"},
			Remedy:  "Check the client id and the host, then begin again. A new app needs up to 10 minutes.", Who: you,
		},
	},
	{
		kind: tokens.FailedAnswer, code: "invalid_client", says: []string{"app must be installed into org"},
		Explanation: tokens.Explanation{
			Meaning: "The app has to be installed in the org before anybody can sign in with it there.",
			Causes:  []string{"the app is not installed in this org"},
			Remedy:  "Ask an admin to install the app (Setup, Connected Apps OAuth Usage, Install), then begin again.", Who: admin,
		},
	},
	{
		kind: tokens.FailedAnswer, code: "invalid_client",
		Explanation: signInSecret,
	},
	{
		kind: tokens.FailedAnswer, code: "invalid_client_credentials",
		Explanation: signInSecret,
	},
	{
		kind: tokens.FailedAnswer, code: "invalid_app_access",
		Explanation: notAdmitted,
	},
	{
		kind: tokens.FailedAnswer, code: "OAUTH_APP_ACCESS_DENIED",
		Explanation: notAdmitted,
	},
	{
		kind: tokens.FailedAnswer, code: "app_not_found",
		Explanation: noSuchApp,
	},
	{
		kind: tokens.FailedAnswer, code: "OAUTH_EC_APP_NOT_FOUND",
		Explanation: noSuchApp,
	},
	{
		kind: tokens.FailedAnswer, code: "invalid_grant", says: []string{"ip restricted"},
		Explanation: tokens.Explanation{
			Meaning: "The org does not let this user in from your network or at this hour.",
			Causes:  []string{"the address is outside the login IP ranges", "it is outside the login hours", "the app's IP policy is enforced"},
			Remedy:  "Sign in from a network or at an hour that is allowed, or ask an admin to relax the app's IP policy.", Who: admin, Retry: true,
		},
	},
	{
		kind: tokens.FailedAnswer, code: "invalid_grant", says: []string{"inactive user"},
		Explanation: signInInactive,
	},
	{
		kind: tokens.FailedAnswer, code: "inactive_user",
		Explanation: signInInactive,
	},
	{
		kind: tokens.FailedAnswer, code: "invalid_grant", says: []string{"inactive organization"},
		Explanation: inactiveOrg,
	},
	{
		kind: tokens.FailedAnswer, code: "inactive_org",
		Explanation: inactiveOrg,
	},
	{
		kind: tokens.FailedAnswer, code: "invalid_grant", says: []string{"authentication failure"},
		Explanation: tokens.Explanation{
			Meaning: "Salesforce could not authenticate the user.",
			Causes:  []string{"the password was changed", "the user was deactivated or frozen"},
			Remedy:  "Check in the browser that the user can log in to the org, then begin again.", Who: you, Do: tokens.DoSignIn,
		},
	},
	{
		kind: tokens.FailedAnswer, code: "invalid_grant", says: []string{"hasn't approved this consumer"},
		Explanation: tokens.Explanation{
			Meaning: "The user has not approved this app in this org.",
			Causes:  []string{"Allow was not pressed", "the app is not pre-authorised for the user's profile or permission set"},
			Remedy:  "Begin again and allow the app in the browser, or ask an admin to pre-authorise it.", Who: you, Do: tokens.DoSignIn,
		},
	},
	{
		kind: tokens.FailedAnswer, code: "invalid_grant", says: []string{"expired access/refresh token", "token validity expired", "token request is already being processed"},
		Explanation: tokens.Explanation{
			Meaning: "Salesforce took the code of the sign-in and gave no tokens for it. It does not document these words for a sign-in.",
			Causes:  []string{"not documented; perhaps the code was sent before", "the app lets its tokens expire at once"},
			Remedy:  anew, Who: you,
		},
	},
	{
		kind: tokens.FailedAnswer, code: "rate_limit_exceeded",
		Explanation: tokens.Explanation{
			Meaning: "This user has used up the logins of this hour (3,600).",
			Causes:  []string{"a program signs in with the same user again and again"},
			Remedy:  "Wait an hour, or as long as the answer asks for, then begin again. Find the program that signs in so often.", Who: you, Retry: true,
		},
	},
	{
		kind: tokens.FailedAnswer, code: "unsupported_grant_type",
		Explanation: tokens.Explanation{
			Meaning: "The app does not allow the sign-in in the browser (the authorization code flow).",
			Causes:  []string{"the flow is switched off for the app", "the host is no Salesforce token endpoint"},
			Remedy:  "Ask an admin to allow the flow in the app's OAuth settings, and check the host.", Who: admin,
		},
	},
	{
		kind: tokens.FailedAnswer, anywhere: "data not available",
		Explanation: tokens.Explanation{
			Meaning: "The org does not appear to exist any more.",
			Causes:  []string{"the scratch org or trial has expired", "the org was deleted", "the host is that of another org"},
			Remedy:  "Check the host, and in the browser whether the org is there.", Who: you,
		},
	},
	{
		kind: tokens.FailedAnswer, code: "server_error",
		Explanation: serverTrouble,
	},
	{
		kind: tokens.FailedAnswer, code: "temporarily_unavailable",
		Explanation: serverTrouble,
	},
}

var (
	signInSecret = tokens.Explanation{
		Meaning: "The client secret is wrong or missing, or the app wants none.",
		Causes:  []string{"the secret was changed or mistyped", "the app requires a secret", "the app is public and must not send one"},
		Remedy:  "Compare the client secret with the app's settings, then begin again with the right one.", Who: you,
	}
	notAdmitted = tokens.Explanation{
		Meaning: "The app admits only users an admin has approved, and this user is not one of them.",
		Causes:  []string{"Permitted Users is set to admin approved, and the user lacks the profile or permission set"},
		Remedy:  "Ask an admin to give the user a profile or permission set that the app admits, then begin again.", Who: admin,
	}
	noSuchApp = tokens.Explanation{
		Meaning: "The org does not know this external client app.",
		Causes:  []string{"the sign-in went to another org", "the app's package is not installed there"},
		Remedy:  "Check the host. If it is right, ask an admin to install the app's package.", Who: admin,
	}
	signInInactive = tokens.Explanation{
		Meaning: "The user is deactivated or frozen.",
		Causes:  []string{"an admin deactivated or froze the user", "Salesforce froze the user after unusual traffic"},
		Remedy:  "Ask an admin to activate the user, or sign in as another one.", Who: admin,
	}
)
