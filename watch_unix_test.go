//go:build unix

package main

import (
	"bufio"
	"io"
	"net/url"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// A watch that is told to stop while a refresh token is on its way finishes that
// refresh, saves it, and ends well.
func TestAWatchThatIsToldToStopFinishesWhatWasSent(t *testing.T) {
	t.Parallel()
	m, _ := withKeyring(t)
	l := newLogin(t, 1, "")
	arrived, release := make(chan struct{}, 2), make(chan struct{})
	renew := renewing(t, "login1", l)
	e := startEndpoint(t, func(form url.Values) answer {
		arrived <- struct{}{}
		<-release
		return renew(form)
	})
	answered := sync.OnceFunc(func() { close(release) })
	t.Cleanup(answered)
	l.instance = e.URL
	m.run(t, "import", "--client-id", "PlatformCLI", "--alias", "acme", l.file(t)).expect(t, 0)
	m.run(t, "watch", "acme").expect(t, 0)

	cmd := m.command(t, "refresh", "--watch", "--watch-under", "12h")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	errs, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	<-arrived
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(errs)
	for lines.Scan() && !strings.HasPrefix(lines.Text(), "Stopping.") {
		t.Logf("it said: %s", lines.Text())
	}
	answered()
	printed, err := io.ReadAll(out)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, errs)
	if code := exitCode(t, cmd.Wait()); code != 0 {
		t.Errorf("exit %d", code)
	}
	for _, words := range []string{"Z watching acme; refreshed below 1h 00m, once half of the token's life is over.", "Z acme refreshed in ", "Z stopped.\n"} {
		if !strings.Contains(string(printed), words) {
			t.Errorf("%q is not in\n%s", words, printed)
		}
	}
	m.run(t, "refresh", "acme").expect(t, 0)
	if got := e.sent()[1].Get("refresh_token"); got != l.renewed(true).refresh {
		t.Error("the refresh token that the answer brought was not saved")
	}
}
