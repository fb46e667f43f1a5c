package ledger

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"orgkeep/tokens"
)

// BenchmarkOpenAndList is what a command that lists does: a ledger on disk is
// opened, read and closed. Every fourth org has failed.
func BenchmarkOpenAndList(b *testing.B) {
	for _, n := range []int{0, 1000, 10000} {
		b.Run(fmt.Sprintf("orgs=%d", n), func(b *testing.B) {
			path := filled(b, n)
			b.ReportAllocs()
			for b.Loop() {
				l, err := Open(b.Context(), path)
				if err != nil {
					b.Fatal(err)
				}
				if orgs, err := l.Orgs(b.Context()); err != nil || len(orgs) != n {
					b.Fatalf("%d orgs (%v), want %d", len(orgs), err, n)
				}
				closeLedger(b, l)
			}
		})
	}
}

// filled makes a ledger of n orgs, in one transaction for the sake of time.
func filled(b *testing.B, n int) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "ledger.db")
	l, err := Open(b.Context(), path)
	if err != nil {
		b.Fatal(err)
	}
	defer closeLedger(b, l)
	tx, err := l.db.BeginTx(b.Context(), nil)
	if err != nil {
		b.Fatal(err)
	}
	failure := &tokens.Failure{
		Kind: tokens.FailedAnswer, HTTPStatus: 400, Code: "invalid_grant", Description: "expired access/refresh token",
		Body: `{"error":"invalid_grant","error_description":"expired access/refresh token"}`,
	}
	for i := range n {
		o := login(b, i)
		o.Alias = fmt.Sprintf("acme-%d", i)
		a := tokens.Attempt{At: o.IssuedAt, Outcome: tokens.OutcomeRefreshed}
		if i%4 == 0 {
			a.Outcome, a.Failure = tokens.OutcomeFailed, failure
		}
		if err := write(b.Context(), tx, o); err != nil {
			b.Fatal(err)
		}
		if err := addAttempt(b.Context(), tx, o, a); err != nil {
			b.Fatal(err)
		}
	}
	if err := tx.Commit(); err != nil {
		b.Fatal(err)
	}
	return path
}

// BenchmarkRecord is the write at the end of each refresh.
func BenchmarkRecord(b *testing.B) {
	l := open(b, filepath.Join(b.TempDir(), "ledger.db"))
	o := save(b, l, login(b, 1))
	for b.Loop() {
		record(b, l, o, tokens.Attempt{Outcome: tokens.OutcomeRefreshed})
	}
}

// BenchmarkListLongBodies lists 1,000 orgs that have all failed with a page for
// a body: longer than what a list reads, and just as long as it reads.
func BenchmarkListLongBodies(b *testing.B) {
	for _, length := range []int{0, 1 << 10, 64 << 10} {
		b.Run(fmt.Sprintf("bytes=%d", length), func(b *testing.B) {
			l := open(b, filled(b, 0))
			failure := &tokens.Failure{Kind: tokens.FailedAnswer, HTTPStatus: 502, Body: strings.Repeat("<p>\n", length/4)}
			for n := range 1000 {
				o := save(b, l, login(b, n))
				record(b, l, o, tokens.Attempt{Outcome: tokens.OutcomeFailed, Failure: failure})
			}
			b.ReportAllocs()
			for b.Loop() {
				listed(b, l)
			}
		})
	}
}

// BenchmarkBackup copies a ledger that has just changed, and one that has not.
func BenchmarkBackup(b *testing.B) {
	for _, n := range []int{1000, 10000} {
		for _, changed := range []bool{true, false} {
			b.Run(fmt.Sprintf("orgs=%d/changed=%t", n, changed), func(b *testing.B) {
				l := open(b, filled(b, n))
				org := listed(b, l)[0]
				backup(b, l)
				for b.Loop() {
					if changed {
						record(b, l, org, tokens.Attempt{Outcome: tokens.OutcomeRefreshed})
					}
					backup(b, l)
				}
			})
		}
	}
}
