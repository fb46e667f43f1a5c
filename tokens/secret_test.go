package tokens

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"reflect"
	"strings"
	"testing"
	"text/template"
)

const opaque = "00D41000000F8A0!AQPtYgjmUhBel31iEl2hpChYgCfrL1spNxnyVmihA_2O76UMFxFkM_R5Kjp1vRt.1fjORS_6ilI8ihN5KXSc7Tvo"

// leaks reports whether output holds a part of opaque that no mask shows.
func leaks(output string) bool {
	quoted := fmt.Sprintf("%x", opaque)
	return strings.Contains(output, opaque[10:20]) || strings.Contains(strings.ToLower(output), quoted[20:40]) ||
		strings.Contains(output, "80, 116, 89") || strings.Contains(output, "80 116 89")
}

type keeps struct {
	Public  Secret
	private Secret
	Pointer *Secret
	List    []Secret
	Map     map[string]Secret
	Any     any
}

func everywhere(s Secret) map[string]any {
	k := keeps{Public: s, private: s, Pointer: &s, List: []Secret{s}, Map: map[string]Secret{"a": s}, Any: s}
	return map[string]any{
		"bare": s, "pointer": &s, "pointer to pointer": &k.Pointer, "struct": k, "struct pointer": &k,
		"slice": k.List, "map": k.Map, "map key": map[Secret]int{s: 1}, "array": [1]keeps{k},
		"grant":   Grant{AccessToken: s, RefreshToken: s, Signature: s},
		"secrets": Secrets{AccessToken: s, RefreshToken: s, ClientSecret: s, Signature: s},
		"nested":  struct{ inner struct{ deep keeps } }{struct{ deep keeps }{k}},
		"reflect": reflect.ValueOf(k),
	}
}

func TestLeaksFindsLeaks(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"%s", "%q", "%v", "%#v", "%+q", "%x", "%X"} {
		if out := fmt.Sprintf(format, opaque); !leaks(out) {
			t.Errorf("a leak by %s is not found in %s", format, out)
		}
	}
	for _, format := range []string{"%d", "%v"} {
		if out := fmt.Sprintf(format, []byte(opaque)); !leaks(out) {
			t.Errorf("a leak of bytes by %s is not found in %s", format, out)
		}
	}
}

func TestNoVerbPrintsASecret(t *testing.T) {
	t.Parallel()
	for name, value := range everywhere(NewSecret(opaque)) {
		for verb := rune('A'); verb <= 'z'; verb++ {
			for _, flag := range []string{"", "+", "#", "-", " ", "0", "+#", "200", ".300", "[1]"} {
				format := "%" + flag + string(verb)
				if out := fmt.Sprintf(format, value); leaks(out) {
					t.Errorf("%s of %s prints the secret: %s", format, name, out)
				}
			}
		}
		for _, out := range []string{fmt.Sprint(value), fmt.Sprintln(value)} {
			if leaks(out) {
				t.Errorf("Sprint of %s prints the secret: %s", name, out)
			}
		}
	}
}

func TestNoEncoderWritesASecret(t *testing.T) {
	t.Parallel()
	for name, value := range everywhere(NewSecret(opaque)) {
		// What an encoder refuses to write is no leak.
		asJSON, _ := json.Marshal(value)
		asXML, _ := xml.Marshal(value)
		var asText, asLog bytes.Buffer
		if err := template.Must(template.New("").Parse("{{.}} {{printf `%q` .}}")).Execute(&asText, value); err != nil {
			t.Errorf("template of %s: %v", name, err)
		}
		slog.New(slog.NewTextHandler(&asLog, nil)).Info("m", "value", value)
		slog.New(slog.NewJSONHandler(&asLog, nil)).Info("m", "value", value, slog.Group("g", "value", value))
		for encoder, out := range map[string]string{
			"json": string(asJSON), "xml": string(asXML), "template": asText.String(), "slog": asLog.String(),
		} {
			if leaks(out) {
				t.Errorf("%s of %s writes the secret: %s", encoder, name, out)
			}
		}
	}
}

func TestNoErrorHoldsASecret(t *testing.T) {
	t.Parallel()
	s := NewSecret(opaque)
	err := errors.Join(fmt.Errorf("sending %v %q: %w", s, s, &Failure{Problem: s.String()}))
	for _, out := range []string{err.Error(), fmt.Sprintf("%+v", err), fmt.Sprintf("%#v", err)} {
		if leaks(out) {
			t.Errorf("the error holds the secret: %s", out)
		}
	}
}

// TestNoPanicTellsASecret lets this test's program panic, for what the runtime
// prints goes by no method of fmt.
func TestNoPanicTellsASecret(t *testing.T) {
	const with = "ORGKEEP_TEST_PANICS_WITH"
	s := NewSecret(opaque)
	values := everywhere(s)
	values["error"] = fmt.Errorf("sending %v: %w", s, &Failure{Problem: s.String()})
	if name := os.Getenv(with); name != "" {
		panic(values[name])
	}
	t.Parallel()
	for name := range values {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestNoPanicTellsASecret$")
		cmd.Env = append(os.Environ(), with+"="+name, "GOTRACEBACK=all")
		out, err := cmd.CombinedOutput()
		if err == nil || !strings.Contains(string(out), "panic: ") || leaks(string(out)) {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}

func TestEncodersWriteTheMask(t *testing.T) {
	t.Parallel()
	s := NewSecret(opaque)
	type item struct {
		XMLName xml.Name `xml:"item" json:"-"`
		Named   Secret   `xml:"named,attr"`
		Inner   Secret
		Pointer *Secret
		Absent  Secret
	}
	asXML, err := xml.Marshal(item{Named: s, Inner: s, Pointer: &s})
	if want := `<item named="[redacted]"><Inner>[redacted]</Inner><Pointer>[redacted]</Pointer><Absent></Absent></item>`; string(asXML) != want || err != nil {
		t.Errorf("XML: %s (%v)", asXML, err)
	}
	asJSON, err := json.Marshal([]any{item{Named: s, Inner: s, Pointer: &s}, map[Secret]Secret{s: s}})
	if want := `[{"Named":"[redacted]","Inner":"[redacted]","Pointer":"[redacted]","Absent":""},{"[redacted]":"[redacted]"}]`; string(asJSON) != want || err != nil {
		t.Errorf("JSON: %s (%v)", asJSON, err)
	}
	var asGob bytes.Buffer
	for _, value := range []any{s, &s, []Secret{s}, map[string]Secret{"a": s}, struct{ S Secret }{s}} {
		if err := gob.NewEncoder(&asGob).Encode(value); err == nil || leaks(err.Error()+asGob.String()) {
			t.Errorf("gob of %T: %v, %q", value, err, asGob.String())
		}
	}
}

func TestNoDecoderQuotesASecret(t *testing.T) {
	t.Parallel()
	var into struct{ S Secret }
	quoted, element := []byte(`{"S":"`+opaque+`"}`), []byte("<a><S>"+opaque+"</S></a>")
	for name, err := range map[string]error{"JSON": json.Unmarshal(quoted, &into), "XML": xml.Unmarshal(element, &into)} {
		if !into.S.IsZero() || err != nil && leaks(err.Error()) {
			t.Errorf("%s reads %v, %v", name, into, err)
		}
	}
}

func TestSecretPrintsAFixedMask(t *testing.T) {
	t.Parallel()
	s := NewSecret(opaque)
	for format, want := range map[string]string{
		"%s": "[redacted]", "%v": "[redacted]", "%q": "[redacted]", "%d": "[redacted]", "%x": "[redacted]", "%#v": "[redacted]",
	} {
		if got := fmt.Sprintf(format, s); got != want {
			t.Errorf("%s prints %q, want %q", format, got, want)
		}
	}
	if got := s.GoString(); got != "tokens.Secret([redacted])" {
		t.Errorf("GoString is %q", got)
	}
	if got := fmt.Sprintf("%s|%v", Secret{}, Secret{}); got != "|" {
		t.Errorf("absent secrets print %q, want nothing", got)
	}
	if text, err := json.Marshal(struct{ S, Absent Secret }{S: s}); err != nil || string(text) != `{"S":"[redacted]","Absent":""}` {
		t.Errorf("JSON is %s (%v)", text, err)
	}
}

func TestSecretHoldsItsText(t *testing.T) {
	t.Parallel()
	s := NewSecret(opaque)
	if s.Reveal() != opaque || s.IsZero() || !s.Equal(NewSecret(opaque)) || s.Equal(NewSecret(opaque+"x")) || s.Equal(Secret{}) {
		t.Error("a secret does not hold its text")
	}
	absent := NewSecret("")
	if !absent.IsZero() || absent.Reveal() != "" || absent.Fingerprint() != "" || absent.Mask() != "" || !absent.Equal(Secret{}) {
		t.Error("an empty text is not the absent secret")
	}
	// The first digits of the published SHA-256 of "abc" (FIPS 180-2, appendix B.1).
	if got := NewSecret("abc").Fingerprint(); got != "ba7816bf" {
		t.Errorf("the fingerprint of abc is %s, want ba7816bf", got)
	}
}

func TestMask(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                         "",
		"x":                        "••••",
		"12345678901234567890123":  "••••",
		"123456789012345678901234": "12345…1234",
		opaque:                     "00D41…!AQ…7Tvo",
		"5Aep861_kv5ZJr3J1TWDtkwtDDb.xHKas1VOqg6cAUs":  "5Aep8…cAUs",
		"00D41000000F8A0!short67890":                   "00D41…7890",
		"not00D!AQPtYgjmUhBel31iEl2hpChYgCfrL1spNxnyV": "not00…xnyV",
	} {
		if got := NewSecret(text).Mask(); got != want {
			t.Errorf("the mask of %q is %q, want %q", text, got, want)
		}
	}
}

func FuzzMask(f *testing.F) {
	f.Add(opaque)
	f.Add("00D!00D!00D!00D!00D!00D!00D!")
	f.Fuzz(func(t *testing.T, text string) {
		mask := NewSecret(text).Mask()
		if shown := len(mask) - len("…!…"); len(text) >= maskShort && shown > maskHead+maskTail+2 {
			t.Errorf("the mask %q of %d bytes shows too much", mask, len(text))
		}
		if len(text) > 0 && len(text) < maskShort && mask != "••••" {
			t.Errorf("the mask of a short secret is %q", mask)
		}
	})
}
