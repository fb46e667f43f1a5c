package ui

import (
	"strings"
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
	f.Add(uint8(120), uint8(30), []byte(":re\x03\x01\x0e\x80\x81\xa0?/org\x0e\x90\xc5\xff\x01\x0fM"))
	f.Add(uint8(60), uint8(15), []byte("!\x0f\x10w\x01\x11\x83\xf0:\x11\xe0?"))
	f.Fuzz(func(t *testing.T, w, h uint8, keys []byte) {
		s := newScreen(t, int(w), int(h))
		for _, key := range keys[:min(len(keys), 64)] {
			s.fuzzed(key)
			s.fits()
		}
		s.settle()
		s.fits()
	})
}

// special are the keys that the first bytes of the fuzzer stand for.
var special = []string{"esc", "enter", "space", "down", "up", "pgdown", "pgup", "home", "end", "backspace", "ctrl+u", "ctrl+d", "left", "right", "ctrl+a", "ctrl+p"}

// fuzzed does what one byte of the fuzzer stands for: a key, the mouse, another
// size of the window, or what no key brings about.
func (s *screen) fuzzed(key byte) {
	w, h := s.model.width, s.model.height
	switch {
	case int(key) < len(special):
		s.press(special[key])
	case int(key) < len(special)+3:
		s.opens(int(key) - len(special))
	case key >= 0x80: // a click or the wheel somewhere
		x, y := int(key)*7%max(1, w), int(key)*5%max(1, h)
		s.click(x, y)
		s.wheel(x, y, tea.MouseWheelDown-tea.MouseButton(key%2))
	case key == 'q' && !s.model.filtering && s.model.palette == nil:
		s.tell(tea.WindowSizeMsg{Width: h, Height: w})
	case key >= ' ' && key <= '~':
		s.press(string(rune(key)))
	}
}

// opens shows what no key of the fuzzer brings about.
func (s *screen) opens(what int) {
	switch what {
	case 0:
		s.model.ask(anywayDialog(s.model.list.orgs[:2]))
	case 1:
		s.model.openByItself(rescueDialog([]string{"acme", strings.Repeat("\u6771\u4eac", 40)}, "/some/where.age"))
	case 2:
		s.model.toast(strings.Repeat("\u6771\u4eac e\u0301 ", 40), true)
	}
}
