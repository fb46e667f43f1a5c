package tokens

import (
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestCheckAlias(t *testing.T) {
	t.Parallel()
	for _, alias := range []string{"a", "acme-uat", "Zürich", "127.0.0.1", strings.Repeat("é", 80), "a+b-"} {
		if err := CheckAlias(alias); err != nil {
			t.Errorf("CheckAlias(%q) says %v", alias, err)
		}
	}
	for _, alias := range []string{
		"", " ", "a b", "a\u00a0b", "a\tb", "a\n", "\x1b[31m", "a\u200bb", "a\u202e", "\xff", "-a", "+a", "--all", strings.Repeat("é", 81),
	} {
		if err := CheckAlias(alias); !errors.Is(err, ErrAlias) || !Printable(err.Error()) {
			t.Errorf("CheckAlias(%q) says %v, want ErrAlias", alias, err)
		}
	}
}

func TestOrgFallsBack(t *testing.T) {
	t.Parallel()
	o := Org{UserID: "005", InstanceURL: "https://i.example"}
	if o.User() != "005" || o.LoginHost() != "https://i.example" {
		t.Errorf("user %q at %q", o.User(), o.LoginHost())
	}
	o.Username, o.LoginURL = "ana", "https://l.example"
	if o.User() != "ana" || o.LoginHost() != "https://l.example" {
		t.Errorf("user %q at %q", o.User(), o.LoginHost())
	}
}

func TestFailureSaysWhatHappened(t *testing.T) {
	t.Parallel()
	for want, f := range map[string]Failure{
		"HTTP 400 invalid_grant: expired access/refresh token": {
			HTTPStatus: 400, Code: "invalid_grant", Description: "expired access/refresh token", Problem: "unseen",
		},
		"HTTP 503":               {HTTPStatus: 503},
		"invalid_client_id":      {Code: "invalid_client_id"},
		"no route to host":       {Problem: "no route to host"},
		"HTTP 200: no JSON here": {HTTPStatus: 200, Problem: "no JSON here"},
		"refresh failed":         {},
	} {
		if got := f.Error(); got != want {
			t.Errorf("%+v says %q, want %q", f, got, want)
		}
	}
}

func TestFailureIsStoredWithoutItsCause(t *testing.T) {
	t.Parallel()
	plain := Failure{Kind: FailedTransport, Phase: "waiting", Sent: true, RetryAfter: time.Second, Problem: "p"}
	f := plain.WithCause(io.ErrUnexpectedEOF)
	if !errors.Is(f, io.ErrUnexpectedEOF) || plain.Unwrap() != nil {
		t.Error("the cause is not where it belongs")
	}
	text, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	var got Failure
	if err := json.Unmarshal(text, &got); err != nil || !reflect.DeepEqual(got, plain) {
		t.Errorf("%s came back as %+v (%v), want %+v", text, got, err, plain)
	}
}
