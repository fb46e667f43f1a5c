package keychain

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"filippo.io/age"
)

// entry is the path of account's file. The hash tells accounts apart that are
// one name to the file systems of Windows and macOS, and keeps the name from
// being a device's.
func (v *VaultStore) entry(account string) string {
	sum := sha256.Sum256([]byte(account))
	return filepath.Join(v.folder, entriesName, hex.EncodeToString(sum[:4])+"-"+strings.ToLower(account)+".age")
}

// relative is a path as an error shows it.
func (*VaultStore) relative(path string) string {
	return filepath.Base(filepath.Dir(path)) + "/" + filepath.Base(path)
}

// replace writes the value's file. The current version is kept first, unless it
// is damaged: then the copy of the version before it is worth more.
func (v *VaultStore) replace(identity *age.X25519Identity, account, value string) *finding {
	sealed, err := encrypt(identity.Recipient(), formatEntry(account, value))
	if err != nil {
		return unknown(err)
	}
	path := v.entry(account)
	old, f := readPlain(path)
	switch {
	case f == nil:
		if _, f := openEntry(identity, account, old); f != nil {
			break
		}
		if err := v.write(path+backup, old); err != nil {
			return diskFinding(err)
		}
	case !errors.Is(f.kind, ErrNotFound):
		return f
	}
	if err := v.write(path, sealed); err != nil {
		return diskFinding(err)
	}
	stored, f := v.current(identity, account)
	switch {
	case f != nil:
		return &finding{kind: ErrNotVerified, detail: "it was written and cannot be read: " + f.kind.Error(), cause: f.cause, remedy: tryAgain}
	case stored != value:
		return &finding{kind: ErrNotVerified, detail: "it was written and another value is there", remedy: tryAgain}
	}
	return nil
}

// discard removes a file for good and says whether there was one.
func (v *VaultStore) discard(path string) (bool, *finding) {
	if !exists(path) {
		return false, nil
	}
	if err := v.remove(path); err != nil {
		return true, diskFinding(err)
	}
	if exists(path) {
		return true, &finding{kind: ErrNotVerified, detail: "the file is still there", remedy: tryAgain}
	}
	return true, nil
}

// current reads the value's file. When there is none but a copy of an older
// version, somebody took the file away.
func (v *VaultStore) current(identity *age.X25519Identity, account string) (string, *finding) {
	path := v.entry(account)
	data, f := readPlain(path)
	if f == nil {
		value, f := openEntry(identity, account, data)
		return value, v.namingKept(f, path)
	}
	if !errors.Is(f.kind, ErrNotFound) || !exists(path+backup) {
		return "", f
	}
	// It may have been deleted and saved again between the two looks.
	if data, f = readPlain(path); f == nil {
		value, f := openEntry(identity, account, data)
		return value, v.namingKept(f, path)
	}
	if errors.Is(f.kind, ErrNotFound) {
		f = &finding{kind: ErrDamaged, detail: "the file is missing"}
	}
	return "", v.namingKept(f, path)
}

func (v *VaultStore) kept(identity *age.X25519Identity, account string) (string, *finding) {
	data, f := readPlain(v.entry(account) + backup)
	if f != nil {
		return "", f
	}
	return openEntry(identity, account, data)
}

// namingKept adds to the finding of a damaged entry where the older version is.
func (v *VaultStore) namingKept(f *finding, path string) *finding {
	if f == nil || !errors.Is(f.kind, ErrDamaged) || !exists(path+backup) {
		return f
	}
	f.detail += fmt.Sprintf("; an older version is kept in %q and not used by itself", v.relative(path+backup))
	return f
}
