package ui

import (
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
)

// Tour says that the screen plays a chapter of the tour. The zero Tour is none.
type Tour struct {
	Chapter int     // from 1
	Speed   float64 // divides the times that captions and keys stand
	Paused  bool    // it waits for the key that lets it go on
}

// TourStart is what to show for the tour from its first chapter on.
func TourStart() Ending { return chapterEnding(1) }

// tour is the player. It presses the keys of a step as a person would, and waits
// for what the step says; only captions and keys stand for a time.
type tour struct {
	on      bool
	chapter int // from 1
	speed   float64
	step    int
	pressed int  // keys of the step
	waiting bool // all keys are pressed; what the step waits for decides
	paused  bool
	ticks   int // counts, so that a tick from before a pause is known as such
}

// tourTickedMsg says that a caption or a key has stood long enough.
type tourTickedMsg struct{ tick int }

func newTour(t Tour) tour {
	return tour{on: t.Chapter >= 1 && t.Chapter <= len(chapters), chapter: t.Chapter, speed: t.Speed, paused: t.Paused}
}

func chapterEnding(n int) Ending {
	return Ending{Next: NextDemo, Scenario: chapters[n-1].scenario, Chapter: n}
}

func (t *tour) now() chapter { return chapters[t.chapter-1] }
func (t *tour) at() step     { return t.now().steps[t.step] }

// How long a caption stands at least and for each of its words, and a key.
const (
	readLeast = 2 * time.Second
	readWord  = 300 * time.Millisecond
	keyStands = 900 * time.Millisecond
)

func (t *tour) reading() time.Duration {
	return readLeast + time.Duration(len(strings.Fields(t.at().caption)))*readWord
}

// tourAfter ticks when a time has passed, and makes every earlier tick a stale one.
func (m *model) tourAfter(d time.Duration) tea.Cmd {
	t := &m.tour
	t.ticks++
	return m.after(time.Duration(float64(d)/t.speed), tourTickedMsg{tick: t.ticks})
}

// startTour begins with the first caption.
func (m *model) startTour() tea.Cmd {
	if !m.tour.on || m.tour.paused {
		return nil
	}
	return m.tourAfter(m.tour.reading())
}

// touring takes a message for the tour while it plays: its own, and the keys and
// the mouse, which are the player's then. It reports whether it took it.
func (m *model) touring(msg tea.Msg) (cmd tea.Cmd, taken bool) {
	if !m.tour.on {
		return nil, false
	}
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return m.tourPressed(msg), true
	case tea.PasteMsg, tea.MouseClickMsg, tea.MouseWheelMsg:
		return nil, true
	case tourTickedMsg:
		return m.tourTicked(msg), true
	}
	return nil, false
}

// tourPressed takes a key of the person who watches.
func (m *model) tourPressed(key tea.KeyPressMsg) tea.Cmd {
	t := &m.tour
	switch key.String() {
	case "space":
		t.paused = !t.paused
		if t.paused || t.waiting {
			t.ticks++
			return nil
		}
		return m.tourAfter(t.reading())
	case "right", "n":
		return m.turnTo(t.chapter + 1)
	case "left", "b":
		return m.turnTo(max(1, t.chapter-1))
	case "esc", "q":
		m.leaveTour("The demo is yours. ? shows its keys.")
	case "ctrl+c":
		t.on = false
		return m.pressed(key)
	}
	return nil
}

// turnTo starts the demo anew with another chapter; after the last one the demo
// goes on without the tour.
func (m *model) turnTo(chapter int) tea.Cmd {
	if chapter > len(chapters) {
		m.leaveTour("That was the tour. The demo is yours; ? shows its keys.")
		return nil
	}
	next := chapterEnding(chapter)
	next.Paused = m.tour.paused
	return m.endWith(next)
}

// tourAction starts the tour, or starts it again.
func tourAction() action {
	return action{
		keys: []string{"f3"}, name: "tour", group: groupStage, off: scenesOff,
		about: "In the demo: play the tour from its first chapter. The demo starts anew for it.",
		run:   func(m *model) tea.Cmd { return m.endWith(TourStart()) },
	}
}

// leaveTour hands the screen over as it is.
func (m *model) leaveTour(note string) {
	m.tour.on = false
	m.note, m.noteBad = note, false
}

// tourTicked presses the next key of the step. Behind the last one the step
// waits for what it says.
func (m *model) tourTicked(msg tourTickedMsg) tea.Cmd {
	t := &m.tour
	if msg.tick != t.ticks || t.paused {
		return nil
	}
	keys := t.at().keys
	if t.pressed == len(keys) {
		t.waiting = true
		return nil
	}
	key := keys[t.pressed]
	t.pressed++
	return tea.Batch(m.play(key), m.tourAfter(keyStands))
}

// play presses a key, or types a text, as a person does.
func (m *model) play(key string) tea.Cmd {
	if _, known := actionFor(key); known {
		return m.pressed(keyPressed(key))
	}
	var cmds []tea.Cmd
	for _, r := range key {
		cmds = append(cmds, m.pressed(keyPressed(string(r))))
	}
	return tea.Batch(cmds...)
}

// playOn begins the next step when what this one waits for has come.
func (m *model) playOn() tea.Cmd {
	t := &m.tour
	if !t.on || !t.waiting || t.paused || m.leaving {
		return nil
	}
	if until := t.at().until; until != nil && !until(m) {
		return nil
	}
	t.waiting = false
	if t.step+1 == len(t.now().steps) {
		return m.turnTo(t.chapter + 1)
	}
	t.step, t.pressed = t.step+1, 0
	return m.tourAfter(t.reading())
}
