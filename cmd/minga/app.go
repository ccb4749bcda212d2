package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/term"

	"github.com/minga-commons/minga/node/api/client"
)

// app is one run of the program.
type app struct {
	args     []string
	in       *os.File
	out, err *os.File

	// set from the global flags
	home    string
	commons string
	json    bool
	lang    string
	yes     bool
	noInput bool
	quiet   bool
	timeout time.Duration
	url     string
	token   string
}

func newApp(args []string, in, out, err *os.File) *app {
	a := &app{args: args, in: in, out: out, err: err}
	a.lang = chooseLanguage(args, os.Getenv)
	return a
}

func (a *app) execute(ctx context.Context) int {
	root := a.root()
	root.SetArgs(a.args)
	err := root.ExecuteContext(ctx)
	code := exitCode(ctx, err)
	if err != nil {
		a.explain(err, code)
	}
	return code
}

// client returns a client of the node that the flags name.
func (a *app) client() (*client.Client, error) {
	return client.New(client.Options{Home: a.home, URL: a.url, Token: a.token, Language: a.lang})
}

// ask runs fn against the node, with a deadline: that of --timeout, or usual if
// it is not given. Without either there is none.
func (a *app) ask(ctx context.Context, usual time.Duration, fn func(context.Context, *client.Client) error) error {
	c, err := a.client()
	if err != nil {
		return err
	}
	defer c.Close()
	if a.timeout > 0 {
		usual = a.timeout
	}
	if usual > 0 {
		var stop context.CancelFunc
		ctx, stop = context.WithTimeout(ctx, usual)
		defer stop()
	}
	return fn(ctx, c)
}

// Deadlines of questions. An import has none: it shows that it goes on.
const (
	briefly  = 30 * time.Second
	joinWait = 2 * time.Minute
)

// interactive reports whether somebody sits there who can be asked.
func (a *app) interactive() bool {
	return !a.noInput && term.IsTerminal(int(a.in.Fd()))
}

// hint tells people what may help them on standard error, unless --quiet.
func (a *app) hint(format string, args ...any) {
	if !a.quiet {
		fmt.Fprintln(a.err, a.t(format, args...))
	}
}

// freshKey is an idempotency key for one write.
func freshKey() string { return rand.Text() }

// defaultHome is where a node lives if nobody says otherwise.
func defaultHome(env func(string) string) string {
	if home := env("MINGA_HOME"); home != "" {
		return home
	}
	if data := env("XDG_DATA_HOME"); filepath.IsAbs(data) {
		return filepath.Join(data, "minga")
	}
	return filepath.Join(env("HOME"), ".local", "share", "minga")
}
