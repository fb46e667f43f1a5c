package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"orgkeep/tokens"
)

// inspecting is one run of the inspect command.
type inspecting struct {
	*session
	asJSON, online bool
}

func newInspect(s *session) *cobra.Command {
	o := &inspecting{session: s}
	c := &cobra.Command{
		Use:   "inspect -|FILE",
		Short: "Print what a token, an auth URL or token JSON tells of itself",
		Long: "Reads a token (opaque or JWT, with or without Bearer before it), an id token, an auth URL of the Salesforce CLI\n" +
			"(force://...), a token endpoint's answer in JSON or in the form encoding, what sf prints with --json, a URL with\n" +
			"tokens in it or lines such as SF_ACCESS_TOKEN=... from the standard input (-) or a file, and prints all that can be\n" +
			"told of it without asking anybody. Nothing is sent or saved, and the tokens are shown masked. --online asks the issuer\n" +
			"of a JWT for the keys that it publishes, without the token, and checks the signature of a JWT or an id token with them.",
		Example: "  pbpaste | orgkeep inspect -\n" +
			"  orgkeep inspect acme.json --json | jq .anatomy.signature",
		Args: cobra.ExactArgs(1),
		RunE: act(func(c *cobra.Command, args []string) error { return o.run(c.Context(), args[0]) }),
	}
	c.Flags().BoolVar(&o.online, "online", false, "ask the issuer of a JWT for its published keys, and check the signature with them")
	c.Flags().BoolVar(&o.asJSON, "json", false, "print what is told as JSON")
	return c
}

// tokenlike are arguments that are no file's name: somebody has pasted a secret.
var tokenlike = regexp.MustCompile(`^["']?(?:force://|eyJ|5Aep|00D\w{9,15}!|[{[]|(?i:bearer|oauth|authorization:) ?|\w+_(?i:token)=|.*[?&#](?:access|refresh)_token=|[^/\\.]{80,})`)

func (o *inspecting) run(ctx context.Context, name string) error {
	if tokenlike.MatchString(name) {
		return usage("a token is never an argument, since the shell and the process list keep those; give it on the standard input: orgkeep inspect -")
	}
	text, err := o.text(ctx, name)
	if err != nil {
		return err
	}
	s, err := tokens.ParseSpecimen(text)
	if err != nil {
		return fmt.Errorf("inspecting %s: %w", tokens.Clean(name), err)
	}
	a := tokens.DissectSpecimen(s)
	issued := tokens.Org{IssuedAt: s.Secrets.IssuedAt}.Clocks(o.Clock.Now(), tokens.DefaultLimits())
	a.Doubts = slices.Concat(a.Doubts, issued.Doubts(), a.Ahead(tokens.Org{}, o.Clock.Now()))
	var asked []keysAsked
	var unasked []string
	if o.online {
		asked, unasked = o.askKeys(ctx, &a)
	}
	if o.asJSON {
		err = writeJSON(o.Out, o.document(s, a, asked))
	} else {
		facts := append(o.facts(s, a), keysFacts(asked, unasked)...)
		if o.online && a.Access.JWT == nil && a.ID.JWT == nil {
			facts = append(facts, fact{"keys", "nobody was asked: there is no JWT in it whose signature could be checked"})
		}
		err = (&showing{session: o.session}).printFacts(facts)
	}
	if err == nil && slices.ContainsFunc(asked, func(k keysAsked) bool { return k.Failure != nil }) {
		return ended(exitFailed)
	}
	return mismatched(a, err)
}

// text reads what is to be inspected. At a terminal it is asked for and not shown.
func (o *inspecting) text(ctx context.Context, name string) (string, error) {
	if name == "-" && o.someoneThere() {
		answer, err := o.askHidden(ctx, "Token, auth URL or token JSON in one line (not shown):")
		return answer.Reveal(), err
	}
	source := o.In
	if name != "-" {
		file, err := os.Open(name) //nolint:gosec // the file is the user's own choice
		if err != nil {
			return "", fmt.Errorf("inspecting: %w", err)
		}
		defer func() { _ = file.Close() }() // nothing was written
		source = file
	}
	text, err := io.ReadAll(io.LimitReader(source, tokens.SpecimenLimit+1))
	if err != nil {
		return "", fmt.Errorf("inspecting %s: %w", tokens.Clean(name), err)
	}
	return string(text), nil
}

// howToCheck is how the signature of a JWT can be checked after all.
const howToCheck = "--online asks for those"

func (o *inspecting) facts(s tokens.Specimen, a tokens.Anatomy) []fact {
	now, how := o.Clock.Now(), howToCheck
	if o.online {
		how = ""
	}
	facts := append([]fact{{"it is", withArticle(s.Form)}}, many("wrong", slices.Concat(s.Problems, a.Doubts, a.Mismatches()))...)
	switch {
	case s.ClientIDFrom != "":
		facts = append(facts, fact{"client id", s.ClientID + " (named by " + s.ClientIDFrom + ")"})
	case s.ClientID != "":
		facts = append(facts, fact{"client id", s.ClientID})
	}
	if s.Form != tokens.FormConsumerKey {
		facts = append(facts, tokenFacts("token", tokens.DissectToken(s.Other), now, how)...)
	}
	switch {
	case s.Answer():
		if !s.Secrets.IssuedAt.IsZero() {
			facts = append(facts, fact{"issued", instant(s.Secrets.IssuedAt) + " (" + fromNow(s.Secrets.IssuedAt, now) + ")"})
		}
		facts = append(facts, answerFacts(s, a, now, o.settings.Limits())...)
		facts = append(facts, anatomyFacts(a, now, how)...)
	case s.Form == tokens.FormAuthURL:
		there := "none: the app is a public client"
		switch {
		case a.HasClientSecret:
			there = "there is one (not shown)"
		case s.ClientID == "":
			there = "not known: it names no app"
		}
		facts = append(facts, fact{"client secret", there})
		facts = append(facts, aloneFacts(a, now, how)...)
	default:
		facts = append(facts, aloneFacts(a, now, how)...)
	}
	return append(facts, tokenFacts("id token", a.ID, now, how)...)
}

// aloneFacts are the lines of tokens that came without the answer that brought them.
func aloneFacts(a tokens.Anatomy, now time.Time, how string) []fact {
	facts := tokenFacts("access is", a.Access, now, how)
	facts = append(facts, tokenFacts("refresh is", a.Refresh, now, how)...)
	if a.Identity.OrgID != "" || a.Identity.UserID != "" {
		facts = append(facts, identityFacts(a.Identity)...)
	}
	return append(append(facts, hostFacts(a.Host)...), scopeFacts(a)...)
}

func withArticle(form tokens.SpecimenForm) string {
	switch form {
	case tokens.FormTokenJSON, tokens.FormVariables:
		return string(form)
	case tokens.FormAccessToken, tokens.FormAuthURL, tokens.FormIDToken, tokens.FormIdentityURL:
		return "an " + string(form)
	case tokens.FormRefreshToken, tokens.FormConsumerKey, tokens.FormUnknownToken, tokens.FormURL, tokens.FormID, tokens.FormEncoded:
	}
	return "a " + string(form)
}

// inspected is the document of orgkeep inspect --json.
type inspected struct {
	Version  int                 `json:"version"`
	Form     tokens.SpecimenForm `json:"form"`
	ClientID *string             `json:"client_id"`
	// ClientIDFrom is the claim of a JWT that names the client id where nothing else does.
	ClientIDFrom *string `json:"client_id_from"`
	IssuedAt     *string `json:"issued_at"`
	// Times are those of an answer, null where they are not known.
	Times    *answerTimes `json:"times"`
	Problems []string     `json:"problems"`
	Anatomy  *anatomy     `json:"anatomy"`
	IDToken  *tokenJSON   `json:"id_token"`
	Token    *tokenJSON   `json:"token"` // one of no known kind
	// Online is there with --online alone: who was asked for keys.
	Online []keysAsked `json:"online,omitempty"`
}

func (o *inspecting) document(s tokens.Specimen, a tokens.Anatomy, asked []keysAsked) inspected {
	now := o.Clock.Now()
	d := inspected{
		Version: documentVersion, Form: s.Form, ClientID: known(s.ClientID), ClientIDFrom: known(s.ClientIDFrom), IssuedAt: known(instant(s.Secrets.IssuedAt)),
		Problems: listed(s.Problems), Anatomy: newAnatomy(a, now), IDToken: newTokenJSON(a.ID, now), Online: asked,
	}
	if s.Answer() {
		d.Times = timesOf(s, clocksOf(s, a, now, o.settings.Limits()), now)
	} else {
		d.Anatomy.Signature = nil // there is no answer that could have one
	}
	if s.Form != tokens.FormConsumerKey {
		d.Token = newTokenJSON(tokens.DissectToken(s.Other), now)
	}
	return d
}
