//go:build unix

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"orgkeep/tokens"
	"orgkeep/tokens/ledger"
)

// nothing is the program that the list is compared with.
const nothing = `package main

func main() {}
`

// meter runs a program and prints how long it took, in nanoseconds, and the
// most memory that it held, as getrusage tells it. It is a program of its own
// because on Linux that figure is never below what the parent held at exec, and
// a test binary holds a lot.
const meter = `package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
	"time"
)

func main() {
	cmd := exec.Command(os.Args[1], os.Args[2:]...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		panic(err)
	}
	start := time.Now()
	if err := cmd.Start(); err != nil {
		panic(err)
	}
	n, _ := io.Copy(io.Discard, out)
	if err := cmd.Wait(); err != nil {
		panic(err)
	}
	took := time.Since(start)
	fmt.Println(took.Nanoseconds(), cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss, n)
}
`

// build builds a program from source, or orgkeep where that is empty, as a release
// is built.
func build(b *testing.B, name, source string) string {
	b.Helper()
	folder := b.TempDir()
	binary := filepath.Join(folder, name)
	from := "."
	if source != "" {
		from = filepath.Join(folder, "main.go")
		if err := os.WriteFile(from, []byte(source), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	cmd := exec.CommandContext(b.Context(), "go", "build", "-trimpath", "-ldflags=-s -w", "-o", binary, from)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if text, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("building %s: %v\n%s", name, err, text)
	}
	return binary
}

// fill makes a ledger of n orgs.
func fill(b *testing.B, folder string, n int) {
	b.Helper()
	l, err := ledger.Open(b.Context(), filepath.Join(folder, "ledger.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	now := time.Now()
	for i := range n {
		key, err := tokens.NewKey(fmt.Sprintf("00D4100000%05d", i), "005410000031xAA", "PlatformCLI")
		if err != nil {
			b.Fatal(err)
		}
		org := tokens.Org{
			Key: key, Alias: fmt.Sprintf("customer-%04d", i), OrgID: strings.Split(string(key), ".")[0], UserID: "005410000031xAAEAY",
			Username: fmt.Sprintf("integration@customer%04d.example", i), Type: tokens.Production, ClientID: "PlatformCLI",
			InstanceURL: fmt.Sprintf("https://customer%04d.my.salesforce.com", i), Scopes: []string{"api", "refresh_token"},
			IssuedAt: now.Add(-time.Duration(i) * time.Minute), RefreshUsedAt: now.Add(-time.Duration(i) * time.Minute),
			HasRefreshToken: true, Rotates: tokens.RotationUnknown, Generation: 1,
		}
		if _, err := l.Save(b.Context(), org); err != nil {
			b.Fatal(err)
		}
		attempt := tokens.Attempt{At: now, Trigger: "command", Outcome: tokens.OutcomeRefreshed, Duration: time.Second, Tries: 1}
		if err := l.Record(b.Context(), org, attempt); err != nil {
			b.Fatal(err)
		}
	}
}

// measured is what the meter said of one run.
type measured struct {
	took     time.Duration
	resident int // in KiB on Linux, in bytes on macOS
}

func measure(b *testing.B, meter string, env []string, command ...string) measured {
	b.Helper()
	cmd := exec.CommandContext(b.Context(), meter, command...)
	cmd.Env = env
	text, err := cmd.CombinedOutput()
	if err != nil {
		b.Fatalf("%v: %v\n%s", command, err, text)
	}
	figures := strings.Fields(string(text))
	var numbers []int
	for _, figure := range figures {
		n, err := strconv.Atoi(figure)
		if err != nil {
			b.Fatalf("%v: %s", command, text)
		}
		numbers = append(numbers, n)
	}
	return measured{time.Duration(numbers[0]), numbers[1]}
}

// median reports the middle of the runs' times and the most memory of any.
func median(runs []measured) (milliseconds float64, resident int) {
	slices.SortFunc(runs, func(a, b measured) int { return int(a.took - b.took) })
	for _, r := range runs {
		resident = max(resident, r.resident)
	}
	return float64(runs[len(runs)/2].took) / float64(time.Millisecond), resident
}

// BenchmarkList1000 is orgkeep list with 1,000 orgs, from exec to the end of
// its output, beside a program that does nothing. The goal is 20 ms more and
// 30 MB resident.
func BenchmarkList1000(b *testing.B) {
	orgkeep, nothing, meter := build(b, "orgkeep", ""), build(b, "nothing", nothing), build(b, "meter", meter)
	data := b.TempDir()
	fill(b, data, 1000)
	env := []string{"HOME=" + b.TempDir(), "ORGKEEP_DATA=" + data, "TZ=UTC"}
	for _, form := range [][]string{{"list"}, {"list", "--json"}} {
		b.Run(strings.Join(form, ""), func(b *testing.B) {
			var lists, nothings []measured
			for b.Loop() {
				lists = append(lists, measure(b, meter, env, append([]string{orgkeep}, form...)...))
				nothings = append(nothings, measure(b, meter, env, nothing))
			}
			list, resident := median(lists)
			none, _ := median(nothings)
			b.ReportMetric(list, "list-ms")
			b.ReportMetric(none, "nothing-ms")
			b.ReportMetric(list-none, "more-ms")
			b.ReportMetric(float64(resident), "resident-KB")
		})
	}
}

// BenchmarkDemoFirstFrame is orgkeep demo on a terminal, from exec until the
// last org of the list has been drawn. The goal is 100 ms.
func BenchmarkDemoFirstFrame(b *testing.B) {
	m := newMachine(b)
	m.program = build(b, "orgkeep", "")
	var frames []measured
	for b.Loop() {
		start := time.Now()
		x := m.on(b, "demo")
		x.await("acme-prod")
		frames = append(frames, measured{took: time.Since(start)})
		x.end()
	}
	first, _ := median(frames)
	b.ReportMetric(first, "first-frame-ms")
	b.ReportMetric(0, "ns/op")
}
