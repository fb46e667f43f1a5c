package tokens

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// encryptedForm is a secret as the Salesforce CLI keeps it in its files: an
// initialisation vector and the text in hex, and a tag of 16 bytes
// (@salesforce/core, crypto/crypto.js).
var encryptedForm = regexp.MustCompile(`^[0-9a-f]{14,}:[0-9a-f]{32}$`)

const encryptedWords = "it is encrypted, as the Salesforce CLI keeps it in its files; orgkeep import --from-sf reads those"

// listSpecimen reads a JSON array of one. Of many it is not known which is meant.
func listSpecimen(text string) (Specimen, error) {
	var list []json.RawMessage
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		return Specimen{}, wrapSpecimen(jsonProblem(err))
	}
	if len(list) != 1 {
		return Specimen{}, wrapSpecimen(fmt.Sprintf("it is a list of %d; give one of them", len(list)))
	}
	if token, isText := textOf(list[0]); isText {
		token, _ = unwrap(token)
		if token != "" && token[0] != '[' && token[0] != '{' {
			return readSpecimen(token)
		}
	}
	return jsonSpecimen(strings.TrimSpace(string(list[0])), false)
}

// jsonSpecimen reads an answer of the token endpoint, what the Salesforce CLI
// prints with --json or keeps, and variables in JSON. That which wraps says that a
// result of the Salesforce CLI may stand around it.
func jsonSpecimen(text string, wraps bool) (Specimen, error) {
	members, broken := membersOf([]byte(text))
	if broken != nil && len(members) == 0 {
		return Specimen{}, wrapSpecimen(broken.Error())
	}
	s := Specimen{Form: FormTokenJSON}
	authURL := ""
	fields, variables := 0, 0
	for _, m := range members {
		raw := strings.TrimSpace(string(m.raw))
		switch {
		case wraps && m.name == "result" && strings.HasPrefix(raw, "{"):
			return jsonSpecimen(raw, false)
		case wraps && m.name == "result" && strings.HasPrefix(raw, "["):
			return listSpecimen(raw)
		case m.name == "sfdxAuthUrl":
			authURL, _ = textOf(m.raw)
		case s.take(m):
			fields++
		case s.takeVariable(m):
			variables++
		}
	}
	s.doubles(members)
	if broken != nil {
		s.Cut = true
		s.Problems = append(s.Problems, "its end cannot be read: "+broken.Error())
	}
	if strings.HasPrefix(authURL, "force://") {
		return s.withAuthURL(authURL)
	}
	switch {
	case fields == 0 && variables == 0:
		return Specimen{}, wrapSpecimen(tokenless(members))
	case fields == 0:
		s.Form = FormVariables
	}
	return s, nil
}

// tokenless says what a JSON object without any token is.
func tokenless(members []member) string {
	told := map[string]string{}
	for _, m := range members {
		told[m.name], _ = textOf(m.raw)
	}
	if told["error"] != "" {
		return strings.TrimSuffix("it is an endpoint's refusal: "+brief(told["error"])+" — "+brief(told["error_description"]), " — ")
	}
	return "the JSON has no field of a token answer"
}

// withAuthURL adds what an auth URL tells to the fields beside it, which outrank it.
func (s Specimen) withAuthURL(url string) (Specimen, error) {
	more, err := authURLSpecimen(url)
	switch {
	case s.Secrets.AccessToken.IsZero() && err != nil:
		return Specimen{}, err
	case s.Secrets.AccessToken.IsZero():
		more.Problems = append(s.Problems, more.Problems...)
		more.OrgID, more.IDFrom = s.OrgID, s.IDFrom
		return more, nil
	case err != nil:
		s.Problems = append(s.Problems, "its sfdxAuthUrl cannot be read")
		return s, nil
	}
	if s.ClientID == "" {
		s.ClientID = more.ClientID
	}
	if s.Secrets.RefreshToken.IsZero() {
		s.Secrets.RefreshToken, s.Secrets.ClientSecret = more.Secrets.RefreshToken, more.Secrets.ClientSecret
	}
	if s.Secrets.InstanceURL == "" {
		s.Secrets.InstanceURL = more.Secrets.InstanceURL
	}
	s.Problems = append(s.Problems, more.Problems...)
	return s, nil
}

func (s *Specimen) problem(name, wrong string) {
	s.Problems = append(s.Problems, "its "+name+" "+wrong)
}

// take reads one field of a token answer, or of what the Salesforce CLI prints.
func (s *Specimen) take(m member) bool {
	secrets := map[string]*Secret{
		"access_token": &s.Secrets.AccessToken, "accessToken": &s.Secrets.AccessToken,
		"refresh_token": &s.Secrets.RefreshToken, "refreshToken": &s.Secrets.RefreshToken,
		"client_secret": &s.Secrets.ClientSecret, "clientSecret": &s.Secrets.ClientSecret,
		"signature": &s.Secrets.Signature, "id_token": &s.IDToken,
	}
	text, isText := textOf(m.raw)
	if string(m.raw) == "null" { // as good as not there
		return false
	}
	if into := secrets[m.name]; into != nil && isText {
		s.secret(m.name, into, text)
		return true
	} else if into != nil {
		s.problem(m.name, "is no string")
		return true
	}
	switch m.name {
	case "id":
		s.identity(text)
	case "orgId", "organization_id":
		s.OrgID = s.ofOrg(m.name, text)
	case "instance_url", "instanceUrl":
		s.instance(text)
	case "client_id", "clientId":
		s.ClientID = Clean(text)
	case "scope":
		isText = s.scope(m, text) || isText
	case "expires_in":
		seconds, err := strconv.ParseInt(strings.Trim(string(m.raw), `"`), 10, 64)
		const aCentury = 100 * 365 * 24 * 60 * 60 // seconds
		if err != nil || seconds <= 0 || seconds > aCentury {
			s.problem(m.name, "is no number of seconds")
			return true
		}
		s.ExpiresIn, isText = time.Duration(seconds)*time.Second, true
	case "issued_at":
		at, raw, err := parseIssuedAt(m.raw)
		s.Secrets.IssuedAt, s.Secrets.IssuedAtText = at, raw
		if err != nil {
			s.problem(m.name, "is no time in seconds or milliseconds")
		}
		isText = true
	default:
		return false
	}
	if !isText {
		s.problem(m.name, "is no string")
	}
	return true
}

// secret takes a secret, unless the field holds something in its place.
func (s *Specimen) secret(name string, into *Secret, text string) {
	token := strings.TrimSpace(text)
	switch {
	case strings.HasPrefix(token, "[REDACTED]"):
		s.problem(name, "is redacted: the Salesforce CLI shows it with sf org auth show-access-token or show-sfdx-auth-url")
		return
	case encryptedForm.MatchString(token):
		s.problem(name, "cannot be read: "+encryptedWords)
		return
	case !printableASCII(token):
		s.problem(name, "has characters that no token has")
	case token != text:
		s.problem(name, "has white space around it")
	}
	*into = NewSecret(token)
}

// identity takes the identity URL. The Salesforce CLI has the org's id under the
// same name.
func (s *Specimen) identity(text string) {
	if id, err := ID18(text); err == nil && strings.HasPrefix(id, "00D") {
		s.OrgID, s.IDFrom = id, "id"
		return
	}
	s.Secrets.ID = text
}

func (s *Specimen) ofOrg(name, text string) string {
	id, err := ID18(text)
	if err != nil {
		s.problem(name, "is no org id of 15 or 18 characters")
		return s.OrgID
	}
	s.IDFrom = name
	return id
}

// scope reads scopes between spaces (RFC 6749 section 3.3), and a list of them.
func (s *Specimen) scope(m member, text string) bool {
	var list []string
	if json.Unmarshal(m.raw, &list) == nil && list != nil {
		s.problem("scope", "is a list, where an answer has one string")
		text = strings.Join(list, " ")
	}
	if strings.Contains(text, ",") {
		s.problem("scope", "has commas; scopes stand between spaces")
		text = strings.ReplaceAll(text, ",", " ")
	}
	s.Secrets.Scopes = strings.Fields(Clean(text))
	return list != nil
}

// takeVariable reads a variable whose name says what it holds.
func (s *Specimen) takeVariable(m member) bool {
	field := variableField(m.name)
	if field == "" {
		return false
	}
	if field != "auth_url" {
		return s.take(member{field, m.raw})
	}
	url, _ := textOf(m.raw)
	with, err := s.withAuthURL(url)
	if err != nil {
		s.problem(brief(m.name), "is no auth URL")
		return true
	}
	with.Form = FormVariables
	*s = with
	return true
}

// variableField is the field of an answer that a variable of an environment is
// named after: SF_ACCESS_TOKEN, SFDX_INSTANCE_URL, CLIENT_ID. Empty for others.
func variableField(name string) string {
	field := strings.ToLower(name)
	for _, prefix := range []string{"sfdx_", "sf_", "salesforce_", "org_"} {
		field = strings.TrimPrefix(field, prefix)
	}
	if slices.Contains([]string{"access_token", "refresh_token", "id_token", "instance_url", "client_id", "client_secret", "auth_url"}, field) {
		return field
	}
	return ""
}
