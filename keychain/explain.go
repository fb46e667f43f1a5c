package keychain

import (
	"errors"
	"strconv"
	"strings"

	keyring "github.com/zalando/go-keyring"
)

// explainLibrary knows the errors that go-keyring has names for; it returns nil
// for all others.
func explainLibrary(err error) *finding {
	switch {
	case errors.Is(err, keyring.ErrNotFound):
		return &finding{kind: ErrNotFound}
	case errors.Is(err, keyring.ErrSetDataTooBig):
		return &finding{kind: ErrTooBig}
	case errors.Is(err, keyring.ErrUnsupportedPlatform):
		return &finding{kind: ErrUnavailable, detail: "none is known for this operating system", remedy: useVault}
	}
	return nil
}

const (
	useVault  = "without a keychain, --store vault keeps the tokens in an encrypted vault"
	unlockIt  = "unlock it, or log in to your desktop, and try again"
	tryAgain  = "try again"
	overSSH   = "log in at the machine itself: over SSH there is no Credential Manager; " + useVault
	allowIt   = "try again and allow orgkeep to use it"
	fixFirst  = "open Keychain Access and see that a default keychain is there"
	unlockMac = "run security unlock-keychain, or log in at the machine itself, and try again"
	deleteIt  = "delete it in Keychain Access, and try again"
	startIt   = "start the Credential Manager service, and try again"
)

// WithoutVault is the remedy of an Error without its half that names the vault,
// for those who offer the vault in words of their own.
func WithoutVault(remedy string) string {
	return strings.TrimSuffix(strings.TrimSuffix(remedy, useVault), "; ")
}

// quoteEnds is how many bytes of foreign text an error quotes.
const quoteEnds = 200

// unknown is the finding for an error that nobody foresaw.
func unknown(err error) *finding {
	return &finding{kind: ErrUnavailable, detail: "it said " + quote(err), remedy: tryAgain}
}

// quote is the text of an error from outside as it may be shown: bounded, ASCII,
// nothing in it that moves a cursor.
func quote(err error) string {
	text := err.Error()
	if len(text) > quoteEnds {
		text = text[:quoteEnds]
	}
	return strconv.QuoteToASCII(text)
}

// securityLimit is the most bytes of a value on macOS. go-keyring hands one
// command to security(1), at most 4095 bytes with its line end (at 4096 an
// empty command follows, whose success hides a failure):
// "add-generic-password -U -s SERVICE -a ACCOUNT -w go-keyring-base64:VALUE\n".
// Base64 makes four bytes of three; the longest names are assumed.
const securityLimit = (4095 - len("add-generic-password -U -s  -a  -w go-keyring-base64:\n") - serviceLimit - accountLimit) / 4 * 3

// explainSecurity tells the exit codes of security(1) apart. They are the low
// byte of the Security framework's result codes (SecBase.h), and all that
// go-keyring passes on.
func explainSecurity(code int) *finding {
	switch code {
	case 36: // errSecInteractionNotAllowed, -25308
		return &finding{kind: ErrLocked, detail: "it may not ask here, as over SSH", remedy: unlockMac, ask: true}
	case 44: // errSecItemNotFound, -25300
		return &finding{kind: ErrNotFound}
	case 45: // errSecDuplicateItem, -25299
		return &finding{kind: ErrUnavailable, detail: "another program's item has this name", remedy: deleteIt}
	case 51: // errSecAuthFailed, -25293
		return &finding{kind: ErrLocked, detail: "the password was wrong or access was denied", ask: true, remedy: allowIt}
	case 128: // userCanceledErr, -128
		return &finding{kind: ErrLocked, detail: "its question was cancelled", ask: true, remedy: allowIt}
	case 37: // errSecNoDefaultKeychain, -25307
		return &finding{kind: ErrUnavailable, detail: "there is no default keychain", remedy: fixFirst}
	case 50: // errSecNoSuchKeychain, -25294
		return &finding{kind: ErrUnavailable, detail: "the default keychain is missing", remedy: fixFirst}
	}
	return &finding{kind: ErrUnavailable, detail: "security ended with exit code " + strconv.Itoa(code), remedy: tryAgain}
}

// explainWindows tells the system error codes apart that the Credential Manager
// is known to give (wincred.h, winerror.h).
func explainWindows(code int) *finding {
	switch code {
	case 1168: // ERROR_NOT_FOUND
		return &finding{kind: ErrNotFound}
	case 1312: // ERROR_NO_SUCH_LOGON_SESSION
		return &finding{kind: ErrUnavailable, detail: "this login session has none", remedy: overSSH}
	case 1783: // RPC_X_BAD_STUB_DATA: a blob over the limit
		return &finding{kind: ErrTooBig}
	case 5: // ERROR_ACCESS_DENIED
		return &finding{kind: ErrUnavailable, detail: "access is denied to this login session", remedy: overSSH}
	case 1722: // RPC_S_SERVER_UNAVAILABLE
		return &finding{kind: ErrUnavailable, detail: "its service does not run", remedy: startIt}
	}
	return &finding{kind: ErrUnavailable, detail: "system error " + strconv.Itoa(code), remedy: tryAgain}
}
