package main

import (
	"log/slog"
	"os"

	"github.com/lmittmann/tint"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/minga-commons/minga/node"
)

// settingFlags are the flags of a daemon that are settings of its configuration
// too, by the same key.
func (a *app) settingFlags(c *cobra.Command) {
	d := node.Defaults()
	c.Flags().String("api", d.API, a.t("where the API listens, HOST:PORT"))
	c.Flags().StringArray("listen", d.Listen, a.t("where peers are awaited, a multiaddr (TCP or QUIC); may be repeated"))
	c.Flags().StringArray("peer", nil, a.t("a node to stay connected with, a multiaddr ending in /p2p/ID; may be repeated"))
	c.Flags().Bool("no-discovery", false, a.t("do not look for nodes on the local network"))
	c.Flags().Bool("read-only", false, a.t("take and write no entries"))
	c.Flags().String("log-level", d.LogLevel, a.t("debug, info, warn or error"))
}

// givenSettings returns the flags that were given, by key of the configuration.
func givenSettings(c *cobra.Command) map[string]any {
	given := map[string]any{}
	f := c.Flags()
	for _, key := range []string{"api", "log-level"} {
		if value, err := f.GetString(key); err == nil && f.Changed(key) {
			given[key] = value
		}
	}
	for flag, key := range map[string]string{"listen": "listen", "peer": "peers"} {
		if value, err := f.GetStringArray(flag); err == nil && f.Changed(flag) {
			given[key] = value
		}
	}
	if off, err := f.GetBool("no-discovery"); err == nil && f.Changed("no-discovery") {
		given["discovery"] = !off
	}
	if on, err := f.GetBool("read-only"); err == nil && f.Changed("read-only") {
		given["read-only"] = on
	}
	return given
}

func (a *app) daemonCommand() *cobra.Command {
	var unasked bool
	c := &cobra.Command{
		Use:   "daemon",
		Short: a.t("Run a node until Ctrl-C"),
		Long:  a.t("Run a node until Ctrl-C. The first start makes the identity of the node.\nA setting is taken from its flag, else from a variable MINGA_*, else from\nconfig.toml in the home, else it has its default: see minga config show."),
		Args:  a.exactly(0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			config, _, err := node.Load(a.home, os.LookupEnv, givenSettings(c))
			if err != nil {
				return err
			}
			config.Version, config.WriteWithoutPeers = thisVersion().Version, unasked
			if err := config.Validate(); err != nil {
				return err
			}
			level, err := config.Level()
			if err != nil {
				return err
			}
			return node.Run(c.Context(), config, a.logger(level))
		},
	}
	a.settingFlags(c)
	c.Flags().BoolVar(&unasked, "write-without-peers", false,
		a.t("write and vote now, although the files are a copy; if peers hold more of your log than is here, it is frozen for good"))
	return c
}

// logger writes to standard error, in colour on a terminal unless NO_COLOR asks
// for none.
func (a *app) logger(level slog.Level) *slog.Logger {
	plain := os.Getenv("NO_COLOR") != "" || !term.IsTerminal(int(a.err.Fd()))
	return slog.New(tint.NewTextHandler(a.err, &tint.Options{Level: level, NoColor: plain}))
}
