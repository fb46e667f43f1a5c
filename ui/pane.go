package ui

import (
	"fmt"

	"orgkeep/tokens"
)

// pane is how far the detail beside the list is scrolled. It is about one page of
// one org: another one begins at its top.
type pane struct {
	key  tokens.Key
	tab  tab
	from int
}

// paneFrom is the first line shown of a detail of n lines in rows.
func (m *model) paneFrom(n, rows int) int {
	if m.pane.key != m.list.cursorKey() || m.pane.tab != m.tab() {
		return 0
	}
	return max(0, min(m.pane.from, n-rows))
}

// scrollPane moves the text of the pane by lines.
func (m *model) scrollPane(by int) {
	r := m.layout().detail
	n := len(m.detailLines(r.inner()))
	from := m.paneFrom(n, r.rows()) + by
	m.pane = pane{key: m.list.cursorKey(), tab: m.tab(), from: max(0, min(from, n-r.rows()))}
}

// detailBox is the pane beside the list.
func (m *model) detailBox(r rect) []string {
	t := m.theme
	lines := m.detailLines(r.inner())
	from := m.paneFrom(len(lines), r.rows())
	b := box{theme: t, border: t.Faint, title: t.Strong.Render(cut(m.currentName(), r.inner()))}
	switch {
	case from > 0:
		b.right = t.Faint.Render(fmt.Sprintf("lines %d–%d of %d", from+1, min(len(lines), from+r.rows()), len(lines)))
	case len(lines) > r.rows():
		b.right = t.Faint.Render("enter shows the rest")
	}
	return b.draw(lines[from:], r)
}

// paneZones are the pane and the names of its pages.
func (m *model) paneZones(r rect) []zone {
	if r.w == 0 {
		return nil
	}
	from := m.paneFrom(len(m.detailLines(r.inner())), r.rows())
	return append([]zone{{at: r, wheel: (*model).scrollPane}}, m.tabZones(r, from)...)
}

// overZones are what is open, and the names of the detail's pages.
func (m *model) overZones(r rect) []zone {
	zones := []zone{{at: r, wheel: (*model).scrollOverlay}}
	if m.overlay != overlayDetail {
		return zones
	}
	from := max(0, min(m.scroll, len(m.overlayLines())-r.rows()))
	return append(zones, m.tabZones(r, from)...)
}

// tabZones are the names of the pages, which stand in the first line of a detail
// in r: a click on one shows its page. They are gone where that is scrolled away.
func (m *model) tabZones(r rect, from int) []zone {
	if _, ok := m.list.current(); !ok || from > 0 {
		return nil
	}
	var zones []zone
	for _, l := range m.tabLabels(r.inner()) {
		zones = append(zones, zone{at: rect{r.x + 2 + l.x, r.y + 1, l.w, 1}, click: pressing(l.key)})
	}
	return zones
}
