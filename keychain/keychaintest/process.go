package keychaintest

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// need skips the test where a program is missing, or fails it where it must not
// be.
func need(t testing.TB, programs ...string) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("the Secret Service tests run on Linux")
	}
	for _, program := range programs {
		if _, err := exec.LookPath(program); err == nil {
			continue
		}
		if os.Getenv(Required) == "1" {
			t.Fatalf("%s is missing, and %s=1 says that this test must run", program, Required)
		}
		t.Skipf("%s is not installed", program)
	}
}

// await waits for a condition, looking every ten milliseconds.
func await(t testing.TB, what string, holds func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), waitLimit)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("waited %v in vain: %s", waitLimit, what)
		}
	}
}

// process is a child that is ended and reaped with the test.
type process struct {
	cmd    *exec.Cmd
	errors lockedBuffer
	reaped chan struct{}
	once   sync.Once
}

func start(t testing.TB, cmd *exec.Cmd) *process {
	t.Helper()
	p := &process{cmd: cmd, reaped: make(chan struct{})}
	cmd.Stderr = &p.errors
	if err := cmd.Start(); err != nil {
		t.Fatalf("starting %s: %v", cmd.Path, err)
	}
	t.Cleanup(func() {
		p.end()
		if t.Failed() {
			t.Logf("%s said: %s", cmd.Path, p.errors.String())
		}
	})
	return p
}

// end kills and reaps the process; again is nothing.
func (p *process) end() {
	p.once.Do(func() {
		_ = p.cmd.Process.Kill()
		_ = p.cmd.Wait() // the exit status of a killed child says nothing
		close(p.reaped)
	})
	<-p.reaped
}

func (p *process) freeze(t testing.TB) {
	t.Helper()
	if err := stop(p.cmd.Process); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Fatalf("freezing %s: %v", p.cmd.Path, err)
	}
}

func (p *process) thaw(t testing.TB) {
	t.Helper()
	if err := proceed(p.cmd.Process); err != nil {
		t.Fatalf("thawing %s: %v", p.cmd.Path, err)
	}
}

// lockedBuffer takes a child's stderr while the test may read it.
type lockedBuffer struct {
	mu   sync.Mutex
	text strings.Builder
}

func (b *lockedBuffer) Write(text []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(text)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}
