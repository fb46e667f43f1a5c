package salesforce

import (
	"regexp"
	"strings"

	"orgkeep/tokens"
)

const masked = tokens.Masked

// mask takes secrets out of texts from outside: those that were sent, in every
// dress an endpoint may echo them in, and whatever looks like a token.
type mask struct{ finder *tokens.Finder }

// newMask makes a mask for the secrets of a request.
func newMask(secrets []tokens.Secret) mask { return mask{tokens.NewFinder(secrets...)} }

const tokenNames = `access_token|refresh_token|id_token|client_secret|client_assertion|assertion|signature|code_verifier|` +
	`sid|[a-z_]+_sid|csrf_token|beacon_child_consumer_secret|password`

// lookalikes are texts with the look of a token; the group that is named keep
// stays in front of the mask. A token may stand right behind a letter, as that of a
// colour sequence, so those that are known by their beginning want no word boundary.
var lookalikes = []*regexp.Regexp{
	// opaque access tokens, the mark also in URL and JSON encoding
	regexp.MustCompile(`(?P<keep>00D[A-Za-z0-9]{9,15}(?:!|%21|\\u0021|&#33;))[A-Za-z0-9._\-+/=%]{4,}`),
	regexp.MustCompile(`(?P<keep>5Aep)[A-Za-z0-9._\-=%]{8,}`),
	regexp.MustCompile(`(?P<keep>)eyJ[A-Za-z0-9_\-]{12,}(?:\.[A-Za-z0-9_\-]*){0,4}`),
	regexp.MustCompile(`(?is)(?P<keep>\\?"(?:` + tokenNames + `)\\?"\s*:\s*\\?")(?:[^"\\]|\\.)+`),
	regexp.MustCompile(`(?i)(?P<keep>\b(?:` + tokenNames + `)=)[^&\s"'<>\\]+`),
	regexp.MustCompile(`(?i)(?P<keep><(?:` + tokenNames + `)>)[^<"]+`),
	regexp.MustCompile(`(?P<keep>(?:Bearer|Basic) )[A-Za-z0-9._\-+/=!]{20,}`),
}

// text masks; what it returns is not yet cleaned.
func (m mask) text(text string) string { return lookalike(m.finder.Mask(text)) }

// body is text for a body, cut where its end is missing.
func (m mask) body(text string, cut bool) string {
	if cut {
		return lookalike(m.finder.MaskCut(text))
	}
	return m.text(text)
}

// line masks and cleans one line.
func (m mask) line(text string) string { return tokens.Clean(m.text(text)) }

// lookalike masks what looks like a token, in the text as it stands and once its
// escapes are read. The form of the text stays.
func lookalike(text string) string {
	for _, look := range lookalikes {
		text = look.ReplaceAllString(text, "${keep}"+masked)
	}
	plain, places := tokens.Unescaped(text)
	if places == nil {
		return text
	}
	hidden := make([]bool, len(text))
	for _, look := range lookalikes {
		for _, at := range look.FindAllStringSubmatchIndex(plain, -1) {
			for i := places[at[3]]; i < places[at[1]]; i++ { // from behind what is kept
				hidden[i] = true
			}
		}
	}
	return without(text, hidden)
}

// without puts the mask in the place of every run of hidden bytes.
func without(text string, hidden []bool) string {
	var b strings.Builder
	b.Grow(len(text))
	behind := 0
	for i := 0; i < len(text); i++ {
		if !hidden[i] {
			continue
		}
		b.WriteString(text[behind:i] + masked)
		for i < len(text) && hidden[i] {
			i++
		}
		behind = i
	}
	b.WriteString(text[behind:])
	return b.String()
}
