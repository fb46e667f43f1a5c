package keychain

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"

	"filippo.io/age"
)

// Protection says what keeps a vault's identity from others.
type Protection string

// The ways to protect an identity.
const (
	ByPassphrase Protection = "passphrase" // scrypt, in the identity file
	ByKeychain   Protection = "keychain"   // the one item of a keychain
)

// vaultVersion counts changes that older programs cannot read.
const vaultVersion = "1"

// identityFile is what identity.age says: one line of plain text,
//
//	orgkeep vault 1 PROTECTION KEYID SHA256
//
// and under it the identity as an age file, or nothing when a keychain has it.
// The checksum is over the rest of the file. It guards against accidents alone:
// age cannot tell a wrong passphrase from a changed byte, and a person who is
// told the wrong one of the two gives up a vault or types for an hour.
type identityFile struct {
	protection Protection
	keyID      string
	body       []byte
}

// keyIDOf names an identity without giving away its recipient, with which
// others could write entries.
func keyIDOf(identity *age.X25519Identity) string {
	sum := sha256.Sum256([]byte("orgkeep vault " + identity.Recipient().String()))
	return hex.EncodeToString(sum[:16])
}

func (file identityFile) format() []byte {
	head := fmt.Sprintf("orgkeep vault %s %s %s", vaultVersion, file.protection, file.keyID)
	return append([]byte(head+" "+identitySum(head, file.body)+"\n"), file.body...)
}

func identitySum(head string, body []byte) string {
	sum := sha256.Sum256(append([]byte(head+"\n"), body...))
	return hex.EncodeToString(sum[:])
}

func parseIdentityFile(data []byte) (identityFile, *finding) {
	line, body, found := bytes.Cut(data, []byte("\n"))
	parts := strings.Split(string(line), " ")
	const count = 6
	if !found || len(parts) != count || parts[0] != "orgkeep" || parts[1] != "vault" {
		return identityFile{}, &finding{kind: ErrDamaged, detail: "its first line is not one of orgkeep's"}
	}
	if identitySum(strings.Join(parts[:count-1], " "), body) != parts[count-1] {
		return identityFile{}, &finding{kind: ErrDamaged, detail: "its checksum is wrong"}
	}
	file := identityFile{protection: Protection(parts[3]), keyID: parts[4], body: body}
	if parts[2] != vaultVersion || file.protection != ByPassphrase && file.protection != ByKeychain {
		return identityFile{}, &finding{kind: ErrUnavailable, detail: "another version of orgkeep made the vault", remedy: "use that version"}
	}
	return file, nil
}

// entryHead begins the plain text of an entry. The account is in it because age
// does not say whose file it is: one that was renamed must not pass.
func entryHead(account string) string { return "orgkeep entry 1 " + account + "\n" }

func formatEntry(account, value string) []byte { return []byte(entryHead(account) + value) }

// openEntry decrypts an entry and makes sure that it is account's.
func openEntry(identity *age.X25519Identity, account string, data []byte) (string, *finding) {
	plain, err := decrypt(data, identity)
	if err != nil {
		detail := "the file of the entry is not whole"
		if _, ok := errors.AsType[*age.NoIdentityMatchError](err); ok {
			detail = "the file of the entry is not encrypted to this vault, or not whole"
		}
		return "", &finding{kind: ErrDamaged, detail: detail, cause: err}
	}
	defer clear(plain)
	return parseEntry(account, plain)
}

func parseEntry(account string, plain []byte) (string, *finding) {
	value, found := bytes.CutPrefix(plain, []byte(entryHead(account)))
	if !found {
		return "", &finding{kind: ErrDamaged, detail: "the file of the entry is another account's, or of another version of orgkeep"}
	}
	if f := checkValue(string(value), vaultValueLimit); f != nil {
		return "", &finding{kind: ErrDamaged, detail: "the entry holds no value of orgkeep's"}
	}
	return string(value), nil
}

// encrypt wipes plain.
func encrypt(to age.Recipient, plain []byte) ([]byte, error) {
	defer clear(plain)
	var sealed bytes.Buffer
	w, err := age.Encrypt(&sealed, to)
	if err != nil {
		return nil, fmt.Errorf("encrypting: %w", err)
	}
	if _, err := w.Write(plain); err != nil {
		return nil, fmt.Errorf("encrypting: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("encrypting: %w", err)
	}
	return sealed.Bytes(), nil
}

func decrypt(data []byte, identity age.Identity) ([]byte, error) {
	r, err := age.Decrypt(bytes.NewReader(data), identity)
	if err != nil {
		return nil, fmt.Errorf("decrypting: %w", err)
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("decrypting: %w", err)
	}
	return plain, nil
}
