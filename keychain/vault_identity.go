package keychain

import (
	"bytes"
	"errors"
	"path/filepath"

	"filippo.io/age"
)

func (v *VaultStore) identityPath() string { return filepath.Join(v.folder, identityName) }

// readIdentity returns what the identity file says. The copy serves when the
// file is damaged or missing: unlike an entry, every version of it holds the
// same identity.
func (v *VaultStore) readIdentity() (identityFile, *finding) {
	if f := v.checkFolders(); f != nil {
		if errors.Is(f.kind, ErrNotFound) {
			f = v.absent()
		}
		return identityFile{}, f
	}
	data, first := readOwn(v.identityPath())
	if first == nil {
		file, f := parseIdentityFile(data)
		if f == nil {
			return file, nil
		}
		first = f
	}
	if !errors.Is(first.kind, ErrNotFound) && !errors.Is(first.kind, ErrDamaged) {
		return identityFile{}, first
	}
	if data, f := readOwn(v.identityPath() + backup); f == nil {
		if file, f := parseIdentityFile(data); f == nil {
			return file, nil
		}
		first.kind = ErrDamaged
	}
	if errors.Is(first.kind, ErrNotFound) {
		return identityFile{}, v.absent()
	}
	first.detail = identityName + ": " + first.detail
	first.remedy = "put " + identityName + " back from a copy; without it the vault cannot be read"
	return identityFile{}, first
}

// absent is the finding where there is no identity: no vault, or the rest of one.
func (v *VaultStore) absent() *finding {
	full, f := v.hasEntries()
	if f != nil {
		return f
	}
	if exists(v.identityPath()) || exists(v.identityPath()+backup) {
		return &finding{kind: ErrDamaged, detail: "the folder " + entriesName + " is missing", remedy: "put it back from a copy"}
	}
	if full {
		return &finding{
			kind: ErrDamaged, detail: "there are entries, and " + identityName + " is missing",
			remedy: "put it back from a copy; without it the vault cannot be read",
		}
	}
	return &finding{kind: ErrNoVault}
}

// same makes sure that the folder still holds the vault of identity, and not
// another one, or none because a drive is gone.
func (v *VaultStore) same(identity *age.X25519Identity) (identityFile, *finding) {
	file, f := v.readIdentity()
	if f == nil && file.keyID != keyIDOf(identity) {
		f = &finding{
			kind: ErrUnavailable, detail: "another vault was put in the place of the one that was opened",
			remedy: "start orgkeep again",
		}
	}
	return file, f
}

// mend readies the folder for a write: it removes what is left over, and makes
// the identity file and its copy whole and the same. It needs the lock.
func (v *VaultStore) mend(identity *age.X25519Identity) *finding {
	file, f := v.same(identity)
	if f != nil {
		return f
	}
	if f := v.sweep(); f != nil {
		return f
	}
	return v.writeIdentity(file.format())
}

// writeIdentity writes the identity file and its copy where they differ from
// data.
func (v *VaultStore) writeIdentity(data []byte) *finding {
	for _, path := range []string{v.identityPath(), v.identityPath() + backup} {
		if there, f := readOwn(path); f == nil && bytes.Equal(there, data) {
			continue
		}
		if err := v.write(path, data); err != nil {
			return diskFinding(err)
		}
	}
	return nil
}
