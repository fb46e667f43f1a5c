package salesforce

import (
	"context"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// portOwner tells which program listens on a TCP port of this machine, as "node
// (process 4711)"; "" when lsof does not tell.
func portOwner(ctx context.Context, port int) string {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, "/usr/sbin/lsof", "-nP", "-iTCP:"+strconv.Itoa(port), "-sTCP:LISTEN", "-Fpc").Output() //nolint:gosec // a number
	if err != nil {
		return ""
	}
	var process, name string
	for line := range strings.Lines(string(out)) { // p and the number, then c and the name
		switch line = strings.TrimSpace(line); {
		case strings.HasPrefix(line, "p") && process == "":
			process = line[1:]
		case strings.HasPrefix(line, "c") && name == "":
			name = line[1:]
		}
	}
	if process == "" {
		return ""
	}
	return fmt.Sprintf("%s (process %s)", name, process)
}
