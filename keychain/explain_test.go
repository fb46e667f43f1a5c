package keychain

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	keyring "github.com/zalando/go-keyring"
)

func TestExplainExitCodes(t *testing.T) {
	t.Parallel()
	for code, kind := range map[int]error{
		36: ErrLocked, 51: ErrLocked, 128: ErrLocked, 44: ErrNotFound,
		45: ErrUnavailable, 37: ErrUnavailable, 50: ErrUnavailable, 1: ErrUnavailable, 2: ErrUnavailable,
	} {
		f := explainSecurity(code)
		if !errors.Is(f.kind, kind) {
			t.Errorf("exit code %d: %v, want %v", code, f.kind, kind)
		}
		if f.ask != errors.Is(kind, ErrLocked) {
			t.Errorf("exit code %d: ask is %v", code, f.ask)
		}
		if f.remedy == "" && !errors.Is(kind, ErrNotFound) {
			t.Errorf("exit code %d: nothing says what to do", code)
		}
	}
}

func TestExplainWindows(t *testing.T) {
	t.Parallel()
	for code, kind := range map[int]error{
		1168: ErrNotFound, 1312: ErrUnavailable, 1783: ErrTooBig, 5: ErrUnavailable, 1722: ErrUnavailable, 87: ErrUnavailable,
	} {
		if f := explainWindows(code); !errors.Is(f.kind, kind) {
			t.Errorf("error %d: %v, want %v", code, f.kind, kind)
		}
	}
}

func TestExplainLibrary(t *testing.T) {
	t.Parallel()
	for err, kind := range map[error]error{
		keyring.ErrNotFound:            ErrNotFound,
		keyring.ErrSetDataTooBig:       ErrTooBig,
		keyring.ErrUnsupportedPlatform: ErrUnavailable,
	} {
		if f := explainLibrary(fmt.Errorf("wrapped: %w", err)); f == nil || !errors.Is(f.kind, kind) {
			t.Errorf("%v: %v, want %v", err, f, kind)
		}
	}
	if f := explainLibrary(errScript); f != nil {
		t.Errorf("an unknown error was explained as %v", f.kind)
	}
}

func TestErrorText(t *testing.T) {
	t.Parallel()
	f := unknown(errors.New("strange\x1b[2J\u202e " + strings.Repeat("x", 500)))
	got := f.error("Secret Service", opSet, account, true).Error()
	want := "Secret Service: saving " + account + `: the keychain cannot be used (it said "strange\x1b[2J\u202e xxx`
	if !strings.HasPrefix(got, want) || !strings.HasSuffix(got, `x"); try again`) || len(got) > 400 {
		t.Errorf("the error says %q", got)
	}
}

func TestHostPlatform(t *testing.T) {
	t.Parallel()
	s := OS()
	if s.Name() == "" || s.Limit() < 0 {
		t.Errorf("name %q, limit %d", s.Name(), s.Limit())
	}
}

func TestTheRemedyWithoutTheVault(t *testing.T) {
	t.Parallel()
	for remedy, want := range map[string]string{
		overSSH:  "log in at the machine itself: over SSH there is no Credential Manager",
		useVault: "",
		tryAgain: tryAgain,
	} {
		if got := WithoutVault(remedy); got != want {
			t.Errorf("%q becomes %q", remedy, got)
		}
	}
}
