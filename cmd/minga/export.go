package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/minga-commons/minga/node/api/client"
)

func (a *app) exportCommand() *cobra.Command {
	return a.group("export", a.t("Write what a commons holds in a form that others read"), a.exportJSONLD())
}

func (a *app) exportJSONLD() *cobra.Command {
	return &cobra.Command{
		Use:   "jsonld [FILE]",
		Short: a.t("Write a graph of ValueFlows as JSON-LD, to standard output or a file"),
		Long: a.t("Write a graph of ValueFlows as JSON-LD, to standard output or a file.") + "\n\n" +
			a.t("The graph holds agents, specifications, resources, processes, plans, promises and\nevents. minga event import reads it elsewhere, and comes to the same stock. Payments\nare told there and not made again; confirmations are not part of it."),
		Args: a.between(0, 1, ""),
		RunE: func(c *cobra.Command, args []string) error {
			return a.ask(c.Context(), 0, func(ctx context.Context, node *client.Client) error {
				if len(args) == 0 || args[0] == "-" {
					return node.Export(ctx, a.commons, a.out)
				}
				return writeWhole(args[0], func(w io.Writer) error { return node.Export(ctx, a.commons, w) })
			})
		},
	}
}

// writeWhole writes a file as a whole or not at all: an earlier one stays until
// the new one is complete.
func writeWhole(name string, write func(io.Writer) error) (err error) {
	file, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+"-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(file.Name()))
		}
	}()
	err = write(file)
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), name)
}
