package ui

import (
	"strconv"

	tea "charm.land/bubbletea/v2"
)

// Scene is a scenario of the demo: its name, and what it shows, in a line.
type Scene struct{ Name, About string }

// scenes are the scenarios that the demo can be started with.
type scenes struct {
	all []Scene
	now string // the name of the one that is played
}

// sceneActions start the demo anew with another scenario.
func sceneActions() []action {
	return []action{{
		keys: []string{"f2"}, name: "scenarios", group: groupStage, off: scenesOff,
		about: "In the demo: choose a scenario, and start the demo anew with it.",
		run:   func(m *model) tea.Cmd { return m.ask(m.scenes.dialog()) },
	}, tourAction()}
}

func scenesOff(m *model) string {
	if len(m.scenes.all) == 0 {
		return "it is for the demo"
	}
	return ""
}

// dialog offers every scenario by its number.
func (s scenes) dialog() *dialog {
	d := &dialog{title: "Scenarios", text: []string{"The demo plays " + s.now + ". A scenario starts it anew; what was refreshed here is forgotten."}}
	for i, scene := range s.all {
		d.choices = append(d.choices, choice{
			key: strconv.Itoa(i + 1), label: fit(scene.Name, s.widest()) + "  " + scene.About,
			run: func(m *model) tea.Cmd { return m.endWith(Ending{Next: NextDemo, Scenario: scene.Name}) },
		})
	}
	return d
}

func (s scenes) widest() int {
	w := 0
	for _, scene := range s.all {
		w = max(w, width(scene.Name))
	}
	return w
}
