package ui

import (
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
)

func TestTimesAreSpansMomentsOrBoth(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40)
	s.goTo("acme-uat")
	s.shows("AGE", "LEFT", "1h 58m", "~2m")
	s.press("t")
	s.shows("ISSUED", "ENDS", "10:02", "~12:02", "2026-10-26")
	s.press("t")
	s.shows("AGE, ISSUED", "LEFT, ENDS", "1h 58m      10:02", "~2m      12:02", "expired ~2026-10-26", "expired      ~11:40")
	s.press("t")
	s.showsNot("ISSUED")
}

// TestNothingMovesSidewaysWhileTimePasses draws the list at many moments: each
// column keeps its place, and the blanks between the columns stay blank.
func TestNothingMovesSidewaysWhileTimePasses(t *testing.T) {
	t.Parallel()
	for _, width := range []int{60, 80, 200} {
		for mode := range numTimes {
			s := newScreen(t, width, 20)
			s.model.times = mode
			p := share(s.model.list.widths, s.model.columns, mode, s.model.layout().list.w-3)
			head := s.model.headLine(p)
			now := noon
			for _, step := range []time.Duration{0, time.Second, 59 * time.Second, time.Minute, 9 * time.Minute, time.Hour, 9 * time.Hour, 24 * time.Hour, 23 * 24 * time.Hour, 70 * 24 * time.Hour, 365 * 24 * time.Hour} {
				now = now.Add(step)
				s.model.now = now
				if got := s.model.headLine(p); got != head {
					t.Errorf("the head line became %q", got)
				}
				for i := range s.model.list.orgs {
					line := ansi.Strip(s.model.row(&s.model.list.orgs[i], false, p, s.model.layout().list.w-2))
					at := prefixWidth + p.signs + p.alias
					for _, slot := range p.slots {
						if between := ansi.Cut(line, at, at+slot.gap); strings.TrimSpace(between) != "" {
							t.Errorf("width %d, mode %d, after %s: %q stands before %s: %q", width, mode, now.Sub(noon), between, slot.name, line)
						}
						cell := ansi.Cut(line, at+slot.gap, at+slot.gap+slot.w)
						if strings.Contains(cell, more) && slot.figure() {
							t.Errorf("width %d, mode %d, after %s: %s is cut: %q", width, mode, now.Sub(noon), slot.name, cell)
						}
						at += slot.gap + slot.w
					}
				}
			}
		}
	}
}

func TestColumnsGoOneAfterTheOther(t *testing.T) {
	t.Parallel()
	w := widths{alias: 14, text: map[string]int{colUser: 26, colHost: 34, colTags: 12}}
	for _, c := range []struct {
		room   int
		times  timesMode
		chosen []string
		want   string
	}{
		{121, timesRelative, ColumnNames(), "type user host tags age left idle last"},
		{106, timesRelative, ColumnNames(), "type user host age left idle last"},
		{77, timesRelative, ColumnNames(), "type user age left idle last"},
		{57, timesRelative, ColumnNames(), "type age left idle last"},
		{57, timesBoth, ColumnNames(), "age left"},
		{121, timesRelative, []string{colLeft, colHost}, "host left"},
	} {
		p := share(w, c.chosen, c.times, c.room)
		var names []string
		used := prefixWidth + p.alias
		for _, s := range p.slots {
			names = append(names, s.name)
			used += s.gap + s.w
		}
		if got := strings.Join(names, " "); got != c.want || used > c.room || p.alias < aliasMin {
			t.Errorf("in %d cells: %q, %d wide, the alias %d; want %q", c.room, got, used, p.alias, c.want)
		}
	}
}

func TestUserNamesKeepWhatTellsThemApart(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, want string
		w          int
	}{
		{"integration@acme.example", "integration@acme.example", 24},
		{"integration@acme.example", "inte…@acme.example", 18},
		{"integration@globex.example", "int…@globex.exam…", 17},
		{"integration@acme.example.uat", "int…@acme.e….uat", 16},
		{"integration@acme.example.dev", "int…@acme.e….dev", 16},
		{"ada@acme.example", "…@acm…le", 8},
		{"005xx00000iytbmAAA", "005xx…mAAA", 10},
	} {
		if got := cutUser(c.name, c.w); width(got) > c.w || got != c.want && c.w > 8 {
			t.Errorf("%s in %d cells is %q, want %q", c.name, c.w, got, c.want)
		}
	}
}
