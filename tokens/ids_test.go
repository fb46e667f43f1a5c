package tokens

import (
	"errors"
	"strings"
	"testing"
)

// idPairs are ids in both forms; the check characters were worked out by hand.
var idPairs = map[string]string{
	"00D41000000F8A0": "00D41000000F8A0EAK",
	"005410000031xAA": "005410000031xAAAAY",
	"00D5g00000Ab1cd": "00D5g00000Ab1cdEAB",
	"0055g000001XyZa": "0055g000001XyZaAAK",
	"00D9D0000008abc": "00D9D0000008abcUAA",
	"0059D000003defg": "0059D000003defgQAA",
	"001000000000000": "001000000000000AAA",
	"ABCDEFGHIJKLMNO": "ABCDEFGHIJKLMNO555",
	"abcdefghijklmno": "abcdefghijklmnoAAA",
	"A00000B00000C00": "A00000B00000C00BCE",
}

func TestID18(t *testing.T) {
	t.Parallel()
	for short, long := range idPairs {
		for _, id := range []string{short, long, short + strings.ToLower(long[15:])} {
			if got, err := ID18(id); err != nil || got != long {
				t.Errorf("ID18(%s) is %s (%v), want %s", id, got, err, long)
			}
		}
	}
}

func TestID18KeepsLongIDsWhoseCheckDoesNotFit(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"005410000031xAAEAY", "00D41000000f8A0EAK", "00D41000000F8A0zzz"} {
		if got, err := ID18(id); err != nil || got != id {
			t.Errorf("ID18(%s) is %s (%v), want it as it came", id, got, err)
		}
	}
}

// longIDs were worked out by another program (strings and a table, in Python); the
// two of accounts are those of Salesforce's REST API guide.
var longIDs = []string{
	"001D000000IRFmaIAH", "001D000000INjVeIAL", "00DKS00000ZzYyX2AV", "0055g000009QrStAAK", "00D000000000062EAA",
	"005ZZZZZZZZZZZZY55", "00DaaaaaaaaaaaaEAA", "00DxAyBzCwDvEuFUKV", "00D41000000F8A0EAK", "005410000031xAAAAY",
}

func TestCheckID(t *testing.T) {
	t.Parallel()
	for _, id := range longIDs {
		if got, err := ID18(id[:15]); err != nil || got != id {
			t.Errorf("ID18(%s) is %s (%v), want %s", id[:15], got, err, id)
		}
		for _, good := range []string{id, id[:15], id[:15] + strings.ToLower(id[15:]), "", "00D", "00D41000000F8A0EA!"} {
			if wrong := CheckID(good); wrong != "" {
				t.Errorf("CheckID(%q): %s", good, wrong)
			}
		}
		// Each check character that is another one, and each letter that lost its case.
		for i := range 3 {
			bad := []byte(id)
			bad[15+i] = "Z9"[map[bool]int{true: 1}[id[15+i] == 'Z']]
			if wrong := CheckID(string(bad)); !strings.Contains(wrong, "has the check characters "+string(bad[15:])) || !strings.Contains(wrong, "give "+id[15:]) {
				t.Errorf("CheckID(%s): %q", bad, wrong)
			}
		}
	}
	for _, id := range []string{"00d41000000F8A0EAK", "005410000031xAAEAY", "00D41000000F8A0EAY"} {
		if CheckID(id) == "" {
			t.Errorf("%s is taken for whole", id)
		}
	}
}

func TestID18Refuses(t *testing.T) {
	t.Parallel()
	for _, id := range []string{
		"", "00D", "00D41000000F8A", "00D41000000F8A0E", "00D41000000F8A0EA", "00D41000000F8A0EAKx",
		"00D41000000F8A0EA-", "00D41000000F8A!", "00D41000000F8\x1b[", "00D4100000é8A", strings.Repeat("\n", 5000),
	} {
		got, err := ID18(id)
		if !errors.Is(err, ErrID) || got != "" || !Printable(err.Error()) || len(err.Error()) > 300 {
			t.Errorf("ID18(%q) is %q (%v), want a short ErrID", id, got, err)
		}
	}
}

func TestParseIdentityURL(t *testing.T) {
	t.Parallel()
	const org, user = "00D41000000F8A0EAK", "005410000031xAAAAY"
	for _, raw := range []string{
		"https://login.salesforce.com/id/" + org + "/" + user,
		"https://acme.my.salesforce.com/id/" + org[:15] + "/" + user[:15] + "/",
		"/id/" + org + "/" + user + "?version=latest",
	} {
		gotOrg, gotUser, err := ParseIdentityURL(raw)
		if err != nil || gotOrg != org || gotUser != user {
			t.Errorf("ParseIdentityURL(%q) is %s %s (%v)", raw, gotOrg, gotUser, err)
		}
	}
	for _, raw := range []string{
		"", "https://login.salesforce.com", "https://login.salesforce.com/id", "/" + org, "/" + user + "/" + org, "/" + org + "/me",
		"/me/" + user, "%zz", "https://h/\x1b/" + user,
	} {
		if gotOrg, gotUser, err := ParseIdentityURL(raw); !errors.Is(err, ErrID) || gotOrg+gotUser != "" || !Printable(err.Error()) {
			t.Errorf("ParseIdentityURL(%q) is %q %q (%v), want ErrID", raw, gotOrg, gotUser, err)
		}
	}
}

func TestNewKey(t *testing.T) {
	t.Parallel()
	// 8 digits of the published SHA-256 of "abc" (FIPS 180-2, appendix B.1).
	const want = Key("00D41000000F8A0EAK.005410000031xAAAAY.ba7816bf")
	for _, ids := range [][2]string{
		{"00D41000000F8A0", "005410000031xAA"}, {"00D41000000F8A0EAK", "005410000031xAAAAY"}, {"00D41000000F8A0eak", "005410000031xAA"},
	} {
		if got, err := NewKey(ids[0], ids[1], "abc"); err != nil || got != want || !got.Valid() {
			t.Errorf("NewKey of %s is %s (%v), want %s", ids, got, err, want)
		}
	}
	if other, err := NewKey("00D41000000F8A0", "005410000031xAA", "other app"); err != nil || other == want {
		t.Errorf("another app has the key %s (%v)", other, err)
	}
	for _, ids := range [][2]string{{"", "005410000031xAA"}, {"00D41000000F8A0", "me"}, {"001000000000000", "005410000031xAA"}} {
		if got, err := NewKey(ids[0], ids[1], "abc"); !errors.Is(err, ErrID) || got != "" {
			t.Errorf("NewKey of %s is %q (%v), want ErrID", ids, got, err)
		}
	}
}

func TestKeyValid(t *testing.T) {
	t.Parallel()
	const good = "00D41000000F8A0EAK.005410000031xAAAAY.ba7816bf"
	for _, bad := range []string{"", good + "\n", " " + good, good[1:], good + "0", good[:45] + "G", "00D'; ls #0000000.0" + good[20:], "x\n" + good} {
		if Key(bad).Valid() {
			t.Errorf("%q is a valid key", bad)
		}
	}
	if !Key(good).Valid() {
		t.Errorf("%q is no valid key", good)
	}
}

func FuzzID18(f *testing.F) {
	for short, long := range idPairs {
		f.Add(short)
		f.Add(long)
	}
	f.Fuzz(func(t *testing.T, id string) {
		got, err := ID18(id)
		if err != nil {
			if !errors.Is(err, ErrID) || !Printable(err.Error()) {
				t.Fatalf("ID18(%q) says %q", id, err)
			}
			return
		}
		if len(got) != 18 || got[:15] != id[:15] {
			t.Fatalf("ID18(%q) is %q", id, got)
		}
		if again, err := ID18(got); err != nil || again != got {
			t.Errorf("ID18 of %q is %q (%v)", got, again, err)
		}
	})
}

func FuzzParseIdentityURL(f *testing.F) {
	f.Add("https://login.salesforce.com/id/00D41000000F8A0EAK/005410000031xAAAAY")
	f.Fuzz(func(t *testing.T, raw string) {
		org, user, err := ParseIdentityURL(raw)
		if err != nil {
			if !errors.Is(err, ErrID) || !Printable(err.Error()) {
				t.Fatalf("ParseIdentityURL(%q) says %q", raw, err)
			}
			return
		}
		if key, err := NewKey(org, user, "c"); err != nil || !key.Valid() {
			t.Errorf("ParseIdentityURL(%q) is %s %s, which make no key: %v", raw, org, user, err)
		}
	})
}
