package keeper_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"orgkeep/keychain"
	"orgkeep/tokens"
	"orgkeep/tokens/journal"
	"orgkeep/tokens/keeper"
	"orgkeep/tokens/ledger"
	"orgkeep/tokens/salesforce"
)

const (
	manyOrgs    = 1000
	manyPool    = 50
	manyLatency = 200 * time.Millisecond
)

// slowEndpoint answers every refresh with a rotated token, after the latency.
func slowEndpoint(b *testing.B) string {
	b.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		time.Sleep(manyLatency) // the latency that is measured against, nothing that is waited for
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, `{"access_token":"00Dxx!AQ%s","refresh_token":"%s.","token_type":"Bearer","issued_at":"%d"}`,
			r.Form.Get("client_id"), r.Form.Get("refresh_token"), time.Now().UnixMilli())
	}))
	b.Cleanup(server.Close)
	return server.URL
}

// manyLogins is a keeper of real files, in a vault, with so many logins.
func manyLogins(b *testing.B) (*keeper.Keeper, []tokens.Org) {
	b.Helper()
	url, folder := slowEndpoint(b), b.TempDir()
	vault := keychain.Vault(filepath.Join(folder, "vault"), keychain.Passphrase(func(context.Context) ([]byte, error) {
		return []byte("correct horse battery staple"), nil
	}), keychain.WithWorkFactor(8))
	if err := vault.Init(b.Context()); err != nil {
		b.Fatal(err)
	}
	l, err := ledger.Open(b.Context(), filepath.Join(folder, "ledger.db"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = l.Close() })
	k := keeper.New(keeper.Options{
		Store: vault, Ledger: l, Journal: journal.Open(filepath.Join(folder, "journal")),
		Endpoint: salesforce.New(salesforce.Options{}), Clock: tokens.SystemClock(), Limits: tokens.DefaultLimits(),
		Locks: filepath.Join(folder, "locks"), Pool: manyPool, Trigger: "command",
	})
	orgs := make([]tokens.Org, 0, manyOrgs)
	for i := range manyOrgs {
		client := fmt.Sprintf("client-%04d", i)
		key, err := tokens.NewKey("00D41000000F8A0", "005410000031xAA", client)
		if err != nil {
			b.Fatal(err)
		}
		secrets := tokens.Secrets{
			AccessToken: tokens.NewSecret("00Dxx!AQ" + client), RefreshToken: tokens.NewSecret("5Aep861" + client),
			InstanceURL: url, IssuedAt: time.Now().Add(-3 * time.Hour), RefreshUsedAt: time.Now().Add(-3 * time.Hour),
		}
		org := tokens.Org{Key: key, Alias: client, OrgID: "00D41000000F8A0EAK", UserID: "005410000031xAAAAY", ClientID: client, InstanceURL: url}
		saved, _, err := k.Add(b.Context(), org.Holding(secrets), secrets)
		if err != nil {
			b.Fatal(err)
		}
		orgs = append(orgs, saved)
	}
	return k, orgs
}

// BenchmarkRefresh1000 refreshes 1,000 orgs in a vault, 50 at once, at an
// endpoint that takes 200 ms. The floor is what the endpoint alone would take,
// 4 s; the goal is 1.15 times that.
func BenchmarkRefresh1000(b *testing.B) {
	k, orgs := manyLogins(b)
	for b.Loop() {
		var failed []string
		for e := range k.Refresh(b.Context(), orgs) {
			if e.Result == nil {
				continue
			}
			i := slices.IndexFunc(orgs, func(o tokens.Org) bool { return o.Key == e.Key })
			orgs[i] = e.Result.Org
			if e.Result.Attempt.Outcome != tokens.OutcomeRefreshed {
				failed = append(failed, fmt.Sprint(e.Result.Org.Alias, ": ", e.Result.Attempt.Failure))
			}
		}
		if len(failed) > 0 {
			b.Fatalf("%d failed, such as %s", len(failed), failed[0])
		}
	}
	floor := time.Duration(manyOrgs/manyPool) * manyLatency
	b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(floor), "x-floor")
}
