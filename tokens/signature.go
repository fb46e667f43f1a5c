package tokens

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strings"
)

// Verdict is what came of checking a signature, in the words of the JSON output.
type Verdict string

// The verdicts. CheckNone means that it could not be checked.
const (
	CheckVerified Verdict = "verified"
	CheckMismatch Verdict = "mismatch"
	CheckNone     Verdict = "unchecked"
)

// Check is the result of checking a signature, and why it is that.
type Check struct {
	Verdict Verdict
	Why     string // a sentence without capital and full stop
}

// Text is the check in a line.
func (c Check) Text() string {
	switch c.Verdict {
	case CheckVerified:
		return "verified: " + c.Why
	case CheckMismatch:
		return "does not match: " + c.Why
	case CheckNone:
	}
	return "cannot be checked: " + c.Why
}

// Mismatches says which of the signatures do not match that have been checked: the
// answer's, and those of the JWTs once their Signature is what published keys
// told. They are sentences without the full stop. It is safe for concurrent use.
func (a Anatomy) Mismatches() []string {
	var wrong []string
	tell := func(whose string, c Check) {
		if c.Verdict == CheckMismatch {
			wrong = append(wrong, whose+" signature does not match: "+c.Why)
		}
	}
	tell("the answer's", a.Signature)
	if a.Access.JWT != nil {
		tell("the access token's", a.Access.JWT.Signature)
	}
	if a.ID.JWT != nil {
		tell("the id token's", a.ID.JWT.Signature)
	}
	return wrong
}

// CheckSignature checks the signature of a token answer: the HMAC-SHA256 of id
// and issued_at, as they were received, under the app's client secret, in Base64
// (Salesforce REST API Developer Guide, Understanding the Web Server OAuth
// Authentication Flow). It is safe for concurrent use.
func CheckSignature(s Secrets) Check {
	switch {
	case s.Signature.IsZero():
		return Check{CheckNone, "there is none"}
	case s.ID == "" || s.IssuedAtText == "":
		return Check{CheckNone, "it covers id and issued_at, and they are not both there"}
	case s.ClientSecret.IsZero():
		return Check{CheckNone, "its key is the client secret, and there is none; public clients have none"}
	}
	said, err := base64.StdEncoding.DecodeString(padded(s.Signature.Reveal()))
	if err != nil {
		return Check{CheckMismatch, "the signature is not Base64"}
	}
	mac := hmac.New(sha256.New, []byte(s.ClientSecret.Reveal()))
	mac.Write([]byte(s.ID + s.IssuedAtText))
	if hmac.Equal(mac.Sum(nil), said) {
		return Check{CheckVerified, "id and issued_at are as the holder of the client secret signed them"}
	}
	return Check{CheckMismatch, "id or issued_at was changed, or it was made with another client secret"}
}

// padded completes Base64 whose padding got lost.
func padded(text string) string {
	text = strings.TrimRight(text, "=")
	return text + strings.Repeat("=", (4-len(text)%4)%4)
}
