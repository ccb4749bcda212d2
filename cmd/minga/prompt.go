package main

import (
	"bufio"
	"context"
	"fmt"
	"strings"
)

// nameForMe returns how a person is called in a commons: as --as says, or as
// they answer on a terminal.
func (a *app) nameForMe(ctx context.Context, as string) (string, error) {
	return a.want(ctx, as, a.t("Your name in the commons"), "--as")
}

// want returns value, or asks for it. Without anybody to ask, it is an error of
// use that names the flag or argument.
func (a *app) want(ctx context.Context, value, question, flag string) (string, error) {
	if value = strings.TrimSpace(value); value != "" {
		return value, nil
	}
	if !a.interactive() {
		return "", a.usage("%s is missing", flag)
	}
	answer, err := a.hear(ctx, question)
	if err == nil && answer == "" {
		err = a.usage("%s is missing", flag)
	}
	return answer, err
}

// agree asks whether to go on, where somebody sits who can be asked. It is an
// error if they do not want to.
func (a *app) agree(ctx context.Context, question string) error {
	if a.yes || !a.interactive() {
		return nil
	}
	answer, err := a.hear(ctx, question+" "+a.t("[y/N]"))
	if err != nil {
		return err
	}
	switch strings.ToLower(answer) {
	case "y", "yes", "s", "sí", "si":
		return nil
	}
	return &statusError{exitFailure, a.t("nothing was done")}
}

// hear asks a question on the terminal and returns the answer.
func (a *app) hear(ctx context.Context, question string) (string, error) {
	fmt.Fprintf(a.err, "%s: ", question)
	answers := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(a.in).ReadString('\n')
		answers <- strings.TrimSpace(line)
	}()
	select {
	case <-ctx.Done():
		fmt.Fprintln(a.err)
		return "", context.Cause(ctx)
	case answer := <-answers:
		return answer, nil
	}
}
