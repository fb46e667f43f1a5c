package ui

import (
	"crypto/sha256"
	"errors"
	"strings"
	"sync"

	"orgkeep/tokens"
)

// Clipboard is the clipboard of the machine that the person sits at. Neither
// method may put the text into a program's arguments, where others can read it.
type Clipboard interface {
	Read() (string, error)
	Write(text string) error
}

// pasteboard puts tokens on the clipboard and takes them away again. It keeps a
// hash of what it put there, never the text. It is safe for concurrent use: a
// copy that is under way when the program ends is waited for, then cleared.
type pasteboard struct {
	clipboard Clipboard // nil where there is none

	mu     sync.Mutex
	sum    [sha256.Size]byte
	holds  bool // the clipboard may hold a token of ours
	closed bool
}

var errLeaving = errors.New("orgkeep is ending")

func (p *pasteboard) put(secret tokens.Secret) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return errLeaving
	}
	// Noted first: a program that fails may still have taken the text.
	p.sum, p.holds = sha256.Sum256([]byte(secret.Reveal())), true
	return p.clipboard.Write(secret.Reveal())
}

// replace puts a text that is no secret in the place of what is there.
func (p *pasteboard) replace(text string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return errLeaving
	}
	if err := p.clipboard.Write(text); err != nil {
		return err
	}
	p.holds = false
	return nil
}

// clearing is what became of the clipboard.
type clearing int

const (
	clearedNow clearing = iota
	leftAlone           // it holds something else now
	notCleared          // it could not be read or written
)

// clear empties the clipboard if it still holds the token.
func (p *pasteboard) clear() (clearing, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.holds {
		return leftAlone, nil
	}
	text, err := p.clipboard.Read()
	if err != nil {
		return notCleared, err
	}
	if sha256.Sum256([]byte(strings.TrimRight(text, "\r\n"))) != p.sum {
		p.holds = false
		return leftAlone, nil
	}
	if err := p.clipboard.Write(""); err != nil {
		return notCleared, err
	}
	p.holds = false
	return clearedNow, nil
}

// close clears for the last time; nothing is put there after it.
func (p *pasteboard) close() {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	_, _ = p.clear()
}
