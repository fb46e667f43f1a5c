package ui

import (
	"os"
	"strings"
	"testing"
)

// keyTable is the README's table of keys, made from the actions.
func keyTable() string {
	var b strings.Builder
	b.WriteString("| key | what it does |\n|---|---|\n")
	for _, a := range actions() {
		keys := make([]string, len(a.keys))
		for i, key := range a.keys {
			keys[i] = "`" + keyLabel(key) + "`"
		}
		b.WriteString("| " + strings.Join(keys, " ") + " | " + a.about + " |\n")
	}
	return b.String()
}

func TestTheReadmeHasTheKeys(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(readme), "\n"+keyTable()+"\n") {
		t.Errorf("README.md has another table of keys than the actions; it should be\n%s", keyTable())
	}
}
