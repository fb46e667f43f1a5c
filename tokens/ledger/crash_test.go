package ledger

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// childVariable makes this test binary do one task with a ledger and end, so
// that tests can have several processes and kill them.
const childVariable = "LEDGER_TEST_TASK"

func TestMain(m *testing.M) {
	if task := os.Getenv(childVariable); task != "" {
		if err := child(task, os.Getenv(childVariable+"_PATH")); err != nil {
			fmt.Println("error:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// tasks are those that only some systems can do.
var tasks = map[string]func(ctx context.Context, path string) error{}

// child does its task when its input ends.
func child(task, path string) error {
	fmt.Println("ready")
	if _, err := io.ReadAll(os.Stdin); err != nil {
		return err
	}
	ctx := context.Background()
	if do, ok := tasks[task]; ok {
		return do(ctx, path)
	}
	l, err := Open(ctx, path)
	if err != nil {
		return err
	}
	defer l.Close() //nolint:errcheck // the task has told
	orgs, err := l.Orgs(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("orgs %d notice %q\n", len(orgs), l.Notice())
	for task == "backup" {
		if _, err := l.Edit(ctx, orgs[0]); err != nil {
			return err
		}
		if err := l.Backup(ctx); err != nil {
			return err
		}
	}
	return nil
}

// process is a child that waits to be told to go.
type process struct {
	*exec.Cmd
	in  io.Closer
	out *bufio.Reader
}

func command(task, path string) *exec.Cmd {
	c := exec.Command(os.Args[0], "-test.run=^$") //nolint:noctx // it is killed or waited for
	c.Env = append(os.Environ(), childVariable+"="+task, childVariable+"_PATH="+path)
	return c
}

func launch(t *testing.T, task, path string) process {
	t.Helper()
	c := command(task, path)
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	p := process{Cmd: c, in: in, out: bufio.NewReader(out)}
	if line, err := p.out.ReadString('\n'); err != nil || line != "ready\n" {
		t.Fatalf("the child says %q (%v)", line, err)
	}
	return p
}

func (p process) run(t *testing.T) {
	t.Helper()
	if err := p.in.Close(); err != nil {
		t.Error(err)
	}
}

// killAfter kills the child without a warning.
func (p process) killAfter(t *testing.T, d time.Duration) {
	t.Helper()
	<-time.After(d)
	if err := p.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Error(err)
	}
	_ = p.Wait() // killed
}

func TestTwoProcessesMendOnce(t *testing.T) {
	t.Parallel()
	for round := range 4 {
		path, orgs := stocked(t, 40)
		spoiled := damage(t, path, 0)
		var children []process
		for range 4 {
			children = append(children, launch(t, "open", path))
		}
		for _, c := range children {
			c.run(t)
		}
		notices := 0
		for _, c := range children {
			said, err := io.ReadAll(c.out)
			if err := errors.Join(err, c.Wait()); err != nil || !strings.HasPrefix(string(said), "orgs 40 ") {
				t.Errorf("round %d: a process said %q (%v)", round, said, err)
			}
			if strings.Contains(string(said), "was damaged") {
				notices++
			}
		}
		aside := asides(t, path)
		if notices != 1 || len(aside) != 1 || !bytes.Equal(readFile(t, aside[0]), spoiled) {
			t.Errorf("round %d: %d notices, set aside %q; want one of each", round, notices, aside)
		}
		same(t, listed(t, open(t, path)), orgs)
	}
}

func TestKilledWhileMending(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	ends := map[string]int{}
	for range 15 {
		path, orgs := stocked(t, 40)
		spoiled := damage(t, path, 0)
		c := launch(t, "open", path)
		c.run(t)
		c.killAfter(t, time.Duration(r.IntN(12_000))*time.Microsecond)
		switch _, err := os.Stat(path); {
		case err != nil:
			ends["between the renames"]++
		case len(asides(t, path)) == 1:
			ends["after"]++
		default:
			ends["before"]++
		}
		l := open(t, path)
		same(t, listed(t, l), orgs)
		aside := asides(t, path)
		if len(aside) != 1 || !bytes.Equal(readFile(t, aside[0]), spoiled) {
			t.Errorf("set aside: %q, want the damaged file once", aside)
		}
	}
	t.Log(ends)
}

func TestKilledWhileCopying(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	path, orgs := stocked(t, 200)
	f := files{main: path}
	unfinished := 0
	for range 15 {
		c := launch(t, "backup", path)
		c.run(t)
		if line, err := c.out.ReadString('\n'); err != nil || !strings.HasPrefix(line, "orgs 200") {
			t.Fatalf("the child says %q (%v)", line, err)
		}
		c.killAfter(t, time.Duration(r.IntN(40_000))*time.Microsecond)
		if anyThere([]string{f.copyTemp()}) {
			unfinished++
		}
		whole := filepath.Join(t.TempDir(), "whole.db")
		writeFile(t, whole, readFile(t, f.copy()))
		same(t, listed(t, open(t, whole)), orgs)
	}
	l := open(t, path)
	save(t, l, login(t, 999))
	backup(t, l)
	if anyThere([]string{f.copyTemp()}) {
		t.Error("an unfinished copy was left")
	}
	t.Logf("%d of 15 kills left an unfinished copy", unfinished)
}
