package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
	"rsc.io/qr"

	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/node/api/client"
)

func TestADrawnCodeShowsEveryModule(t *testing.T) {
	code, err := qr.Encode("minga:join/"+strings.Repeat("aB3_", 60), qr.L)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(drawQR(code, false), "\n"), "\n")
	if want := (code.Size + 2*quietZone + 1) / 2; len(lines) != want {
		t.Fatalf("%d lines, want %d", len(lines), want)
	}
	for i, line := range lines {
		cells := []rune(line)
		if len(cells) != code.Size+2*quietZone {
			t.Fatalf("line %d has %d columns", i, len(cells))
		}
		for column, cell := range cells {
			x, y := column-quietZone, 2*i-quietZone
			upper, lower := !strings.ContainsRune("▀█", cell), !strings.ContainsRune("▄█", cell)
			if upper != code.Black(x, y) || lower != code.Black(x, y+1) {
				t.Fatalf("%q at %d,%d", cell, x, y)
			}
		}
	}
	if coloured := drawQR(code, true); strings.Count(coloured, "\x1b[0m\n") != len(lines) {
		t.Error("a line leaves the terminal in other colours")
	}
}

// terminal opens a terminal of a width: what is written to tty is read from
// screen.
func terminal(t *testing.T, width uint16) (screen, tty *os.File) {
	t.Helper()
	screen, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { screen.Close() })
	fd := int(screen.Fd())
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 50, Col: width}); err != nil {
		t.Fatal(err)
	}
	tty, err = os.OpenFile(fmt.Sprint("/dev/pts/", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	return screen, tty
}

func TestAnInvitationIsDrawnOnATerminal(t *testing.T) {
	ana, err := startDaemon(t.TempDir()+"/ana", os.Environ())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ana.signal(syscall.SIGKILL) })
	node, err := ana.client()
	if err != nil {
		t.Fatal(err)
	}
	defer node.Close()
	if _, err := node.CreateCommons(t.Context(), api.CommonsDraft{Name: "Huerta", As: "Ana"}, client.Write{}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		width uint16
		args  string
		drawn bool
	}{
		{120, "invite", true},
		{20, "invite", false},
		{120, "invite --quiet", false},
		{120, "invite --json", false},
	} {
		screen, tty := terminal(t, c.width)
		cmd := exec.Command("minga", append([]string{"--home", ana.home}, strings.Fields(c.args)...)...)
		cmd.Stdout = tty
		read := make(chan []byte, 1)
		go func() {
			text, _ := io.ReadAll(screen) // ends in EIO once nobody has the terminal open
			read <- text
		}()
		err := cmd.Run()
		tty.Close()
		text := <-read
		if err != nil {
			t.Fatalf("%s: %v", c.args, err)
		}
		first, rest, _ := strings.Cut(string(text), "\r\n")
		if drawn := strings.Contains(rest, "▀"); drawn != c.drawn {
			t.Errorf("%s on %d columns: drawn %v, want %v:\n%s", c.args, c.width, drawn, c.drawn, text)
		}
		if strings.HasPrefix(first, "{") == strings.HasPrefix(first, "minga:join/") || strings.Contains(first, "▀") {
			t.Errorf("%s: the first line is %q", c.args, first)
		}
	}
}
