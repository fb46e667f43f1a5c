package salesforce

import (
	"strings"

	"orgkeep/tokens"
)

// Ended reports whether a failure of a question that an access token opens says
// that this token has ended. A 401 alone does not, since proxies say it too: "This session is not valid for
// use with the REST API" and "Connected app is not attached to Agent" have that
// status and are no expiry (jsforce, http-api isSessionExpired). It is safe for
// concurrent use.
func Ended(f *tokens.Failure) bool {
	if f == nil || f.Kind != tokens.FailedAnswer {
		return false
	}
	return !NotExpiry(f) && (f.Code == "Bad_OAuth_Token" || f.Code == "INVALID_SESSION_ID")
}

// NotExpiry reports whether a 401 is one of those that are no expiry, after which
// a refresh does not help.
func NotExpiry(f *tokens.Failure) bool {
	if f == nil || f.Kind != tokens.FailedAnswer {
		return false
	}
	said := strings.ToLower(f.Description + " " + f.Body)
	return strings.Contains(said, "not valid for use with the rest api") || strings.Contains(said, "connected app is not attached to agent")
}
