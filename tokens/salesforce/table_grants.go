package salesforce

import "orgkeep/tokens"

const anew = "Start the sign-in again from its beginning."

// codeRows are the errors of a code's exchange (RFC 6749 section 4.1, RFC 7636). An
// endpoint that is misled may give them to a refresh all the same.
var codeRows = []row{
	{
		kind: tokens.FailedAnswer, code: "invalid_grant", says: []string{"invalid authorization code"},
		Explanation: tokens.Explanation{
			Meaning: "The code of the sign-in was not accepted: it serves once, for 15 minutes." + kept,
			Causes:  []string{"the code was used before", "it belongs to another app or host"},
			Remedy:  anew, Who: you,
		},
	},
	{
		kind: tokens.FailedAnswer, code: "invalid_grant", says: []string{"code verifier", "code_verifier", "code challenge", "code_challenge"},
		Explanation: verifier,
	},
	{
		kind: tokens.FailedAnswer, code: "invalid_request", says: []string{"code verifier", "code_verifier", "code challenge", "code_challenge"},
		Explanation: verifier,
	},
	{
		kind: tokens.FailedAnswer, code: "redirect_uri_mismatch",
		Explanation: tokens.Explanation{
			Meaning: "The callback URL is not one of those the app lists." + kept,
			Causes:  []string{"another port, scheme or path than in the app's settings"},
			Remedy:  "Enter the callback URL in the app's settings exactly as it is used, port included.",
			Who:     admin,
		},
	},
	{
		kind: tokens.FailedAnswer, code: "redirect_uri_missing",
		Explanation: tokens.Explanation{
			Meaning: "The request named no callback URL." + kept,
			Causes:  []string{"the program that signed in left it out"},
			Remedy:  anew, Who: you,
		},
	},
}

// otherGrantRows are the errors of the token endpoint that belong to other flows
// than the refresh and the sign-in in the browser.
var otherGrantRows = []row{
	{
		kind: tokens.FailedAnswer, code: "invalid_grant",
		says: []string{"invalid assertion", "audience is invalid", "audience validation failed"},
		Explanation: tokens.Explanation{
			Meaning: "The signed assertion (JWT) was not accepted. A refresh sends none." + kept,
			Causes:  []string{"its audience is not the host's", "its certificate is not the app's", "its time is over"},
			Remedy:  "Check the audience, the certificate and the clock of the program that signs.",
			Who:     you,
		},
	},
	{
		kind: tokens.FailedAnswer, code: "invalid_assertion_type",
		Explanation: tokens.Explanation{
			Meaning: "The kind of assertion was refused. Salesforce does not document when it says so." + kept,
			Causes:  []string{"not documented"},
			Remedy:  "Check the grant of the program that signs in. A refresh sends no assertion.",
			Who:     you,
		},
	},
	{
		kind: tokens.FailedAnswer, code: "invalid_grant", says: []string{"no client credentials user enabled"},
		Explanation: tokens.Explanation{
			Meaning: "The app has no user to act for in the client credentials flow." + kept,
			Causes:  []string{"Run As is not set in the app's policies"},
			Remedy:  "Ask an admin to set the Run As user of the app.",
			Who:     admin,
		},
	},
	{
		kind: tokens.FailedAnswer, code: "authorization_pending",
		Explanation: tokens.Explanation{
			Meaning: "The sign-in on the other device is not finished yet." + kept,
			Causes:  []string{"nobody has entered the code yet"},
			Remedy:  "Enter the code in the browser.",
			Who:     you, Retry: true,
		},
	},
	{
		kind: tokens.FailedAnswer, code: "slow_down",
		Explanation: tokens.Explanation{
			Meaning: "The sign-in on the other device was asked about too often." + kept,
			Causes:  []string{"the program asks in shorter steps than it was told"},
			Remedy:  "Wait a little, then try again.",
			Who:     you, Retry: true,
		},
	},
	{
		kind: tokens.FailedAnswer, code: "invalid_grant", says: []string{"isn't able to grant an access token"},
		Explanation: device,
	},
	{
		kind: tokens.FailedAnswer, code: "invalid_request", says: []string{"device code"},
		Explanation: device,
	},
}

// requestRows are what is left of invalid_request.
var requestRows = []row{
	{
		kind: tokens.FailedAnswer, code: "invalid_request",
		Explanation: tokens.Explanation{
			Meaning: "The endpoint found the request itself wrong; orgkeep or something between it and the host is at fault." + kept,
			Causes:  []string{"HTTPS or POST was required and a proxy changed that", "a fault in orgkeep"},
			Remedy:  "Check the login URL and the proxy. If both are right, report the endpoint's words as a fault of orgkeep.",
			Who:     you,
		},
	},
}

var (
	verifier = tokens.Explanation{
		Meaning: "The proof of the sign-in (PKCE verifier) is missing or does not match its challenge." + kept,
		Causes:  []string{"the sign-in was finished by another program than began it"},
		Remedy:  anew, Who: you,
	}
	device = tokens.Explanation{
		Meaning: "The sign-in with a device code has ended without tokens." + kept,
		Causes:  []string{"the code is over or wrong", "device sign-in is blocked for apps that are not installed in the org"},
		Remedy:  "Sign in through the browser instead.", Who: you, Do: tokens.DoSignIn,
	}
)

// browserRows are the errors of the browser's leg of a sign-in.
var browserRows = []row{
	{
		kind: tokens.FailedAnswer, code: "access_denied",
		Explanation: tokens.Explanation{
			Meaning: "The sign-in was denied in the browser." + kept,
			Causes:  []string{"Deny was pressed"},
			Remedy:  "Sign in again and allow the app.", Who: you, Do: tokens.DoSignIn,
		},
	},
	{
		kind: tokens.FailedAnswer, code: "immediate_unsuccessful",
		Explanation: interaction,
	},
	{
		kind: tokens.FailedAnswer, code: "login_required",
		Explanation: interaction,
	},
	{
		kind: tokens.FailedAnswer, code: "unsupported_response_type",
		Explanation: tokens.Explanation{
			Meaning: "The app does not allow this way to sign in." + kept,
			Causes:  []string{"the flow is switched off for the app"},
			Remedy:  "Ask an admin to allow the flow in the app's OAuth settings.", Who: admin,
		},
	},
	{
		kind: tokens.FailedAnswer, code: "OAUTH_APP_BLOCKED",
		Explanation: tokens.Explanation{
			Meaning: "An admin has blocked this app in the org." + kept,
			Causes:  []string{"the app was blocked under Connected Apps OAuth Usage"},
			Remedy:  "Ask an admin to unblock the app.", Who: admin,
		},
	},
	{
		kind: tokens.FailedAnswer, code: "OAUTH_APP_ACCESS_DENIED",
		Explanation: tokens.Explanation{
			Meaning: "The app admits only users an admin has approved, and this user is not one of them." + kept,
			Causes:  []string{"the user lacks the profile or permission set"},
			Remedy:  "Ask an admin to give the user a profile or permission set that the app admits.", Who: admin,
		},
	},
	{
		kind: tokens.FailedAnswer, code: "OAUTH_EC_APP_NOT_FOUND",
		Explanation: tokens.Explanation{
			Meaning: "The org does not know this external client app." + kept,
			Causes:  []string{"the sign-in went to another org", "the app's package is not installed there"},
			Remedy:  "Check the login URL. If it is right, ask an admin to install the app's package.", Who: admin,
		},
	},
	{
		kind: tokens.FailedAnswer, code: "OAUTH_APPROVAL_ERROR_GENERIC",
		Explanation: tokens.Explanation{
			Meaning: "Salesforce broke the sign-in off without saying why." + kept,
			Causes:  []string{"the user may not approve apps that are not installed", "a scope was asked for that the app lacks", "the user's licence is for the API only"},
			Remedy:  "Ask an admin to install the app or to let the user approve uninstalled apps.", Who: admin,
		},
	},
}

var interaction = tokens.Explanation{
	Meaning: "Salesforce wants the user to sign in or approve in the browser first." + kept,
	Causes:  []string{"no session in the browser, or no approval yet"},
	Remedy:  "Sign in through the browser.", Who: you, Do: tokens.DoSignIn,
}
