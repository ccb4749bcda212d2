package store

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// crashed returns a copy of the folder of a store of n commits that is still
// open: what the end of the process leaves behind.
func crashed(t *testing.T, n int) string {
	t.Helper()
	dir := t.TempDir()
	s := mustOpen(t, dir, testOptions(t))
	commitNumbered(t, s, 0, n)
	done(s)
	return copyOf(t, dir)
}

func TestCrashLosesNothing(t *testing.T) {
	dir := crashed(t, 50)
	s := mustOpen(t, dir, testOptions(t))
	if n := numbered(t, s); n != 50 {
		t.Errorf("%d of 50 commits", n)
	}
	commitNumbered(t, s, 50, 60)
	done(s)
	again := mustOpen(t, copyOf(t, dir), testOptions(t))
	if n := numbered(t, again); n != 60 {
		t.Errorf("%d of 60 commits", n)
	}
}

func TestEmptyLogsAreNoDamage(t *testing.T) {
	dir := crashed(t, 10)
	for _, name := range []string{"00099.mem", "000099.vlog"} {
		if err := os.WriteFile(filepath.Join(dir, badgerFolder, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if n := numbered(t, mustOpen(t, dir, testOptions(t))); n != 10 {
		t.Errorf("%d of 10 commits", n)
	}
}

// TestNewestLogDamaged alters the newest log at many places. What is left is
// always the first commits, each whole; with a high-water mark the loss is
// refused.
func TestNewestLogDamaged(t *testing.T) {
	whole := crashed(t, 20)
	path := one(t, whole, "badger/*.mem")
	end, rest, err := readLog(path)
	if err != nil || rest != restNone {
		t.Fatalf("a good log: end %d, rest %v, %v", end, rest, err)
	}
	name := filepath.Base(path)
	damages := map[string]func([]byte) []byte{
		"length of 4 GiB": func(b []byte) []byte { copy(b[end:], "\x40\x00\x09\xff\xff\xff\xff\x0f"); return b },
		"overlong number": func(b []byte) []byte { copy(b[end:], strings.Repeat("\xff", 30)); return b },
		"far away":        func(b []byte) []byte { b[len(b)-1] = 1; return b },
	}
	for at := int64(logHead); at < end; at += 397 {
		damages[fmt.Sprintf("flip %d", at)] = flip(int(at))
		damages[fmt.Sprintf("cut %d", at)] = cut(int(at))
	}
	for damage, change := range damages {
		t.Run(damage, func(t *testing.T) {
			dir := copyOf(t, whole)
			edit(t, filepath.Join(dir, badgerFolder, name), change)
			s, err := Open(dir, testOptions(t))
			if err != nil {
				t.Logf("refused: %v", err)
				// The stamp of the format is in the first commit.
				wantErr(t, err, ErrFormat)
				return
			}
			n := numbered(t, s)
			if strings.HasPrefix(damage, "flip") {
				if n >= 20 {
					t.Errorf("all %d commits", n)
				}
				if _, err := os.Stat(filepath.Join(dir, asideFolder, name)); err != nil {
					t.Errorf("no copy of the damaged log: %v", err)
				}
			}
			commitNumbered(t, s, n, n+3)
			mustClose(t, s)
			if exists(filepath.Join(dir, asideFolder)) {
				t.Error("the folder for what was set aside was not removed")
			}
			if got := numbered(t, mustOpen(t, dir, testOptions(t))); got != n+3 {
				t.Errorf("%d of %d commits after a restart", got, n+3)
			}

			dir = copyOf(t, whole)
			edit(t, filepath.Join(dir, badgerFolder, name), change)
			if n == 20 {
				return
			}
			mark := highWaterOf(22)
			if err := writeSmall(filepath.Join(dir, highWaterFile), highWaterMagic, mark); err != nil {
				t.Fatal(err)
			}
			_, err = Open(dir, testOptions(t))
			wantErr(t, err, ErrDamaged)
		})
	}
}

// TestOlderLogDamaged alters a log that is not the newest: that one was synced.
func TestOlderLogDamaged(t *testing.T) {
	dir := crashed(t, 20)
	path := one(t, dir, "badger/*.mem")
	end, _, err := readLog(path)
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "badger/00077.mem"), data, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		change func([]byte) []byte
	}{
		{"flip", flip(200)},
		{"within a commit", cut(int(end) - 5)},
		{"head", flip(4)},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := copyOf(t, dir)
			edit(t, filepath.Join(dir, badgerFolder, filepath.Base(path)), c.change)
			_, err := Open(dir, testOptions(t))
			wantErr(t, err, ErrDamaged)
		})
	}
	if n := numbered(t, mustOpen(t, dir, testOptions(t))); n != 20 {
		t.Errorf("%d of 20 commits", n)
	}
}

// TestForeignTableIsSetAside puts a table beside the others that the list does
// not name, as a crash in a compaction leaves it.
func TestForeignTableIsSetAside(t *testing.T) {
	dir := filled(t, 20)
	table, err := os.ReadFile(one(t, dir, "badger/*.sst"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "badger/000099.sst"), table, 0o600); err != nil {
		t.Fatal(err)
	}
	aside := filepath.Join(dir, asideFolder, "000099.sst")
	s := mustOpen(t, dir, testOptions(t))
	mustClose(t, s)
	if !exists(aside) {
		t.Fatal("the table was not set aside, or not kept while nothing was committed")
	}
	s = mustOpen(t, dir, testOptions(t))
	commitNumbered(t, s, 20, 21)
	mustClose(t, s)
	if exists(aside) {
		t.Error("the table was not removed after a commit and a good end")
	}
}

const killEnv = "MINGA_STORE_KILL_DIR"

// TestKilledWriter is the process that TestKill kills. It says on stdout which
// commits were acknowledged.
func TestKilledWriter(t *testing.T) {
	dir := os.Getenv(killEnv)
	if dir == "" {
		return
	}
	s, err := Open(dir, testOptions(t))
	if err != nil {
		t.Fatal(err)
	}
	pad := make([]byte, 50_000)
	for n := numbered(t, s); ; n++ {
		commitNumbered(t, s, n, n+1)
		// So many bytes that logs are written out to tables meanwhile.
		mustCommit(t, s, false, Write{[]byte{'z', byte(n)}, pad})
		fmt.Println("acknowledged", n)
	}
}

// TestKill kills a writing process several times. The end of a process loses no
// commit before one that was acknowledged, synced or not.
func TestKill(t *testing.T) {
	dir := t.TempDir()
	for round := range 4 {
		cmd := exec.Command(os.Args[0], "-test.run=^TestKilledWriter$")
		cmd.Env = append(os.Environ(), killEnv+"="+dir)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		last, seen := -1, 0
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			number, ok := strings.CutPrefix(lines.Text(), "acknowledged ")
			if !ok {
				t.Fatalf("round %d: %s", round, lines.Text())
			}
			if last, err = strconv.Atoi(number); err != nil {
				t.Fatal(err)
			}
			if seen++; seen == 100+37*round {
				if err := cmd.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
		if _, err := io.Copy(io.Discard, out); err != nil {
			t.Fatal(err)
		}
		if cmd.Wait() == nil {
			t.Fatal("the process ended by itself")
		}
		s := mustOpen(t, dir, testOptions(t))
		if n := numbered(t, s); n <= last {
			t.Errorf("round %d: %d commits, but %d were acknowledged", round, n, last+1)
		}
		if s.Moved() {
			t.Errorf("round %d: moved", round)
		}
		mustClose(t, s)
	}
}
