package keychain

import (
	"encoding/base64"
	"fmt"
	"regexp"
	"strings"
	"testing"
)

func containsCanary(text string) bool { return strings.Contains(text, canary) }

var harmlessName = regexp.MustCompile(`^[A-Za-z0-9._][A-Za-z0-9._-]{0,127}\z`)

func FuzzAccount(f *testing.F) {
	for _, name := range []string{
		account, "", "-w", "a b", `DOMAIN\user`, "o'brien@example.com", "x\ndelete-keychain victim", "a:b",
		strings.Repeat("a", 128), strings.Repeat("a", 129), "é", "\x00", "a\n",
	} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		lib := newScript(nil)
		_, err := scripted(lib).Get(t.Context(), name)
		if harmlessName.MatchString(name) {
			wantKind(t, err, ErrNotFound)
			return
		}
		wantKind(t, err, ErrName)
		if lib.calls != 0 {
			t.Errorf("%q reached the library", name)
		}
		for _, r := range err.Error() {
			if r < ' ' || r > '~' {
				t.Errorf("the error shows %q bare: %s", r, err)
			}
		}
	})
}

func TestServiceName(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "org keep", "a:b", strings.Repeat("a", 65)} {
		lib := newScript(nil)
		wantKind(t, scripted(lib, WithService(name)).Set(t.Context(), account, "v"), ErrName)
		if lib.calls != 0 {
			t.Errorf("%q reached the library", name)
		}
	}
	wantKind(t, scripted(newScript(nil), WithService("orgkeep.1a2b3c4d")).Set(t.Context(), account, "v"), nil)
}

func TestValues(t *testing.T) {
	t.Parallel()
	stores := map[string]Store{"memory": MemoryLimited(8)}
	s := scripted(newScript(nil))
	s.platform.limit = 8
	stores["os"] = s
	for name, store := range stores {
		for _, c := range []struct {
			value string
			kind  error
		}{
			{"", nil},
			{"12345678", nil},
			{"123456789", ErrTooBig},
			{"é é é", nil},
			{"a\nb", ErrValue},
			{"a\rb", ErrValue},
			{"a\x00b", ErrValue},
			{"\xff", ErrValue},
		} {
			t.Run(fmt.Sprintf("%s %q", name, c.value), func(t *testing.T) {
				wantKind(t, store.Set(t.Context(), account, c.value), c.kind)
				if c.kind != nil {
					return
				}
				got, err := store.Get(t.Context(), account)
				if err != nil || got != c.value {
					t.Errorf("read back %q, %v", got, err)
				}
			})
		}
	}
}

// TestSecurityLimit builds go-keyring's longest command: security(1) reads 4095
// bytes of it.
func TestSecurityLimit(t *testing.T) {
	t.Parallel()
	command := fmt.Sprintf("add-generic-password -U -s %s -a %s -w go-keyring-base64:%s\n",
		strings.Repeat("s", serviceLimit), strings.Repeat("a", accountLimit),
		base64.StdEncoding.EncodeToString(make([]byte, securityLimit)))
	if len(command) > 4095 || len(command) < 4090 {
		t.Errorf("the longest command has %d bytes", len(command))
	}
}
