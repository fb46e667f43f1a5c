package settings

import (
	"fmt"
	"strings"
	"time"
)

const (
	second = time.Second
	minute = time.Minute
	hour   = time.Hour
	day    = 24 * time.Hour
)

// spanUnits are the units of a span, the longest first.
var spanUnits = []struct {
	letter byte
	length time.Duration
}{{'d', day}, {'h', hour}, {'m', minute}, {'s', second}}

// formatSpan writes a length of time so that tokens.ParseSpan reads it.
func formatSpan(span time.Duration) string {
	var b strings.Builder
	for _, unit := range spanUnits {
		if n := span / unit.length; n > 0 {
			fmt.Fprintf(&b, "%d%c", n, unit.letter)
			span -= n * unit.length
		}
	}
	if b.Len() == 0 {
		return "0s"
	}
	return b.String()
}
