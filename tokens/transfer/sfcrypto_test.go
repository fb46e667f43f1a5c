package transfer

import (
	"errors"
	"testing"

	"orgkeep/tokens"
)

// The same refresh token in both forms, as @salesforce/core 9.4.0 wrote it.
const (
	firstKey     = "0123456789abcdef0123456789abcdef"
	firstSealed  = "a1b2c3d4e5f6127d8a64048e310ad2d9f32ef4b7b9:bd645dc66604f5944179ce8ce175bea6"
	secondKey    = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
	secondSealed = "0102030405060708090a0b0c4f3360d0d021946fb8bdfd9329bc57:b6763ca87940ddfc8aecd085c7f63c78"
)

func TestBothFormsOfTheCLIsEncryption(t *testing.T) {
	t.Parallel()
	for text, sealed := range map[string]string{firstKey: firstSealed, secondKey: secondSealed} {
		key, err := newSFKey(tokens.NewSecret(text))
		if err != nil {
			t.Fatal(err)
		}
		plain, err := key.open(sealed)
		if err != nil || plain.Reveal() != "5Aep861.REFRESH" {
			t.Errorf("%q, %v", plain.Reveal(), err)
		}
		for _, secret := range []string{"5Aep861.REFRESH", "x", "with spaces and \u00e9"} {
			again, twice := key.seal(tokens.NewSecret(secret)), key.seal(tokens.NewSecret(secret))
			plain, err := key.open(again)
			if !sfSealed(again) || err != nil || plain.Reveal() != secret || again == twice {
				t.Errorf("%q came back as %q, %v", secret, plain.Reveal(), err)
			}
			if text == firstKey && len(again) != 2*len(secret)+sfNonce+1+sfTag || text == secondKey && len(again) != 2*len(secret)+2*sfNonce+1+sfTag {
				t.Errorf("%q has another length than the CLI's", again)
			}
		}
		for _, broken := range []string{sealed[:len(sealed)-1] + "0", "f" + sealed[1:], "0123456789ab:" + sealed[len(sealed)-32:]} {
			if _, err := key.open(broken); !errors.Is(err, ErrSFKey) {
				t.Errorf("%s opened: %v", broken, err)
			}
		}
	}
}

func TestWhatIsNoKeyAndNotSealed(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "short", secondKey[:63] + "x"} {
		if _, err := newSFKey(tokens.NewSecret(text)); !errors.Is(err, ErrSFKey) {
			t.Errorf("%q: %v", text, err)
		}
	}
	for _, text := range []string{"", "5Aep861", "a:b", firstSealed + ":", "z" + firstSealed[1:], firstSealed + "0"} {
		if sfSealed(text) {
			t.Errorf("%q counts as encrypted", text)
		}
	}
}

func FuzzSFOpen(f *testing.F) {
	f.Add(firstKey, firstSealed)
	f.Add(secondKey, secondSealed)
	f.Add(secondKey, firstSealed)
	f.Fuzz(func(t *testing.T, text, stored string) {
		key, err := newSFKey(tokens.NewSecret(text))
		if err != nil || !sfSealed(stored) {
			return
		}
		if _, err := key.open(stored); err != nil && !errors.Is(err, ErrSFKey) {
			t.Fatal(err)
		}
	})
}
