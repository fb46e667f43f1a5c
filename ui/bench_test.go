package ui

import (
	"context"
	"fmt"
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
	book, err := ledger.Memory(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = book.Close() })
	k := keeper.New(keeper.Options{
		Store: keychain.Memory(), Ledger: book, Journal: journal.Memory(), Clock: evenClock{}, Limits: tokens.DefaultLimits(),
		Endpoint: salesforce.New(salesforce.Options{}),
	})
	orgs := make([]tokens.Org, n)
	for i := range orgs {
		key, err := tokens.NewKey("00D41000000F8A0", fmt.Sprintf("0054100000%05d", i), "app")
		if err != nil {
			b.Fatal(err)
		}
		orgs[i] = tokens.Org{
			Key: key, Alias: fmt.Sprintf("customer-%05d", i), Username: fmt.Sprintf("admin%05d@customer.example", i), Type: tokens.Sandbox,
			InstanceURL: fmt.Sprintf("https://customer-%05d.my.salesforce.com", i), HasRefreshToken: true,
			IssuedAt: noon.Add(-time.Duration(i) * time.Minute), RefreshUsedAt: noon.Add(-time.Duration(i) * time.Minute),
		}
	}
	m := newModel(context.Background(), Options{Keeper: k, Orgs: orgs})
	m.Update(tea.WindowSizeMsg{Width: 200, Height: 50})
	return m
}

// BenchmarkKey is from a key press to the finished frame.
func BenchmarkKey(b *testing.B) {
	for _, n := range []int{100, 10_000} {
		for _, key := range []string{"j", "G", "space"} {
			b.Run(fmt.Sprintf("%s/%d", key, n), func(b *testing.B) {
				m := crowd(b, n)
				for b.Loop() {
					m.Update(keyPress(key))
					_ = m.View()
				}
			})
		}
	}
}

// BenchmarkFilter is from a letter typed into the filter to the finished frame.
func BenchmarkFilter(b *testing.B) {
	for _, n := range []int{100, 10_000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			m := crowd(b, n)
			m.Update(keyPress("/"))
			for b.Loop() {
				m.Update(keyPress("7"))
				m.Update(keyPress("backspace"))
				_ = m.View()
			}
		})
	}
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
