package salesforce

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// portOwner tells which program listens on a TCP port of this machine, as "node
// (process 4711)"; "" when the system does not tell. See proc_pid_net(5).
func portOwner(_ context.Context, port int) string {
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		text, err := os.ReadFile(table) //nolint:gosec // the names stand above
		if err != nil {
			continue
		}
		if inode, user := listener(string(text), port); inode != "" {
			if owner := socketOwner(inode); owner != "" {
				return owner
			}
			return "a program of user " + user // whose descriptors are not ours to see
		}
	}
	return ""
}

// listener finds the socket that listens on a port in the kernel's table: its
// inode and the number of its user; "" when there is none.
func listener(table string, port int) (inode, user string) {
	const local, state, uid, node, listening = 1, 3, 7, 9, "0A"
	want := fmt.Sprintf(":%04X", port)
	for line := range strings.Lines(table) {
		fields := strings.Fields(line)
		if len(fields) > node && fields[state] == listening && strings.HasSuffix(fields[local], want) {
			return fields[node], fields[uid]
		}
	}
	return "", ""
}

// socketOwner finds the process that has a socket open.
func socketOwner(inode string) string {
	descriptors, err := filepath.Glob("/proc/[0-9]*/fd/*")
	if err != nil {
		return ""
	}
	for _, descriptor := range descriptors {
		if target, err := os.Readlink(descriptor); err != nil || target != "socket:["+inode+"]" {
			continue
		}
		process := strings.Split(descriptor, "/")[2]
		name, err := os.ReadFile(filepath.Join("/proc", process, "comm")) //nolint:gosec // of the kernel
		if err != nil {
			return "process " + process
		}
		if number, err := strconv.Atoi(process); err == nil && number == os.Getpid() {
			return "this orgkeep itself"
		}
		return fmt.Sprintf("%s (process %s)", strings.TrimSpace(string(name)), process)
	}
	return ""
}
