package main

import (
	"fmt"
	"os"
	"strings"

	"golang.org/x/term"
	"rsc.io/qr"
)

// quietZone is the light margin of a QR code, in modules, without which some
// cameras do not find it.
const quietZone = 4

// showQR draws a text as a QR code where standard output is a terminal on which
// it finds room. What is too long for a code that fits is left out: the text
// itself stands above.
func (a *app) showQR(text string) {
	fd := int(a.out.Fd())
	if a.quiet || !term.IsTerminal(fd) {
		return
	}
	code, err := qr.Encode(text, qr.L)
	width, _, sizeErr := term.GetSize(fd)
	if err != nil || sizeErr == nil && width > 0 && width < code.Size+2*quietZone {
		return
	}
	fmt.Fprint(a.out, drawQR(code, os.Getenv("NO_COLOR") == ""))
}

// drawQR draws two rows of modules on a line, light ones in the colour of the
// text: black on white can be read on any terminal. Without colours a terminal
// with dark letters shows the code inverted.
func drawQR(code *qr.Code, colours bool) string {
	begin, end := "", "\n"
	if colours {
		begin, end = "\x1b[97;40m", "\x1b[0m\n"
	}
	var b strings.Builder
	for y := -quietZone; y < code.Size+quietZone; y += 2 {
		b.WriteString(begin)
		for x := -quietZone; x < code.Size+quietZone; x++ {
			b.WriteString(halfBlocks[light(code, x, y)][light(code, x, y+1)])
		}
		b.WriteString(end)
	}
	return b.String()
}

// halfBlocks are the characters for an upper and a lower module, 1 for light.
var halfBlocks = [2][2]string{{" ", "▄"}, {"▀", "█"}}

func light(code *qr.Code, x, y int) int {
	if code.Black(x, y) { // false outside of the code
		return 0
	}
	return 1
}
