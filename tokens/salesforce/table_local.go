package salesforce

import "orgkeep/tokens"

// The beginnings of Problems whose rest the caller words, who knows the org.
const (
	// ProblemUnsaved is that of an org that the ledger knows and the store does not.
	ProblemUnsaved = "no tokens are saved for this org"
	// ProblemOlder begins the Problem of a store that was put back to an earlier
	// state, or lost its last write in a power cut.
	ProblemOlder = "the saved tokens are older than those of the last refresh"
	// ProblemSpent begins that of a refresh token that must not be sent again.
	ProblemSpent = "the refresh token was not sent"
	// ProblemMirror begins that of an org whose token file may have a newer one.
	ProblemMirror = "the token file may have newer tokens; nothing was sent"
)

// localRows are failures of this machine, before or after the request.
var localRows = []row{
	{
		kind: tokens.FailedCancelled,
		Explanation: tokens.Explanation{
			Meaning: "The refresh was cancelled before its token was sent. Nothing has changed.",
			Causes:  []string{"it was cancelled here"},
			Remedy:  "Refresh again when you like.",
			Who:     you, Retry: true,
		},
	},
	{
		kind: tokens.FailedAnswer, problem: tokens.ProblemOtherLogin,
		Explanation: tokens.Explanation{
			Meaning: "The endpoint answered with tokens of another org or user. They are saved, since the old refresh token may be spent, but not trusted.",
			Causes:  []string{"the login URL leads to another org", "a test or proxy server answered"},
			Remedy:  "Check the login URL, then sign in again.",
			Who:     you, Do: tokens.DoSignIn,
		},
	},
	{
		kind: tokens.FailedPaused,
		Explanation: tokens.Explanation{
			Meaning: "An earlier answer asked not to send yet, for this org or for another one of the same host or user. Nothing has changed.",
			Causes:  []string{"too many requests or logins in a short time"},
			Remedy:  "Refresh again once the pause is over.",
			Who:     you, Retry: true,
		},
	},
	{
		kind: tokens.FailedShared,
		Explanation: tokens.Explanation{
			Meaning: "The Salesforce CLI has the same refresh token, and the two must not use it behind each other's back. Nothing was sent; nothing has changed.",
			Causes:  []string{"it was imported to be read only", "the CLI is refreshing it now", "the CLI's file is gone or cannot be read or written"},
			Remedy:  "Refresh it with the CLI, or again in a minute. To have it alone, import it again with --take-over, or sign in here.",
			Who:     you, Retry: true,
		},
	},
	{
		kind: tokens.FailedLocal, problem: tokens.ProblemHalfForgotten,
		Explanation: tokens.Explanation{
			Meaning: "Forgetting this org was begun and did not end, so its tokens may be gone here or revoked at Salesforce.",
			Causes:  []string{"the keychain refused", "orgkeep was ended meanwhile"},
			Remedy:  "Forget it again. To keep it instead, refresh it; if that fails, sign in anew.",
			Who:     you, Do: tokens.DoRefresh,
		},
	},
	{
		kind: tokens.FailedLocal, problem: ProblemSpent,
		Explanation: tokens.Explanation{
			Meaning: "The saved refresh token has been replaced by a newer one, or is about to be another entry's. Nothing was sent: to use it once more would end the login.",
			Causes:  []string{"the login is saved twice", "an old file was imported all the same"},
			Remedy:  "Refresh the other entry of this login and forget this one; where there is none, sign in again.",
			Who:     you, Do: tokens.DoSignIn,
		},
	},
	{
		kind: tokens.FailedLocal, problem: ProblemMirror,
		Explanation: tokens.Explanation{
			Meaning: "The token file that is kept in step has another refresh token than the saved one, and nothing tells which is newer. Nothing was sent: an older one would end the login.",
			Causes:  []string{"another program has refreshed and written the file", "an old copy of the file was put back"},
			Remedy:  "Import the file with orgkeep import to go on with its tokens, or move it away to go on with the saved ones; then refresh again.",
			Who:     you, Retry: true,
		},
	},
	{
		kind: tokens.FailedLocal, problem: problemNoRefreshToken,
		Explanation: tokens.Explanation{
			Meaning: "No refresh token is saved for this org, so it can be shown but not refreshed. Nothing was sent.",
			Causes:  []string{"the imported file held none", "the app was not granted the refresh_token scope"},
			Remedy:  "Sign in with the scope refresh_token.",
			Who:     you, Do: tokens.DoSignIn,
		},
	},
	{
		kind: tokens.FailedLocal, problem: problemNoAccessToken,
		Explanation: tokens.Explanation{
			Meaning: "No access token is saved for this org, so there is none to test. Nothing was sent.",
			Causes:  []string{"the imported file held none"},
			Remedy:  renew,
			Who:     you, Do: tokens.DoRefresh,
		},
	},
	{
		kind: tokens.FailedLocal, problem: problemNoClientID,
		Explanation: tokens.Explanation{
			Meaning: "No client id is saved for this org, and the endpoint wants one. Nothing was sent.",
			Causes:  []string{"it was left out of the import"},
			Remedy:  "Import the file again with orgkeep import and name the client id.",
			Who:     you,
		},
	},
	{
		kind: tokens.FailedLocal, problem: tokens.ErrURL.Error(),
		Explanation: tokens.Explanation{
			Meaning: "The saved URL is not one that orgkeep sends a token to. Nothing was sent.",
			Causes:  []string{"it is plain http, or no URL"},
			Remedy:  "Import the file again with orgkeep import and give the login URL as https://host.",
			Who:     you,
		},
	},
	{
		kind: tokens.FailedLocal,
		Explanation: tokens.Explanation{
			Meaning: "Something on this machine stood in the way. Nothing was sent; the saved tokens are kept.",
			Causes:  []string{"it is named above"},
			Remedy:  "Put right what is named above, then try again.",
			Who:     you, Retry: true,
		},
	},
	{
		kind: tokens.FailedKeychain, problem: ProblemUnsaved,
		Explanation: tokens.Explanation{
			Meaning: "The ledger lists this org, and the keychain or vault has no tokens for it. Nothing was sent.",
			Causes:  []string{"they were deleted there", "the ledger was copied from another machine", "the tokens are in the other store"},
			Remedy:  "orgkeep store tells which store is in use. If the tokens are not in the other one, sign in again.",
			Who:     you, Do: tokens.DoSignIn,
		},
	},
	{
		kind: tokens.FailedKeychain, problem: ProblemOlder,
		Explanation: tokens.Explanation{
			Meaning: "The saved refresh token may have been used up, and one that is sent twice can end the login. Nothing was sent.",
			Causes:  []string{"the keychain or vault was put back from a copy", "its last write was lost in a power cut"},
			Remedy:  "Sign in again.",
			Who:     you, Do: tokens.DoSignIn,
		},
	},
	{
		kind: tokens.FailedKeychain, anywhere: "a file of the vault is damaged",
		Explanation: tokens.Explanation{
			Meaning: "A file of the vault is not what was written. No passphrase helps, and nothing was sent.",
			Causes:  []string{"a disk that fails or was full", "a copy or a sync of the folder that was cut short", "another program changed it"},
			Remedy:  "Sign in again. A copy of the file helps if no refresh came after it.",
			Who:     you, Do: tokens.DoSignIn,
		},
	},
	{
		kind: tokens.FailedKeychain, problem: "vault: ",
		Explanation: tokens.Explanation{
			Meaning: "The vault did not give the tokens out. Nothing was sent.",
			Causes:  []string{"it is locked or the passphrase was wrong", "its folder or disk cannot be read or written"},
			Remedy:  "Put right what is named above or give the passphrase, then try again.",
			Who:     you, Retry: true,
		},
	},
	{
		kind: tokens.FailedKeychain, sent: true,
		Explanation: tokens.Explanation{
			Meaning: "The endpoint gave new tokens and the keychain did not take them. The old refresh token may be dead.",
			Causes:  []string{"the keychain is locked or its prompt was dismissed", "the keychain's service does not answer"},
			Remedy:  "Unlock the keychain, then test the access token. If it fails, sign in again.",
			Who:     you, Do: tokens.DoTest,
		},
	},
	{
		kind: tokens.FailedKeychain,
		Explanation: tokens.Explanation{
			Meaning: "The keychain did not give the tokens out. Nothing was sent.",
			Causes:  []string{"the keychain is locked or its prompt was dismissed", "the keychain's service is not running"},
			Remedy:  "Unlock the keychain (or log in to your desktop), then try again.",
			Who:     you, Retry: true,
		},
	},
	{
		kind: tokens.FailedLedger,
		Explanation: tokens.Explanation{
			Meaning: "The ledger, which lists the orgs, could not be written. The tokens themselves are in the keychain.",
			Causes:  []string{"the disk is full", "the data folder cannot be written"},
			Remedy:  "Make room or put the folder's permissions right, then try again.",
			Who:     you, Retry: true,
		},
	},
}
