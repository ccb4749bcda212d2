// Command minga runs a node of a commons ledger (minga daemon) and asks one
// (every other verb).
//
// Data goes to standard output, everything else to standard error. With --json
// the data is one object with a field "schema"; streams are one object a line.
// The exit status says what happened, see exit.go.
package main

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	os.Exit(run())
}

var errInterrupted = errors.New("interrupted")

func run() int {
	ctx, stop := context.WithCancelCause(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		signal.Stop(signals) // a second signal ends the process at once
		stop(errInterrupted)
	}()
	a := newApp(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	return a.execute(ctx)
}
