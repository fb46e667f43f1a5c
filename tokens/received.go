package tokens

import (
	"fmt"
	"strings"
	"time"
)

// Received is an answer as it was received: its status, what of its headers is
// kept, and its body. Its texts are cleaned, and every secret in them is masked.
type Received struct {
	HTTPStatus  int
	ContentType string
	RequestID   string
	Date        time.Time // the Date header; zero if there was none
	Body        string
	BodyCut     bool // the body went on, or broke off
}

// Text writes it down as it came over the wire, with line ends of a newline.
func (r Received) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "HTTP %d\n", r.HTTPStatus)
	if r.ContentType != "" {
		b.WriteString("Content-Type: " + r.ContentType + "\n")
	}
	if !r.Date.IsZero() {
		b.WriteString("Date: " + r.Date.UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT") + "\n")
	}
	if r.RequestID != "" {
		b.WriteString("X-Request-Id: " + r.RequestID + "\n")
	}
	b.WriteString("\n" + strings.TrimRight(r.Body, "\n") + "\n")
	if r.BodyCut {
		b.WriteString("… the body went on, or broke off here\n")
	}
	return b.String()
}

// LastAnswer writes down the answer to the last refresh or sign-in of an org, as
// Received.Text does. It is empty where there was no answer, and where the answer
// that brought the tokens is not kept: another program got it, it came before
// answers were kept, or the org is one of a list.
func LastAnswer(o Org) string {
	switch {
	case o.Last == nil:
		return ""
	case o.Last.Failure == nil:
		return o.Last.Answer
	case o.Last.Failure.HTTPStatus == 0:
		return ""
	}
	f := o.Last.Failure
	return Received{
		HTTPStatus: f.HTTPStatus, ContentType: f.ContentType, RequestID: f.RequestID, Date: o.Last.Date, Body: f.Body, BodyCut: f.BodyCut,
	}.Text()
}
