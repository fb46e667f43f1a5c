package ui

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
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

// frameTime is how long a frame is on the screen.
const frameTime = time.Second / framesPerSecond

// refreshable is a model of n orgs in a ledger on disk, 50 refreshed at once at
// an endpoint that takes 200 ms.
func refreshable(b *testing.B, n int) *model {
	b.Helper()
	const latency = 200 * time.Millisecond
	endpoint := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		time.Sleep(latency) // the latency that is measured against, nothing that is waited for
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, `{"access_token":"00Dxx!AQ%s","token_type":"Bearer","issued_at":"%d"}`, r.Form.Get("client_id"), time.Now().UnixMilli())
	}))
	b.Cleanup(endpoint.Close)
	folder := b.TempDir()
	book, err := ledger.Open(b.Context(), filepath.Join(folder, "ledger.db"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = book.Close() })
	k := keeper.New(keeper.Options{
		Store: keychain.Memory(), Ledger: book, Journal: journal.Open(filepath.Join(folder, "journal")), Clock: tokens.SystemClock(),
		Limits: tokens.DefaultLimits(), Endpoint: salesforce.New(salesforce.Options{}), Locks: filepath.Join(folder, "locks"), Pool: 50, Trigger: "screen",
	})
	orgs := make([]tokens.Org, n)
	for i := range orgs {
		client, old := fmt.Sprintf("client-%04d", i), time.Now().Add(-3*time.Hour)
		key, err := tokens.NewKey("00D41000000F8A0", "005410000031xAA", client)
		if err != nil {
			b.Fatal(err)
		}
		secrets := tokens.Secrets{
			AccessToken: tokens.NewSecret("00Dxx!AQ" + client), RefreshToken: tokens.NewSecret("5Aep861" + client),
			InstanceURL: endpoint.URL, IssuedAt: old, RefreshUsedAt: old,
		}
		org := tokens.Org{Key: key, Alias: client, OrgID: "00D41000000F8A0EAK", UserID: "005410000031xAAAAY", ClientID: client, InstanceURL: endpoint.URL}
		if orgs[i], _, err = k.Add(b.Context(), org.Holding(secrets), secrets); err != nil {
			b.Fatal(err)
		}
	}
	m := newModel(context.Background(), Options{Keeper: k, Orgs: orgs})
	m.Update(tea.WindowSizeMsg{Width: 200, Height: 50})
	return m
}

// starting runs a command as Bubble Tea does, and sends what it brings.
func starting(cmd tea.Cmd, msgs chan<- tea.Msg) {
	if cmd == nil {
		return
	}
	go func() {
		switch msg := cmd().(type) {
		case tea.BatchMsg:
			for _, c := range msg {
				starting(c, msgs)
			}
		case nil:
		default:
			msgs <- msg
		}
	}()
}

// BenchmarkFramesOfARun refreshes 1,000 orgs, 50 at once, on a screen of 200×50
// that is drawn 60 times a second, as Bubble Tea does. A frame is late when it is
// finished more than 16 ms after it was due; the time per op is that of the run.
func BenchmarkFramesOfARun(b *testing.B) {
	const orgs, late = 1000, 16 * time.Millisecond
	m := refreshable(b, orgs)
	var took []time.Duration
	for b.Loop() {
		msgs := make(chan tea.Msg, 4*orgs)
		tell := func(msg tea.Msg) {
			_, cmd := m.Update(msg)
			starting(cmd, msgs)
		}
		tell(keyPress("ctrl+a"))
		tell(keyPress("r"))
		if len(m.live) != orgs {
			b.Fatalf("%d refreshes", len(m.live))
		}
		due := time.Now()
		for len(m.runs) > 0 {
			select {
			case msg := <-msgs:
				tell(msg)
			case <-time.After(time.Until(due)):
			}
			if time.Now().Before(due) {
				continue
			}
			_ = m.View()
			took = append(took, time.Since(due))
			for !due.After(time.Now()) {
				due = due.Add(frameTime)
			}
		}
		if failed := len(m.failed); failed > 0 {
			b.Fatalf("%d failed: %s", failed, m.note)
		}
		tell(keyPress("ctrl+a"))
	}
	slices.Sort(took)
	first, _ := slices.BinarySearch(took, late)
	milliseconds := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	b.ReportMetric(milliseconds(took[len(took)/2]), "p50-ms")
	b.ReportMetric(milliseconds(took[len(took)*99/100]), "p99-ms")
	b.ReportMetric(milliseconds(took[len(took)-1]), "most-ms")
	b.ReportMetric(float64(len(took)-first), "late-frames")
	b.ReportMetric(float64(len(took)), "frames")
}
