package salesforce

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

const portVariable = "ORGKEEP_TEST_LISTEN"

// TestHelperListens is no test: it is the other program that has a port.
func TestHelperListens(t *testing.T) {
	if os.Getenv(portVariable) == "" {
		t.Skip("only for another test")
	}
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println(port)
	_, _ = bufio.NewReader(os.Stdin).ReadByte() // until its parent goes
}

func TestThePortOfAnotherProgramIsSaidByName(t *testing.T) {
	t.Parallel()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestHelperListens$")
	cmd.Env = append(os.Environ(), portVariable+"=1")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = in.Close(); _ = cmd.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	port, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		t.Fatal(err)
	}
	_, err = Listen(t.Context(), port, "/x")
	if want := fmt.Sprintf("(process %d)", cmd.Process.Pid); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "salesforce.test") {
		t.Errorf("%v, want %s", err, want)
	}
}

func TestListenersAreReadFromTheKernelsTable(t *testing.T) {
	t.Parallel()
	const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:06B5 0200007F:1234 01 00000000:00000000 00:00000000 00000000  1000        0 111 1
   1: 0100007F:06B5 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 222 1
   2: short
`
	if inode, user := listener(table, 1717); inode != "222" || user != "1000" {
		t.Errorf("%q %q", inode, user)
	}
	if inode, _ := listener(table, 1718); inode != "" {
		t.Errorf("%q", inode)
	}
}
