package settings

import (
	"fmt"
	"slices"
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

// spanExamples show how spans are written, the shortest first.
var spanExamples = []time.Duration{10 * second, 90 * second, 15 * minute, 90 * minute, 12 * hour, 7 * day, 30 * day}

// spansBetween names two of the examples that are allowed, the shortest and the
// longest.
func spansBetween(least, most time.Duration) string {
	allowed := slices.DeleteFunc(slices.Clone(spanExamples), func(d time.Duration) bool { return d < least || d > most })
	return fmt.Sprintf("%q or %q", formatSpan(allowed[0]), formatSpan(allowed[len(allowed)-1]))
}

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
