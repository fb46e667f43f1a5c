package tokens

import (
	"fmt"
	"strings"
	"time"
)

// Outcome is how a refresh ended.
type Outcome string

// The five outcomes. Unknown means that the request was sent and no whole
// answer came: the refresh token may have been used up. Adopted means that
// another process had refreshed the org and its tokens were taken over. Cancelled
// means that nothing was sent: the user cancelled, or a pause holds the org back
// (FailedPaused). It is not recorded, for nothing has changed.
const (
	OutcomeRefreshed Outcome = "refreshed"
	OutcomeAdopted   Outcome = "adopted"
	OutcomeFailed    Outcome = "failed"
	OutcomeUnknown   Outcome = "unknown"
	OutcomeCancelled Outcome = "cancelled"
)

// Step is where a refresh is on its way.
type Step string

// The steps of a refresh, in their order, in the words of the rows.
const (
	StepQueued     Step = "queued"
	StepLocking    Step = "waiting for lock"
	StepReading    Step = "reading keychain"
	StepContacting Step = "contacting host"
	StepWaiting    Step = "waiting for endpoint"
	StepPausing    Step = "trying again"
	StepSaving     Step = "saving"
	StepDone       Step = "done"
)

// Attempt is one refresh, or one sign-in, as history keeps it. It holds nothing secret.
type Attempt struct {
	At       time.Time
	Trigger  string // "screen", "command" or "watch", or "login" for a sign-in
	Outcome  Outcome
	Duration time.Duration
	Tries    int // requests sent
	Phases   Phases
	Rotated  bool
	// Date is the Date header of the last answer (RFC 9110 section 6.6.1); zero
	// when there was none.
	Date time.Time
	// Skew is how far the endpoint's clock was ahead of this machine's as the last
	// answer came, negative when it was behind; zero when no Date told. It is worth
	// a word from SkewLimit on.
	Skew time.Duration
	// Fingerprint is that of the new access token; empty when none came.
	Fingerprint string
	// Spent is the fingerprint of the refresh token that the new one has replaced,
	// of either length; empty when none was. It is written apart from the history
	// and not read back with it.
	Spent string
	// Answer is the answer that brought the tokens, as it was received but for its
	// secrets (Received.Text). It is written apart from the history, and read back
	// with the Last of one org alone.
	Answer string
	// Failure is what went wrong, nil when the outcome is refreshed or adopted.
	Failure *Failure
}

// Phases are how long the parts of one request took: of an Attempt the last
// request sent, also where it failed. A phase that did not happen is zero, as
// Resolve, Connect and TLS are on a connection that was kept.
type Phases struct {
	Resolve time.Duration // the name lookup
	Connect time.Duration // the TCP handshake
	TLS     time.Duration // the TLS handshake
	Send    time.Duration // until the request had left
	Wait    time.Duration // until the answer's first byte
	Read    time.Duration // the rest of the answer
}

// Text says where the time of a request went, as "connect 12 ms, wait 0.3 s";
// empty where nothing took a millisecond.
func (p Phases) Text() string {
	var parts []string
	for _, phase := range []struct {
		name string
		took time.Duration
	}{{"resolve", p.Resolve}, {"connect", p.Connect}, {"TLS", p.TLS}, {"send", p.Send}, {"wait", p.Wait}, {"read", p.Read}} {
		if phase.took >= time.Millisecond {
			parts = append(parts, phase.name+" "+FormatTook(phase.took))
		}
	}
	return strings.Join(parts, ", ")
}

// ProblemHalfForgotten is the Problem of an org that was about to be forgotten
// when something refused or orgkeep ended.
const ProblemHalfForgotten = "forgetting this org was begun and not finished; its tokens may be gone or revoked"

// ProblemOtherLogin begins the Problem of a failure whose answer was for another
// org or user than the refresh.
const ProblemOtherLogin = "the answer was for another login"

// FailureKind tells which part of the way refused.
type FailureKind string

// The parts that can refuse.
const (
	FailedAnswer    FailureKind = "answer"    // the endpoint answered with an error
	FailedTransport FailureKind = "transport" // no whole answer came
	FailedKeychain  FailureKind = "keychain"  // the keychain or vault refused
	FailedLedger    FailureKind = "ledger"    // the ledger refused
	FailedLocal     FailureKind = "local"     // nothing to send: no refresh token, no client id
	FailedCancelled FailureKind = "cancelled" // the user cancelled before anything was sent
	FailedShared    FailureKind = "shared"    // another program has the refresh token too, and nothing was sent for that
	FailedPaused    FailureKind = "paused"    // an earlier answer asked not to send yet, so nothing was sent
)

// SignInKind tells what a sign-in that failed leaves behind.
type SignInKind string

// The kinds of sign-ins.
const (
	NoSignIn    SignInKind = ""
	SignInNew   SignInKind = "new"   // no tokens are saved for it, as far as is known
	SignInAgain SignInKind = "again" // of a login whose tokens are saved, and stay
)

// Failure is why a refresh failed: the endpoint's own words where there are
// any, else what broke and where. Its texts are cleaned and hold no secret, so
// it may be shown, stored and reported. It is an error.
type Failure struct {
	Kind FailureKind `json:"kind"`
	// Phase is where a request without an answer broke: "resolving",
	// "connecting", "TLS handshake", "sending", "waiting", "reading".
	Phase string `json:"phase,omitempty"`
	// Sent is whether the request had begun to leave with the refresh token.
	Sent bool   `json:"sent,omitempty"`
	Host string `json:"host,omitempty"`
	// Aside is whether the request was no refresh, so that nothing about a refresh
	// token is to be said of it. It is not stored: only refreshes are.
	Aside bool `json:"-"`
	// SignIn is which sign-in the failure is of; NoSignIn for all that is none. It is
	// not stored.
	SignIn SignInKind `json:"-"`

	// HTTPStatus, Code ("error") and Description ("error_description") are as in
	// RFC 6749 section 5.2; zero or empty when the answer had none.
	HTTPStatus  int    `json:"http_status,omitempty"`
	Code        string `json:"error,omitempty"`
	Description string `json:"error_description,omitempty"`
	ContentType string `json:"content_type,omitempty"`
	// Body is the answer's body, up to 64 KiB of it; BodyCut says that it went on.
	Body    string `json:"body,omitempty"`
	BodyCut bool   `json:"body_cut,omitempty"`
	// RetryAfter is what the answer asked for; zero when it did not.
	RetryAfter time.Duration `json:"retry_after,omitempty"`
	RequestID  string        `json:"request_id,omitempty"`

	// Problem is the cause in the words of this machine (a TLS or keychain
	// error), for failures that are no answer.
	Problem string `json:"problem,omitempty"`

	// cause is the error behind Problem, for errors.Is; it is not stored.
	cause error
}

// WithCause returns the failure wrapping err, so that callers can ask
// errors.Is for it.
func (f Failure) WithCause(err error) *Failure {
	f.cause = err
	return &f
}

// Unwrap returns the cause given to WithCause.
func (f *Failure) Unwrap() error { return f.cause }

// Refused reports whether the endpoint itself turned the refresh down (4xx, but
// for 408 and 429, which ask for patience): trying again changes nothing until
// a person has done something.
func (f *Failure) Refused() bool {
	return f.Kind == FailedAnswer && f.HTTPStatus/100 == 4 && f.HTTPStatus != 408 && f.HTTPStatus != 429
}

// OtherLogin reports whether the answer was of another org or user: the tokens that a
// refresh brought, which are saved, and would bring more of the same, or what the
// test of an access token told.
func (f *Failure) OtherLogin() bool {
	return f.Kind == FailedAnswer && strings.HasPrefix(f.Problem, ProblemOtherLogin)
}

// Error says what happened in one line: "HTTP 400 invalid_grant: expired
// access/refresh token", or the problem.
func (f *Failure) Error() string {
	var parts []string
	if f.HTTPStatus != 0 {
		parts = append(parts, fmt.Sprintf("HTTP %d", f.HTTPStatus))
	}
	if f.Code != "" {
		parts = append(parts, f.Code)
	}
	head := strings.Join(parts, " ")
	tail := f.Description
	if tail == "" {
		tail = f.Problem
	}
	switch {
	case head == "" && tail == "":
		return "refresh failed"
	case head == "":
		return tail
	case tail == "":
		return head
	}
	return head + ": " + tail
}

// Explanation is what a Failure means for the person in front of it. The
// endpoint's own words are always shown first; this comes under them.
type Explanation struct {
	// Known is false when the words are not known to orgkeep.
	Known bool
	// Meaning says what happened and what it means for the saved tokens.
	Meaning string
	// Causes are the likely ones, likeliest first.
	Causes []string
	// Remedy says what to do.
	Remedy string
	// Who can do it: "you", "the org's admin", "Salesforce".
	Who string
	// Retry says whether the same refresh may succeed later.
	Retry bool
	// Do is what of the Remedy orgkeep itself can do. The Remedy names no key and
	// no command, since it also goes to people without orgkeep.
	Do Deed
}

// RetryText words Retry.
func (e Explanation) RetryText() string {
	if e.Retry {
		return "may succeed later"
	}
	return "does not help by itself"
}

// Deed is something that mends a failure and that orgkeep can do.
type Deed string

// The deeds. DoTest is the test of the access token, and a new sign-in where
// that fails.
const (
	DoNothing Deed = ""
	DoRefresh Deed = "refresh"
	DoSignIn  Deed = "sign in"
	DoTest    Deed = "test"
)
