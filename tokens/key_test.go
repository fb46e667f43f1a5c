package tokens

import "testing"

func TestUnknownKey(t *testing.T) {
	t.Parallel()
	seen := map[Key]bool{}
	for _, c := range [][3]string{
		{"", "a", "c"}, {"", "b", "c"}, {"", "a", "d"}, {"00D41000000F8A0", "a", "c"}, {"00D41000000F8A0EAK", "b", "c"},
	} {
		key, err := UnknownKey(c[0], c[1], c[2])
		again, _ := UnknownKey(c[0], c[1], c[2])
		if err != nil || !key.Valid() || !key.Unknown() || key != again || seen[key] {
			t.Errorf("%q: %s, %v", c, key, err)
		}
		seen[key] = true
	}
	if key, err := UnknownKey("me", "a", "c"); err == nil {
		t.Errorf("made %s", key)
	}
	if key, _ := NewKey("00D41000000F8A0", "005410000031xAA", "c"); key.Unknown() || Key("").Unknown() {
		t.Errorf("%s is known", key)
	}
}
