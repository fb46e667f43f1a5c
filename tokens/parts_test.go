package tokens

import (
	"slices"
	"strings"
	"testing"
)

func TestLinesUnderALimit(t *testing.T) {
	t.Parallel()
	s := allSecrets()
	s.AccessToken = NewSecret("eyJ" + strings.Repeat("0123456789abcdef", 256))
	const limit = 2400
	primary, parts, err := s.Lines(limit)
	if err != nil || len(parts) != 2 {
		t.Fatalf("%d parts, %v", len(parts), err)
	}
	for _, text := range append(parts, primary) {
		if len(text) > limit {
			t.Errorf("an item of %d bytes", len(text))
		}
	}
	if strings.Contains(primary, "0123456789abcdef") {
		t.Error("the primary line holds the access token too")
	}
	got, err := ParseSecrets(primary)
	if err != nil || got.Parts != 2 || !got.AccessToken.IsZero() || !got.RefreshToken.Equal(s.RefreshToken) {
		t.Fatalf("the primary line alone: %+v, %v", got, err)
	}
	if joined := got.Joined(parts); !joined.AccessToken.Equal(s.AccessToken) {
		t.Error("the access token did not come back")
	}
	torn := [][]string{nil, parts[:1], {parts[1], parts[0]}, {parts[0], parts[0]}, {parts[0], parts[1] + "x"}, append(slices.Clone(parts), "")}
	for i, p := range torn {
		if joined := got.Joined(p); !joined.AccessToken.IsZero() || !joined.RefreshToken.Equal(s.RefreshToken) {
			t.Errorf("torn parts %d: %+v", i, joined)
		}
	}
}

func TestLinesWithoutNeed(t *testing.T) {
	t.Parallel()
	s := allSecrets()
	want, err := s.Line()
	if err != nil {
		t.Fatal(err)
	}
	for _, limit := range []int{0, len(want), len(want) + 1} {
		if got, parts, err := s.Lines(limit); got != want || parts != nil || err != nil {
			t.Errorf("limit %d: %d parts, %v", limit, len(parts), err)
		}
	}
	if _, parts, _ := s.Lines(len(want) - 1); len(parts) == 0 {
		t.Error("a line over the limit has no parts")
	}
}
