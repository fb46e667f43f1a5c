package keychain

import (
	"context"
	"errors"
	"sync"

	"filippo.io/age"

	"orgkeep/keychain/durable"
)

// What can go wrong with a vault beside the errors of every Store. Each wraps
// the error of Store that a caller knows who does not know vaults.
var (
	// ErrNoVault: there is no vault in the folder yet. It wraps ErrUnavailable.
	ErrNoVault error = &vaultError{"there is no vault here", ErrUnavailable}
	// ErrVaultExists: Init found a vault, or what is left of one, and did not
	// touch it. It wraps ErrUnavailable.
	ErrVaultExists error = &vaultError{"there is a vault already", ErrUnavailable}
	// ErrPassphrase: the vault is whole and the passphrase does not open it. It
	// wraps ErrLocked.
	ErrPassphrase error = &vaultError{"the passphrase does not open the vault", ErrLocked}
	// ErrDamaged: a file of the vault is not what was written. No passphrase
	// helps. It wraps ErrUnavailable.
	ErrDamaged error = &vaultError{"a file of the vault is damaged", ErrUnavailable}
)

// errVaultLocked is ErrLocked in the vault's words.
var errVaultLocked error = &vaultError{"the vault is locked", ErrLocked}

// vaultError is a narrower kind of one of the errors of Store.
type vaultError struct {
	text  string
	broad error
}

func (e *vaultError) Error() string { return e.text }
func (e *vaultError) Unwrap() error { return e.broad }

// The most bytes of a value and of a file. A login with two long JWTs has less
// than a hundredth; without a bound a damaged folder could fill the memory.
const (
	vaultValueLimit = 1 << 20
	vaultFileLimit  = vaultValueLimit + 1<<16
)

// Work factors of scrypt as powers of two. At 18 an unlock takes about 0.75 s
// and 256 MiB; a file that asks for more than 2^20 (1 GiB) is refused.
const (
	vaultWork    = 18
	vaultWorkMax = 20
)

// VaultStore keeps the values in a folder of encrypted files, for machines
// without a keychain and for people with more orgs than a keychain likes:
//
//	identity.age      the vault's age X25519 identity, protected by the VaultKey
//	identity.age.bak  the same once more: without it every value is lost
//	entries/X.age     one value, encrypted to the identity; X begins with eight
//	                  hex digits of the account's SHA-256, which keep accounts
//	                  apart that differ in case alone
//	entries/X.age.bak the value before that
//	lock              held while something is written; never deleted
//
// One file a value makes a write cost the same among thousands, damage stay
// with one org, and two processes unable to undo each other's work. Every file
// is replaced in one step and synced, and the version before it is kept. That
// copy is only named by the error of a damaged file and never used by itself:
// an older refresh token that is sent again makes Salesforce revoke the login
// (help article 005316711).
//
// The recipient that values are encrypted to is kept nowhere: it is made of the
// identity at each unlock, so nobody can put another one in its place. The
// files are those of the age format; tail -n +2 identity.age | age -d gives
// the identity of a vault with a passphrase, and age -d -i a value.
//
// A VaultStore is safe for concurrent use, and so are many of them on one
// folder, in one process or several. A read takes no lock.
type VaultStore struct {
	folder string
	work   int
	// write and remove are durable's; tests let them fail.
	write  func(path string, data []byte) error
	remove func(path string) error
	// turn is held by the goroutine of this process that writes.
	turn  chan struct{}
	swept bool // guarded by turn

	mu       sync.Mutex
	key      VaultKey
	identity *age.X25519Identity // nil while locked
	opening  *opening            // the unlock under way; nil when there is none
}

var _ Store = (*VaultStore)(nil)

// VaultOption changes how Vault works.
type VaultOption func(*VaultStore)

// WithWorkFactor sets what a passphrase costs when Init or Rekey protects the
// identity: 2^logN rounds of scrypt, 1 to 20. It is 18 unless set; tests take
// less.
func WithWorkFactor(logN int) VaultOption {
	return func(v *VaultStore) { v.work = min(max(logN, 1), vaultWorkMax) }
}

// Vault returns the vault in folder, which key opens. It touches nothing until
// it is called. The folder must be no symbolic link and open to its owner
// alone; Init makes it so.
func Vault(folder string, key VaultKey, options ...VaultOption) *VaultStore {
	v := &VaultStore{
		folder: folder, key: key, work: vaultWork,
		write: durable.Write, remove: durable.Remove,
		turn: make(chan struct{}, 1),
	}
	for _, option := range options {
		option(v)
	}
	return v
}

// Name returns "vault".
func (*VaultStore) Name() string { return "vault" }

// Limit returns 0: no size matters below a megabyte.
func (*VaultStore) Limit() int { return 0 }

// Settled returns nil: no call outlives its limit.
func (*VaultStore) Settled(context.Context, string) error { return nil }

// Probe says whether the vault can be used now; see Store. Errors wrap
// ErrNoVault, ErrDamaged, ErrLocked, ErrUnavailable or ErrTimeout. ErrLocked
// with Ask is no obstacle to Unlock and to an Interactive call.
func (v *VaultStore) Probe(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, probeLimit)
	defer cancel()
	if f := look(ctx, v.look); f != nil {
		return f.error(v.Name(), opProbe, "", false)
	}
	return nil
}

func (v *VaultStore) look(ctx context.Context) *finding {
	identity, key := v.state()
	if _, f := v.readIdentity(); f != nil || identity != nil {
		return f
	}
	return key.probe(ctx)
}

// Get returns the value of account; see Store. A vault that is still locked is
// opened first, and if that means asking a person, only in an Interactive call.
// ErrDamaged names the kept version, if there is one; see Kept.
func (v *VaultStore) Get(ctx context.Context, account string) (string, error) {
	return v.get(ctx, account, v.current)
}

// Kept returns the version of the value that stood before the last Set. It is
// for a person who was told that the current one is damaged: a refresh token in
// it may be used up, and sending it may end the login. Errors are those of Get.
func (v *VaultStore) Kept(ctx context.Context, account string) (string, error) {
	return v.get(ctx, account, v.kept)
}

func (v *VaultStore) get(
	ctx context.Context, account string, read func(*age.X25519Identity, string) (string, *finding),
) (string, error) {
	if f := checkCall(ctx, account); f != nil {
		return "", f.error(v.Name(), opGet, quotable(account), false)
	}
	identity, f := v.unlocked(ctx)
	if f != nil {
		return "", f.error(v.Name(), opGet, account, false)
	}
	value, f := read(identity, account)
	if f != nil && errors.Is(f.kind, ErrNotFound) {
		// Not found in this vault, or is the vault not there?
		if _, gone := v.same(identity); gone != nil {
			f = gone
		}
	}
	if f != nil {
		return "", f.error(v.Name(), opGet, account, true)
	}
	return value, nil
}

// Set stores value, keeps the one before it, and reads back what it stored; see
// Store. The vault is opened as in Get. Another process that is writing is
// waited for.
func (v *VaultStore) Set(ctx context.Context, account, value string) error {
	f := checkCall(ctx, account)
	if f == nil {
		f = checkValue(value, vaultValueLimit)
	}
	if f != nil {
		return f.error(v.Name(), opSet, quotable(account), false)
	}
	identity, f := v.unlocked(ctx)
	if f != nil {
		return f.error(v.Name(), opSet, account, false)
	}
	unlock, f := v.lock(ctx)
	if f != nil {
		return f.error(v.Name(), opSet, account, false)
	}
	defer unlock()
	if f := v.mend(identity); f != nil {
		return f.error(v.Name(), opSet, account, false)
	}
	if f := v.replace(identity, account, value); f != nil {
		return f.error(v.Name(), opSet, account, true)
	}
	return nil
}

// Delete removes the value and its kept version and makes sure that they are
// gone; see Store. It needs no passphrase.
func (v *VaultStore) Delete(ctx context.Context, account string) error {
	if f := checkCall(ctx, account); f != nil {
		return f.error(v.Name(), opDelete, quotable(account), false)
	}
	if _, f := v.readIdentity(); f != nil && !errors.Is(f.kind, ErrDamaged) {
		return f.error(v.Name(), opDelete, account, false)
	}
	unlock, f := v.lock(ctx)
	if f != nil {
		return f.error(v.Name(), opDelete, account, false)
	}
	defer unlock()
	// The copy first: one without its value means damage.
	path := v.entry(account)
	there := false
	for _, name := range []string{path + backup, path} {
		found, f := v.discard(name)
		if f != nil {
			return f.error(v.Name(), opDelete, account, true)
		}
		there = there || found
	}
	if !there {
		return (&finding{kind: ErrNotFound}).error(v.Name(), opDelete, account, true)
	}
	return nil
}

func checkCall(ctx context.Context, account string) *finding {
	if ctx.Err() != nil {
		return &finding{kind: ErrTimeout, detail: waited(ctx), cause: context.Cause(ctx)}
	}
	return checkAccount(account)
}
