package transfer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"

	"orgkeep/tokens"
)

// SFHome reads and writes the files of the Salesforce CLI in one folder, usually
// ~/.sfdx. It is safe for concurrent use; see Lock for other programs.
type SFHome struct {
	folder  string
	keyring SFKeyring
}

// SFKeyring brings the Salesforce CLI's key from the keychain of the operating
// system; the absent Secret when it has none.
type SFKeyring func(context.Context) (tokens.Secret, error)

// ErrNoSFHome marks a folder that has no files of the Salesforce CLI.
var ErrNoSFHome = errors.New("it has no logins of the Salesforce CLI")

// OpenSFHome returns the Salesforce CLI's files in folder, which is a home folder
// or the .sfdx in it. keyring is asked only where the key beside the files is
// missing or does not fit. Errors wrap ErrNoSFHome or that of the file system.
func OpenSFHome(folder string, keyring SFKeyring) (*SFHome, error) {
	whole, err := filepath.Abs(folder)
	if err != nil {
		return nil, fmt.Errorf("finding %s: %w", tokens.Clean(folder), bare(err))
	}
	if info, err := os.Stat(filepath.Join(whole, ".sfdx")); err == nil && info.IsDir() {
		whole = filepath.Join(whole, ".sfdx")
	}
	entries, err := os.ReadDir(whole)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", tokens.Clean(whole), bare(err))
	}
	if !slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return sfFile.MatchString(e.Name()) || e.Name() == sfKeyFile }) {
		return nil, fmt.Errorf("%s: %w", tokens.Clean(whole), ErrNoSFHome)
	}
	return &SFHome{folder: whole, keyring: keyring}, nil
}

// Folder is the absolute path of the folder with the files.
func (h *SFHome) Folder() string { return h.folder }

// sfFile is how the Salesforce CLI tells its login files by their names
// (@salesforce/core 9.4.0, orgAccessor.js).
var sfFile = regexp.MustCompile(`^[^.][^@]*@[^.]+(\.[^.\s]+)+\.json$`)

const (
	sfKeyFile   = "key.json"
	sfAliasFile = "alias.json"
)

// SFLogin is one login of a Salesforce CLI home.
type SFLogin struct {
	// Username is the login's name by its file, App the client app under it that
	// has tokens of its own; empty for the login itself.
	Username, App string
	// Alias is the first alias the CLI has for it, Others are the rest.
	Alias  string
	Others []string
	// DevHub says that it can make scratch orgs. Ends is when the scratch org or
	// the trial ends, as the file has it; zero when it does not tell.
	DevHub bool
	Ends   time.Time
	// Skip says why it cannot be saved; then Org and Secrets are empty.
	Skip string
	// Org has no Alias; its Shared has no Mode. Its Type is that of its host, or
	// where that does not tell it, the one that the CLI found out. No file tells a
	// user id unless it has one, nor when a token was issued or used: the file's
	// time is not that.
	Org     tokens.Org
	Secrets tokens.Secrets
}

// Name is what a person calls the login: its alias, else its username, and the
// app after it.
func (l SFLogin) Name() string {
	name := l.Alias
	if name == "" {
		name = l.Username
	}
	if l.App != "" {
		name += " (app " + l.App + ")"
	}
	return tokens.Clean(name)
}

// SFContent is what a Salesforce CLI home has.
type SFContent struct {
	Logins []SFLogin
	// Warnings are about the files as such: who else may read or write them.
	Warnings []string
}

// Read reads every login, in the order of the files' names. A file that is no good is a login with Skip. Errors are about
// the home as a whole.
func (h *SFHome) Read(ctx context.Context) (SFContent, error) {
	entries, err := os.ReadDir(h.folder)
	if err != nil {
		return SFContent{}, fmt.Errorf("reading %s: %w", tokens.Clean(h.folder), bare(err))
	}
	r := &sfReading{home: h, ctx: ctx}
	content := SFContent{Warnings: h.modes(entries)}
	aliases, err := h.aliases()
	if err != nil {
		content.Warnings = append(content.Warnings, err.Error())
	}
	for _, entry := range entries {
		if sfFile.MatchString(entry.Name()) {
			username := strings.TrimSuffix(entry.Name(), ".json")
			content.Logins = append(content.Logins, r.logins(username, aliases[username])...)
		}
	}
	return content, nil
}

// aliases reads the aliases of each username, in the order of the file.
func (h *SFHome) aliases() (map[string][]string, error) {
	text, err := readSmall(filepath.Join(h.folder, sfAliasFile))
	if errors.Is(err, fs.ErrNotExist) {
		return map[string][]string{}, nil
	}
	byUser := map[string][]string{}
	if err == nil {
		err = eachString(text, []string{"orgs"}, func(alias, username string) {
			if alias != "" && tokens.Printable(alias) {
				byUser[username] = append(byUser[username], alias)
			}
		})
	}
	if err != nil {
		return nil, fmt.Errorf("the aliases in %s cannot be read: %w", sfAliasFile, err)
	}
	return byUser, nil
}

// The permissions of others than the owner.
const (
	modeOthers      = 0o077
	modeOthersWrite = 0o022
)

// modes warns of files that others can read or change. The CLI writes its login
// files for all to read, since what is secret in them is encrypted; its key it
// accepts with mode 0600 alone.
func (h *SFHome) modes(entries []fs.DirEntry) []string {
	if runtime.GOOS == "windows" {
		return nil
	}
	var warnings []string
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil {
			continue
		}
		mode, name := info.Mode().Perm(), tokens.Clean(entry.Name())
		switch {
		case name == sfKeyFile && mode&modeOthers != 0:
			warnings = append(warnings, fmt.Sprintf("%s opens every token of this folder and has mode %04o, so that others may read it; the Salesforce CLI refuses all but 0600", name, mode))
		case sfFile.MatchString(entry.Name()) && mode&modeOthersWrite != 0:
			warnings = append(warnings, fmt.Sprintf("%s has mode %04o, so that others may change it", name, mode))
		}
	}
	return warnings
}

// readSmall reads a regular file of at most Limit bytes.
func readSmall(path string) ([]byte, error) {
	file, err := openRegular(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // nothing was written
	return readAll(file)
}

// key reads the key beside the files; nil when there is none.
func (h *SFHome) key() (*sfKey, error) {
	text, err := readSmall(filepath.Join(h.folder, sfKeyFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil //nolint:nilnil // no key is an answer of its own
	}
	var file struct {
		Key string `json:"key"`
	}
	if err == nil {
		err = json.Unmarshal(text, &file)
	}
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", sfKeyFile, err)
	}
	return newSFKey(tokens.NewSecret(file.Key))
}
