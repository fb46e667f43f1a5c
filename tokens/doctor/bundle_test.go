package doctor

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"orgkeep/tokens"
	"orgkeep/tokens/ledger"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func someOrg(t *testing.T, n int) tokens.Org {
	t.Helper()
	orgID, userID, clientID := fmt.Sprintf("00D4100000%05dEAQ", n), fmt.Sprintf("0054100000%05dAAM", n), fmt.Sprintf("3MVG9.consumer.%d", n)
	key, err := tokens.NewKey(orgID, userID, clientID)
	if err != nil {
		t.Fatal(err)
	}
	return tokens.Org{
		Key: key, Alias: fmt.Sprintf("acme-%d", n), OrgID: orgID, UserID: userID, ClientID: clientID, Username: fmt.Sprintf("ada%d@acme.example", n),
		Type: tokens.Production, InstanceURL: fmt.Sprintf("https://acme%d.my.salesforce.com", n), LoginURL: "https://login.salesforce.com",
		Tags: []string{"wolf-project"}, IssuedAt: noon.Add(-90 * time.Minute), RefreshUsedAt: noon.Add(-90 * time.Minute), HasRefreshToken: true, Rotates: tokens.RotationYes,
		Last: &tokens.Attempt{At: noon.Add(-3 * time.Hour), Trigger: "screen", Outcome: tokens.OutcomeFailed, Failure: &tokens.Failure{
			Kind: tokens.FailedAnswer, HTTPStatus: 400, Code: "invalid_grant", Description: "expired access/refresh token for ada", Body: "canary-body", Host: "acme.my.salesforce.com",
		}},
	}
}

func someSecrets(n int) tokens.Secrets {
	return tokens.Secrets{
		AccessToken:  tokens.NewSecret(fmt.Sprintf("00D4100000%05d!AQ.canary.access.%d", n, n)),
		RefreshToken: tokens.NewSecret(fmt.Sprintf("5Aep8.canary.refresh.%d", n)),
		ClientSecret: tokens.NewSecret(fmt.Sprintf("canary-client-secret-%d", n)),
	}
}

func someFacts(t *testing.T, orgs int) (Facts, []tokens.Secrets) {
	t.Helper()
	f := Facts{
		Version: "v1.2.3", Limits: tokens.DefaultLimits(), Now: noon,
		Settings: map[string]string{"theme": "default", "client_id": "3MVG9.canary", "login_host": "https://acme.my.salesforce.com"},
		Results: []Result{
			{Check: "keychain", Outcome: OK, Seen: "an item was written"},
			{Check: "host", Subject: "acme1.my.salesforce.com", Outcome: Failed, Seen: "it broke while connecting", Detail: "canary-detail of acme-1"},
		},
	}
	var secrets []tokens.Secrets
	for n := 1; n <= orgs; n++ {
		org := someOrg(t, n)
		f.Orgs, secrets = append(f.Orgs, org), append(secrets, someSecrets(n))
		f.History = append(f.History, ledger.Recorded{Alias: org.Alias, Attempt: *org.Last})
	}
	return f, secrets
}

func TestABundleHoldsNoNameAndNoSecret(t *testing.T) {
	t.Parallel()
	f, secrets := someFacts(t, 3)
	files, err := f.Files()
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		for _, word := range []string{"canary", "acme", "ada", "00D41", "00541", "3MVG9", "wolf", "my.salesforce.com", "expired access"} {
			if bytes.Contains(file.Data, []byte(word)) {
				t.Errorf("%s holds %s:\n%s", file.Name, word, file.Data)
			}
		}
	}
	if err := NewSearch(f.Orgs, secrets, "/home/ada").Look(files); err != nil {
		t.Errorf("the search refuses it: %v", err)
	}
	for name, words := range map[string][]string{
		"orgs.json":   {`"org-01"`, `"org-03"`, `"invalid_grant"`, `"http_status": 400`, `"known": true`, `"age_h": 1`, `"idle_left_days": 29`, `"app": "own"`},
		"checks.json": {`"host-01"`, "it broke while connecting"}, "history.json": {`"org-02"`, `"ago_h": 3`}, "program.json": {`"theme": "default"`, "v1.2.3"},
	} {
		for _, word := range words {
			if !strings.Contains(textOf(t, files, name), word) {
				t.Errorf("%s does not have %s:\n%s", name, word, textOf(t, files, name))
			}
		}
	}
}

// A name that is an ordinary word is looked for where no sentences are.
func TestAnOrdinaryNameIsFoundInTheFacts(t *testing.T) {
	t.Parallel()
	f, secrets := someFacts(t, 1)
	f.Orgs[0].Alias = "umbrella"
	f.Version = "for Umbrella"
	files, err := f.Files()
	if err != nil {
		t.Fatal(err)
	}
	if err := NewSearch(f.Orgs, secrets).Look(files); !errors.Is(err, ErrHeld) || !strings.Contains(err.Error(), "umbrella") {
		t.Errorf("it says %v", err)
	}
}

func textOf(t *testing.T, files []File, name string) string {
	t.Helper()
	for _, file := range files {
		if file.Name == name {
			return string(file.Data)
		}
	}
	t.Fatalf("there is no %s", name)
	return ""
}

func TestAPlantedCanaryWithholdsTheBundle(t *testing.T) {
	t.Parallel()
	f, secrets := someFacts(t, 3)
	org, s := f.Orgs[1], secrets[1]
	for _, planted := range []string{
		s.AccessToken.Reveal(), "x" + s.RefreshToken.Reveal() + "x", s.ClientSecret.Reveal(),
		base64.StdEncoding.EncodeToString([]byte("a " + s.RefreshToken.Reveal())), hex.EncodeToString([]byte(s.AccessToken.Reveal())),
		org.Alias, "(" + strings.ToUpper(org.Alias) + ").", org.Username, org.OrgID, org.OrgID[:15], org.UserID, org.ClientID, "at " + org.InstanceURL + "/x", "/home/ada/x",
	} {
		f.Results[0].Seen = "an item " + planted
		files, err := f.Files()
		if err != nil {
			t.Fatal(err)
		}
		err = NewSearch(f.Orgs, secrets, "/home/ada").Look(files)
		if !errors.Is(err, ErrHeld) || !strings.Contains(err.Error(), "checks.json") {
			t.Errorf("with %s planted: %v", planted, err)
		}
		if err != nil && strings.Contains(err.Error(), "canary") {
			t.Errorf("the error tells the secret: %v", err)
		}
	}
}

func TestTheSearchOfManyOrgsLooksEverywhere(t *testing.T) {
	t.Parallel()
	const many = 400
	f, secrets := someFacts(t, many)
	f.Orgs[7].Alias, f.Orgs[8].Alias, f.Orgs[9].Alias = "production", "keychain", "written" // words of every bundle, and of a check
	search := NewSearch(f.Orgs, secrets)
	files, err := f.Files()
	if err != nil {
		t.Fatal(err)
	}
	if err := search.Look(files); err != nil {
		t.Fatalf("a bundle of %d orgs is refused: %v", many, err)
	}
	orgs := []byte(textOf(t, files, "orgs.json"))
	if len(orgs) < 4*window {
		t.Fatalf("it has %d bytes", len(orgs))
	}
	for _, at := range []int{0, window/2 - 10, window - 10, len(orgs) / 2, len(orgs)} {
		planted := bytes.Join([][]byte{orgs[:at], []byte(secrets[many-1].RefreshToken.Reveal()), orgs[at:]}, nil)
		if err := search.Look([]File{{Name: "orgs.json", Data: planted}}); !errors.Is(err, ErrHeld) {
			t.Errorf("a secret at %d of %d is not found: %v", at, len(orgs), err)
		}
	}
}

func TestTheManifestIsTrue(t *testing.T) {
	t.Parallel()
	f, _ := someFacts(t, 2)
	files, err := f.Files()
	if err != nil {
		t.Fatal(err)
	}
	packed, err := Pack(files, noon)
	if err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		t.Fatal(err)
	}
	var manifest struct {
		Files []struct{ Name, Purpose, SHA256 string }
	}
	if err := json.Unmarshal([]byte(textOf(t, files, "manifest.json")), &manifest); err != nil {
		t.Fatal(err)
	}
	if len(manifest.Files) != len(z.File)-1 {
		t.Fatalf("%d files in the manifest, %d in the archive", len(manifest.Files), len(z.File))
	}
	for _, entry := range manifest.Files {
		file, err := z.Open(entry.Name)
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(file)
		sum := sha256.Sum256(data)
		if err != nil || hex.EncodeToString(sum[:]) != entry.SHA256 || entry.Purpose == "" {
			t.Errorf("%+v: %v", entry, err)
		}
	}
}

func TestMarkdownNamesNobody(t *testing.T) {
	t.Parallel()
	f, _ := someFacts(t, 1)
	text := Markdown(f.Results, f.Version, noon)
	if strings.Contains(text, "acme") || strings.Contains(text, "canary") || !strings.Contains(text, "- failed **host** (host-01): it broke while connecting.") ||
		!strings.HasPrefix(text, "# orgkeep doctor: 1 ok, 1 failed.") {
		t.Errorf("it is:\n%s", text)
	}
}

// Who asked is told by a word that is known, since any other could be a name.
func TestTheBundleTellsAWatchFromAPerson(t *testing.T) {
	t.Parallel()
	for trigger, want := range map[string]string{"screen": "screen", "watch": "watch", "login": "login", "command": "command", "acme": "command"} {
		if got := (Facts{Now: noon}).attempt(tokens.Attempt{At: noon, Trigger: trigger}).Trigger; got != want {
			t.Errorf("%s is told as %s", trigger, got)
		}
	}
}
