package durable_test

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	"orgkeep/keychain/durable"
)

func TestWriteReplacesAndIsForTheOwnerAlone(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "new", "file")
	for _, content := range []string{"first", "second, longer", ""} {
		if err := durable.Write(path, []byte(content)); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != content {
			t.Errorf("read %q, %v", got, err)
		}
	}
	if runtime.GOOS != "windows" {
		for p, want := range map[string]os.FileMode{path: 0o600, filepath.Dir(path): 0o700} {
			if info, err := os.Stat(p); err != nil || info.Mode().Perm() != want {
				t.Errorf("%s has mode %v, %v", p, info.Mode(), err)
			}
		}
	}
	onlyFile(t, path)
}

func TestWriteThatFailsChangesNothing(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	path := filepath.Join(folder, "taken")
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := durable.Write(path, []byte("x")); err == nil {
		t.Error("a folder was replaced by a file")
	}
	onlyFile(t, path)
}

func TestReadersNeverSeeAPart(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "file")
	write := func(b byte) {
		if err := durable.Write(path, bytes.Repeat([]byte{b}, 1<<16)); err != nil {
			t.Error(err)
		}
	}
	write('a')
	var writers sync.WaitGroup
	for _, b := range []byte("bcd") {
		writers.Go(func() {
			for range 20 {
				write(b)
			}
		})
	}
	done := make(chan struct{})
	go func() { writers.Wait(); close(done) }()
	for {
		got, err := os.ReadFile(path)
		if err != nil || len(got) != 1<<16 || bytes.Count(got, got[:1]) != len(got) {
			t.Fatalf("read %d bytes, %v", len(got), err)
		}
		select {
		case <-done:
			onlyFile(t, path)
			return
		default:
		}
	}
}

func TestRemove(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "file")
	if err := durable.Write(path, []byte("x")); err != nil {
		t.Fatal(err)
	}
	for range 2 { // what is gone stays gone
		if err := durable.Remove(path); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(path); !os.IsNotExist(err) {
			t.Errorf("the file is still there: %v", err)
		}
	}
}

func onlyFile(t *testing.T, path string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 1 || entries[0].Name() != filepath.Base(path) {
		t.Errorf("the folder holds %v, %v", entries, err)
	}
}

func TestWriteIntoTheFolderOneIsIn(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := durable.Write("name", []byte("text")); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile("name"); err != nil || string(text) != "text" {
		t.Errorf("%q, %v", text, err)
	}
}
