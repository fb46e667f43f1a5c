package salesforce

import (
	"slices"
	"strings"

	"orgkeep/tokens"
)

// who can do something about a failure.
const (
	you        = "you"
	admin      = "the org's admin"
	salesforce = "Salesforce"
)

// row is one line of the table of failures: what it fits, and what that means.
type row struct {
	kind tokens.FailureKind
	// Of an answer. Texts are compared without case; an empty field fits all.
	code     string   // whole
	says     []string // any of them is in the description
	anywhere string   // in code, description, problem or body
	status   []int
	// Of the other kinds.
	problem string // how Failure.Problem begins
	phase   string
	sent    bool // fits only once the refresh token had begun to leave
	aside   bool // fits only what is no refresh
	// unsent has the Meaning go on with the tokens, of which nothing was used up.
	unsent bool
	// again is whether the same refresh may be tried again by the program.
	again bool

	tokens.Explanation
}

// Explain tells what a failure means, what it does to the saved tokens and what
// to do about it. Words that the table does not have are said to be unknown;
// nothing is guessed. It is safe for concurrent use.
func Explain(f *tokens.Failure) tokens.Explanation {
	if f != nil && f.SignIn != tokens.NoSignIn {
		return explainSignIn(f)
	}
	if r := find(f); r != nil {
		e := r.Explanation
		e.Known = true
		e.Causes = slices.Clone(e.Causes)
		switch {
		case r.unsent && f.Aside:
			e.Meaning += kept
		case r.unsent:
			e.Meaning += notSent
		}
		if e.Retry && e.Do == tokens.DoNothing && !f.Aside {
			e.Do = tokens.DoRefresh
		}
		return e
	}
	return tokens.Explanation{
		Meaning: "These words are not known to orgkeep. The saved tokens are kept.",
		Remedy:  "Read the endpoint's own words. Signing in again helps when the login itself is over.",
		Who:     you, Do: tokens.DoSignIn,
	}
}

// explainSignIn is Explain of a sign-in. That the saved tokens are kept is said
// where there are some, whatever row it is, and not where there are none.
func explainSignIn(f *tokens.Failure) tokens.Explanation {
	e := tokens.Explanation{
		Meaning: "These words are not known to orgkeep.",
		Remedy:  "Read Salesforce's own words. " + anew,
		Who:     you,
	}
	if r := find(f); r != nil {
		e = r.Explanation
		e.Known, e.Causes = true, slices.Clone(e.Causes)
		e.Meaning = strings.TrimSuffix(e.Meaning, kept)
		if r.unsent {
			e.Meaning += " The code of the sign-in was not sent."
		}
	}
	if f.SignIn == tokens.SignInAgain {
		e.Meaning += kept
	}
	return e
}

// Transient reports whether the same refresh may be tried again without asking
// the user: nothing was carried out, and the cause passes by itself. It is
// false for every failure that Undecided is true for.
func Transient(f *tokens.Failure) bool {
	if f == nil || Undecided(f) {
		return false
	}
	r := find(f)
	return r != nil && r.again
}

// Undecided reports whether the refresh token may have been used up although no
// new one came: the request had begun to leave, and then no whole answer came,
// or one of status 2xx without an error and without readable tokens, or the
// word of a gateway (502, 504; RFC 9110 section 15.6) that it got no usable
// answer from the endpoint behind it.
func Undecided(f *tokens.Failure) bool {
	switch {
	case f == nil || !f.Sent:
		return false
	case f.Kind == tokens.FailedTransport:
		return true
	case f.Kind != tokens.FailedAnswer:
		return false
	}
	return f.HTTPStatus/100 == 2 && f.Code == "" || f.HTTPStatus == 502 || f.HTTPStatus == 504
}

// Faulty reports whether the endpoint failed by a fault of its own: status 500, or
// the code server_error with any. That is a whole answer, so the outcome is known,
// but it says "an unexpected condition" and not that nothing was done (RFC 9110
// section 15.6.1): a token that rotates may have been replaced before the fault,
// and sent twice it makes Salesforce end the login. The program may therefore send
// again only one that does not rotate; for the others a person decides. A 503 is
// another thing: the request was turned away at the door.
func Faulty(f *tokens.Failure) bool {
	return f != nil && f.Kind == tokens.FailedAnswer && f.Sent && (f.HTTPStatus == 500 || strings.EqualFold(f.Code, "server_error"))
}

// find returns the first row that fits, nil if none does.
func find(f *tokens.Failure) *row {
	if f == nil {
		return nil
	}
	all := table
	if f.SignIn != tokens.NoSignIn {
		all = signInTable
	}
	for _, rows := range all {
		for i := range rows {
			if rows[i].fits(f) {
				return &rows[i]
			}
		}
	}
	return nil
}

// table is searched from its beginning: a row for a code and a description
// stands before one for the code alone, and that before one for a status.
var table = [][]row{asideRows, questionRows, localRows, sentRows, transportRows, refreshRows, codeRows, otherGrantRows, requestRows, browserRows, misplacedRows, tokenUseRows, asidePages, pageRows, statusRows, wordlessRows}

// signInTable is the table for sign-ins, which are explained by no other row: the
// words for a refresh, of importing or of refreshing again, are not true of them.
var signInTable = [][]row{
	signInHereRows, signInRows, codeRows, requestRows, browserRows, signInPages, transportRows, statusRows, wordlessRows,
}

func (r *row) fits(f *tokens.Failure) bool {
	switch {
	case r.kind != f.Kind,
		r.sent && (!f.Sent || f.Aside),
		r.aside && !f.Aside,
		r.phase != "" && r.phase != f.Phase,
		r.problem != "" && !strings.HasPrefix(f.Problem, r.problem),
		r.code != "" && !strings.EqualFold(r.code, f.Code),
		len(r.status) > 0 && !slices.Contains(r.status, f.HTTPStatus),
		len(r.says) > 0 && !says(f.Description, r.says):
		return false
	}
	return r.anywhere == "" || says(strings.Join([]string{f.Code, f.Description, f.Problem, f.Body}, "\n"), []string{r.anywhere})
}

func says(text string, parts []string) bool {
	text = strings.ReplaceAll(strings.ToLower(text), "’", "'")
	return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(text, strings.ToLower(part)) })
}
