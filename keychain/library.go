package keychain

import (
	"errors"
	"fmt"
	"runtime"

	keyring "github.com/zalando/go-keyring"
)

// library is what is used of go-keyring. Tests put one in its place whose k-th
// call fails, hangs, panics or lies.
type library interface {
	Get(service, account string) (string, error)
	Set(service, account, value string) error
	Delete(service, account string) error
}

type goKeyring struct{}

func (goKeyring) Get(service, account string) (string, error) {
	return keyring.Get(service, account)
}

func (goKeyring) Set(service, account, value string) error {
	return keyring.Set(service, account, value)
}

func (goKeyring) Delete(service, account string) error {
	return keyring.Delete(service, account)
}

// errPanic is the cause of a finding that was a panic.
var errPanic = errors.New("the keychain library panicked")

// guarded runs work and turns a panic into an error: go-keyring dereferences
// nil when the session bus ends while a prompt is open. The text of a panic
// that is not the runtime's own might quote a value, and is left out.
func guarded(work func() (string, error)) (value string, err error) {
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		value = ""
		if problem, ok := p.(runtime.Error); ok {
			err = fmt.Errorf("%w: %w", errPanic, problem)
		} else {
			err = fmt.Errorf("%w with a %T", errPanic, p)
		}
	}()
	return work()
}
