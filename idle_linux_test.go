package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Keys that change nothing write nothing: what is sent for fifty of them and one
// that moves the cursor is what is sent for that one. That holds for ticks of the
// clock too, which come meanwhile.
func TestNothingIsWrittenWhenNothingHasChanged(t *testing.T) {
	t.Parallel()
	w := withoutKeychain(t).open(t, 120, 30, "demo", "--clock", onStage, "--still")
	w.see("umbrella", "r refresh", "1/12")
	w.press("j")
	w.see("2/12")
	w.press("k")
	w.see("1/12")
	before := len(w.sent())
	w.press("j")
	w.see("2/12")
	w.press("k")
	w.see("1/12")
	once := len(w.sent()) - before
	before += once
	w.press(strings.Repeat("k", 50) + "j")
	w.see("2/12")
	w.press(strings.Repeat("g", 2) + strings.Repeat("k", 50))
	w.see("1/12")
	if sent := len(w.sent()) - before; once == 0 || sent > once {
		t.Errorf("moving the cursor there and back takes %d bytes, with keys that change nothing %d", once, sent)
	}
	w.leaves()
}

// usage is what a process has taken of the machine, as Linux tells it (proc(5)).
type usage struct {
	cpu            time.Duration // user and system
	resident, most int           // memory, in KiB
}

func usageOf(t testing.TB, pid int) usage {
	t.Helper()
	const tick = 10 * time.Millisecond // USER_HZ is 100 on every architecture that Go runs on
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		t.Fatal(err)
	}
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:])) // from the state, field 3
	var u usage
	for _, field := range fields[11:13] {
		ticks, err := strconv.Atoi(field)
		if err != nil {
			t.Fatal(err)
		}
		u.cpu += time.Duration(ticks) * tick
	}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		name, rest, _ := strings.Cut(line, ":")
		into := map[string]*int{"VmRSS": &u.resident, "VmHWM": &u.most}[name]
		if into == nil {
			continue
		}
		if *into, err = strconv.Atoi(strings.Fields(rest)[0]); err != nil {
			t.Fatal(err)
		}
	}
	return u
}

// BenchmarkIdle is the program on a terminal while nobody does anything, for
// twenty seconds: the share of one core, and what is written a second. The goal
// is less than 1 %.
func BenchmarkIdle(b *testing.B) {
	const span = 20 * time.Second
	for _, c := range []struct {
		name string
		orgs int
	}{{"demo", 0}, {"10000", 10_000}} {
		b.Run(c.name, func(b *testing.B) {
			m, args := withoutKeychain(b), []string{"demo"}
			if c.orgs > 0 {
				data := b.TempDir()
				fill(b, data, c.orgs)
				args = []string{"--data", data}
			}
			m.program = build(b, "orgkeep", "")
			for b.Loop() {
				w := m.open(b, 120, 30, args...)
				w.see("expired")
				time.Sleep(3 * time.Second) // what goes on at the start, the copy of the ledger too, is over
				before, written := usageOf(b, w.cmd.Process.Pid), len(w.sent())
				time.Sleep(span) // what is measured, nothing that is waited for
				after := usageOf(b, w.cmd.Process.Pid)
				b.ReportMetric(100*float64(after.cpu-before.cpu)/float64(span), "%-of-a-core")
				b.ReportMetric(float64(len(w.sent())-written)/span.Seconds(), "written-B/s")
				w.leaves()
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}

// BenchmarkFirstFrame10000 is orgkeep with 10,000 orgs on a terminal, from exec
// until the first org has been drawn, and the memory that it holds then and after
// going to the end and typing a filter. The goals are 100 ms and 40 MB.
func BenchmarkFirstFrame10000(b *testing.B) {
	m, data := withoutKeychain(b), b.TempDir()
	fill(b, data, 10_000)
	m.program = build(b, "orgkeep", "")
	var frames []measured
	var used usage
	for b.Loop() {
		start := time.Now()
		w := m.open(b, 120, 30, "--data", data)
		w.see("customer-")
		took := time.Since(start)
		w.press("G")
		w.see("10000/10000")
		w.press("/customer-77\r")
		w.see("of 10000")
		used = usageOf(b, w.cmd.Process.Pid)
		frames = append(frames, measured{took: took, resident: used.most})
		w.leaves()
	}
	first, most := median(frames)
	b.ReportMetric(first, "first-frame-ms")
	b.ReportMetric(float64(used.resident)/1024, "resident-MB")
	b.ReportMetric(float64(most)/1024, "most-resident-MB")
	b.ReportMetric(0, "ns/op")
}
