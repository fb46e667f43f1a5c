package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// text reads a file of the repository.
func text(t *testing.T, path string) string {
	t.Helper()
	bytes, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(bytes)
}

// The README shows or links every picture, and none that is not there.
func TestTheReadmeHasEveryPicture(t *testing.T) {
	t.Parallel()
	readme := text(t, "README.md")
	var pictures []string
	for _, form := range []string{"*.png", "*.gif"} {
		found, err := filepath.Glob(filepath.Join("screenshots", form))
		if err != nil {
			t.Fatal(err)
		}
		pictures = append(pictures, found...)
	}
	if len(pictures) < 10 {
		t.Fatalf("there are %d pictures", len(pictures))
	}
	for _, picture := range pictures {
		if !strings.Contains(readme, "("+filepath.ToSlash(picture)+")") {
			t.Errorf("the README does not have %s", picture)
		}
	}
	for _, match := range regexp.MustCompile(`\((screenshots/[^)]+)\)`).FindAllStringSubmatch(readme, -1) {
		if _, err := os.Stat(match[1]); err != nil {
			t.Error(err)
		}
	}
}

// The README's table has every command, and no other.
func TestTheReadmeHasTheCommands(t *testing.T) {
	t.Parallel()
	_, table, found := strings.Cut(text(t, "README.md"), "| command | what it does |\n|---|---|\n")
	if !found {
		t.Fatal("the README has no table of commands")
	}
	table, _, _ = strings.Cut(table, "\n\n")
	var told []string
	for line := range strings.Lines(table) {
		cell, _, _ := strings.Cut(strings.TrimPrefix(line, "| "), " | ")
		told = append(told, strings.Fields(strings.ReplaceAll(cell, "`", ""))...)
	}
	help := newMachine(t).run(t, "--help").expect(t, 0).out
	_, listed, _ := strings.Cut(help, "Available Commands:\n")
	listed, _, _ = strings.Cut(listed, "\n\n")
	commands := []string{"man"} // which the help does not list
	for line := range strings.Lines(listed) {
		if name := strings.Fields(line)[0]; name != "help" {
			commands = append(commands, name)
		}
	}
	slices.Sort(told)
	slices.Sort(commands)
	if !slices.Equal(told, commands) {
		t.Errorf("the README has the commands %q, the help %q", told, commands)
	}
}

// The files that the README installs are named as a release names them.
func TestTheReadmeNamesAReleasesFiles(t *testing.T) {
	t.Parallel()
	readme, release := text(t, "README.md"), text(t, ".goreleaser.yaml")
	if !strings.Contains(release, `name_template: "{{ .ProjectName }}_{{ .Version }}_{{ .Os }}_{{ .Arch }}"`) {
		t.Error("a release names its archives otherwise")
	}
	files := regexp.MustCompile(`orgkeep_\S+`).FindAllString(readme, -1)
	form := regexp.MustCompile(`^orgkeep_1\.0\.0_(?:linux|darwin|windows)_(?:amd64|arm64)\.(deb|rpm|apk|tar\.gz|zip)$`)
	for _, file := range files {
		match := form.FindStringSubmatch(file)
		if match == nil || !regexp.MustCompile(`formats: \[[^\]]*\b`+regexp.QuoteMeta(match[1])+`\b`).MatchString(release) {
			t.Errorf("a release has no file %s", file)
		}
	}
	for what, names := range map[string]string{
		"homebrew-tap": "OWNER/tap/orgkeep", "scoop-bucket": "OWNER/scoop-bucket", "checksums.txt": "--ignore-missing checksums.txt",
		"${artifact}.sigstore.json": "checksums.txt.sigstore.json", "dst: man,": "in `man`", "dst: completions,": "and `completions`",
		"--certificate-identity '{{ .Env.ORGKEEP_SIGNER }}'": "the release's page has the [cosign]",
	} {
		if !strings.Contains(release, what) || !strings.Contains(readme, names) {
			t.Errorf("%s of a release is %s in the README", what, names)
		}
	}
	if len(files) < 4 {
		t.Errorf("the README installs %q", files)
	}
}

// What the README links in itself is there.
func TestTheReadmesContents(t *testing.T) {
	t.Parallel()
	readme := text(t, "README.md")
	var headings []string
	for _, match := range regexp.MustCompile(`(?m)^#+ (.+)$`).FindAllStringSubmatch(readme, -1) {
		headings = append(headings, strings.ReplaceAll(strings.ToLower(match[1]), " ", "-"))
	}
	links := regexp.MustCompile(`\]\(#([^)]+)\)`).FindAllStringSubmatch(readme, -1)
	if len(links) < 15 {
		t.Errorf("the README has %d links to its headings", len(links))
	}
	for _, link := range links {
		if !slices.Contains(headings, link[1]) {
			t.Errorf("the README links #%s and has no such heading", link[1])
		}
	}
	for _, match := range regexp.MustCompile(`(?m)^## (.+)$`).FindAllStringSubmatch(readme, -1) {
		if anchor := "(#" + strings.ReplaceAll(strings.ToLower(match[1]), " ", "-") + ")"; match[1] != "Licence" && !strings.Contains(readme, anchor) {
			t.Errorf("the contents of the README lack %q", match[1])
		}
	}
}
