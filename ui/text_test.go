package ui

import (
	"slices"
	"testing"
)

func TestNoLineBreaksBehindTheHyphenOfATerm(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"such as tag:acme, -type:sandbox":   {"such as tag:acme,", "-type:sandbox"},
		"in the vault (--store vault)":      {"in the vault", "(--store vault)"},
		"orgkeep under dbus-run-session":    {"orgkeep under dbus-", "run-session"},
		"-one -two":                         {"-one -two"},
		"a non\u2011breaking hyphen -stays": {"a non\u2011breaking", "hyphen -stays"},
	} {
		if got := wrap(text, 19); !slices.Equal(got, want) {
			t.Errorf("%q is broken into %q, want %q", text, got, want)
		}
	}
}
