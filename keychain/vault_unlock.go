package keychain

import (
	"context"
	"errors"

	"filippo.io/age"
)

// The operations on the vault as a whole, in the words of Error.Op.
const (
	opUnlock = "unlocking"
	opInit   = "making the vault"
	opRekey  = "changing the key"
)

// opening is one unlock; calls that need it meanwhile wait for its end instead
// of asking a second time.
type opening struct {
	done    chan struct{} // closed at the end
	finding *finding      // what came of it; read after done
	ended   bool          // the caller that led it stopped waiting; the next one may try
}

// VaultIn says what protects the vault in folder, without opening it. Errors are
// of type *Error and wrap ErrNoVault, ErrDamaged or ErrUnavailable.
func VaultIn(folder string) (Protection, error) {
	v := Vault(folder, nil)
	file, f := v.readIdentity()
	if f != nil {
		return "", f.error(v.Name(), opProbe, "", false)
	}
	return file.protection, nil
}

// Unlock opens the vault now, and asks for the passphrase if that takes one.
// What is open stays so until the program ends. Errors wrap ErrNoVault,
// ErrPassphrase, ErrDamaged, ErrLocked, ErrUnavailable or ErrTimeout. Calls at
// once ask once, and get the same answer.
func (v *VaultStore) Unlock(ctx context.Context) error {
	if _, f := v.unlocked(Interactive(ctx)); f != nil {
		return f.error(v.Name(), opUnlock, "", false)
	}
	return nil
}

func (v *VaultStore) state() (*age.X25519Identity, VaultKey) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.identity, v.key
}

// unlocked returns the identity, and opens the vault when nobody did before.
func (v *VaultStore) unlocked(ctx context.Context) (*age.X25519Identity, *finding) {
	for {
		v.mu.Lock()
		if v.identity != nil {
			defer v.mu.Unlock()
			return v.identity, nil
		}
		current := v.opening
		if current == nil && (isInteractive(ctx) || !v.key.asks()) {
			current = &opening{done: make(chan struct{})}
			v.opening = current
			v.mu.Unlock()
			return v.lead(ctx, current)
		}
		v.mu.Unlock()
		if current == nil {
			return nil, v.look(ctx) // no vault, damaged, or locked
		}
		select {
		case <-current.done:
			if f := current.finding; f != nil && !current.ended {
				return nil, f
			}
		case <-ctx.Done():
			return nil, &finding{kind: ErrTimeout, detail: waited(ctx), cause: context.Cause(ctx)}
		}
	}
}

// lead opens the vault for all who wait.
func (v *VaultStore) lead(ctx context.Context, o *opening) (*age.X25519Identity, *finding) {
	identity, f := v.open(ctx)
	v.mu.Lock()
	defer v.mu.Unlock()
	v.identity, v.opening = identity, nil
	o.finding, o.ended = f, ctx.Err() != nil
	close(o.done)
	return identity, f
}

func (v *VaultStore) open(ctx context.Context) (*age.X25519Identity, *finding) {
	file, f := v.readIdentity()
	if f != nil {
		return nil, f
	}
	_, key := v.state()
	if file.protection != key.protection() {
		return nil, &finding{kind: ErrUnavailable, detail: "this vault is protected by a " + string(file.protection)}
	}
	identity, f := key.open(ctx, file.body)
	if f != nil {
		return nil, f
	}
	if keyIDOf(identity) != file.keyID {
		return nil, &finding{kind: ErrDamaged, detail: "the key that was found is another vault's"}
	}
	return identity, nil
}

// Init makes a new vault in the folder, and the folder, and leaves the vault
// open. With Passphrase it asks for the new one. Where there is a vault, or
// entries of one, or InKeychain's item is there, it changes nothing and returns
// an error that wraps ErrVaultExists; else errors are those of Unlock. After a
// try that was cut short it can be called again.
func (v *VaultStore) Init(ctx context.Context) error {
	ctx = Interactive(ctx)
	if f := v.prepare(); f != nil {
		return f.error(v.Name(), opInit, "", false)
	}
	_, key := v.state()
	if f := v.free(ctx, key); f != nil { // before anybody types a passphrase for nothing
		return f.error(v.Name(), opInit, "", false)
	}
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		return unknown(err).error(v.Name(), opInit, "", false)
	}
	body, f := key.seal(ctx, identity, v.work)
	if f != nil {
		return f.error(v.Name(), opInit, "", false)
	}
	unlock, f := v.lock(ctx)
	if f != nil {
		return f.error(v.Name(), opInit, "", false)
	}
	defer unlock()
	if f := v.found(ctx, identity, key, body); f != nil {
		return f.error(v.Name(), opInit, "", true)
	}
	return nil
}

// found puts the new vault on the disk. The identity file comes first: with it
// alone there are no entries, and Init may begin again; an item in the keychain
// alone could be any vault's.
func (v *VaultStore) found(ctx context.Context, identity *age.X25519Identity, key VaultKey, body []byte) *finding {
	if f := v.free(ctx, key); f != nil {
		return f
	}
	file := identityFile{protection: key.protection(), keyID: keyIDOf(identity), body: body}
	if f := v.writeIdentity(file.format()); f != nil {
		return f
	}
	if f := key.keep(ctx, identity); f != nil {
		return f
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.identity = identity
	return nil
}

// free says whether a vault may be made here: where there is none, or one whose
// key never reached the keychain and that has no entries.
func (v *VaultStore) free(ctx context.Context, key VaultKey) *finding {
	full, f := v.hasEntries()
	if f != nil {
		return f
	}
	file, f := v.readIdentity()
	switch {
	case full:
		return &finding{kind: ErrVaultExists, detail: "the folder has entries"}
	case f == nil && file.protection == ByPassphrase:
		return &finding{kind: ErrVaultExists}
	case f != nil && !errors.Is(f.kind, ErrNoVault): // what is damaged may be put back
		return &finding{kind: ErrVaultExists, detail: "its identity file: " + f.kind.Error()}
	}
	return key.vacant(ctx)
}

// Rekey protects the vault by another key: a new passphrase, or InKeychain
// instead of a passphrase, or the other way round, when the item in the old
// keychain is deleted. It opens the vault first, by the key it has. Only the
// identity is encrypted anew, so somebody who has an old identity file and its
// passphrase can still read the entries. Errors are those of Unlock and of Set;
// when it fails or is cut short one of the two keys opens the vault.
func (v *VaultStore) Rekey(ctx context.Context, to VaultKey) error {
	ctx = Interactive(ctx)
	identity, f := v.unlocked(ctx)
	if f != nil {
		return f.error(v.Name(), opUnlock, "", false)
	}
	// Asked before the lock is taken: a person may be typing.
	body, f := to.seal(ctx, identity, v.work)
	if f != nil {
		return f.error(v.Name(), opRekey, "", false)
	}
	unlock, f := v.lock(ctx)
	if f != nil {
		return f.error(v.Name(), opRekey, "", false)
	}
	defer unlock()
	if f := v.rekey(ctx, identity, to, body); f != nil {
		return f.error(v.Name(), opRekey, "", true)
	}
	return nil
}

func (v *VaultStore) rekey(ctx context.Context, identity *age.X25519Identity, to VaultKey, body []byte) *finding {
	if f := v.mend(identity); f != nil {
		return f
	}
	if f := to.keep(ctx, identity); f != nil {
		return f
	}
	file := identityFile{protection: to.protection(), keyID: keyIDOf(identity), body: body}
	if f := v.writeIdentity(file.format()); f != nil {
		return f
	}
	v.mu.Lock()
	old := v.key
	v.key = to
	v.mu.Unlock()
	if old.protection() == to.protection() {
		return nil
	}
	return old.drop(ctx)
}
