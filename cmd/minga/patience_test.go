package main

import (
	"net"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// silent listens and never says a word. It tells of each connection.
func silent(t *testing.T) (url string, came <-chan struct{}) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	conns := make(chan struct{}, 16)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			defer conn.Close()
			conns <- struct{}{}
		}
	}()
	t.Cleanup(func() {
		l.Close()
		<-ended
	})
	return "http://" + l.Addr().String(), conns
}

func TestANodeThatDoesNotAnswer(t *testing.T) {
	url, _ := silent(t)
	cmd := exec.Command("minga", "--api", url, "--timeout", "100ms", "status")
	var said strings.Builder
	cmd.Stderr = &said
	_ = cmd.Run()
	if code := cmd.ProcessState.ExitCode(); code != exitUnreachable || !strings.Contains(said.String(), "in time") {
		t.Errorf("it exits %d: %s", code, said.String())
	}
}

func TestInterrupted(t *testing.T) {
	url, came := silent(t)
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		cmd := exec.Command("minga", "--api", url, "status")
		var said strings.Builder
		cmd.Stderr = &said
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		<-came
		if err := cmd.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait()
		if code := cmd.ProcessState.ExitCode(); code != exitInterrupted || !strings.Contains(said.String(), "interrupted") {
			t.Errorf("%v: it exits %d: %s", signal, code, said.String())
		}
	}
}
