package transfer

import (
	"encoding/json"
	"errors"
	"strings"
)

// Errors about what the Salesforce CLI wrote and is no token file. Each says what
// to do instead.
var (
	// ErrSFLogin marks a login file of the Salesforce CLI.
	ErrSFLogin = errors.New("it is a login file of the Salesforce CLI, whose tokens are encrypted with a key kept elsewhere; orgkeep import --from-sf imports the CLI's logins")
	// ErrSFOutput marks the JSON that the Salesforce CLI prints of an org.
	ErrSFOutput = errors.New("it is what the Salesforce CLI prints of an org, which has no refresh token; " + insteadOfRedacted)
	// ErrRedacted marks what stands in a token's place where the Salesforce CLI
	// shows none (since 2.136.8).
	ErrRedacted = errors.New("its tokens were redacted by the Salesforce CLI; " + insteadOfRedacted)
)

const insteadOfRedacted = "orgkeep import --from-sf imports the CLI's logins, and sf org auth show-sfdx-auth-url --json prints one that orgkeep import - reads"

// explainSF says it better where a text that is no answer of a token endpoint is
// the Salesforce CLI's; nil where it is not. Names are matched as they are
// written: an answer has access_token, the CLI accessToken.
func explainSF(text []byte, problem error) error {
	if problem == nil {
		return nil
	}
	var all, result map[string]json.RawMessage
	if json.Unmarshal(text, &all) != nil {
		return nil
	}
	if json.Unmarshal(all["result"], &result) == nil && result != nil {
		all = result
	}
	has := func(names ...string) bool {
		for _, name := range names {
			var value string
			if json.Unmarshal(all[name], &value) == nil && value != "" {
				return true
			}
		}
		return false
	}
	for _, name := range []string{"accessToken", "refreshToken", "sfdxAuthUrl", "access_token", "refresh_token"} {
		var value string
		if json.Unmarshal(all[name], &value) == nil && strings.HasPrefix(value, Redacted) {
			return ErrRedacted
		}
	}
	switch {
	case result == nil && has("accessToken", "refreshToken", "privateKey") && has("orgId", "instanceUrl", "loginUrl"):
		return ErrSFLogin
	case has("accessToken"):
		return ErrSFOutput
	}
	return nil
}
