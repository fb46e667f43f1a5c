package ui

import (
	tea "charm.land/bubbletea/v2"

	"orgkeep/ui/theme"
)

// Update is the one place that changes the model.
func (m *model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	cmd := m.update(msg)
	m.list.reveal(m.listRows())
	m.recount()
	m.guard()
	m.private.learn(m.list.orgs, m.list.version)
	if next := m.playOn(); next != nil {
		cmd = tea.Batch(cmd, next)
	}
	if m.ticks.step > secondStep { // rows that count seconds may just have come into view
		cmd = tea.Batch(cmd, m.tick())
	}
	if whole, history := m.wantWhole(), m.wantHistory(); whole != nil || history != nil {
		cmd = tea.Batch(cmd, whole, history)
	}
	return m, cmd
}

func (m *model) update(msg tea.Msg) tea.Cmd {
	if key, is := msg.(tea.KeyPressMsg); is && m.letsPass(key) {
		return nil
	}
	if cmd, taken := m.touring(msg); taken {
		return cmd
	}
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return m.pressed(msg)
	case tea.PasteMsg:
		return m.pasted(msg)
	case tea.MouseClickMsg:
		return m.clicked(msg)
	case tea.MouseWheelMsg:
		m.wheeled(msg)
	case toastOverMsg:
		m.toasts.over(msg.id)
	case steppedMsg:
		return m.stepped(msg)
	case spinnerTickedMsg:
		return m.spinnerTicked()
	case clockTickedMsg:
		if msg.tick != m.ticks.last {
			return nil
		}
		m.now, m.ticks.step = m.clock.Now(), 0
		m.passed()
		return tea.Batch(m.watchOver(), m.lookElsewhere(), m.tick())
	case elsewhereMsg:
		m.changedElsewhere(msg)
	case favouredMsg:
		m.favoured(msg)
	case watchedMsg:
		return m.watched(msg)
	case watchReadyMsg:
		return m.watchReady(msg)
	case renamedMsg:
		return m.renamed(msg)
	case retaggedMsg:
		m.retagged(msg)
	case forgottenMsg:
		return m.forgotten(msg)
	case mirroredMsg:
		m.mirrored(msg)
	case exportedMsg:
		m.exported(msg)
	case heldTickedMsg:
		return m.heldTicked()
	case storeProbedMsg:
		m.storeProbed(msg.err)
	case recoveredMsg:
		return m.recovered(msg)
	case foundMsg:
		return m.foundOnline(msg)
	case recoverDueMsg:
		return recoverHeld(m.ctx, m.keeper, false)
	case accessTestedMsg:
		m.accessTested(msg)
	case wholeMsg:
		m.wholeCame(msg)
	case askedMsg:
		return tea.Batch(m.openByItself(questionDialog(msg.question)), awaitQuestion(m.questions))
	case quietMsg:
		quietened(msg)
	case historyLoadedMsg:
		m.historyLoaded(msg)
	case tokensReadMsg:
		return m.tokensRead(msg)
	case revealTickedMsg:
		return m.revealTicked(msg)
	case copiedMsg:
		return m.tokenCopied(msg)
	case copyTickedMsg:
		return m.copyTicked(msg)
	case clearedMsg:
		m.clipboardCleared(msg)
	case signInMsg:
		return m.signInStepped(msg)
	case importReadMsg:
		return m.importRead(msg)
	case importedMsg:
		return m.imported(msg)
	case pathCompletedMsg:
		return m.pathCompleted(msg)
	case vaultMadeMsg:
		return m.vaultMade(msg)
	case reportedMsg:
		return m.reported(msg)
	case plainCopiedMsg:
		m.plainCopied(msg)
	case examinedMsg:
		return m.examined(msg)
	case rescuedMsg:
		return m.rescued(msg)
	case leaveDueMsg:
		m.leaveDue()
	case signalledMsg:
		return m.signalled()
	default:
		return m.terminalTold(msg)
	}
	return nil
}

// terminalTold takes what the terminal says of itself.
func (m *model) terminalTold(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.width, m.height = msg.Width, msg.Height
	case tea.BackgroundColorMsg:
		m.backgroundTold(msg.IsDark())
	case tea.ColorProfileMsg:
		m.terminal.Profile = msg.Profile
		m.theme = theme.New(m.terminal)
	case tea.FocusMsg:
		m.focused = true
		m.now = m.clock.Now()
		return tea.Batch(m.lookElsewhere(), m.tick())
	case tea.BlurMsg:
		m.focused = false
	}
	return nil
}

func (m *model) pressed(key tea.KeyPressMsg) tea.Cmd {
	if m.leaving {
		if m.impatient && (key.String() == "q" || key.String() == "ctrl+c") {
			return tea.Quit
		}
		return nil
	}
	m.note, m.noteBad = "", false
	m.toasts.read()
	name := key.String()
	defer func() { m.summed = m.summed && name == "y" }() // its keys are for one press, and y says more than once the same
	switch {
	case m.dialog() != nil:
		return m.answered(key)
	case m.palette != nil:
		return m.paletteTyped(key)
	case m.signIn.stage != signInClosed:
		return m.signInPressed(key)
	case m.adding.open:
		return m.addPressed(key)
	case m.filtering && name == "ctrl+p":
		m.stopFiltering()
	case m.filtering && name != "ctrl+c":
		return m.typed(key)
	case m.overlay == overlayHelp:
		if cmd, taken := m.helped(key); taken {
			return cmd
		}
	case m.overlay == overlayDoctor:
		if cmd, taken := m.doctored(name); taken {
			return cmd
		}
	case m.overlay == overlayText:
		if cmd, taken := m.readingPressed(name); taken {
			return cmd
		}
	case m.overlay != overlayNone && m.scrolled(name):
		return nil
	}
	a, known := m.meant(name)
	if !known {
		return nil
	}
	return m.perform(a, name)
}

// covered reports whether what is open hides what the action is about: no key
// may change what is not seen.
func (m *model) covered(a action, key string) bool {
	switch {
	case m.overlay == overlayNone, a.anywhere, key == "esc":
		return false
	case m.overlay == overlayHelp, m.overlay == overlayDoctor, m.overlay == overlayCompare, m.overlay == overlayText:
		return true
	}
	return !a.onOrg && !a.onDetail
}

// typed gives a key to the filter. Enter keeps the filter, tab completes its last
// term, esc clears it.
func (m *model) typed(key tea.KeyPressMsg) tea.Cmd {
	switch key.String() {
	case "enter", "down":
		m.keepFilter()
		return nil
	case "tab":
		m.completeFilter()
		return nil
	case "esc":
		m.filter.SetValue("")
		m.stopFiltering()
		m.list.narrow("")
		return nil
	}
	var cmd tea.Cmd
	m.filter, cmd = m.filter.Update(key)
	m.list.narrow(m.filter.Value())
	return cmd
}

func (m *model) stopFiltering() {
	m.filtering = false
	m.filter.Blur()
}

// pasted takes a paste where text is being typed; elsewhere it means nothing.
func (m *model) pasted(msg tea.PasteMsg) tea.Cmd {
	var cmd tea.Cmd
	switch {
	case m.dialog() != nil:
		if d := m.dialog(); d.submit != nil {
			d.told = ""
			d.input, cmd = d.input.Update(msg)
		}
		return cmd
	case m.signIn.stage == signInForm || m.signIn.paste:
		return m.signIn.typed(msg)
	case m.palette != nil:
		return m.paletteTold(msg)
	case m.adding.open:
		return m.adding.typed(msg)
	case m.overlay == overlayHelp && m.help.searching:
		return m.searchTold(msg)
	case !m.filtering:
		return nil
	}
	m.filter, cmd = m.filter.Update(msg)
	m.list.narrow(m.filter.Value())
	return cmd
}

// scrolled moves the text of what is open; it reports whether the key was one
// of those that do.
func (m *model) scrolled(key string) bool {
	page := max(1, m.layout().over.rows()-1)
	by := map[string]int{
		"j": 1, "down": 1, "k": -1, "up": -1, "pgdown": page, "ctrl+d": page, "pgup": -page, "ctrl+u": -page,
		"g": -1 << 30, "home": -1 << 30, "G": 1 << 30, "end": 1 << 30, "space": page,
	}
	if key == "enter" || key == "q" || key == "h" && m.tab() == tabHistory {
		m.overlay = overlayNone
		return true
	}
	rows, known := by[key]
	if known {
		m.scrollOverlay(rows)
	}
	return known
}

// scrollOverlay moves the text of what is open by lines.
func (m *model) scrollOverlay(rows int) {
	most := max(0, len(m.overlayLines())-m.layout().over.rows())
	m.scroll = max(0, min(m.scroll+rows, most))
}

func (m *model) spinnerTicked() tea.Cmd {
	m.spinning = false
	m.frame++
	for _, l := range m.live {
		l.elapsed = l.watch()
	}
	if now := m.clock.Now(); now.Sub(m.now) >= secondStep { // a finished row counts seconds before the next tick is due
		m.now = now
		m.passed()
	}
	return m.spin()
}
