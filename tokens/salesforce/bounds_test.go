package salesforce

import (
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"orgkeep/tokens"
)

func TestEndlessBodyIsCut(t *testing.T) {
	t.Parallel()
	endless := func(status int, gz bool) string {
		return serve(t, func(w http.ResponseWriter, _ *http.Request) {
			var out io.Writer = w
			if gz {
				w.Header().Set("Content-Encoding", "gzip")
				out = gzip.NewWriter(w)
			}
			w.WriteHeader(status)
			for err := error(nil); err == nil; {
				_, err = io.WriteString(out, strings.Repeat("all work and no play ", 100))
			}
		})
	}
	for _, gz := range []bool{false, true} {
		for _, status := range []int{400, 200} {
			f := refresh(t, endless(status, gz))
			if f.Kind != tokens.FailedAnswer || !f.BodyCut || len(f.Body) != bodyLimit || f.HTTPStatus != status || Undecided(f) != (status == 200) {
				t.Errorf("gzip %v, status %d: kind %s, cut %v, %d bytes", gz, status, f.Kind, f.BodyCut, len(f.Body))
			}
		}
	}
}

// A body of 100 MB is left where it is after the first 64 KiB.
func TestHugeBodyIsNotFetched(t *testing.T) {
	t.Parallel()
	const whole = 100 << 20
	for _, status := range []int{400, 200} {
		written := make(chan int, 1)
		host := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", itoa(whole))
			w.WriteHeader(status)
			sum, chunk := 0, strings.Repeat("all work and no play ", 5000)
			for sum < whole {
				n, err := io.WriteString(w, chunk)
				if sum += n; err != nil {
					break
				}
			}
			written <- sum
		})
		f := refresh(t, host)
		if f.Kind != tokens.FailedAnswer || !f.BodyCut || len(f.Body) != bodyLimit || f.HTTPStatus != status {
			t.Errorf("status %d: kind %s, cut %v, %d bytes", status, f.Kind, f.BodyCut, len(f.Body))
		}
		if sum := <-written; sum >= whole/2 {
			t.Errorf("status %d: %d bytes were fetched", status, sum)
		}
	}
}

func TestGzipUnasked(t *testing.T) {
	t.Parallel()
	transport := newTransport(nil, time.Second)
	transport.DisableCompression = true
	host := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = io.WriteString(z, goodGrant)
		_ = z.Close()
	})
	if _, err := newClient(t, Options{Transport: transport}).Refresh(t.Context(), request(host), nil); err != nil {
		t.Error(err)
	}
}
