package ui

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"orgkeep/keychain"
	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
)

// speech drives the program in lines by hand, over the parts of a screen.
type speech struct {
	*screen
	l     *linear
	out   strings.Builder
	heard int // bytes of out that have been looked at
}

// nobody types: lines are given as messages.
type nobody struct{}

func (nobody) Read([]byte) (int, error) { select {} }

func newSpeech(t *testing.T, o Options) *speech {
	t.Helper()
	x := &speech{screen: newScreenWith(t, 80, 24, Options{Demo: true}, keychain.Memory())}
	o.Keeper, o.Orgs, o.Demo, o.In, o.Out = x.model.keeper, x.model.list.orgs, true, nobody{}, &x.out
	x.l = newLinear(t.Context(), o)
	x.model = x.l.m
	x.start(x.l.Init())
	return x
}

func (x *speech) tell(msg tea.Msg) {
	if _, quit := msg.(tea.QuitMsg); quit {
		x.quit = true
		return
	}
	_, cmd := x.l.Update(msg)
	x.start(cmd)
}

// line types a line; what is said from then on is what says looks at.
func (x *speech) line(text string) {
	x.heard = x.out.Len()
	x.l.reading = true // by nobody: no command is to read
	x.tell(lineMsg{text: text})
}

// says takes messages until the words have been said since the last line.
func (x *speech) says(words ...string) {
	x.t.Helper()
	limit := time.After(20 * time.Second)
	for _, word := range words {
		for !strings.Contains(x.out.String()[x.heard:], word) {
			select {
			case msg := <-x.msgs:
				x.tell(msg)
			case <-limit:
				x.t.Fatalf("waited in vain for %q; what was said:\n%s", word, x.out.String()[x.heard:])
			}
		}
	}
}

func (x *speech) saysNot(words ...string) {
	x.t.Helper()
	for _, word := range words {
		if said := x.out.String()[x.heard:]; strings.Contains(said, word) {
			x.t.Errorf("%q was said:\n%s", word, said)
		}
	}
}

func TestAnOrgIsCalledByNumberAliasOrItsFirstLetters(t *testing.T) {
	t.Parallel()
	x := newSpeech(t, Options{})
	x.says("3: globex, production, expired", "idle limit in 2 days", "orgkeep: ")
	for _, called := range []string{"3", "globex", "GLOB", "open 3", "enter globex", "Overview glo"} {
		x.line(called)
		x.says("globex, overview.", "rotates: ", "More: token")
		x.saysNot("━", "╌", "\x1b")
	}
	x.line("acme")
	x.says("acme may be acme-")
	x.line("0")
	x.says("Nothing is called 0.")
	x.line("r 1 nobody")
	x.says("Nothing is called nobody.")
	if len(x.model.runs) != 0 {
		t.Error("half of a wrong line was done")
	}
	x.line("history 2 3")
	x.says("history takes one org.")
	x.line("R globex")
	x.says("refresh all stale is about no single org")
}

func TestANamedOrgGoesBeforeTheMarkedOnes(t *testing.T) {
	t.Parallel()
	x := newSpeech(t, Options{})
	x.line("mark initech, wonka")
	x.says("2 marked: initech, wonka.")
	x.line("r acme-uat")
	x.says("acme-uat: sent", "acme-uat refreshed in 0.4 s. New access token saved in memory.", "orgkeep: ")
	x.saysNot("initech")
	if n := strings.Count(x.out.String()[x.heard:], "acme-uat refreshed"); n != 1 {
		t.Errorf("said %d times", n)
	}
	x.line("refresh")
	x.says("2 of 2 refreshed")
}

func TestLinesSayTheOrderAndTheTimes(t *testing.T) {
	t.Parallel()
	x := newSpeech(t, Options{})
	x.line("sort alias")
	x.says("1: acme-prod,", "sorted by alias.")
	x.line("S")
	x.says("1: wonka,", "reversed.")
	x.line("sort size")
	x.says("sort takes one of urgency, alias,")
	x.line("o type")
	x.says("type sandbox, 4 orgs:")
	x.line("t")
	x.says("ends at about 1", "expired at 1", "expired on 2026-")
	x.line("/is:nothing")
	x.says("is:")
	x.line("/type:scratch")
	x.says("1 of them in this list", "1: hooli, scratch,")
	x.line("globex")
	x.says("The filter hid this org; it is cleared.", "globex, overview.")
	x.line("/nothing-like-it")
	x.says("hides all 12 orgs.")
	x.line("esc")
	x.says("12: ")
}

func TestWhatLinesCannotDoSaysWhy(t *testing.T) {
	t.Parallel()
	x := newSpeech(t, Options{Environ: []string{"SSH_TTY=/dev/pts/9", "SSH_CONNECTION=x"}})
	for line, why := range map[string]string{
		"v": "would stay in the terminal's memory", "theme": "nothing is drawn here", ":": "the prompt itself", "tab": "there are no pages",
		"c 2": "no clipboard program", "! 3": "it is for orgs whose last outcome is unknown", "mouse on or off": "nothing is drawn", "l globex": "orgkeep login signs in", "? reveal": "off here, because a token",
	} {
		x.line(line)
		x.says(why)
	}
	if w := wayOf(action{keys: []string{"a key of tomorrow"}}); w.off == "" || w.run != nil {
		t.Error("an action that nobody thought of is done unseen")
	}
	x.line("?")
	for _, a := range actions() {
		x.says(a.name)
		if w := wayOf(a); (w.off == "") != (w.run != nil) {
			t.Errorf("%s has no way, or two", a.name)
		}
	}
}

// Without a program that copies, a report is said: it has no secret.
func TestAReportIsSaidWhereNothingCopies(t *testing.T) {
	t.Parallel()
	x := newSpeech(t, Options{})
	x.line("y umbrella")
	x.says("The report on umbrella, without secrets:", "# Refresh of", "invalid_grant", "End of the report.")
	board := &memoryBoard{}
	x.model.copied.board.clipboard, x.model.copied.whyNot = board, ""
	x.line("y umbrella")
	x.says("The report on umbrella is copied")
	x.saysNot("# Refresh of")
	board.fails = errors.New("no display")
	x.line("y umbrella")
	x.says("End of the report.")
}

type memoryBoard struct {
	text  string
	fails error
}

func (b *memoryBoard) Read() (string, error) { return b.text, b.fails }
func (b *memoryBoard) Write(text string) error {
	b.text = text
	return b.fails
}

func TestQuestionsInLines(t *testing.T) {
	t.Parallel()
	org := tokens.Org{Alias: "acme-prod", Type: tokens.Production}
	for name, c := range map[string]struct {
		lines []string
		done  bool
		says  string
	}{
		"an empty line is safe": {[]string{""}, false, "Nothing was changed."},
		"yes is not enough":     {[]string{"yes"}, false, "That is not acme-prod."},
		"the alias is typed":    {[]string{"no", "acme-prod"}, true, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := newSpeech(t, Options{})
			done := false
			x.model.ask(confirmTyped("Forget?", "forget it", []tokens.Org{org}, []string{"Its tokens are gone then."}, func(*model) tea.Cmd { done = true; return nil }))
			x.tell(nil)
			x.says("Forget?", "Its tokens are gone then.", "This is production. Type acme-prod to forget it. An empty line changes nothing.", "type: ")
			for _, line := range c.lines {
				x.line(line)
			}
			x.says(c.says)
			if done != c.done {
				t.Errorf("done is %v: %s", done, x.out.String())
			}
		})
	}
}

func TestAChoiceInLines(t *testing.T) {
	t.Parallel()
	x := newSpeech(t, Options{})
	made := 0
	for _, line := range []string{"", "n", "Y", "do it", "yes"} {
		x.model.ask(plainDialog("Do it?", &made))
		x.tell(nil)
		x.says("y: do it. An empty line: stay, and change nothing.", "answer: ")
		x.line("perhaps")
		x.says("y: do it.")
		x.line(line)
		if x.model.dialog() != nil {
			t.Fatalf("%q is no answer", line)
		}
	}
	if made != 3 {
		t.Errorf("done %d times", made)
	}
	x.start(x.model.openByItself(plainDialog("By itself", &made)))
	x.tell(nil)
	x.line("y") // it was on its way before the question
	x.says("The question above is new.")
	x.hears()
	x.line("y")
	if made != 4 {
		t.Errorf("done %d times", made)
	}
}

// A secret is taken only from a line that was read without an echo.
func TestASecretIsNotTakenFromALineThatWasSeen(t *testing.T) {
	t.Parallel()
	x := newSpeech(t, Options{})
	answers := make(chan tokens.Secret, 1)
	d := questionDialog(Question{Title: "Passphrase of the vault", Text: "It stays open.", Answer: answers})
	x.model.ask(d)
	x.tell(nil)
	x.says("Press enter first. What you type then is not shown.", "passphrase: ")
	x.line("typed too early")
	if len(answers) != 0 || !x.l.hidden {
		t.Fatal("a line that was seen was taken, or the next one is seen too")
	}
	x.line(" the passphrase ")
	if got := <-answers; got.Reveal() != " the passphrase " {
		t.Error("another passphrase came")
	}
	x.saysNot("the passphrase ")
}

func TestPrivateModeInLinesSaysNoName(t *testing.T) {
	t.Parallel()
	x := newSpeech(t, Options{})
	x.line("p")
	x.says("Names are hidden from here on.", "1: org-")
	for _, line := range []string{"1", "h 1", "token 1", "r 2", "y 1", "", "org-03", "list all"} {
		x.line(line)
		x.says("orgkeep: ")
		x.until("what was asked", func() bool { return x.l.later == nil && len(x.model.runs) == 0 })
	}
	x.heard = strings.Index(x.out.String(), "Names are hidden")
	for _, org := range x.model.list.orgs {
		x.saysNot(org.Alias, org.OrgID, hostOf(org.InstanceURL))
	}
}

func TestWhatGoesOnIsSaidEveryFewSeconds(t *testing.T) {
	t.Parallel()
	x := newSpeech(t, Options{})
	x.heard = x.out.Len()
	x.model.runs[99] = &run{id: 99, events: make(chan keeper.Event), cancel: func() {}}
	x.model.totals.asked = 2
	for i, step := range []tokens.Step{tokens.StepWaiting, tokens.StepQueued} {
		x.model.live[x.model.list.orgs[i].Key] = &live{step: step, elapsed: 5 * time.Second, watch: evenClock{}.Stopwatch()}
	}
	x.tell(spinnerTickedMsg{})
	x.saysNot("done.")
	x.l.silent = func() time.Duration { return silenceMost }
	x.tell(spinnerTickedMsg{})
	x.says("0 of 2 done. "+x.model.list.orgs[0].Alias+", waiting for endpoint", "1 queued.")
}

func TestTheEndOfTheInputLeaves(t *testing.T) {
	t.Parallel()
	x := newSpeech(t, Options{})
	x.tell(lineMsg{err: io.EOF})
	x.until("the end", func() bool { return x.quit })
	y := newSpeech(t, Options{})
	y.line("quit")
	y.until("the end", func() bool { return y.quit })
	y.saysNot("orgkeep: ")
}

func TestTypedLine(t *testing.T) {
	t.Parallel()
	in := strings.NewReader("one\r\n\n" + strings.Repeat("x", 2*lineMost) + "\nrest")
	for _, want := range []string{"one", "", strings.Repeat("x", lineMost)} {
		if got, err := typedLine(in); got != want || err != nil {
			t.Errorf("%q, %v", got, err)
		}
	}
	if got, err := typedLine(in); got != "rest" || !errors.Is(err, io.EOF) {
		t.Errorf("%q, %v", got, err)
	}
}

func TestSpansInWords(t *testing.T) {
	t.Parallel()
	for span, want := range map[time.Duration]string{
		-time.Second: "0 seconds", time.Second: "1 second", 90 * time.Second: "1 minute", time.Hour: "1 hour",
		90 * time.Minute: "1 hour 30 minutes", 47 * time.Hour: "47 hours", 72 * time.Hour: "3 days",
	} {
		if got := spanWords(span); got != want {
			t.Errorf("%v is %q", span, got)
		}
	}
}
