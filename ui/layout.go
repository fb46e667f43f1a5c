package ui

// rect is a place on the screen, in cells, borders included.
type rect struct{ x, y, w, h int }

// inner is the width of the text in a box: less the borders and a blank column
// inside each.
func (r rect) inner() int { return max(0, r.w-4) }

// rows is the number of text lines in a box.
func (r rect) rows() int { return max(0, r.h-2) }

// layout says where everything stands.
type layout struct {
	tooSmall bool
	header   rect
	banner   rect // h is 0 when there is none
	list     rect
	detail   rect // w is 0 where it has no room beside the list
	tour     rect // h is 0 when none is played
	footer   rect
	over     rect // what opens over the list
}

// The smallest window that the program draws in, in cells.
const (
	MinWidth  = 60
	MinHeight = 15
)

// The width from which the detail pane stands beside the list, and the widest
// detail pane worth having.
const (
	wideFrom   = 100
	detailMost = 84
)

// arrange is all the arithmetic of the screen: sizes in, places out. tour is how
// many rows the tour takes above the footer, from what is above them.
func arrange(width, height int, banner bool, tour int) layout {
	if width < MinWidth || height < MinHeight {
		return layout{tooSmall: true}
	}
	l := layout{
		header: rect{0, 0, width, 1},
		footer: rect{0, height - 1, width, 1},
		tour:   rect{0, height - 1 - tour, width, tour},
		over:   rect{0, 1, width, height - 2 - tour},
	}
	if banner {
		l.banner = rect{0, 1, width, 1}
		l.over.y++
		l.over.h--
	}
	l.list = l.over
	if width >= wideFrom {
		l.detail = l.over
		l.detail.w = min(detailMost, width*38/100)
		l.list.w = width - l.detail.w
		l.detail.x = l.list.w
	}
	return l
}
