package theme

import "strings"

// Glyphs are the signs of the screen, one cell each, in fonts without icons.
type Glyphs struct {
	Fresh, Ageing, Expired, Failed, Unknown string
	Waiting                                 string
	Busy                                    []string // the frames of the spinner, one at least
	Cursor, Mark, Favourite                 string
	Watched, Halted                         string // kept fresh; that has stopped; in ASCII nothing that a name has, since one may stand behind them
	Folded, Unfolded                        string // the sign of a group's header
	Life, LifeEstimate, LifeSpent           string // a token's life as a bar: left when known, left when assumed, spent
	Border                                  Border
	// Fold replaces the runes that the rest of the screen's own words use;
	// empty unless the screen is ASCII.
	fold *strings.Replacer
}

// Border is the pieces of a box.
type Border struct {
	TopLeft, TopRight, BottomLeft, BottomRight, Horizontal, Vertical string
}

func glyphs(o Options) Glyphs {
	g := signs(o.ASCII)
	if o.Still {
		g.Busy = g.Busy[:1]
	}
	return g
}

func signs(ascii bool) Glyphs {
	if ascii {
		return Glyphs{
			Fresh: "o", Ageing: "c", Expired: ".", Failed: "x", Unknown: "?",
			Waiting: "-", Busy: []string{"/", "\\"}, Cursor: ">", Mark: "+", Favourite: "*", Watched: "<", Halted: "|", Folded: ">", Unfolded: "v",
			Life: "#", LifeEstimate: "=", LifeSpent: ".",
			Border: Border{"+", "+", "+", "+", "-", "|"},
			// A text that is cut ends as in a pager: a dot could be its own.
			fold: strings.NewReplacer("…", ">", "×", "x", "•", "*", "–", "-", "—", "-", "·", "-", "→", ">", "↑", "^", "↓", "v"),
		}
	}
	return Glyphs{
		Fresh: "●", Ageing: "◐", Expired: "○", Failed: "✗", Unknown: "◇",
		Waiting: "·", Busy: []string{"◜", "◝", "◞", "◟"}, Cursor: "▌", Mark: "✓", Favourite: "★", Watched: "↻", Halted: "‖", Folded: "▸", Unfolded: "▾",
		Life: "━", LifeEstimate: "─", LifeSpent: "╌",
		Border: Border{"╭", "╮", "╰", "╯", "─", "│"},
	}
}

// Fold writes orgkeep's own words with the characters this theme may use.
func (g Glyphs) Fold(text string) string {
	if g.fold == nil {
		return text
	}
	return g.fold.Replace(text)
}
