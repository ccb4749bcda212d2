package main

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/node/api/client"
)

// TestMain lets the test binary be `minga` for whoever finds it in PATH.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"minga": main})
}

// patience is how long a test waits for what should happen soon. It is far more
// than is needed, so that only a fault makes it run out.
const patience = time.Minute

// poll is how often a test looks whether something has happened.
const poll = 20 * time.Millisecond

// until calls done until it reports true, and reports whether it did in time.
func until(limit time.Duration, done func() bool) bool {
	ctx, stop := context.WithTimeout(context.Background(), limit)
	defer stop()
	again := time.NewTicker(poll)
	defer again.Stop()
	for !done() {
		select {
		case <-again.C:
		case <-ctx.Done():
			return done()
		}
	}
	return true
}

// daemon is a node in a process of its own.
type daemon struct {
	home string
	log  string // file of its standard error
	cmd  *exec.Cmd
	gone chan struct{} // closed when the process has ended
}

// errEnded says that a daemon ended before it answered.
var errEnded = errors.New("the daemon has ended")

// startDaemon starts a node and returns once it answers.
func startDaemon(home string, env []string, args ...string) (*daemon, error) {
	program, err := exec.LookPath("minga")
	if err != nil {
		return nil, err
	}
	d := &daemon{home: home, log: home + ".log", gone: make(chan struct{})}
	log, err := os.OpenFile(d.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	args = append([]string{"--home", home, "daemon", "--api", "127.0.0.1:0", "--no-discovery"}, args...)
	if !strings.Contains(strings.Join(args, " "), "--listen") {
		args = append(args, "--listen", "/ip4/127.0.0.1/tcp/0")
	}
	d.cmd = exec.Command(program, args...)
	d.cmd.Env, d.cmd.Stdout, d.cmd.Stderr = env, log, log
	if err := d.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		_ = d.cmd.Wait()
		close(d.gone)
	}()
	ended := false
	answers := until(patience, func() bool {
		select {
		case <-d.gone:
			ended = true
			return true
		default:
		}
		_, err := d.status()
		return err == nil
	})
	if ended || !answers {
		text, _ := os.ReadFile(d.log)
		d.signal(syscall.SIGKILL)
		return nil, errors.Join(errEnded, errors.New(string(text)))
	}
	return d, nil
}

func (d *daemon) client() (*client.Client, error) { return client.New(client.Options{Home: d.home}) }

func (d *daemon) status() (api.Status, error) {
	c, err := d.client()
	if err != nil {
		return api.Status{}, err
	}
	defer c.Close()
	ctx, stop := context.WithTimeout(context.Background(), 5*time.Second)
	defer stop()
	return c.Status(ctx)
}

// signal ends the daemon and waits until it is gone. It returns its exit
// status, -1 for one that a signal ended.
func (d *daemon) signal(s syscall.Signal) int {
	_ = d.cmd.Process.Signal(s)
	select {
	case <-d.gone:
	case <-time.After(patience):
		_ = d.cmd.Process.Kill()
		<-d.gone
	}
	return d.cmd.ProcessState.ExitCode()
}

// TestScripts runs the scripts of testdata/script against the real program.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		Deadline:            time.Now().Add(5 * time.Minute),
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			runtime, err := os.MkdirTemp("", "minga")
			if err != nil {
				return err
			}
			env.Defer(func() { os.RemoveAll(runtime) })
			env.Setenv("XDG_RUNTIME_DIR", runtime)
			env.Setenv("LANG", "C.UTF-8")
			env.Values["daemons"] = map[string]*daemon{}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"daemon": scriptDaemon, "end": scriptEnd, "exits": scriptExits,
			"keep": scriptKeep, "until": scriptUntil, "bytes": scriptBytes,
		},
	})
}

// scriptDaemon is `daemon NAME ARGS...`: a node with its home in $WORK/NAME,
// running until the script ends.
func scriptDaemon(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: daemon NAME ARGS...")
	}
	var env []string
	for _, name := range []string{"PATH", "HOME", "TMPDIR", "XDG_RUNTIME_DIR", "LANG", "GOCOVERDIR"} {
		env = append(env, name+"="+ts.Getenv(name))
	}
	d, err := startDaemon(ts.MkAbs(args[0]), env, args[1:]...)
	ts.Check(err)
	ts.Value("daemons").(map[string]*daemon)[args[0]] = d
	ts.Defer(func() { d.signal(syscall.SIGKILL) })
}

// scriptEnd is `end NAME SIGNAL STATUS`: sends TERM, INT or KILL, and expects
// the daemon to end with that status within five seconds.
func scriptEnd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: end NAME SIGNAL STATUS")
	}
	d := ts.Value("daemons").(map[string]*daemon)[args[0]]
	if d == nil {
		ts.Fatalf("there is no daemon %s", args[0])
	}
	signal := map[string]syscall.Signal{"TERM": syscall.SIGTERM, "INT": syscall.SIGINT, "KILL": syscall.SIGKILL}[args[1]]
	begun := time.Now()
	status := d.signal(signal)
	if took := time.Since(begun); took > 5*time.Second {
		ts.Fatalf("it took %v", took)
	}
	want := map[string]int{"0": 0, "1": 1, "killed": -1}[args[2]]
	if status != want {
		ts.Fatalf("the status was %d", status)
	}
}

// scriptExits is `exits STATUS PROGRAM ARGS...`: runs a program and expects that
// very status.
func scriptExits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits STATUS PROGRAM ARGS...")
	}
	err := ts.Exec(args[1], args[2:]...)
	status := 0
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		status = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if wanted := map[string]int{
		"0": exitOK, "1": exitFailure, "2": exitUsage, "3": exitNotFound, "4": exitInvalid, "5": exitConflict,
		"6": exitForbidden, "7": exitUnreachable, "8": exitPartial, "9": exitVerify, "130": exitInterrupted,
	}; wanted[args[0]] != status {
		ts.Fatalf("it exits %d", status)
	}
}

// scriptKeep is `keep NAME`: the first word of the last output, as $NAME.
func scriptKeep(ts *testscript.TestScript, neg bool, args []string) {
	words := strings.Fields(ts.ReadFile("stdout"))
	if neg || len(args) != 1 || len(words) == 0 {
		ts.Fatalf("usage: keep NAME, after a command with output")
	}
	ts.Setenv(args[0], words[0])
}

// scriptUntil is `until TEXT PROGRAM ARGS...`: runs a program again and again
// until it prints the text.
func scriptUntil(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: until TEXT PROGRAM ARGS...")
	}
	if !until(patience, func() bool {
		err := ts.Exec(args[1], args[2:]...)
		return err == nil && strings.Contains(ts.ReadFile("stdout"), args[0])
	}) {
		ts.Fatalf("it never printed %q", args[0])
	}
}

// scriptBytes is `bytes FILE TEXT`: appends a text with the escapes of Go, since
// a script is UTF-8.
func scriptBytes(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: bytes FILE TEXT")
	}
	text := strings.NewReplacer(`\n`, "\n", `\0`, "\x00", `\xf1`, "\xf1", `\x7f`, "\x7f").Replace(args[1])
	file, err := os.OpenFile(ts.MkAbs(args[0]), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	ts.Check(err)
	_, err = io.WriteString(file, text)
	ts.Check(errors.Join(err, file.Close()))
}
