// Package ui is the Bubble Tea program: one model, its messages and its views.
// It does no I/O but through the keeper.
package ui

import (
	"cmp"
	"context"
	"time"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
	"orgkeep/ui/settings"
	"orgkeep/ui/theme"
)

// Keeper is what the screen asks of the use cases.
type Keeper interface {
	Refresh(ctx context.Context, orgs []tokens.Org) <-chan keeper.Event
	RefreshAnyway(ctx context.Context, orgs []tokens.Org) <-chan keeper.Event
	RefreshNow(ctx context.Context, orgs []tokens.Org) <-chan keeper.Event
	RefreshWatched(ctx context.Context, orgs []tokens.Org) <-chan keeper.Event
	TestAccess(ctx context.Context, org tokens.Org) (tokens.Org, error)
	Recover(ctx context.Context) (changed []tokens.Org, waiting []keeper.Waiting, err error)
	Report(ctx context.Context, key tokens.Key, version string) (string, error)
	InMemory() []string
	Elsewhere(ctx context.Context, since int64) (orgs []tokens.Org, changed bool, version int64, err error)
	Whole(ctx context.Context, key tokens.Key) (tokens.Org, error)
	History(ctx context.Context, key tokens.Key, limit int) ([]tokens.Attempt, error)
	SaveHeld(path string, passphrase tokens.Secret) (int, error)
	Discard()
	Reveal(ctx context.Context, key tokens.Key) (tokens.Secrets, error)
	Anatomy(ctx context.Context, key tokens.Key) (tokens.Anatomy, error)
	Inspect(ctx context.Context, org tokens.Org) <-chan keeper.Finding
	Explain(f *tokens.Failure) tokens.Explanation
	ProbeStore(ctx context.Context) error
	StoreName() string
	SetFavourite(ctx context.Context, orgs []tokens.Org, favourite bool) ([]tokens.Org, error)
	Rename(ctx context.Context, org tokens.Org, alias string) (tokens.Org, error)
	SetWatched(ctx context.Context, orgs []tokens.Org, watched bool) ([]tokens.Org, error)
	StoreOpen(ctx context.Context) error
	Retag(ctx context.Context, orgs []tokens.Org, change tokens.TagChange) ([]tokens.Org, error)
	Forget(ctx context.Context, org tokens.Org) error
	RevokeAndForget(ctx context.Context, org tokens.Org) error
	Written(ctx context.Context, org tokens.Org, form keeper.Form) (tokens.Secret, error)
	SetMirror(ctx context.Context, org tokens.Org, path string) (tokens.Org, error)
	Export(ctx context.Context, org tokens.Org, form keeper.Form, path string, over bool) error
	StartSignIn(ctx context.Context, r keeper.SignInRequest) (*keeper.SigningIn, error)
	Limits() tokens.Limits
	Clock() tokens.Clock
}

// model is the one state of the screen. Update alone changes it, View reads it.
type model struct {
	ctx    context.Context //nolint:containedctx // effects outlive the Update that starts them; this ends with the program
	keeper Keeper
	limits tokens.Limits
	clock  tokens.Clock
	now    time.Time // what ages are counted from; moved by clock messages only

	width, height int
	theme         theme.Theme
	terminal      theme.Options // what theme was made from
	settings      settings.Settings
	focused       bool
	demo          bool
	enclosed      bool  // nothing outside the process is touched
	stage         Stage // nil but for the demo
	steps         Steps // nil where time passes by itself
	scenes        scenes
	ending        Ending
	tour          tour
	still         bool
	version       string
	storeProblem  error // the keychain cannot be used now; nil while not known

	list    list
	columns []string // of the list
	times   timesMode
	holding bool // the clock of the finished rows runs

	live   map[tokens.Key]*live
	runs   map[int]*run
	nextID int // of runs
	totals totals
	failed []tokens.Key // of the last run
	summed bool         // the note is the summary of a run with failures
	pauses pauses
	census census

	filter    textinput.Model
	filtering bool
	overlay   overlay
	dialogs   dialogs  // what is asked, over everything else
	palette   *palette // nil while it is not open
	help      help
	toasts    toasts
	mouse     mouse
	scroll    int    // first line shown of the open detail or help
	note      string // replaces the footer until a key is pressed
	noteBad   bool
	frame     int // of the spinner
	spinning  bool
	ticks     ticks
	notice    string // about this machine's clock; stays while the screen does
	signals   int    // that told the program to end
	impatient bool   // leaving has waited long enough
	leaving   bool   // told to quit, waiting for what was sent

	waiting    []keeper.Waiting // new tokens that the keychain has refused
	recovering bool
	questions  <-chan Question
	rescueFile string                   // where tokens in memory only can be saved
	asked      map[tokens.Key]time.Time // the attempts whose long bodies were asked for
	past       map[tokens.Key]past

	tabs    map[tokens.Key]chosenTab // of the detail, where the user has chosen one
	reveal  reveal                   // what is known of the tokens of the org under the cursor
	copied  copied                   // the access token on the clipboard
	looking looking                  // the online look at an org
	pair    [2]tokens.Key            // what is compared
	reading reading                  // the text that is looked at
	private private
	removal removal // the orgs that are being forgotten
	signIn  signIn
	browser func(ctx context.Context, address string) error // opens an address; nil in the demo
	pane    pane                                            // the detail beside the list
	first   first
	adding  adding
	doctor  doctorView
	watch   watching

	elsewhere elsewhere
}

// overlay is what lies over the list.
type overlay int

const (
	overlayNone overlay = iota
	overlayDetail
	overlayHelp
	overlayDoctor
	overlayCompare
	overlayText
)

// newModel returns the model of a screen that shows orgs. It starts nothing.
func newModel(ctx context.Context, o Options) *model {
	m := &model{
		ctx: ctx, keeper: o.Keeper, limits: o.Keeper.Limits(), clock: o.Keeper.Clock(),
		terminal: firstTheme(o), settings: o.Settings.OrDefault(),
		focused: true, demo: o.Demo, enclosed: o.Enclosed, stage: o.Stage, steps: o.Steps, scenes: scenes{all: o.Scenes, now: o.Scene}, tour: newTour(o.Tour), still: o.Still, version: o.Version,
		live: map[tokens.Key]*live{}, runs: map[int]*run{}, pauses: newPauses(o.Orgs),
		filter: newFilter(), rescueFile: o.RescueFile, questions: o.Questions, asked: map[tokens.Key]time.Time{}, past: map[tokens.Key]past{},
		tabs: map[tokens.Key]chosenTab{}, browser: o.Browser,
	}
	m.reveal.span, m.copied = m.settings.Reveal, newCopied(o, m.settings)
	m.doctor.checks = o.Checks
	m.watch.plan = keeper.NewWatch(m.settings.WatchUnder)
	m.mouse.on, m.private.on = m.settings.Mouse, m.settings.Private
	m.now, m.elsewhere.seen = m.clock.Now(), o.Seen
	m.first.intake = o.Intake
	m.note, m.noteBad = cmp.Or(o.Notice, o.Greeting), o.Notice != ""
	m.notice = tokens.SkewWarning(tokens.LatestSkew(o.Orgs))
	m.theme = theme.New(m.terminal)
	m.arrangeList(m.settings)
	m.list.set(o.Orgs, m.now, m.limits)
	m.recount()
	return m
}

func newFilter() textinput.Model {
	f := newInput("/")
	f.CharLimit = 200
	return f
}

// newInput is a line to type in, in the terminal's own colours and with its own
// cursor: those that the widget brings cannot be read on every ground.
func newInput(prompt string) textinput.Model {
	in := textinput.New()
	in.Prompt = prompt
	in.SetStyles(textinput.Styles{})
	in.SetVirtualCursor(false)
	return in
}

// Init asks the terminal for its background and the keychain for its state; the
// first frame does not wait for either.
func (m *model) Init() tea.Cmd {
	m.recovering = true
	return tea.Batch(tea.RequestBackgroundColor, probeStore(m.ctx, m.keeper), recoverHeld(m.ctx, m.keeper, false), awaitQuestion(m.questions), m.tick(), m.startTour())
}

// layout is where everything stands now.
func (m *model) layout() layout {
	return arrange(m.width, m.height, len(m.waiting) > 0 || m.notice != "", m.tourRows())
}
