package tokens

import (
	"encoding/json"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// formBody is what the form encoding of an answer begins with: a name and its value,
// and then either more of them or an escape, which no variable's value has.
var formBody = regexp.MustCompile(`^[?#]?[A-Za-z_.]+=[^\s&]*(?:&|%[0-9A-Fa-f]{2})`)

// formSpecimen reads an answer in the form encoding, which Salesforce's token
// endpoint has for format=urlencoded, if a token or a refusal is in it.
func formSpecimen(text string) (s Specimen, found bool, err error) {
	if !formBody.MatchString(text) || strings.ContainsAny(text, " \t\r\n") {
		return Specimen{}, false, nil
	}
	values, err := url.ParseQuery(strings.TrimLeft(text, "?#"))
	s = Specimen{Form: FormEncoded}
	if err != nil {
		s.Problems = append(s.Problems, "some of its escapes cannot be read")
	}
	s.takeAll(membersOfForm(values))
	switch {
	case s.hasToken():
		return s, true, nil
	case values.Get("error") != "":
		return Specimen{}, true, wrapSpecimen(tokenless(membersOfForm(values)))
	}
	return Specimen{}, false, nil
}

// membersOfForm are the fields of a form as members of JSON, by name, each as often as
// it is there. A field without a value is left out.
func membersOfForm(values url.Values) []member {
	var members []member
	for _, name := range slices.Sorted(maps.Keys(values)) {
		for _, value := range values[name] {
			if raw, err := json.Marshal(value); err == nil && value != "" {
				members = append(members, member{name, raw})
			}
		}
	}
	return members
}

// takeAll reads the fields that are known, and says which of them are there more than
// once.
func (s *Specimen) takeAll(members []member) {
	for _, m := range members {
		s.take(m)
	}
	s.doubles(members)
}

// doubles says which fields are there more than once. RFC 8259 section 4 leaves to
// the reader which of them counts; here it is the last.
func (s *Specimen) doubles(members []member) {
	count := map[string]int{}
	for _, m := range members {
		count[m.name]++
		if count[m.name] == 2 && (&Specimen{}).take(m) {
			s.problem(brief(m.name), "is there more than once; the last one is taken here, another reader may take the first")
		}
	}
}

// hasToken reports whether one of the tokens of a login is there.
func (s *Specimen) hasToken() bool {
	return !s.Secrets.AccessToken.IsZero() || !s.Secrets.RefreshToken.IsZero() || !s.IDToken.IsZero()
}

// Answer reports whether it is an answer of a token endpoint, with what belongs to
// one beside the tokens: its times, its scopes and its signature. A URL holds one
// where the user-agent flow has put it there (RFC 6749 section 4.2.2).
func (s Specimen) Answer() bool {
	switch s.Form {
	case FormTokenJSON, FormEncoded:
		return true
	case FormURL:
		return s.Secrets.IssuedAtText != "" || !s.Secrets.Signature.IsZero() || s.ExpiresIn != 0
	case FormAccessToken, FormRefreshToken, FormIDToken, FormConsumerKey, FormUnknownToken, FormAuthURL, FormVariables,
		FormIdentityURL, FormID:
	}
	return false
}
