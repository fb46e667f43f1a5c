package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"regexp"

	"github.com/spf13/cobra"

	"orgkeep/tokens"
)

// inspecting is one run of the inspect command.
type inspecting struct {
	*session
	asJSON bool
}

func newInspect(s *session) *cobra.Command {
	o := &inspecting{session: s}
	c := &cobra.Command{
		Use:   "inspect -|FILE",
		Short: "Print what a token, an auth URL or token JSON tells of itself",
		Long: "Reads a token (opaque or JWT, with or without Bearer before it), an id token, an auth URL of the Salesforce CLI\n" +
			"(force://...) or a token endpoint's answer from the standard input (-) or a file, and prints all that can be told of\n" +
			"it without asking anybody. Nothing is sent or saved, and the tokens are shown masked.",
		Example: "  pbpaste | orgkeep inspect -\n" +
			"  orgkeep inspect acme.json --json | jq .anatomy.signature",
		Args: cobra.ExactArgs(1),
		RunE: act(func(c *cobra.Command, args []string) error { return o.run(c.Context(), args[0]) }),
	}
	c.Flags().BoolVar(&o.asJSON, "json", false, "print what is told as JSON")
	return c
}

// tokenlike are arguments that are no file's name: somebody has pasted a secret.
var tokenlike = regexp.MustCompile(`^"?(?:force://|eyJ|5Aep|00D\w{9,15}!|\{|Bearer |[^/\\.]{80,})`)

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
	if o.asJSON {
		return writeJSON(o.Out, o.document(s))
	}
	return (&showing{session: o.session}).printFacts(o.facts(s))
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

func (o *inspecting) facts(s tokens.Specimen) []fact {
	now := o.Clock.Now()
	article := map[tokens.SpecimenForm]string{
		tokens.FormTokenJSON: "", tokens.FormAccessToken: "an ", tokens.FormAuthURL: "an ", tokens.FormIDToken: "an ",
	}
	prefix, known := article[s.Form]
	if !known {
		prefix = "a "
	}
	facts := append([]fact{{"it is", prefix + string(s.Form)}}, many("wrong", s.Problems)...)
	if s.ClientID != "" {
		facts = append(facts, fact{"client id", s.ClientID})
	}
	if s.Form != tokens.FormConsumerKey {
		facts = append(facts, tokenFacts("token", tokens.DissectToken(s.Other), now)...)
	}
	a := tokens.Dissect(s.Secrets)
	switch s.Form {
	case tokens.FormTokenJSON:
		if !s.Secrets.IssuedAt.IsZero() {
			facts = append(facts, fact{"issued", instant(s.Secrets.IssuedAt) + " (" + fromNow(s.Secrets.IssuedAt, now) + ")"})
		}
		facts = append(facts, anatomyFacts(a, now)...)
	case tokens.FormAuthURL:
		there := "none: the app is a public client"
		if a.HasClientSecret {
			there = "there is one (not shown)"
		}
		facts = append(facts, fact{"client secret", there})
		facts = append(facts, tokenFacts("refresh is", a.Refresh, now)...)
		facts = append(facts, fact{"host", fmt.Sprintf("%s: %s, by %s", a.Host.Host, a.Host.Type, a.Host.How)})
	case tokens.FormAccessToken, tokens.FormRefreshToken, tokens.FormIDToken, tokens.FormConsumerKey, tokens.FormUnknownToken:
		facts = append(facts, tokenFacts("access is", a.Access, now)...)
		facts = append(facts, tokenFacts("refresh is", a.Refresh, now)...)
		facts = append(facts, scopeFacts(a)...)
	}
	return append(facts, tokenFacts("id token", tokens.DissectToken(s.IDToken), now)...)
}

// inspected is the document of orgkeep inspect --json.
type inspected struct {
	Version  int                 `json:"version"`
	Form     tokens.SpecimenForm `json:"form"`
	ClientID *string             `json:"client_id"`
	IssuedAt *string             `json:"issued_at"`
	Problems []string            `json:"problems"`
	Anatomy  *anatomy            `json:"anatomy"`
	IDToken  *tokenJSON          `json:"id_token"`
	Token    *tokenJSON          `json:"token"` // one of no known kind
}

func (o *inspecting) document(s tokens.Specimen) inspected {
	now := o.Clock.Now()
	d := inspected{
		Version: documentVersion, Form: s.Form, ClientID: known(s.ClientID), IssuedAt: known(instant(s.Secrets.IssuedAt)),
		Problems: listed(s.Problems), Anatomy: newAnatomy(tokens.Dissect(s.Secrets), now),
		IDToken: newTokenJSON(tokens.DissectToken(s.IDToken), now),
	}
	if s.Form != tokens.FormConsumerKey {
		d.Token = newTokenJSON(tokens.DissectToken(s.Other), now)
	}
	return d
}
