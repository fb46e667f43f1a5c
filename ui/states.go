package ui

import (
	"orgkeep/tokens"
	"orgkeep/ui/theme"
)

// lastLook is the style of the last refresh's result.
func lastLook(t theme.Theme, last *tokens.Attempt) theme.Paint {
	if last == nil {
		return t.Faint
	}
	switch last.Outcome {
	case tokens.OutcomeRefreshed:
		return t.Fresh
	case tokens.OutcomeFailed:
		return t.Failed
	case tokens.OutcomeUnknown:
		return t.Unknown
	case tokens.OutcomeAdopted, tokens.OutcomeCancelled:
	}
	return t.Muted
}
