package salesforce

import "orgkeep/tokens"

// signInHereRows are sign-ins that ended on this machine: before the browser was
// sent off, at its return, or at what the answer brought. Like all rows of a
// sign-in they do not say that the saved tokens are kept: Explain adds it where
// there are some.
var signInHereRows = []row{
	{
		kind: tokens.FailedCancelled, problem: ProblemNoBrowser,
		Explanation: tokens.Explanation{
			Meaning: "Salesforce did not send the browser back to orgkeep. Nothing was sent for tokens.",
			Causes: []string{
				"Salesforce shows an error on a page of its own and stays there: redirect_uri_mismatch, or a client id that it does not know",
				"the browser's window was closed", "the browser runs on another machine",
			},
			Remedy: "If the browser shows an error page, put right what it names: the app's callback URL or the client id. From another machine, paste the address the browser ends on.",
			Who:    you, Retry: true,
		},
	},
	{
		kind: tokens.FailedCancelled, problem: ProblemOnlyStrange,
		Explanation: tokens.Explanation{
			Meaning: "A page came back with the state of another sign-in, and nothing of it was used. The page of this one did not come.",
			Causes:  []string{"an older sign-in page was still open", "another program uses the same port", "somebody tries to slip in a sign-in of their own"},
			Remedy:  "Close older sign-in pages. " + anew, Who: you, Retry: true,
		},
	},
	{
		kind: tokens.FailedCancelled,
		Explanation: tokens.Explanation{
			Meaning: "Nothing was sent for tokens.",
			Causes:  []string{"it was called off here, or the program was told to end"},
			Remedy:  "Begin again when you like.", Who: you, Retry: true,
		},
	},
	{
		kind: tokens.FailedTransport, problem: problemSignInSent,
		Explanation: tokens.Explanation{
			Meaning: "The code of the sign-in was sent and no whole answer came. A code serves once, so it is not sent again.",
			Causes:  []string{"the network broke", "the host or a proxy before it is slow or faulty"},
			Remedy:  "Check the network. " + anew,
			Who:     you,
		},
	},
	{
		kind: tokens.FailedLocal, problem: ProblemNoRefreshGrant,
		Explanation: tokens.Explanation{
			Meaning: "The sign-in brought an access token and no refresh token, so orgkeep could not renew it. Nothing was saved.",
			Causes:  []string{"the app lacks the scope refresh_token", "the sign-in did not ask for it", "the app's refresh token policy expires it immediately"},
			Remedy:  "Ask an admin to add the scope refresh_token (offline_access) to the app, and sign in again.", Who: admin,
		},
	},
	{
		kind: tokens.FailedLocal, problem: ProblemIncomplete,
		Explanation: tokens.Explanation{
			Meaning: "What came with the tokens does not tell whose they are or which host they are for. Nothing was saved.",
			Causes:  []string{"the answer named a host that is not Salesforce's", "a proxy before the host changes its answers"},
			Remedy:  "Sign in at the org's My Domain host.", Who: you, Do: tokens.DoSignIn,
		},
	},
	{
		kind: tokens.FailedAnswer, problem: problemCodeOver,
		Explanation: tokens.Explanation{
			Meaning: "The code that the browser brought was over when it was sent: it lives 15 minutes and serves once.",
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
		kind: tokens.FailedLocal, problem: problemNoClientID,
		Explanation: tokens.Explanation{
			Meaning: "No client id was given, and Salesforce wants one. Nothing was begun.",
			Causes:  []string{"it was left out"},
			Remedy:  "Give the consumer key of the app, or PlatformCLI for that of the Salesforce CLI.", Who: you,
		},
	},
	{
		kind: tokens.FailedLocal, problem: tokens.ErrURL.Error(),
		Explanation: tokens.Explanation{
			Meaning: "The host is not one that orgkeep signs in at. Nothing was begun.",
			Causes:  []string{"it is plain http, or no URL"},
			Remedy:  "Give the host as https://host, as a rule the org's My Domain.", Who: you,
		},
	},
	{
		kind: tokens.FailedLocal,
		Explanation: tokens.Explanation{
			Meaning: "Something on this machine stood in the way of the sign-in.",
			Causes:  []string{"it is named above"},
			Remedy:  "Put right what is named above, then try again.", Who: you, Retry: true,
		},
	},
	{
		kind: tokens.FailedKeychain, anywhere: "a file of the vault is damaged",
		Explanation: tokens.Explanation{
			Meaning: "A file of the vault is not what was written. No passphrase helps, and nothing was begun.",
			Causes:  []string{"a disk that fails or was full", "a copy or a sync of the folder that was cut short", "another program changed it"},
			Remedy:  "Put a copy of the file back, or sign in to another store.", Who: you,
		},
	},
	{
		kind: tokens.FailedKeychain, problem: "vault: ",
		Explanation: tokens.Explanation{
			Meaning: "The vault is not ready to take tokens. Nothing was begun.",
			Causes:  []string{"it is locked or the passphrase was wrong", "its folder or disk cannot be read or written"},
			Remedy:  "Put right what is named above or give the passphrase, then try again.", Who: you, Retry: true,
		},
	},
	{
		kind: tokens.FailedKeychain,
		Explanation: tokens.Explanation{
			Meaning: "The keychain is not ready to take tokens. Nothing was begun.",
			Causes:  []string{"the keychain is locked or its prompt was dismissed", "the keychain's service is not running"},
			Remedy:  "Unlock the keychain (or log in to your desktop), then try again.", Who: you, Retry: true,
		},
	},
}
