package cli

import (
	"bytes"
	"errors"
	"io"
	"runtime/debug"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"orgkeep/tokens"
)

func TestWriteTable(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	columns := []column{{title: "ORG"}, {title: "AGE", right: true}, {title: "LAST"}}
	rows := [][]string{{"é→日本", "12m 05s", "–"}, {"acme-production", "42s", ""}}
	if err := writeTable(&out, columns, rows); err != nil {
		t.Fatal(err)
	}
	want := "ORG                  AGE  LAST\n" +
		"é→日本           12m 05s  –\n" +
		"acme-production      42s\n"
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
	if err := writeTable(failing{}, columns, rows); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("a table that could not be written: %v", err)
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestListRow(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	const day = 24 * time.Hour
	base := tokens.Org{Alias: "acme", UserID: "005410000031xAAEAY", Type: tokens.Production, HasRefreshToken: true}
	aged := func(age time.Duration) tokens.Org {
		o := base
		o.IssuedAt, o.RefreshUsedAt = now.Add(-age), now.Add(-age)
		return o
	}
	refusedLast, exact := aged(28*day), aged(time.Minute)
	refusedLast.Last = &tokens.Attempt{
		At: now.Add(-2 * time.Minute), Outcome: tokens.OutcomeFailed,
		Failure: &tokens.Failure{HTTPStatus: 400, Code: "invalid_grant"},
	}
	exact.ExpiresAt, exact.ExpirySource, exact.HasRefreshToken = now.Add(9*time.Minute), tokens.LeftFromJWT, false
	for _, c := range []struct {
		org   tokens.Org
		ascii bool
		want  string
	}{
		{aged(725 * time.Second), false, "● fresh|12m 05s|~1h 47m|29d|–"},
		{aged(28 * time.Hour), false, "○ expired|1d 04h|expired 1d 02h ago|28d|–"},
		{refusedLast, false, "✗ failed|28d 00h|expired 27d 22h ago|2d !|failed 2m ago: HTTP 400 invalid_grant"},
		{aged(31 * day), false, "○ expired|31d 00h|expired 30d 22h ago|over !|–"},
		{exact, false, "◐ ageing|1m 00s|9m 00s|–|–"},
		{base, false, "◇ unknown|?|?|?|–"},
		{base, true, "? unknown|?|?|?|-"},
	} {
		s := &session{ascii: c.ascii}
		row := listRow(s.theme(), c.org, now, tokens.DefaultLimits())
		want := "acme|PROD|005410000031xAAEAY|" + c.want
		if got := strings.Join(row, "|"); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

func TestReadLineTakesOneLineAndNoMore(t *testing.T) {
	t.Parallel()
	in := strings.NewReader("first\r\nsecond\nlast")
	for _, want := range []string{"first", "second", "last"} {
		if got, err := readLine(in); err != nil || got != want {
			t.Fatalf("got %q (%v), want %q", got, err, want)
		}
	}
	if _, err := readLine(in); !errors.Is(err, io.EOF) {
		t.Errorf("at the end: %v", err)
	}
	if _, err := readLine(strings.NewReader(strings.Repeat("x", lineLimit+1))); err == nil {
		t.Error("an endless line was read")
	}
	if _, err := readLine(iotest.ErrReader(io.ErrUnexpectedEOF)); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a broken stdin: %v", err)
	}
}

func FuzzReadLine(f *testing.F) {
	f.Add("client\r\nrest")
	f.Add("")
	f.Add("\n\n")
	f.Fuzz(func(t *testing.T, text string) {
		in := strings.NewReader(text)
		line, err := readLine(in)
		rest, _ := io.ReadAll(in)
		if strings.Contains(line, "\n") || len(line) > lineLimit {
			t.Fatalf("no line: %q", line)
		}
		if want, after, found := strings.Cut(text, "\n"); err == nil && found &&
			(line != strings.TrimSuffix(want, "\r") || string(rest) != after) {
			t.Fatalf("%q gave %q and left %q", text, line, rest)
		}
	})
}

func TestDescribeBuild(t *testing.T) {
	t.Parallel()
	revision := debug.BuildSetting{Key: "vcs.revision", Value: "0123456789abcdef0123456789abcdef01234567"}
	on := debug.BuildSetting{Key: "vcs.time", Value: "2026-11-23T09:00:00Z"}
	for _, c := range []struct {
		version  string
		settings []debug.BuildSetting
		want     string
	}{
		{"v1.2.3", []debug.BuildSetting{revision, on}, "v1.2.3 (0123456789ab, 2026-11-23)"},
		{"v0.0.0-20261123090000-0123456789ab", []debug.BuildSetting{revision, on}, "v0.0.0-20261123090000-0123456789ab (2026-11-23)"},
		{"v1.2.3", nil, "v1.2.3"},
		{"v1.2.3", []debug.BuildSetting{revision}, "v1.2.3 (0123456789ab)"},
		{"(devel)", nil, "devel"},
		{"", []debug.BuildSetting{revision}, "devel (0123456789ab)"},
		{"v0.0.0-20261123090000-0123456789ab+dirty", []debug.BuildSetting{revision}, "v0.0.0-20261123090000-0123456789ab+dirty"},
	} {
		info := &debug.BuildInfo{Main: debug.Module{Version: c.version}, Settings: c.settings}
		if got := describeBuild(info); got != c.want {
			t.Errorf("%q: %q, want %q", c.version, got, c.want)
		}
	}
}

func TestBodyLines(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		failure tokens.Failure
		lines   int
		last    string
	}{
		{tokens.Failure{}, 0, ""},
		{tokens.Failure{Body: "a\nb\n"}, 2, "b"},
		{tokens.Failure{Body: "a\nb", BodyCut: true}, 3, "… the body went on, or broke off here"},
		{tokens.Failure{Body: strings.Repeat("x\n", 40)}, 40, "x"},
		{tokens.Failure{Body: strings.Repeat("x\n", 41)}, 41, "… the body goes on; --json and --report have more of it"},
		{tokens.Failure{Body: strings.Repeat("é", 1001)}, 2, "… the body goes on; --json and --report have more of it"},
	} {
		got := bodyLines(&c.failure)
		if len(got) != c.lines || len(got) > 0 && got[len(got)-1] != c.last {
			t.Errorf("%d lines: %q", len(got), got)
		}
	}
}
