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
		if answer == "" {
			return "", a.usage("%s is missing", flag)
		}
		return answer, nil
	}
}
