package ui

import "sync"

// enclosed is a clipboard that no other program can reach: that of a screen which
// is to touch nothing outside its process. It is safe for concurrent use.
type enclosed struct {
	mu   sync.Mutex
	text string
}

// Read returns what was written last.
func (e *enclosed) Read() (string, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.text, nil
}

// Write takes a text in the place of the one before.
func (e *enclosed) Write(text string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.text = text
	return nil
}

// ownClipboard tells whoever goes on to paste what to expect.
const ownClipboard = "nothing can be pasted elsewhere"

// filesOff says why no file is written; empty where files are.
func (m *model) filesOff() string {
	if m.enclosed {
		return "the demo writes no file"
	}
	return ""
}
