package tokens

import (
	"fmt"
	"math"
	"time"
)

// SpanWidth is the width, in cells, that every FormatSpan of less than ten
// years fits into.
const SpanWidth = 7

// FormatTook writes how long something took: in milliseconds below a tenth of a
// second, else in seconds with one decimal.
func FormatTook(d time.Duration) string {
	if d < 100*time.Millisecond {
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}

// FormatSpan writes a length of time in two units at most, the second padded
// with a zero so that columns do not jitter: 42s, 12m 05s, 3h 12m, 1d 02h, 11w. A negative span is written as its size: past and future are told apart
// in words, never by a sign.
func FormatSpan(d time.Duration) string {
	if d < 0 {
		d = -max(d, -math.MaxInt64) // the least Duration has no positive of its size
	}
	const day = 24 * time.Hour
	switch s := int64(d / time.Second); {
	case d < time.Minute:
		return fmt.Sprintf("%ds", s)
	case d < time.Hour:
		return fmt.Sprintf("%dm %02ds", s/60, s%60)
	case d < day:
		return fmt.Sprintf("%dh %02dm", s/3600, s/60%60)
	case d < 70*day:
		return fmt.Sprintf("%dd %02dh", s/86400, s/3600%24)
	}
	return fmt.Sprintf("%dw", d/(7*day))
}
