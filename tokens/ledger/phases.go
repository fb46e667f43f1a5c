package ledger

import (
	"strconv"
	"strings"
	"time"

	"orgkeep/tokens"
)

// phaseFields are the phases in the order in which their column has them.
func phaseFields(p *tokens.Phases) [6]*time.Duration {
	return [...]*time.Duration{&p.Resolve, &p.Connect, &p.TLS, &p.Send, &p.Wait, &p.Read}
}

// phasesText writes phases as their column has them, "812 20417 41003 95 230118
// 60": microseconds, because in milliseconds a phase that was short would look
// like one that did not happen.
func phasesText(p tokens.Phases) string {
	if p == (tokens.Phases{}) {
		return ""
	}
	var text []byte
	for _, span := range phaseFields(&p) {
		text = strconv.AppendInt(text, span.Microseconds(), 10)
		text = append(text, ' ')
	}
	return string(text[:len(text)-1])
}

// phasesLongest is above what six numbers need. No phase outlasts the limit of
// a request, which is minutes.
const (
	phasesLongest = 120 // characters
	phaseLongest  = 24 * time.Hour
)

// parsePhases undoes phasesText. Phases that cannot be read are zero, as if they
// had not been measured: a history that opens is worth more.
func parsePhases(text string) tokens.Phases {
	var p tokens.Phases
	if len(text) > phasesLongest {
		return tokens.Phases{}
	}
	words, spans := strings.Fields(text), phaseFields(&p)
	if len(words) != len(spans) {
		return tokens.Phases{}
	}
	for i, word := range words {
		micro, err := strconv.ParseInt(word, 10, 64)
		if err != nil || micro < 0 || micro > phaseLongest.Microseconds() {
			return tokens.Phases{}
		}
		*spans[i] = time.Duration(micro) * time.Microsecond
	}
	return p
}
