package ui

import (
	"slices"
	"testing"

	"orgkeep/tokens"
	"orgkeep/tokens/salesforce"
)

// A key that mends nothing sends people the wrong way.
func TestTheKeyShownIsTheOneThatMends(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		failure tokens.Failure
		keys    []string
	}{
		"over":        {tokens.Failure{HTTPStatus: 400, Code: "invalid_grant", Description: "expired access/refresh token"}, []string{"l"}},
		"too many":    {tokens.Failure{HTTPStatus: 429}, []string{"r"}},
		"maintenance": {tokens.Failure{HTTPStatus: 503, Body: "We are down for maintenance."}, []string{"r"}},
		"the admin's": {tokens.Failure{HTTPStatus: 400, Code: "unsupported_grant_type"}, nil},
		"no tokens":   {tokens.Failure{HTTPStatus: 200, Problem: "the answer brought no usable tokens: not JSON"}, []string{"a", "l"}},
		"a gateway":   {tokens.Failure{HTTPStatus: 502}, []string{"a", "l"}},
	} {
		f := c.failure
		f.Kind, f.Sent = tokens.FailedAnswer, true
		if got := keysOf(salesforce.Explain(&f).Do); !slices.Equal(got, c.keys) {
			t.Errorf("%s: %v, want %v", name, got, c.keys)
		}
		for _, key := range c.keys {
			if _, known := actionFor(key); !known {
				t.Errorf("%s: no action has the key %s", name, key)
			}
		}
	}
}
