package tokens

import (
	"slices"
	"strings"
)

// scopeMeanings says what each scope lets the holder of the access token do
// (Salesforce help, OAuth Tokens and Scopes, and Hybrid App Flow Cookie
// Management; Mobile SDK guide, Scope Parameter Values). Scopes that the login
// host lists as supported and whose meaning none of these tells are left out.
var scopeMeanings = map[string]string{
	"api":                   "Use the org's APIs, such as REST and Bulk, as the user. It includes chatter_api.",
	"full":                  "Use all that the user may use. It includes every other scope, but brings no refresh token: that wants refresh_token beside it.",
	"refresh_token":         "Get a refresh token, so that the login lasts while the user is away.",
	"offline_access":        "Get a refresh token, so that the login lasts while the user is away. The same as refresh_token.",
	"web":                   "Open the org in a browser with the access token. It includes visualforce.",
	"visualforce":           "Open Visualforce pages that customers made, and no standard pages of Salesforce.",
	"lightning":             "Open Lightning apps in a hybrid app. It wants web beside it.",
	"content":               "Open content resources in a hybrid app. It wants web beside it.",
	"id":                    "Read who the user is, by the identity URL.",
	"openid":                "Get a signed OpenID Connect id token that says who the user is.",
	"profile":               "Read who the user is, by the identity URL. The same as id.",
	"email":                 "Read who the user is, by the identity URL. The same as id.",
	"address":               "Read who the user is, by the identity URL. The same as id.",
	"phone":                 "Read who the user is, by the identity URL. The same as id.",
	"custom_permissions":    "See the custom permissions that belong to the app, and which of them the user has.",
	"chatter_api":           "Use the Connect REST API (Chatter).",
	"wave_api":              "Use the CRM Analytics REST API.",
	"eclair_api":            "Use the charts geodata of the CRM Analytics REST API.",
	"pardot_api":            "Use the Account Engagement (Pardot) API as the user.",
	"cdp_ingest_api":        "Upload and maintain external data sets in Data Cloud.",
	"cdp_query_api":         "Query the data of Data Cloud in ANSI SQL, as the user.",
	"cdp_profile_api":       "Manage profile records in Data Cloud.",
	"sfap_api":              "Use the Salesforce API Platform.",
	"forgot_password":       "Use the headless API for forgotten passwords.",
	"user_registration_api": "Use the headless API that registers users.",
}

// ScopeMeaning says in a sentence what a scope allows; empty for a scope that
// orgkeep does not know. It is safe for concurrent use.
func ScopeMeaning(scope string) string { return scopeMeanings[scope] }

// Lack is something that one may want and the scopes of a login do not allow.
type Lack struct {
	Scope string // the one that would allow it
	Means string // what does not work without it, in a sentence
}

// MissingScopes says what a login cannot be used for. A refresh token that is
// there outranks what the scopes say of it: renewable says so. Without any scope
// told nothing is known, and nothing is said. It is safe for concurrent use.
func MissingScopes(scopes []string, renewable bool) []Lack {
	if len(scopes) == 0 {
		return nil
	}
	has := func(names ...string) bool {
		return slices.ContainsFunc(names, func(name string) bool { return slices.Contains(scopes, name) })
	}
	var missing []Lack
	if !renewable && !has("refresh_token", "offline_access") {
		missing = append(missing, Lack{"refresh_token", "These scopes bring no refresh token: when the access token has ended, the login has to be made again."})
	}
	if !has("api", "full") {
		means := "The org's data APIs, such as REST and Bulk, do not take the access token."
		if slices.ContainsFunc(scopes, func(name string) bool { return strings.HasSuffix(name, "_api") }) {
			means = "The org's data APIs, such as REST and Bulk, do not take the access token, but for those that its scopes name."
		}
		missing = append(missing, Lack{"api", means})
	}
	if !has("web", "full") {
		means := "The access token cannot open the org in a browser."
		if has("visualforce") {
			means = "In a browser the access token opens Visualforce pages that customers made, and nothing else of the org."
		}
		missing = append(missing, Lack{"web", means})
	}
	return missing
}
