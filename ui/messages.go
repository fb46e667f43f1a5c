package ui

import (
	"time"

	"orgkeep/tokens"
	"orgkeep/tokens/doctor"
	"orgkeep/tokens/keeper"
)

// The messages say what has happened; none asks for anything.
type (
	// steppedMsg is one event of a run; ended says that the run has no more.
	steppedMsg struct {
		run   int
		event keeper.Event
		ended bool
	}
	// storeProbedMsg is what the keychain's probe found; a nil err means usable.
	storeProbedMsg struct{ err error }
	// recoveredMsg is what became of the tokens that the keychain had refused.
	recoveredMsg struct {
		changed []tokens.Org
		waiting []keeper.Waiting
		err     error
		once    bool // asked for by the user, beside the tries that come by themselves
	}
	// quietMsg says that a dialog has waited for a moment.
	quietMsg struct {
		dialog *dialog
		wait   int
	}
	// askedMsg is a question for the user.
	askedMsg struct{ question Question }
	// recoverDueMsg says that it is time for another try.
	recoverDueMsg struct{}
	// accessTestedMsg is what userinfo said of an access token.
	accessTestedMsg struct {
		org tokens.Org
		err error
	}
	// foundMsg is the next finding of an online look; ended says that it has no more.
	foundMsg struct {
		asked   int
		finding keeper.Finding
		more    <-chan keeper.Finding
		ended   bool
	}
	// wholeMsg is an org with the whole of its last failure.
	wholeMsg struct {
		org tokens.Org
		err error
	}
	// historyLoadedMsg is what the ledger has of an org's refreshes.
	historyLoadedMsg struct {
		key      tokens.Key
		last     time.Time // the latest refresh when it was asked for
		attempts []tokens.Attempt
		err      error
	}
	// tokensReadMsg is what the keychain has of an org's tokens; the tokens
	// themselves only where they are to be shown.
	tokensReadMsg struct {
		asked           int
		generation      int64
		anatomy         tokens.Anatomy
		access, refresh tokens.Secret
		err             error
	}
	// revealTickedMsg says that a second of a token on the screen has passed.
	revealTickedMsg struct{ asked int }
	// copiedMsg says that an access token is on the clipboard, or why not.
	copiedMsg struct {
		asked int
		alias string
		err   error
	}
	// copyTickedMsg says that a second of a token on the clipboard has passed.
	copyTickedMsg struct{ asked int }
	// clearedMsg is what became of the clipboard.
	clearedMsg struct {
		alias string
		what  clearing
		err   error
	}
	// reportedMsg is the reports on orgs, for a ticket, or why there are none.
	reportedMsg struct {
		orgs []tokens.Org
		what string // the start of a sentence, where the text is no report
		text string
		// command says that the text is to run, so that its lines are not broken.
		command bool
		err     error
	}
	// rescuedMsg says whether tokens in memory only are in a file now.
	rescuedMsg struct {
		orgs int
		path string
		err  error
	}
	// examinedMsg is a check of the doctor that has ended; over says that all have.
	examinedMsg struct {
		run  int
		step doctor.Step
		over bool
	}
	// clockTickedMsg moves the ages on.
	clockTickedMsg struct{ tick int }
	// spinnerTickedMsg moves the busy rows on.
	spinnerTickedMsg time.Time
	// leaveDueMsg says that leaving has waited long enough.
	leaveDueMsg struct{}
	// signalledMsg is the system telling the program to end.
	signalledMsg struct{}
)
