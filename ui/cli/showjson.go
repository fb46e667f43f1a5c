package cli

import (
	"time"

	"orgkeep/tokens"
)

// shownOrg is the document of orgkeep show --json: the org as orgkeep list
// --json has it, and the whole of its last failure.
type shownOrg struct {
	Version int          `json:"version"`
	Org     listedOrg    `json:"org"`
	Failure *lastFailure `json:"failure"` // null when the last refresh did not fail
	// LastAnswer is the last answer as --curl prints it, null where none is kept.
	LastAnswer *string `json:"last_answer"`
	// Anatomy is null where the tokens were not read; Unread says why then.
	Anatomy *anatomy `json:"anatomy"`
	Unread  *string  `json:"tokens_unread"`
	// Doubts are what does not hold together, in the tokens and with what is saved.
	Doubts []string `json:"doubts"`
	// Online is there with --online alone.
	Online []finding `json:"online,omitempty"`
}

// lastFailure is all there is to say of a failure. Its texts hold no secret.
type lastFailure struct {
	refusal
	Kind        tokens.FailureKind `json:"kind"`
	Phase       *string            `json:"phase"`
	Sent        bool               `json:"sent"`
	Host        *string            `json:"host"`
	ContentType *string            `json:"content_type"`
	Body        *string            `json:"body"`
	BodyCut     bool               `json:"body_cut"`
	RetryAfterS *int64             `json:"retry_after_s"`
	RequestID   *string            `json:"request_id"`
	Known       bool               `json:"known"`
	Meaning     *string            `json:"meaning"`
	Causes      []string           `json:"causes"`
	Remedy      *string            `json:"remedy"`
	Who         *string            `json:"who"`
	Retry       bool               `json:"retry"`
}

func newShownOrg(s shown, now time.Time, limits tokens.Limits) shownOrg {
	document := shownOrg{Version: documentVersion, Org: newListedOrg(s.org, now, limits), LastAnswer: known(tokens.LastAnswer(s.org))}
	if s.org.Last == nil || s.org.Last.Failure == nil {
		return document
	}
	f, e := s.org.Last.Failure, s.explained
	document.Failure = &lastFailure{
		refusal: newRefusal(f), Kind: f.Kind, Phase: known(f.Phase), Sent: f.Sent, Host: known(f.Host),
		ContentType: known(f.ContentType), Body: known(f.Body), BodyCut: f.BodyCut,
		RetryAfterS: known(wholeSeconds(f.RetryAfter)), RequestID: known(f.RequestID),
		Known: e.Known, Meaning: known(e.Meaning), Causes: listed(e.Causes), Remedy: known(e.Remedy), Who: known(e.Who), Retry: e.Retry,
	}
	return document
}
