package keychain

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

const childJob = "ORGKEEP_TEST_VAULT_JOB"

// childJobs are what a process that child starts can do, by name and argument.
var childJobs = map[string]func(*testing.T, *VaultStore){
	"write": childWrites,
	"rise":  childRises,
	"move":  childMoves,
}

// child is this test program once more, doing one job on the vault v from
// beside its folder.
func child(t *testing.T, v *VaultStore, job string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, "-test.run=^TestVaultChild$", "-test.v")
	cmd.Dir = filepath.Dir(v.folder)
	cmd.Env = append(os.Environ(), childJob+"="+job)
	return cmd
}

// TestVaultChild is the other process of the tests below.
func TestVaultChild(t *testing.T) {
	if os.Getenv(childJob) == "" {
		t.Skip("for the processes that other tests start")
	}
	v := Vault("vault", says(correct), cheap)
	if err := v.Unlock(t.Context()); err != nil {
		t.Fatal(err)
	}
	name, _, _ := strings.Cut(os.Getenv(childJob), " ")
	childJobs[name](t, v)
}

func childArgument() string {
	_, argument, _ := strings.Cut(os.Getenv(childJob), " ")
	return argument
}

const childRounds = 60

func childWrites(t *testing.T, v *VaultStore) {
	own := "own" + childArgument()
	for n := range childRounds {
		set(t, v, own, strconv.Itoa(n))
		holds(t, v, own, strconv.Itoa(n))
		set(t, v, "shared", fmt.Sprintf("%d of %s", n, own))
	}
}

// TestVaultProcesses: three processes write at once, to accounts of their own
// and to one that all of them write.
func TestVaultProcesses(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	var all []*exec.Cmd
	var outputs []*strings.Builder
	for i := range 3 {
		cmd, out := child(t, v, fmt.Sprintf("write %d", i)), new(strings.Builder)
		cmd.Stdout, cmd.Stderr = out, out
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		all, outputs = append(all, cmd), append(outputs, out)
	}
	for i, cmd := range all {
		if err := cmd.Wait(); err != nil {
			t.Errorf("%v: %s", err, outputs[i])
		}
		own := fmt.Sprintf("own%d", i)
		holds(t, v, own, strconv.Itoa(childRounds-1))
		if kept, err := v.Kept(t.Context(), own); err != nil || kept != strconv.Itoa(childRounds-2) {
			t.Errorf("%s keeps %q, %v", own, kept, err)
		}
	}
	value, err := v.Get(t.Context(), "shared")
	if err != nil || !strings.HasPrefix(value, strconv.Itoa(childRounds-1)+" of own") {
		t.Errorf("shared holds %q, %v", value, err)
	}
}

// childRises says before and after each write which generation it writes, on
// from the argument.
func childRises(t *testing.T, v *VaultStore) {
	from, err := strconv.Atoi(childArgument())
	if err != nil {
		t.Fatal(err)
	}
	for n := from; ; n++ {
		fmt.Println("begin", n)
		set(t, v, account, strconv.Itoa(n))
		fmt.Println("done", n)
	}
}

// TestVaultKilled kills a process that writes at a random moment, a hundred
// times. What it had said to be done is there; the rest is as it was or new.
func TestVaultKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a hundred processes")
	}
	t.Parallel()
	v := newVault(t)
	last, between, torn := 0, 0, 0
	set(t, v, account, "0")
	for range 100 {
		begun, done := killedAt(t, child(t, v, fmt.Sprintf("rise %d", last+1)), 6)
		value, err := v.Get(t.Context(), account)
		if err != nil {
			t.Fatal(err)
		}
		got, err := strconv.Atoi(value)
		if err != nil || got < max(done, last) || got > max(begun, last) {
			t.Fatalf("done %d, begun %d, and it holds %q", done, begun, value)
		}
		if begun > done {
			between++
		}
		torn += len(leftovers(t, v))
		if kept, err := v.Kept(t.Context(), account); err == nil {
			// Killed after the copy and before the value, both are the same.
			if old, err := strconv.Atoi(kept); err != nil || old != got && old != got-1 {
				t.Fatalf("%q is kept and %d is there", kept, got)
			}
		} else {
			wantVault(t, err, ErrNotFound)
		}
		last = got
	}
	if between == 0 {
		t.Error("no kill came during a write")
	}
	t.Logf("%d of 100 kills came during a write, %d left a file half done; generation %d", between, torn, last)
	put(t, filepath.Join(v.folder, entriesName, ".x.1.tmp"), nil)
	set(t, again(t, v), account, "end")
	if left := leftovers(t, v); len(left) != 0 {
		t.Errorf("still there: %v", left)
	}
}

func leftovers(t *testing.T, v *VaultStore) []string {
	t.Helper()
	left, err := filepath.Glob(filepath.Join(v.folder, entriesName, ".*.tmp"))
	if err != nil {
		t.Fatal(err)
	}
	return left
}

// killedAt starts cmd, kills it 1 to most lines and a random time later, and
// returns the last number that it began and the last that it had done.
func killedAt(t *testing.T, cmd *exec.Cmd, most int) (begun, done int) {
	t.Helper()
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(pipe)
	wanted := 1 + rand.IntN(most)
	for seen := 0; lines.Scan(); {
		word, rest, _ := strings.Cut(lines.Text(), " ")
		n, err := strconv.Atoi(rest)
		if err != nil {
			continue // what the test program says of itself
		}
		switch word {
		case "begin":
			begun = n
		case "done":
			done = n
		}
		if seen++; seen == wanted {
			time.AfterFunc(rand.N(3*time.Millisecond), func() {
				if err := cmd.Process.Kill(); err != nil {
					t.Error(err)
				}
			})
		}
	}
	if err := cmd.Wait(); err == nil || begun == 0 {
		t.Fatalf("the process ended by itself, having begun %d: %v", begun, err)
	}
	return begun, done
}
