package ui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"golang.org/x/term"

	"orgkeep/tokens"
	"orgkeep/ui/theme"
)

// linear is the program in lines, for screen readers: the same model, which
// takes the same messages. Nothing is drawn; what changes in it is said once, in
// words, and what is typed comes as whole lines.
type linear struct {
	m   *model
	in  io.Reader
	out io.Writer

	numbers []tokens.Key // the orgs by their numbers in the list that was said last
	later   *tab         // the page to say when what it needs has been read
	noted   string       // the note that was said last
	said    string       // how the last refresh ended, so that the note does not repeat it
	banner  string       // what was said last of waiting tokens and the clock
	toast   int          // the last toast that was said
	asking  int          // refreshes that were said to have begun
	asked   *dialog      // the question that was said last
	silent  func() time.Duration

	reading  bool // a line is being read,
	hidden   bool // without an echo
	closed   bool // no more lines come
	prompted bool // the prompt is the last thing said
	bye      bool // the program is ending
}

// lineMsg is a line that was typed; err says why none comes any more.
type lineMsg struct {
	text string
	err  error
}

// RunLinear shows what Run shows, in lines: no control sequence is written,
// nothing is drawn twice, and each key of the screen is a word. It ends as Run
// does.
func RunLinear(ctx context.Context, o Options) error {
	effects, stop := context.WithCancel(ctx)
	defer stop()
	l := newLinear(effects, o)
	defer func() { l.m.copied.end(nil) }()
	program := tea.NewProgram(l, tea.WithInput(nil), tea.WithOutput(io.Discard), tea.WithEnvironment(o.Environ),
		tea.WithoutRenderer(), tea.WithoutSignalHandler())
	defer onSignal(func() { program.Send(signalledMsg{}) })()
	_, err := program.Run()
	if l.prompted {
		_, _ = fmt.Fprintln(o.Out)
	}
	if err != nil && !errors.Is(err, tea.ErrProgramKilled) {
		return fmt.Errorf("running in lines: %w", err)
	}
	return nil
}

// newLinear returns the program in lines. It starts nothing.
func newLinear(ctx context.Context, o Options) *linear {
	o.Still = true
	m := newModel(ctx, o)
	m.terminal.Profile = colorprofile.NoTTY
	m.theme = theme.New(m.terminal)
	m.width, m.height = MinWidth, MinHeight // of no window; some arithmetic wants one
	m.focused = false                       // ages are counted when a line comes, by no clock of their own
	if c := &m.copied; c.terminal || c.whyNot != "" {
		c.terminal, c.whyNot = false, "no clipboard program can be used here (wl-copy, xclip, xsel), and lines have no other way"
	}
	return &linear{m: m, in: o.In, out: o.Out, silent: m.clock.Stopwatch()}
}

// Init says what is there, and begins to listen.
func (l *linear) Init() tea.Cmd {
	first := l.m.Init()
	l.greet()
	l.tell(nil)
	return tea.Batch(first, l.listen())
}

// View is part of tea.Model; nothing is drawn.
func (l *linear) View() tea.View { return tea.View{} }

// Update gives a message to the model, and says what has changed.
func (l *linear) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	var cmd, more tea.Cmd
	switch msg := msg.(type) {
	case lineMsg:
		cmd = l.lineCame(msg)
		_, more = l.m.Update(nil)                   // the model looks after itself, as after a key
		more = tea.Batch(more, l.m.lookElsewhere()) // what has changed is said by the next line
	case reportedMsg:
		cmd = l.reported(msg)
	case reportCopiedMsg:
		l.reportCopied(msg)
	default:
		_, cmd = l.m.Update(msg)
	}
	l.tell(msg)
	return l, tea.Batch(cmd, more, l.listen())
}

// tell says what a message has changed.
func (l *linear) tell(msg tea.Msg) {
	switch msg := msg.(type) {
	case steppedMsg:
		l.stepped(msg)
	case spinnerTickedMsg:
		l.waiting()
	case wholeMsg, historyLoadedMsg, tokensReadMsg:
		if l.later != nil {
			l.sayPage(*l.later)
			l.later = nil
		}
	case foundMsg:
		l.sayFinding(msg)
	case examinedMsg:
		l.sayExamined(msg)
	case signalledMsg:
		l.bye = true
	}
	l.bye = l.bye || l.m.leaving
	l.begun()
	l.sayBanner()
	l.sayToasts()
	l.sayNote()
	if d := l.m.dialog(); d != l.asked {
		l.asked = d
		l.sayQuestion(d)
	}
	l.prompt()
}

// say writes lines, without control characters, and in private mode without
// names.
func (l *linear) say(lines ...string) {
	if l.prompted {
		_, _ = fmt.Fprintln(l.out)
		l.prompted = false
	}
	for _, text := range lines {
		for line := range strings.SplitSeq(text, "\n") {
			line = l.m.theme.Glyphs.Fold(tokens.Clean(l.m.veil(ansi.Strip(line))))
			_, _ = fmt.Fprintln(l.out, strings.TrimRight(line, " ")) // a terminal that is gone ends the program by a signal
		}
	}
	l.silent = l.m.clock.Stopwatch()
}

// prompt asks for a line, unless something is under way that is still to be
// told: a line is taken then too.
func (l *linear) prompt() {
	text := "orgkeep: "
	switch d := l.m.dialog(); {
	case d != nil:
		text = answerPrompt(d)
	case len(l.m.runs) > 0, l.later != nil, l.m.looking.running, l.m.doctor.running, l.bye, l.closed:
		return
	}
	if !l.prompted {
		_, _ = fmt.Fprint(l.out, text)
		l.prompted = true
	}
}

// listen reads the next line, where none is being read.
func (l *linear) listen() tea.Cmd {
	if l.reading || l.closed && l.m.dialog() == nil {
		return nil
	}
	l.reading, l.hidden = true, isSecret(l.m.dialog())
	in, hidden := l.in, l.hidden
	return func() tea.Msg {
		if file, ok := in.(*os.File); ok && hidden && term.IsTerminal(int(file.Fd())) {
			text, err := term.ReadPassword(int(file.Fd()))
			return lineMsg{text: string(text), err: err}
		}
		text, err := typedLine(in)
		return lineMsg{text: text, err: err}
	}
}

// lineMost is more than any line that means something here has.
const lineMost = 4096

// typedLine reads one line and not a byte beyond it, since the next one may be
// read in another way. Of a longer line the rest is left out.
func typedLine(in io.Reader) (string, error) {
	var line []byte
	one := make([]byte, 1)
	for {
		n, err := in.Read(one)
		switch {
		case n == 1 && one[0] == '\n':
			return strings.TrimSuffix(string(line), "\r"), nil
		case n == 1 && len(line) < lineMost:
			line = append(line, one[0])
		case n == 0 && err != nil:
			return string(line), err
		}
	}
}
