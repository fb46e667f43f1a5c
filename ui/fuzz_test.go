package ui

import (
	"testing"

	tea "charm.land/bubbletea/v2"
)

// FuzzSizesAndKeys makes sure that no size and no keys bring the screen down or
// draw beyond the window.
func FuzzSizesAndKeys(f *testing.F) {
	f.Add(uint8(120), uint8(30), []byte("jjr/acme\x00?kkG R"))
	f.Add(uint8(60), uint8(15), []byte("\x01\x02\x03\x04/x\x05"))
	f.Add(uint8(0), uint8(0), []byte("?"))
	f.Add(uint8(255), uint8(255), []byte("\x01GGg\x01"))
	f.Add(uint8(60), uint8(15), []byte("oot\x02G\x0c\x0c\x02V\x0es S*/is:marked\x01\x0d\x01k\x02"))
	special := []string{"esc", "enter", "space", "down", "up", "pgdown", "pgup", "home", "end", "backspace", "ctrl+u", "ctrl+d", "left", "right", "ctrl+a"}
	f.Fuzz(func(t *testing.T, w, h uint8, keys []byte) {
		s := newScreen(t, int(w), int(h))
		for _, key := range keys[:min(len(keys), 64)] {
			switch {
			case int(key) < len(special):
				s.press(special[key])
			case key == 'q' && !s.model.filtering:
				s.tell(tea.WindowSizeMsg{Width: int(h), Height: int(w)})
			case key >= ' ' && key <= '~':
				s.press(string(rune(key)))
			}
			s.fits()
		}
		s.settle()
		s.fits()
	})
}
