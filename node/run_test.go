package node

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/node/api/client"
)

func localConfig(home string) Config {
	c := Defaults()
	c.Home, c.API, c.Listen, c.Discovery = home, "127.0.0.1:0", []string{"/ip4/127.0.0.1/tcp/0"}, false
	return c
}

// patience is how long a test waits for what should happen soon.
const patience = 30 * time.Second

// ready waits until a node answers.
func ready(t testing.TB, home string) *client.Client {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), patience)
	defer stop()
	again := time.NewTicker(10 * time.Millisecond)
	defer again.Stop()
	for {
		if c, err := client.New(client.Options{Home: home}); err == nil && c.Ready(ctx) == nil {
			return c
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			t.Fatal("the node does not answer")
		}
	}
}

func TestANodeStartsStopsAndLeavesNothing(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	home := t.TempDir()
	for round := range 2 {
		ctx, stop := context.WithCancel(context.Background())
		ended := make(chan error, 1)
		go func() { ended <- Run(ctx, localConfig(home), slog.New(slog.DiscardHandler)) }()
		c := ready(t, home)
		if round == 0 {
			if _, err := c.CreateCommons(t.Context(), api.CommonsDraft{Name: "Huerta", As: "Ana"}, client.Write{}); err != nil {
				t.Error(err)
			}
		}
		status, err := c.Status(t.Context())
		if err != nil || len(status.Commons) != 1 {
			t.Errorf("round %d: %+v, %v", round, status, err)
		}
		c.Close()
		begun := time.Now()
		stop()
		select {
		case err := <-ended:
			if took := time.Since(begun); err != nil || took > 5*time.Second {
				t.Errorf("it ended after %v: %v", took, err)
			}
		case <-time.After(patience):
			t.Fatal("it does not end")
		}
	}
}

func TestANodeThatCannotStartLeavesNothing(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	port := taken.Addr().String()
	badConfig := func(err error) bool { return errors.Is(err, ErrBadConfig) }
	inUse := func(err error) bool {
		var taken *AddrInUseError
		return errors.As(err, &taken)
	}
	for name, c := range map[string]struct {
		change func(*Config)
		want   func(error) bool
	}{
		"bad config":    {func(c *Config) { c.API = "" }, badConfig},
		"bad multiaddr": {func(c *Config) { c.Listen = []string{"/ip4/nowhere"} }, badConfig},
		"api in use":    {func(c *Config) { c.API = port }, inUse},
		"listen in use": {func(c *Config) { c.Listen = []string{"/ip4/127.0.0.1/tcp/" + port[len("127.0.0.1:"):]} }, inUse},
	} {
		t.Run(name, func(t *testing.T) {
			config := localConfig(t.TempDir())
			c.change(&config)
			err := Run(t.Context(), config, slog.New(slog.DiscardHandler))
			if !c.want(err) {
				t.Errorf("got %v", err)
			}
		})
	}
}
