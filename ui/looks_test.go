package ui

import (
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/exp/golden"

	"orgkeep/ui/theme"
)

// look is how one rune is drawn.
type look struct {
	fore, back                      string // as in the escape sequence; empty: the terminal's own
	bold, faint, underline, reverse bool
}

// drawn is one rune of a frame and its look.
type drawn struct {
	r rune
	look
}

var sgr = regexp.MustCompile(`\x1b\[([0-9;]*)m`)

// read takes a frame apart. Sequences that are no looks fail the test.
func read(t testing.TB, frame string) []drawn {
	t.Helper()
	var all []drawn
	var now look
	add := func(text string) {
		for _, r := range text {
			if r == '\x1b' {
				t.Fatalf("a sequence that is no look: %q", text)
			}
			all = append(all, drawn{r, now})
		}
	}
	end := 0
	for _, at := range sgr.FindAllStringSubmatchIndex(frame, -1) {
		add(frame[end:at[0]])
		now = now.after(t, strings.Split(frame[at[2]:at[3]], ";"))
		end = at[1]
	}
	add(frame[end:])
	return all
}

// after is the look that the parameters of a sequence make of an earlier one
// (ECMA-48, SGR).
func (l look) after(t testing.TB, params []string) look {
	t.Helper()
	for i := 0; i < len(params); i++ {
		n, _ := strconv.Atoi(params[i]) // an empty one is 0
		switch {
		case n == 0:
			l = look{}
		case n == 1:
			l.bold = true
		case n == 2:
			l.faint = true
		case n == 4:
			l.underline = true
		case n == 7:
			l.reverse = true
		case (n == 38 || n == 48) && i+4 < len(params) && params[i+1] == "2":
			colour := strings.Join(params[i+2:i+5], ";")
			if i += 4; n == 38 {
				l.fore = colour
			} else {
				l.back = colour
			}
		default:
			t.Fatalf("a look that nothing uses: %v", params)
		}
	}
	return l
}

// inks are the looks of a theme by their colours, and the ground of the row
// under the cursor.
func inks(t testing.TB, th theme.Theme) (fore map[string]string, selected string) {
	t.Helper()
	fore = map[string]string{}
	of := func(p theme.Paint) look { return read(t, p.Render("x"))[0].look }
	for name, p := range map[string]theme.Paint{
		"muted": th.Muted, "faint": th.Faint, "accent": th.Accent, "fresh": th.Fresh, "ageing": th.Ageing, "expired": th.Expired,
		"failed": th.Failed, "busy": th.Busy, "unknown": th.Unknown, "prod": th.Prod,
	} {
		fore[of(p).fore] = name
	}
	return fore, of(th.Selected).back
}

// markup writes a frame with its looks by name, as {failed bold selected}text{/}.
// A colour without a name fails the test.
func markup(t testing.TB, frame []drawn, th theme.Theme) string {
	t.Helper()
	fore, selected := inks(t, th)
	var text strings.Builder
	var now look
	for _, d := range frame {
		if d.look != now {
			if now != (look{}) {
				text.WriteString("{/}")
			}
			if now = d.look; now != (look{}) {
				text.WriteString("{" + strings.Join(now.words(t, fore, selected), " ") + "}")
			}
		}
		text.WriteRune(d.r)
	}
	return text.String()
}

func (l look) words(t testing.TB, fore map[string]string, selected string) []string {
	t.Helper()
	var words []string
	if l.fore != "" {
		if fore[l.fore] == "" {
			t.Fatalf("the colour %s has no name", l.fore)
		}
		words = append(words, fore[l.fore])
	}
	for _, w := range []struct {
		word string
		is   bool
	}{{"bold", l.bold}, {"faint", l.faint}, {"underline", l.underline}, {"reverse", l.reverse}, {"selected", l.back != ""}} {
		if w.is {
			words = append(words, w.word)
		}
	}
	if l.back != "" && l.back != selected {
		t.Fatalf("the background %s has no name", l.back)
	}
	return words
}

// in draws the screen as a terminal of another kind would have it.
func (s *screen) in(o theme.Options) []drawn {
	s.t.Helper()
	before, was := s.model.terminal, s.model.theme
	s.model.terminal, s.model.theme = o, theme.New(o)
	defer func() { s.model.terminal, s.model.theme = before, was }()
	s.fits()
	return read(s.t, s.model.View().Content)
}

// looks compares the looks of a view on a dark ground with what they were when
// somebody last looked, and those of every other kind of terminal with these: on
// a light ground the same names stand in the same places; without colours the
// text is the same, and what was bold or selected is bold; in ASCII every glyph
// has become its counterpart.
func (s *screen) looks(t *testing.T) {
	t.Helper()
	o := s.model.terminal
	o.Dark, o.Profile, o.ASCII = true, colorprofile.TrueColor, false
	dark := s.in(o)
	marked := markup(t, dark, theme.New(o))
	golden.RequireEqual(t, marked+"\n")

	light := o
	light.Dark = false
	if got := markup(t, s.in(light), theme.New(light)); got != marked {
		t.Errorf("on a light ground it is\n%s\non a dark one\n%s", got, marked)
	}
	none := o
	none.Profile = colorprofile.ASCII
	plain := make([]drawn, len(dark))
	for i, d := range dark {
		plain[i] = drawn{d.r, look{bold: d.bold || d.back != "", underline: d.underline, reverse: d.reverse}}
	}
	got, plain := s.withoutKeys(s.in(none)), s.withoutKeys(plain)
	if !slices.Equal(got, plain) {
		t.Errorf("without colours it is\n%s\nwant\n%s", markup(t, got, theme.New(none)), markup(t, plain, theme.New(none)))
	}
	ascii := o
	ascii.ASCII = true
	s.inASCII(t, dark, ascii)
}

// withoutKeys leaves out the last line where it has the keys: without colours
// those that are off are not there.
func (s *screen) withoutKeys(frame []drawn) []drawn {
	if text, _ := s.model.noteText(); text != "" {
		return frame
	}
	for i, d := range slices.Backward(frame) {
		if d.r == '\n' {
			return frame[:i]
		}
	}
	return frame
}

// inASCII compares a frame with the same one in ASCII, rune by rune.
func (s *screen) inASCII(t *testing.T, frame []drawn, o theme.Options) {
	t.Helper()
	got := s.in(o)
	if len(got) != len(frame) {
		t.Fatalf("in ASCII it has %d runes instead of %d", len(got), len(frame))
	}
	counterparts := counterparts(o)
	for i, d := range got {
		was := frame[i]
		if d.look != was.look || d.r > '~' || d.r != was.r && !strings.ContainsRune(counterparts[was.r], d.r) {
			t.Fatalf("in ASCII %q %+v has become %q %+v", was.r, was.look, d.r, d.look)
		}
	}
}

// counterparts are what may stand in ASCII for a rune: those of the glyph that
// it is, and that of text.
func counterparts(o theme.Options) map[rune]string {
	ascii := theme.New(o).Glyphs
	o.ASCII = false
	glyphs := theme.New(o).Glyphs
	to := map[rune]string{}
	pair := func(from, in reflect.Value) {
		for i := range from.NumField() {
			if from.Field(i).Kind() == reflect.String {
				r := []rune(from.Field(i).String())[0]
				to[r] += in.Field(i).String()
			}
		}
	}
	pair(reflect.ValueOf(glyphs), reflect.ValueOf(ascii))
	pair(reflect.ValueOf(glyphs.Border), reflect.ValueOf(ascii.Border))
	to[[]rune(glyphs.Busy[0])[0]] += ascii.Busy[0]
	for _, r := range "…×•–—·→↑↓" {
		to[r] += ascii.Fold(string(r))
	}
	return to
}
