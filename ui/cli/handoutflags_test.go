package cli

import (
	"strings"
	"testing"
)

// A flag that exec does not know is likely the program's, which stands behind --.
func TestExecNamesTheDashesForAProgramsFlag(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	if _, errs := d.run(t, 2, "exec", "acme", "sh", "-c", "exit 3"); !strings.Contains(errs, "put -- before the program") {
		t.Errorf("%s", errs)
	}
	if _, errs := d.run(t, 2, "exec", "acme", "--min-left", "soon", "--", "sh"); !strings.Contains(errs, `--min-left is "soon"`) {
		t.Errorf("%s", errs)
	}
}

func TestEnvTakesJSONOrAnotherFormat(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	if _, errs := d.run(t, 2, "env", "one", "--json", "--format", "dotenv"); !strings.Contains(errs, "exclude each other") {
		t.Errorf("%s", errs)
	}
}
