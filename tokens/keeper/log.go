package keeper

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"

	"orgkeep/tokens"
)

// A log line has no bodies and no secrets: of an answer it takes the status, the
// error code and the request id, which are masked and cleaned where they came in.

// logged writes down that something was done to an org, how it ended and how long
// it took, when the function it returns is called.
func (k *Keeper) logged(what string, org tokens.Org, err *error) (done func()) {
	watch := k.clock.Stopwatch()
	return func() {
		outcome := "done"
		if *err != nil {
			outcome = "failed"
		}
		attrs := append(orgAttrs(org), slog.String("outcome", outcome), took(watch()))
		k.logLine(what, *err != nil, append(attrs, errorAttrs(*err)...))
	}
}

// logRefresh writes down how one refresh ended.
func (k *Keeper) logRefresh(r Result) {
	a := r.Attempt
	attrs := append(orgAttrs(r.Org), slog.String("outcome", string(a.Outcome)), took(a.Duration), slog.Int("tries", a.Tries), slog.Bool("rotated", a.Rotated))
	p := a.Phases
	for _, phase := range []struct {
		name string
		span time.Duration
	}{{"resolve", p.Resolve}, {"connect", p.Connect}, {"tls", p.TLS}, {"send", p.Send}, {"wait", p.Wait}, {"read", p.Read}} {
		if phase.span > 0 {
			attrs = append(attrs, slog.Int64(phase.name+"_ms", phase.span.Milliseconds()))
		}
	}
	if a.Failure != nil {
		attrs = append(attrs, errorAttrs(a.Failure)...)
	}
	if r.Warning != nil {
		attrs = append(attrs, slog.String("warning", oneLine(r.Warning)))
	}
	k.logLine("refresh", a.Failure != nil || r.Warning != nil, attrs)
}

// logSignIn writes down how a sign-in ended; org is empty where it failed.
func (k *Keeper) logSignIn(org tokens.Org, span time.Duration, err error) {
	if err != nil {
		k.logLine("sign in", true, append(errorAttrs(err), slog.String("outcome", "failed"), took(span)))
		return
	}
	k.logLine("sign in", false, append(orgAttrs(org), slog.String("outcome", "done"), took(span)))
}

func (k *Keeper) logLine(what string, bad bool, attrs []slog.Attr) {
	level := slog.LevelInfo
	if bad {
		level = slog.LevelWarn
	}
	k.log.LogAttrs(context.Background(), level, what, append(attrs, slog.String("by", k.trigger))...)
}

func orgAttrs(org tokens.Org) []slog.Attr {
	return []slog.Attr{slog.String("org", org.Alias), slog.String("org_id", org.OrgID), slog.String("host", org.LoginHost())}
}

func took(span time.Duration) slog.Attr { return slog.Int64("took_ms", span.Milliseconds()) }

// errorAttrs are what a line says of an error. The endpoint's description stays
// out, as the body does.
func errorAttrs(err error) []slog.Attr {
	if err == nil {
		return nil
	}
	f, ok := errors.AsType[*tokens.Failure](err)
	if !ok {
		return []slog.Attr{slog.String("problem", oneLine(err))}
	}
	attrs := []slog.Attr{slog.String("kind", string(f.Kind)), slog.Bool("sent", f.Sent)}
	if f.HTTPStatus != 0 {
		attrs = append(attrs, slog.Int("status", f.HTTPStatus))
	}
	for _, text := range []struct{ name, text string }{{"error", f.Code}, {"phase", f.Phase}, {"request_id", f.RequestID}} {
		if text.text != "" {
			attrs = append(attrs, slog.String(text.name, text.text))
		}
	}
	if f.Kind != tokens.FailedAnswer && f.Problem != "" {
		attrs = append(attrs, slog.String("problem", f.Problem))
	}
	return attrs
}

// oneLine is the text of an error as one cleaned line: errors.Join puts a line end
// between its parts.
func oneLine(err error) string {
	return tokens.Clean(strings.ReplaceAll(err.Error(), "\n", "; "))
}
