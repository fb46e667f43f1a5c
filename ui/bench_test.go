package ui

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"orgkeep/keychain"
	"orgkeep/tokens"
	"orgkeep/tokens/journal"
	"orgkeep/tokens/keeper"
	"orgkeep/tokens/ledger"
	"orgkeep/tokens/salesforce"
)

// crowd is a model of n orgs, all of them different.
func crowd(b *testing.B, n int) *model {
	b.Helper()
	orgs := make([]tokens.Org, n)
	for i := range orgs {
		key, err := tokens.NewKey("00D41000000F8A0", fmt.Sprintf("0054100000%05d", i), "app")
		if err != nil {
			b.Fatal(err)
		}
		orgs[i] = tokens.Org{
			Key: key, Alias: fmt.Sprintf("customer-%05d", i), Username: fmt.Sprintf("admin%05d@customer.example", i), Type: tokens.Types()[i%4],
			Tags: [][]string{nil, {"acme"}, {"globex", "eu"}}[i%3], Favourite: i%500 == 0,
			InstanceURL: fmt.Sprintf("https://customer-%05d.my.salesforce.com", i), HasRefreshToken: true,
			IssuedAt: noon.Add(-time.Duration(i) * time.Minute), RefreshUsedAt: noon.Add(-time.Duration(i) * time.Minute),
		}
	}
	return modelOf(b, orgs, 200, 50)
}

// modelOf is a model of orgs that are in no ledger, and whose tokens are nowhere.
func modelOf(t testing.TB, orgs []tokens.Org, width, height int) *model {
	t.Helper()
	book, err := ledger.Memory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = book.Close() })
	k := keeper.New(keeper.Options{
		Store: keychain.Memory(), Ledger: book, Journal: journal.Memory(), Clock: evenClock{}, Limits: tokens.DefaultLimits(),
		Endpoint: salesforce.New(salesforce.Options{}),
	})
	m := newModel(context.Background(), Options{Keeper: k, Orgs: orgs})
	m.Update(tea.WindowSizeMsg{Width: width, Height: height})
	return m
}

// timed runs step until the benchmark has enough, and reports the median and the
// 99th percentile: what a person feels is the slowest frame, not the mean.
func timed(b *testing.B, step func(n int)) {
	b.Helper()
	var took []time.Duration
	for n := 0; b.Loop(); n++ {
		start := time.Now()
		step(n)
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	at := func(share float64) float64 {
		return float64(took[int(share*float64(len(took)-1))].Microseconds()) / 1000
	}
	b.ReportMetric(at(0.50), "p50-ms")
	b.ReportMetric(at(0.99), "p99-ms")
}

// BenchmarkKey is from a key press to the finished frame, in a window of 200×50.
func BenchmarkKey(b *testing.B) {
	for _, c := range []struct {
		name   string
		before []string // pressed once
		keys   []string // pressed in turn
	}{
		{"move", nil, []string{"j", "k", "pgdown", "pgup"}},
		{"ends", nil, []string{"G", "g"}},
		{"mark", nil, []string{"space"}},
		{"mark-all", nil, []string{"ctrl+a"}},
		{"move-all-marked", []string{"ctrl+a"}, []string{"j", "k"}},
		{"sort", nil, []string{"s"}},
		{"reverse", nil, []string{"S"}},
		{"group", nil, []string{"o"}},
		{"move-grouped-by-type", []string{"o", "o"}, []string{"j", "k", "G", "g"}},
		{"move-grouped-by-host", []string{"o", "o", "o"}, []string{"j", "k", "G", "g"}},
		{"fold", []string{"o", "o", "g"}, []string{"left", "right"}},
		{"times", nil, []string{"t"}},
	} {
		for _, n := range []int{100, 10_000} {
			b.Run(fmt.Sprintf("%s/%d", c.name, n), func(b *testing.B) {
				m := crowd(b, n)
				for _, key := range c.before {
					m.Update(keyPress(key))
				}
				presses := make([]tea.KeyPressMsg, len(c.keys))
				for i, key := range c.keys {
					presses[i] = keyPress(key)
				}
				timed(b, func(n int) {
					m.Update(presses[n%len(presses)])
					_ = m.View()
				})
			})
		}
	}
}

// BenchmarkFilter is from a letter typed into the filter to the finished frame.
func BenchmarkFilter(b *testing.B) {
	for _, text := range []string{"customer-0077", "is:expired 7", "tag:acme -type:sandbox"} {
		for _, n := range []int{100, 10_000} {
			b.Run(fmt.Sprintf("%s/%d", text, n), func(b *testing.B) {
				m := crowd(b, n)
				m.Update(keyPress("/"))
				typed := 0
				timed(b, func(int) {
					if typed < len(text) {
						m.Update(tea.KeyPressMsg{Code: rune(text[typed]), Text: text[typed : typed+1]})
						typed++
					} else {
						m.Update(keyPress("esc"))
						m.Update(keyPress("/"))
						typed = 0
					}
					_ = m.View()
				})
			})
		}
	}
}

// BenchmarkTick is a second that passes: every clock is read, no order changes.
func BenchmarkTick(b *testing.B) {
	m := crowd(b, 10_000)
	timed(b, func(n int) {
		m.now = noon.Add(time.Duration(n) * time.Millisecond)
		m.passed()
		m.recount()
		_ = m.View()
	})
}

// BenchmarkResult is the end of one refresh among 10,000 orgs.
func BenchmarkResult(b *testing.B) {
	m := crowd(b, 10_000)
	events := make(chan keeper.Event)
	m.runs[1] = &run{id: 1, events: events, cancel: func() {}}
	timed(b, func(n int) {
		org := m.list.orgs[n%len(m.list.orgs)]
		m.live[org.Key] = &live{watch: m.clock.Stopwatch()}
		m.census.live = len(m.live) // counted when the run began
		m.Update(steppedMsg{run: 1, event: keeper.Event{Key: org.Key, Result: &keeper.Result{Org: org}}})
		_ = m.View()
	})
}

// BenchmarkPalette is from a letter typed into the palette to the finished frame.
func BenchmarkPalette(b *testing.B) {
	for _, n := range []int{100, 10_000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			m := crowd(b, n)
			m.Update(keyPress(":"))
			m.Update(keyPress("c"))
			for b.Loop() {
				m.Update(keyPress("7"))
				m.Update(keyPress("backspace"))
				_ = m.View()
			}
		})
	}
}

// BenchmarkSort is what it takes to put the orgs in order.
func BenchmarkSort(b *testing.B) {
	m := crowd(b, 10_000)
	for b.Loop() {
		m.list.sort(noon, m.limits)
	}
}
