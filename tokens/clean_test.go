package tokens

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestClean(t *testing.T) {
	t.Parallel()
	marks := strings.Repeat("\u0301", marksMost)
	for text, want := range map[string]string{
		"":                            "",
		"plain ~ text":                "plain ~ text",
		"Zürich 東京 ✓":                 "Zürich 東京 ✓",
		"\x1b[31mred\x1b[0m":          `\x1b[31mred\x1b[0m`,
		"\x1b]0;title\x07":            `\x1b]0;title\x07`,
		"bell\a back\b del\x7f":       `bell\x07 back\x08 del\x7f`,
		"a\r\nb\tc\x00":               `a\x0d\x0ab\x09c\x00`,
		"c1 \u009b31m":                `c1 \u009b31m`,
		"bidi \u202e\u2066\u200f":     `bidi \u202e\u2066\u200f`,
		"zero\u200bwidth\u200d\ufeff": `zero\u200bwidth\u200d\ufeff`,
		"\u00a0\u2003\u3000":          `\u00a0\u2003\u3000`,
		"\u2028\u2029":                `\u2028\u2029`,
		"\ufe0f\u2800\u3164\u115f":    `\ufe0f\u2800\u3164\u115f`,
		"tag \U000e0041":              `tag \U000e0041`,
		"bad \xff\xc3":                `bad \xff\xc3`,
		"private \ue000":              `private \ue000`,
		"\ufffd":                      `\ufffd`,
		"e\u0301 \u0e01\u0e34\u0e49":  "e\u0301 \u0e01\u0e34\u0e49",
		"\u0301a\u20dd":               `\u0301` + "a\u20dd",
		"a" + marks + "\u0301":        "a" + marks + `\u0301`,
	} {
		if got := Clean(text); got != want {
			t.Errorf("Clean(%q) is %q, want %q", text, got, want)
		}
		if got := Printable(text); got != (text == want) {
			t.Errorf("Printable(%q) is %v", text, got)
		}
	}
}

func TestCleanLines(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"a\r\nb\nc":       "a\nb\nc",
		"\tindented":      "    indented",
		"over\rwritten":   `over\x0dwritten`,
		"\x1b[2J\n":       "\\x1b[2J\n",
		"e\u0301\n\u0301": "e\u0301\n\\u0301",
	} {
		if got := CleanLines(text); got != want {
			t.Errorf("CleanLines(%q) is %q, want %q", text, got, want)
		}
	}
}

func TestBrief(t *testing.T) {
	t.Parallel()
	if got := brief(strings.Repeat("é", 60)); got != strings.Repeat("é", 60) {
		t.Errorf("60 characters became %q", got)
	}
	if got := brief(strings.Repeat("\x1b", 1000)); got != strings.Repeat(`\x1b`, 15)+"…" {
		t.Errorf("a long text became %q", got)
	}
}

func FuzzClean(f *testing.F) {
	f.Add("\x1b[31m\u202e\xff\U000e0041 é")
	f.Add("\u0301a\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u200d\u0301\n\u0301")
	f.Fuzz(func(t *testing.T, text string) {
		got := Clean(text)
		for _, r := range got {
			if !unicode.IsPrint(r) || unicode.Is(unicode.Cf, r) {
				t.Fatalf("Clean(%q) keeps %U", text, r)
			}
		}
		if !utf8.ValidString(got) || !Printable(got) || Clean(got) != got {
			t.Errorf("Clean(%q) is %q, which is not clean", text, got)
		}
		if Printable(text) && got != text {
			t.Errorf("Clean changed the printable %q", text)
		}
		if utf8.RuneCountInString(got) < utf8.RuneCountInString(text) {
			t.Errorf("Clean(%q) dropped something: %q", text, got)
		}
		for line := range strings.SplitSeq(CleanLines(text), "\n") {
			if !Printable(line) {
				t.Errorf("CleanLines(%q) leaves %q", text, line)
			}
		}
	})
}
