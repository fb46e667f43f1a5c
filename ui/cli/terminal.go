package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"orgkeep/tokens"
)

// descriptor returns the file descriptor of a stream that is a terminal.
func descriptor(stream any) (int, bool) {
	file, ok := stream.(*os.File)
	if !ok {
		return 0, false
	}
	fd := int(file.Fd())
	return fd, term.IsTerminal(fd)
}

// someoneThere reports whether a question can be asked and answered. Questions
// are asked on stderr, so that the answer of the command may go to a file.
func (s *session) someoneThere() bool {
	_, in := descriptor(s.In)
	_, out := descriptor(s.Err)
	return in && out
}

// requireScreen returns an exit unless the screen can be drawn here. It says what
// there is in its place, if anything.
func (s *session) requireScreen(instead string) error {
	_, in := descriptor(s.In)
	_, out := descriptor(s.Out)
	if !in || !out {
		if instead != "" {
			instead = "; " + instead + " without one"
		}
		return cannot("the screen needs a terminal%s", instead)
	}
	if kind := s.env("TERM"); kind == "dumb" && !s.settings.Accessible {
		if instead != "" {
			instead = ", " + instead
		}
		return cannot("the screen cannot be drawn on a terminal of type %s; --accessible asks and answers in lines there%s", kind, instead)
	}
	return nil
}

// errStopped is what a question ends with when the person stops the program or
// closes the input.
var errStopped = errors.New("stopped; nothing more was saved")

// lineLimit is more than any client id or client secret has.
const lineLimit = 4096

// readLine reads one line, and not a byte beyond it: what follows is for
// somebody else. The line end is not part of it.
func readLine(r io.Reader) (string, error) {
	var line []byte
	one := make([]byte, 1)
	for len(line) < lineLimit {
		n, err := r.Read(one)
		switch {
		case n == 1 && one[0] == '\n', errors.Is(err, io.EOF) && len(line) > 0:
			return strings.TrimSuffix(string(line), "\r"), nil
		case n == 1:
			line = append(line, one[0])
		case err != nil:
			return "", err
		}
	}
	return "", fmt.Errorf("the line is longer than %d bytes", lineLimit)
}

// ask asks a question on the terminal and returns the answer without blanks at
// its ends.
func (s *session) ask(ctx context.Context, question string) (string, error) {
	_, _ = fmt.Fprint(s.Err, question+" ")
	answer, err := answerOf(ctx, func() (string, error) { return readLine(s.In) })
	if err != nil {
		s.leaveLine()
		return "", fmt.Errorf("asking on the terminal: %w", err)
	}
	return strings.TrimSpace(answer), nil
}

// askSecret asks for a secret that has no blanks at its ends.
func (s *session) askSecret(ctx context.Context, question string) (tokens.Secret, error) {
	answer, err := s.askHidden(ctx, question)
	return tokens.NewSecret(strings.TrimSpace(answer.Reveal())), err
}

// askHidden asks for a secret. The terminal shows nothing of it: the echo is off
// before the question is there to be answered, and on again however it ends.
// Lines before the question are a notice.
func (s *session) askHidden(ctx context.Context, question string) (tokens.Secret, error) {
	restore, err := s.hush()
	if err != nil {
		return tokens.Secret{}, err
	}
	terminal := term.NewTerminal(struct {
		io.Reader
		io.Writer
	}{s.In, s.Err}, "")
	if end := strings.LastIndex(question, "\n") + 1; end > 0 {
		_, _ = terminal.Write([]byte(question[:end])) // the question is worth a try
		question = question[end:]
	}
	answer, err := answerOf(ctx, func() (string, error) { return terminal.ReadPassword(question + " ") })
	if restored := restore(); err == nil && restored != nil {
		err = restored
	}
	if err != nil {
		s.leaveLine()
		return tokens.Secret{}, fmt.Errorf("asking on the terminal: %w", err)
	}
	return tokens.NewSecret(answer), nil
}

// leaveLine leaves the line of a question that got no answer. The carriage
// return is for a terminal whose echo is still off.
func (s *session) leaveLine() { _, _ = fmt.Fprint(s.Err, "\r\n") }

// hush turns the terminal's echo off until restore is called. Around several
// questions it hides what is typed between them.
func (s *session) hush() (restore func() error, err error) {
	fd, _ := descriptor(s.In)
	before, err := term.MakeRaw(fd)
	if err != nil {
		return nil, fmt.Errorf("turning off the terminal's echo: %w", err)
	}
	return func() error { return term.Restore(fd, before) }, nil
}

// answerOf waits for what read brings, or for ctx to end. In the latter case
// read goes on alone: a read from a terminal cannot be called off.
func answerOf(ctx context.Context, read func() (string, error)) (string, error) {
	type answer struct {
		text string
		err  error
	}
	answers := make(chan answer, 1)
	go func() {
		text, err := read()
		answers <- answer{text, err}
	}()
	select {
	case a := <-answers:
		if errors.Is(a.err, io.EOF) {
			return "", errStopped
		}
		return a.text, a.err
	case <-ctx.Done():
		return "", errStopped
	}
}
