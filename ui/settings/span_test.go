package settings

import (
	"regexp"
	"testing"

	"orgkeep/tokens"
)

// What is shown as an example has to be allowed.
func TestTheExamplesOfASpanAreAllowed(t *testing.T) {
	t.Parallel()
	quoted := regexp.MustCompile(`"([^"]+)"`)
	spans := 0
	for _, k := range Keys() {
		span, _ := k.Value(Default()).(string)
		if _, is := tokens.ParseSpan(span); !is {
			continue
		}
		spans++
		examples := quoted.FindAllStringSubmatch(k.Allowed, -1)
		if len(examples) != 2 || examples[0][1] == examples[1][1] {
			t.Errorf("%s has to be %s", k.Name, k.Allowed)
		}
		for _, example := range examples {
			if err := k.Check(example[1]); err != nil {
				t.Errorf("%s %v", k.Name, err)
			}
		}
	}
	if spans < 7 {
		t.Errorf("%d settings are spans", spans)
	}
}
