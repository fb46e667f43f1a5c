package transfer

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"orgkeep/tokens"
)

// Mirror is a token file that is kept in step with an org, as it is on the disk.
type Mirror struct {
	tokens.Grant      // zero when the file is not there
	Missing      bool // it is not there
	fields       object
}

// ErrLink marks a path that has become a symbolic link: writing it would replace
// the link, or follow it to where nobody said.
var ErrLink = errors.New("it is a symbolic link now")

// MirrorPath returns the path that a mirror is kept at: absolute, with the links
// on the way to it followed, so that the file is rewritten where it really is. The
// file need not be there; its folder has to be.
func MirrorPath(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	if whole, err := filepath.EvalSymlinks(path); err == nil {
		return whole, nil
	}
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("%s: a symbolic link that leads nowhere", tokens.Clean(path))
	}
	folder, err := filepath.EvalSymlinks(filepath.Dir(path))
	if err != nil {
		return "", fmt.Errorf("the folder of %s: %w", tokens.Clean(path), bare(err))
	}
	return filepath.Join(folder, filepath.Base(path)), nil
}

// ReadMirror reads the token file at path. That it is not there is no error, and
// says so. Other errors are as those of ReadTokenFile, or wrap ErrLink.
func ReadMirror(path string) (Mirror, error) {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Mirror{Missing: true}, nil
	case err == nil && info.Mode()&fs.ModeSymlink != 0:
		return Mirror{}, fmt.Errorf("reading %s: %w", tokens.Clean(path), ErrLink)
	}
	file, err := openRegular(path)
	if err != nil {
		return Mirror{}, fmt.Errorf("reading %s: %w", tokens.Clean(path), err)
	}
	defer file.Close() //nolint:errcheck // nothing was written
	var text bytes.Buffer
	if _, err := text.ReadFrom(file); err != nil {
		return Mirror{}, fmt.Errorf("reading %s: %w", tokens.Clean(path), bare(err))
	}
	grant, err := ReadTokens(bytes.NewReader(text.Bytes()), path)
	if err != nil {
		return Mirror{}, err
	}
	fields, err := parseObject(text.Bytes())
	if err != nil {
		return Mirror{}, fmt.Errorf("reading %s: %w", tokens.Clean(path), err)
	}
	return Mirror{Grant: grant, fields: fields}, nil
}

// Text returns the file with the login's tokens in it, indented. The fields that
// orgkeep does not know stay, in their order.
func (m Mirror) Text(org tokens.Org, s tokens.Secrets) (string, error) {
	fields := append(object(nil), m.fields...)
	fill(&fields, org, s)
	var out bytes.Buffer
	if err := fields.write(&out); err != nil {
		return "", err
	}
	return out.String(), nil
}

// parseObject reads a JSON object with the order of its names. Of a name that is
// there twice the last value counts, as it does for ParseGrant.
func parseObject(text []byte) (object, error) {
	decoder := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))))
	if open, err := decoder.Token(); err != nil || open != json.Delim('{') {
		return nil, fmt.Errorf("%w: the JSON is no object", tokens.ErrGrant)
	}
	var fields object
	at := map[string]int{}
	for decoder.More() {
		token, err := decoder.Token()
		name, isName := token.(string)
		var value json.RawMessage
		if err == nil && isName {
			err = decoder.Decode(&value)
		}
		if err != nil || !isName {
			return nil, fmt.Errorf("%w: not JSON", tokens.ErrGrant)
		}
		if i, twice := at[name]; twice {
			fields[i].value = value
			continue
		}
		at[name] = len(fields)
		fields = append(fields, field{name, value})
	}
	return fields, nil
}
