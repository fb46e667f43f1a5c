package ui

import (
	"fmt"
	"strings"

	"rsc.io/qr"
)

// qrQuiet is the margin of a code, in modules. ISO/IEC 18004 wants four; readers
// are content with two, and an address is long.
const qrQuiet = 2

// QR returns a text as the lines of a QR code, light on dark as a dark terminal
// has them: two modules a cell with half blocks, or one module in two cells of
// ASCII. The error is for a text that is too long for a code.
func QR(text string, ascii bool) ([]string, error) {
	code, err := qr.Encode(text, qr.L)
	if err != nil {
		return nil, fmt.Errorf("making the QR code: %w", err)
	}
	light := func(x, y int) bool { return !code.Black(x, y) } // what is beside the code is white
	var lines []string
	step := 2
	if ascii {
		step = 1
	}
	for y := -qrQuiet; y < code.Size+qrQuiet; y += step {
		var line strings.Builder
		for x := -qrQuiet; x < code.Size+qrQuiet; x++ {
			line.WriteString(qrCell(light(x, y), y+1 < code.Size+qrQuiet && light(x, y+1), ascii))
		}
		lines = append(lines, line.String())
	}
	return lines, nil
}

func qrCell(upper, lower, ascii bool) string {
	switch {
	case ascii && upper:
		return "##"
	case ascii:
		return "  "
	case upper && lower:
		return "█"
	case upper:
		return "▀"
	case lower:
		return "▄"
	}
	return " "
}
