package tokens

// scopeMeanings says what each scope lets the holder of the access token do
// (Salesforce help, OAuth Tokens and Scopes; openid, profile, email, address and
// phone also OpenID Connect Core section 5.4).
var scopeMeanings = map[string]string{
	"api":                   "Use the org's REST, SOAP and Bulk APIs with the user's rights.",
	"full":                  "Use everything the user may use, but for getting refresh tokens.",
	"refresh_token":         "Get a refresh token, so that the login lasts without the user.",
	"offline_access":        "Get a refresh token, so that the login lasts without the user.",
	"web":                   "Open the org in a browser with the access token.",
	"visualforce":           "Open the org's Visualforce pages, and no others.",
	"lightning":             "Open Lightning pages and apps of the org.",
	"content":               "Use the org's content on behalf of the user in a hybrid app.",
	"id":                    "Read who the user is, by the identity URL.",
	"openid":                "Get an OpenID Connect id token that says who the user is.",
	"profile":               "Read the user's name and profile, by the identity URL.",
	"email":                 "Read the user's email address, by the identity URL.",
	"address":               "Read the user's postal address, by the identity URL.",
	"phone":                 "Read the user's phone numbers, by the identity URL.",
	"custom_permissions":    "See which custom permissions of the org the user has.",
	"chatter_api":           "Use the Connect REST API (Chatter) alone.",
	"wave_api":              "Use the CRM Analytics REST API.",
	"eclair_api":            "Use the CRM Analytics charts geodata.",
	"pardot_api":            "Use the Account Engagement (Pardot) API as the user.",
	"cdp_ingest_api":        "Put data into Data Cloud.",
	"cdp_query_api":         "Query the data of Data Cloud.",
	"cdp_profile_api":       "Read the profiles of Data Cloud.",
	"sfap_api":              "Use the Salesforce API Platform.",
	"forgot_password":       "Reset passwords by the headless API.",
	"user_registration_api": "Register users by the headless API.",
}

// ScopeMeaning says in a sentence what a scope allows; empty for a scope that
// orgkeep does not know. It is safe for concurrent use.
func ScopeMeaning(scope string) string { return scopeMeanings[scope] }
