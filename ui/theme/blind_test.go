package theme

import (
	"image/color"
	"math"
	"testing"

	"charm.land/lipgloss/v2"
)

// sight is how somebody sees: a matrix upon linear RGB.
type sight [3][3]float64

// sights are the usual sight, and complete colour blindness of each kind as in
// Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation
// of Color Vision Deficiency" (2009), severity 1.0.
var sights = map[string]sight{
	"usual":        {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
	"protanopia":   {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
	"deuteranopia": {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
	"tritanopia":   {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}},
}

// lab is a colour in CIE L*a*b* under D65: lightness, and two axes whose plane
// holds hue and chroma.
type lab struct{ l, a, b float64 }

// see returns c as sight shows it.
func (s sight) see(c color.Color) lab {
	r, g, b, _ := c.RGBA()
	var linear, seen [3]float64
	for i, v := range []uint32{r, g, b} {
		x := float64(v) / 0xffff
		if x <= 0.04045 {
			linear[i] = x / 12.92
		} else {
			linear[i] = math.Pow((x+0.055)/1.055, 2.4)
		}
	}
	for i, row := range s {
		seen[i] = min(1, max(0, row[0]*linear[0]+row[1]*linear[1]+row[2]*linear[2]))
	}
	f := func(t float64) float64 {
		if t > 216.0/24389 {
			return math.Cbrt(t)
		}
		return (24389.0/27*t + 16) / 116
	}
	x := f((0.4124564*seen[0] + 0.3575761*seen[1] + 0.1804375*seen[2]) / 0.95047)
	y := f(0.2126729*seen[0] + 0.7151522*seen[1] + 0.0721750*seen[2])
	z := f((0.0193339*seen[0] + 0.1191920*seen[1] + 0.9503041*seen[2]) / 1.08883)
	return lab{116*y - 16, 500 * (x - y), 200 * (y - z)}
}

// apart is the distance in lightness, and that in hue and chroma.
func (c lab) apart(d lab) (lightness, hue float64) {
	return math.Abs(c.l - d.l), math.Hypot(c.a-d.a, c.b-d.b)
}

// The least distances. In L*a*b* about 2.3 can just be told apart side by side;
// these are for a glance at two rows.
const (
	leastLightness = 8
	leastHue       = 18
)

// Fresh, ageing and failed stay apart in hue and in lightness, whoever looks.
func TestTheColourBlindThemeIsSafe(t *testing.T) {
	t.Parallel()
	p := named("colour-blind")
	for profile, convert := range map[string]func(tone, bool) color.Color{
		"truecolor": func(t tone, dark bool) color.Color { return shade(Options{Dark: dark}, t.dark, t.light) }, "256": tone.in256,
	} {
		for who, sight := range sights {
			for _, dark := range []bool{true, false} {
				seen := func(tone tone) lab { return sight.see(convert(tone, dark)) }
				for pair, tones := range map[string][2]tone{
					"fresh and ageing": {p.fresh, p.ageing}, "fresh and failed": {p.fresh, p.failed}, "ageing and failed": {p.ageing, p.failed},
				} {
					lightness, hue := seen(tones[0]).apart(seen(tones[1]))
					if lightness < leastLightness || hue < leastHue {
						t.Errorf("%s (%s, %s, dark %v) are %.1f apart in lightness and %.1f in hue", pair, who, profile, dark, lightness, hue)
					}
				}
			}
		}
	}
}

// In 256 colours what says how an org stands has the hue that it has in all of
// them, and is no grey.
func TestTheStatesKeepTheirHueIn256Colours(t *testing.T) {
	t.Parallel()
	const leastChroma, mostTurn = 15, 30 // turn in degrees
	hue := func(c color.Color) (degrees, chroma float64) {
		seen := sights["usual"].see(c)
		return math.Atan2(seen.b, seen.a) * 180 / math.Pi, math.Hypot(seen.a, seen.b)
	}
	for _, p := range palettes {
		for name, tone := range map[string]tone{"fresh": p.fresh, "ageing": p.ageing, "failed": p.failed, "busy": p.busy} {
			for _, dark := range []bool{true, false} {
				full, _ := hue(shade(Options{Dark: dark}, tone.dark, tone.light))
				got, chroma := hue(tone.in256(dark))
				turn := math.Abs(math.Remainder(got-full, 360))
				if chroma < leastChroma || turn > mostTurn {
					t.Errorf("%s: %s (dark %v) has chroma %.0f and is %.0f degrees off", p.name, name, dark, chroma, turn)
				}
			}
		}
	}
}

// The measure finds what it is for: red and green of one lightness.
func TestTheMeasureFindsRedAndGreen(t *testing.T) {
	t.Parallel()
	red, green := lipgloss.Color("#E0503C"), lipgloss.Color("#6E8A00")
	_, usual := sights["usual"].see(red).apart(sights["usual"].see(green))
	lightness, hue := sights["deuteranopia"].see(red).apart(sights["deuteranopia"].see(green))
	if usual < 60 || hue > 18 && lightness > 8 {
		t.Errorf("red and green are %.1f apart, and for deuteranopia %.1f and %.1f", usual, lightness, hue)
	}
	if white := sights["usual"].see(lipgloss.Color("#FFFFFF")); math.Abs(white.l-100) > 0.1 || math.Hypot(white.a, white.b) > 0.1 {
		t.Errorf("white is %v", white)
	}
}
