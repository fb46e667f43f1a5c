//go:build unix

package main

import (
	"fmt"
	"testing"
	"time"

	"orgkeep/tokens"
)

// BenchmarkToken100 is orgkeep token beside 100 orgs, from exec to the end of its
// output, with the keychain. The goal is 30 ms.
func BenchmarkToken100(b *testing.B) {
	m, _ := withKeyring(b)
	m.program = build(b, "orgkeep", "")
	meter := build(b, "meter", meter)
	var files []string
	for n := range 100 {
		l := newLogin(b, n%10, fmt.Sprintf("https://customer%02d.my.salesforce.com", n))
		org, err := tokens.ID18(fmt.Sprintf("00D4100000%05d", n))
		if err != nil {
			b.Fatal(err)
		}
		l.orgID, l.name, l.issued = org, fmt.Sprintf("login%d", n), time.Now()
		files = append(files, l.file(b))
	}
	m.run(b, append([]string{"import", "--client-id", "PlatformCLI"}, files...)...).expect(b, 0)
	var runs []measured
	for b.Loop() {
		runs = append(runs, measure(b, meter, m.env, m.program, "token", "customer42"))
	}
	middle, resident := median(runs)
	b.ReportMetric(middle, "token-ms")
	b.ReportMetric(float64(resident), "resident-KB")
}
