package keychain

import (
	"context"
	"errors"

	"filippo.io/age"
)

// VaultKey is what opens a vault: Passphrase or InKeychain.
type VaultKey interface {
	protection() Protection
	// asks says that open would ask a person.
	asks() bool
	// probe says whether open could succeed now; it never asks.
	probe(ctx context.Context) *finding
	// seal makes the body of the identity file.
	seal(ctx context.Context, identity *age.X25519Identity, work int) ([]byte, *finding)
	// vacant says whether a new vault may take this key.
	vacant(ctx context.Context) *finding
	// keep puts away what is not in the identity file.
	keep(ctx context.Context, identity *age.X25519Identity) *finding
	// drop undoes keep.
	drop(ctx context.Context) *finding
	// open gives the identity back.
	open(ctx context.Context, body []byte) (*age.X25519Identity, *finding)
}

// Passphrase protects a vault by a passphrase that ask returns: from a
// terminal, a file descriptor or the environment. It is called once a run, at
// the first Unlock or Interactive call, and once for each Init and Rekey, for a
// new one. The bytes are overwritten after use; copies that the age and scrypt
// libraries make stay in memory until they are collected.
//
// An error of ask, as of a person who gives up, makes the call fail with
// ErrLocked. How often a wrong passphrase may be tried again is the caller's to
// say. ask must return when its context ends.
func Passphrase(ask func(ctx context.Context) ([]byte, error)) VaultKey { return passphrase{ask} }

type passphrase struct {
	ask func(ctx context.Context) ([]byte, error)
}

const typeIt = "give its passphrase"

func (passphrase) protection() Protection { return ByPassphrase }
func (passphrase) asks() bool             { return true }

func (passphrase) probe(context.Context) *finding {
	return &finding{kind: errVaultLocked, ask: true, remedy: typeIt}
}

func (passphrase) vacant(context.Context) *finding                    { return nil }
func (passphrase) keep(context.Context, *age.X25519Identity) *finding { return nil }
func (passphrase) drop(context.Context) *finding                      { return nil }

// with calls use with the passphrase, once, and wipes it.
func (p passphrase) with(ctx context.Context, use func(string) *finding) *finding {
	secret, err := p.ask(ctx)
	defer clear(secret)
	if err != nil {
		return &finding{kind: errVaultLocked, detail: "no passphrase was given", ask: true, cause: err, remedy: typeIt}
	}
	if len(secret) == 0 {
		return &finding{kind: ErrPassphrase, detail: "it is empty", ask: true}
	}
	return use(string(secret))
}

func (p passphrase) seal(ctx context.Context, identity *age.X25519Identity, work int) (body []byte, f *finding) {
	f = p.with(ctx, func(secret string) *finding {
		recipient, err := age.NewScryptRecipient(secret)
		if err != nil {
			return unknown(err)
		}
		recipient.SetWorkFactor(work)
		if body, err = encrypt(recipient, []byte(identity.String())); err != nil {
			return unknown(err)
		}
		return nil
	})
	return body, f
}

func (p passphrase) open(ctx context.Context, body []byte) (identity *age.X25519Identity, f *finding) {
	f = p.with(ctx, func(secret string) *finding {
		key, err := age.NewScryptIdentity(secret)
		if err != nil {
			return unknown(err)
		}
		key.SetMaxWorkFactor(vaultWorkMax)
		plain, err := decrypt(body, key)
		defer clear(plain)
		if _, ok := errors.AsType[*age.NoIdentityMatchError](err); ok {
			return &finding{kind: ErrPassphrase, ask: true, remedy: "check the keyboard layout and caps lock, and try again"}
		}
		if err != nil {
			return &finding{kind: ErrDamaged, detail: "the identity cannot be decrypted: " + quote(err), cause: err}
		}
		if identity, err = age.ParseX25519Identity(string(plain)); err != nil {
			// The library's error could quote the identity.
			return &finding{kind: ErrDamaged, detail: "the identity file holds no identity"}
		}
		return nil
	})
	return identity, f
}

// InKeychain protects a vault by keeping its identity in store, as the one item
// account. Each vault needs an account of its own.
func InKeychain(store Store, account string) VaultKey { return inKeychain{store, account} }

type inKeychain struct {
	store   Store
	account string
}

func (inKeychain) protection() Protection { return ByKeychain }

// The keychain itself asks only where the call is Interactive.
func (inKeychain) asks() bool { return false }

func (k inKeychain) probe(ctx context.Context) *finding {
	return k.explain(k.store.Probe(ctx))
}

func (inKeychain) seal(context.Context, *age.X25519Identity, int) ([]byte, *finding) {
	return nil, nil
}

// vacant is strict: an item that is there may be another vault's only key.
func (k inKeychain) vacant(ctx context.Context) *finding {
	_, err := k.store.Get(ctx, k.account)
	switch {
	case errors.Is(err, ErrNotFound):
		return nil
	case err != nil:
		return k.explain(err)
	}
	return k.taken()
}

func (k inKeychain) taken() *finding {
	return &finding{kind: ErrVaultExists, detail: "the item " + quotable(k.account) + " of " + k.store.Name() + " is another vault's key"}
}

func (k inKeychain) keep(ctx context.Context, identity *age.X25519Identity) *finding {
	value, err := k.store.Get(ctx, k.account)
	switch {
	case errors.Is(err, ErrNotFound):
		return k.explain(k.store.Set(ctx, k.account, identity.String()))
	case err != nil:
		return k.explain(err)
	case value != identity.String():
		return k.taken()
	}
	return nil // left by an earlier try that was interrupted
}

func (k inKeychain) drop(ctx context.Context) *finding {
	err := k.store.Delete(ctx, k.account)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return k.explain(err)
}

func (k inKeychain) open(ctx context.Context, _ []byte) (*age.X25519Identity, *finding) {
	value, err := k.store.Get(ctx, k.account)
	if err != nil {
		return nil, k.explain(err)
	}
	identity, err := age.ParseX25519Identity(value)
	if err != nil {
		// The library's error could quote the identity.
		return nil, &finding{kind: ErrDamaged, detail: "the item " + k.account + " of " + k.store.Name() + " is not an identity"}
	}
	return identity, nil
}

// explain makes the keychain's error the vault's. That the key is not found is
// never passed on as such: it would mean that the entry is not there.
func (k inKeychain) explain(err error) *finding {
	if err == nil {
		return nil
	}
	if errors.Is(err, ErrNotFound) {
		return &finding{
			kind: ErrUnavailable, detail: k.store.Name() + " does not have the vault's key, the item " + quotable(k.account),
			remedy: "restore that item; without it the vault cannot be read",
		}
	}
	f := &finding{kind: ErrUnavailable, detail: "its key is in " + k.store.Name(), cause: err}
	if inner, ok := errors.AsType[*Error](err); ok {
		f.kind, f.ask, f.remedy = inner.Kind, inner.Ask, inner.Remedy
		if inner.Detail != "" {
			f.detail += ": " + inner.Detail
		}
	}
	return f
}
