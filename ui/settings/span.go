package settings

import (
	"fmt"
	"strconv"
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

// parseSpan reads a length of time: whole numbers, each with its unit, the
// longest unit first and each once.
func parseSpan(text string) (span time.Duration, ok bool) {
	const most = 100 * 365 * day
	if text == "" {
		return 0, false
	}
	for _, unit := range spanUnits {
		digits, rest, found := strings.Cut(text, string(unit.letter))
		if !found {
			continue
		}
		n, err := strconv.ParseUint(digits, 10, 32)
		if err != nil || time.Duration(n) > most/unit.length {
			return 0, false
		}
		span += time.Duration(n) * unit.length
		text = rest
	}
	return span, text == ""
}

// formatSpan writes a length of time so that parseSpan reads it.
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
