package doctor

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"orgkeep/tokens"
)

// ErrHeld marks a bundle that would hold a secret or a name.
var ErrHeld = errors.New("the bundle was withheld")

// Search is the last look at a bundle before it is written.
type Search struct {
	finder  *tokens.Finder
	aliases map[string]bool // in lower case; true for one that is an ordinary word
}

// NewSearch returns the search for the secrets of every org, and for what names
// orgs: hosts, users, ids, aliases, and the folders given.
func NewSearch(orgs []tokens.Org, secrets []tokens.Secrets, folders ...string) *Search {
	var texts []tokens.Secret
	for _, s := range secrets {
		texts = append(texts, s.AccessToken, s.RefreshToken, s.ClientSecret, s.Signature)
	}
	s, own := &Search{aliases: map[string]bool{}}, ownWords()
	for _, org := range orgs {
		for _, name := range naming(org) {
			texts = append(texts, tokens.NewSecret(name))
		}
		for _, alias := range []string{org.Alias, org.Username} {
			switch alias = strings.ToLower(alias); {
			case alias == "", slices.Contains(own, alias): // a word of every bundle says nothing there
			case strings.ContainsFunc(alias, between):
				texts = append(texts, tokens.NewSecret(alias))
			default:
				s.aliases[alias] = !strings.ContainsFunc(alias, telling)
			}
		}
	}
	for _, folder := range folders {
		if len(strings.Trim(folder, "/.")) > 1 {
			texts = append(texts, tokens.NewSecret(folder))
		}
	}
	s.finder = tokens.NewWholeFinder(texts...)
	return s
}

// naming are the texts that tell which org it is and cannot stand in a bundle by
// chance.
func naming(org tokens.Org) []string {
	names := []string{org.OrgID, org.UserID, string(org.Key)}
	for _, id := range []string{org.OrgID, org.UserID} {
		const short = 15 // characters of an id that tells letter case
		if len(id) > short {
			names = append(names, id[:short])
		}
	}
	if strings.Contains(org.Username, "@") {
		names = append(names, org.Username)
	}
	if org.ClientID != publicClient {
		names = append(names, org.ClientID)
	}
	for _, base := range []string{org.InstanceURL, org.LoginURL} {
		if u, err := url.Parse(base); err == nil && !slices.Contains(sharedHosts, u.Hostname()) {
			names = append(names, u.Hostname())
		}
	}
	return names
}

// ownWords are those that a bundle has whatever the orgs are called.
func ownWords() []string {
	words := slices.Concat(strings.Fields("keychain vault ledger journal locks store settings names host clock proxy authorities terminal clipboard "+
		"browser program refreshed adopted failed unknown cancelled fresh ageing expired ok warning skipped screen command own estimate jwt configured yes no "+
		"org orgs orgkeep check outcome seen type health age left last app go os arch version files name purpose by written do error kind phase known"), shareable)
	for _, t := range tokens.Types() {
		words = append(words, string(t))
	}
	return words
}

// window is how much is looked at in one piece: a Finder stops, and takes a text
// for a hit, when it is given too much at once. Windows overlap by half, which is
// more than a secret takes in base64 or hex.
const window = 16 << 10

// Look returns nil, or an error wrapping ErrHeld that says which file holds
// something. It names no secret.
func (s *Search) Look(files []File) error {
	for _, file := range files {
		text := string(file.Data)
		for from := 0; from == 0 || from+window/2 < len(text); from += window / 2 {
			if s.finder.Leaks(text[from:min(from+window, len(text))]) {
				return fmt.Errorf("%w: %s would hold a secret, a host, a user or an id", ErrHeld, file.Name)
			}
		}
		for _, word := range strings.FieldsFunc(strings.ToLower(text), between) {
			if s.names(word, file.Name) || s.names(strings.TrimRight(word, ".:,"), file.Name) {
				return fmt.Errorf("%w: %s would hold the name %s", ErrHeld, file.Name, tokens.Clean(word))
			}
		}
	}
	return nil
}

// names reports whether a word of a file is an alias or a user. One that is an
// ordinary word, as "one" is, may stand in a sentence of the checks, which are
// orgkeep's own and made of no org.
func (s *Search) names(word, file string) bool {
	ordinary, known := s.aliases[word]
	return known && (!ordinary || file != checksFile)
}

// telling reports whether a rune makes a name more than an ordinary word.
func telling(r rune) bool { return r < 'a' || r > 'z' }

// between reports whether a rune ends a word, as an alias can stand in a text.
func between(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(`"'(),;<>[]{}=/`, r) }
