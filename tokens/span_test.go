package tokens

import (
	"math"
	"testing"
	"time"
	"unicode/utf8"
)

func TestFormatSpan(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	for span, want := range map[time.Duration]string{
		0:                              "0s",
		999 * time.Millisecond:         "0s",
		42 * time.Second:               "42s",
		time.Minute - 1:                "59s",
		time.Minute:                    "1m 00s",
		12*time.Minute + 5*time.Second: "12m 05s",
		time.Hour - 1:                  "59m 59s",
		time.Hour:                      "1h 00m",
		3*time.Hour + 12*time.Minute:   "3h 12m",
		day - 1:                        "23h 59m",
		day:                            "1d 00h",
		26 * time.Hour:                 "1d 02h",
		2*day - 1:                      "1d 23h",
		2 * day:                        "2d 00h",
		5*day + 4*time.Hour:            "5d 04h",
		70*day - 1:                     "69d 23h",
		70 * day:                       "10w",
		77 * day:                       "11w",
		-26 * time.Hour:                "1d 02h",
	} {
		if got := FormatSpan(span); got != want {
			t.Errorf("FormatSpan(%d) is %q, want %q", span, got, want)
		}
	}
}

func FuzzFormatSpan(f *testing.F) {
	for _, seed := range []int64{0, 1, int64(time.Hour), math.MaxInt64, math.MinInt64, math.MinInt64 + 1} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, n int64) {
		got := FormatSpan(time.Duration(n))
		if got == "" || got[0] == '-' {
			t.Errorf("FormatSpan(%d) is %q", n, got)
		}
		const tenYears = 10 * 365 * 24 * time.Hour
		if d := time.Duration(n); d < tenYears && d > -tenYears && utf8.RuneCountInString(got) > SpanWidth {
			t.Errorf("FormatSpan(%d) is %q, wider than %d", n, got, SpanWidth)
		}
	})
}
