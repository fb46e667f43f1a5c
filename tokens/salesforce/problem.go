package salesforce

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
)

// The beginnings of Failure.Problem, by which Explain knows a failure again
// after it was stored.
const (
	problemNoHost          = "the host name was not found"
	problemDNS             = "the host name could not be looked up"
	problemRefused         = "the host refused the connection"
	problemUnreachable     = "the host cannot be reached"
	problemUnknownCA       = "the certificate was signed by an authority this machine does not know"
	problemCertTime        = "the certificate is not valid at this time"
	problemCertName        = "the certificate belongs to another host"
	problemCert            = "the certificate was not accepted"
	problemNotTLS          = "the host did not answer in TLS"
	problemTLSAlert        = "the host broke off the TLS handshake"
	problemProxy           = "the proxy refused"
	problemProxyAway       = "the proxy cannot be reached"
	problemConnectTime     = "no connection came about in the time allowed"
	problemWholeTime       = "no whole answer came in the time allowed"
	problemReset           = "the connection was reset"
	problemClosed          = "the connection was closed"
	problemGzip            = "the compressed answer cannot be unpacked"
	problemBrokeOff        = "its body broke off"
	problemEmpty           = "the answer is empty"
	problemNotJSON         = "the answer is not JSON"
	problemNoError         = "the JSON names no error"
	problemTooLong         = "the JSON is longer than orgkeep reads (64 KiB) and names no error before that"
	problemMalformed       = "the answer is not HTTP"
	problemRedirect        = "the host answered with a redirect to"
	problemNoGrant         = "the answer brought no usable tokens"
	problemNoUserinfo      = "the answer names no user"
	problemNoIntrospection = "the answer does not say whether the token is active"
	problemNotRevoked      = "the answer does not confirm that the token was revoked"
	problemNoVersions      = "the answer names no version of the API"
	problemNoLimits        = "the answer names no limits"
	problemNoOrganization  = "the answer does not hold the org's record"
	problemNoKeys          = "the answer holds no published keys"
	problemRevokeSent      = "the token was sent to be revoked and no whole answer came"
	problemIntrospectSent  = "the token was sent to be looked at and no whole answer came"
	problemSignInSent      = "the code of the sign-in was sent and no whole answer came"
	problemState           = "the callback belongs to another sign-in"
	problemNoCode          = "the callback has neither a code nor an error"
	// ProblemNoBrowser is that of a sign-in whose time was over before the browser
	// came back; ProblemOnlyStrange, where a page of another sign-in came instead.
	ProblemNoBrowser   = "the browser has not come back in time"
	ProblemOnlyStrange = "only a page of another sign-in has come back"
	// ProblemSignInOff is that of a sign-in that was called off.
	ProblemSignInOff = "the sign-in was called off"
	// ProblemNoRefreshGrant and ProblemIncomplete are those of a sign-in whose
	// answer cannot be saved as a login.
	ProblemNoRefreshGrant = "the answer has no refresh token"
	ProblemIncomplete     = "the answer does not make a login"

	problemCodeOver       = "the code of the sign-in is over"
	problemPort           = "the port that the browser comes back to is taken"
	problemNoListen       = "the port that the browser comes back to cannot be listened on"
	problemNoCallback     = "this is not the callback's URL"
	problemCancelled      = "cancelled before the refresh token was sent"
	problemCalledOff      = "cancelled before it was sent"
	problemNoRefreshToken = "no refresh token is saved for this org"
	problemNoAccessToken  = "no access token is saved for this org"
	problemNoClientID     = "no client id is saved for this org"
	problemNoClientSecret = "no client secret is saved for this org"
	problemNoToken        = "no such token is saved for this org"
	problemNoVersion      = "no version of the org's API is known"
	problemKeysElsewhere  = "the published keys are at another host"

	problemIssuerElsewhere = "the published issuer is a host of somebody else's"
)

// proxyRefusalError is a proxy's answer to CONNECT that is not 200.
type proxyRefusalError struct{ status int }

func (p proxyRefusalError) Error() string {
	return fmt.Sprintf("HTTP %d %s", p.status, http.StatusText(p.status))
}

func checkProxy(_ context.Context, _ *url.URL, _ *http.Request, res *http.Response) error {
	if res.StatusCode != http.StatusOK {
		return proxyRefusalError{res.StatusCode}
	}
	return nil
}

// problem words an error of net/http in the order from the most telling to the
// most general. The error's own text is used only where it can hold nothing of
// the request; the caller masks and cleans it all the same.
func problem(err error, at phase) string {
	for _, words := range []func(error) string{timeProblem, proxyProblem, dnsProblem, tlsProblem, connectionProblem, answerProblem} {
		if text := words(err); text != "" {
			return text
		}
	}
	switch at {
	case handshake:
		return problemTLSAlert + ": " + innermost(err)
	case starting, resolving, connecting:
		return problemUnreachable + ": " + innermost(err)
	case sending, waiting, reading, phases:
	}
	return innermost(err)
}

func timeProblem(err error) string {
	var netErr net.Error
	switch {
	case errors.Is(err, errWholeTime):
		return problemWholeTime
	case errors.Is(err, errConnectTime), errors.As(err, &netErr) && netErr.Timeout():
		return problemConnectTime
	}
	return ""
}

func proxyProblem(err error) string {
	var refusal proxyRefusalError
	var op *net.OpError
	switch {
	case errors.As(err, &refusal):
		return problemProxy + ": " + refusal.Error()
	case errors.As(err, &op) && op.Op == "proxyconnect", errors.As(err, &op) && strings.HasPrefix(op.Op, "socks"):
		return problemProxyAway + ": " + innermost(op.Err)
	}
	return ""
}

func dnsProblem(err error) string {
	var dns *net.DNSError
	switch {
	case !errors.As(err, &dns):
		return ""
	case dns.IsNotFound:
		return problemNoHost
	}
	return problemDNS + ": " + dns.Err
}

func tlsProblem(err error) string {
	var (
		authority x509.UnknownAuthorityError
		invalid   x509.CertificateInvalidError
		name      x509.HostnameError
		cert      *tls.CertificateVerificationError
		alert     tls.AlertError
		header    tls.RecordHeaderError
	)
	switch {
	case errors.As(err, &authority):
		return problemUnknownCA
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return problemCertTime + ": " + invalid.Error()
	case errors.As(err, &name):
		return problemCertName + ": " + name.Error()
	case errors.As(err, &cert):
		return problemCert + ": " + innermost(cert.Err)
	case errors.As(err, &alert):
		return problemTLSAlert + ": " + alert.Error()
	case errors.As(err, &header), errors.Is(err, http.ErrSchemeMismatch):
		return problemNotTLS
	}
	return ""
}

func connectionProblem(err error) string {
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return problemRefused
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, syscall.ECONNABORTED):
		return problemReset
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH):
		return problemUnreachable
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed), errors.Is(err, errStale),
		strings.Contains(err.Error(), "server closed idle connection"):
		return problemClosed
	}
	return ""
}

func answerProblem(err error) string {
	text := err.Error()
	switch {
	case errors.Is(err, errGzip), strings.HasPrefix(innermost(err), "gzip:"), strings.HasPrefix(innermost(err), "flate:"):
		return problemGzip
	case strings.Contains(text, "malformed HTTP"), strings.Contains(text, "malformed MIME"):
		return problemMalformed
	case strings.Contains(text, "remote error: tls"):
		return problemTLSAlert + ": " + innermost(err)
	}
	return ""
}

// innermost is the text of the error that all others wrap: what went wrong,
// without addresses and without the request.
func innermost(err error) string {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return shorten(err.Error())
		}
		err = inner
	}
}
