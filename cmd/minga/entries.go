package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/node/api/client"
)

func (a *app) entriesCommand() *cobra.Command {
	var log string
	var from, to int64
	c := &cobra.Command{
		Use:   "entries [LOG]",
		Short: a.t("Print the entries of one log or of all, one JSON object a line"),
		Args:  a.between(0, 1, ""),
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 0 && log != "" {
				return a.usage("name the log once: as LOG or with --log")
			}
			query := client.EntryQuery{
				Page: client.Page{Commons: a.commons, Limit: pageSize},
				Log:  log + strings.Join(args, ""), From: from,
			}
			if from < 0 || c.Flags().Changed("to") && to < from {
				return a.usage("--from %d --to %d: entries are numbered from 0 up", from, to)
			}
			if c.Flags().Changed("to") {
				query.To = &to
			}
			return a.ask(c.Context(), 0, func(ctx context.Context, node *client.Client) error {
				if query.Log != "" {
					if err := a.printEntries(ctx, node, query); err != nil {
						return err
					}
					log, err := node.Log(ctx, a.commons, query.Log)
					if err == nil {
						a.explainFork(log)
					}
					return err
				}
				return a.printAllEntries(ctx, node, query)
			})
		},
	}
	c.Flags().StringVar(&log, "log", "", a.t("id of the log, or name of its agent"))
	c.Flags().Int64Var(&from, "from", 0, a.t("number of the first entry"))
	c.Flags().Int64Var(&to, "to", 0, a.t("number of the last entry (default: the newest)"))
	return c
}

func (a *app) printEntries(ctx context.Context, node *client.Client, query client.EntryQuery) error {
	for entry, err := range client.Every(func(cursor string) ([]api.Entry, string, error) {
		query.Cursor = cursor
		page, err := node.Entries(ctx, query)
		return page.Entries, page.Next, err
	}) {
		if err != nil {
			return err
		}
		if err := a.line(entry); err != nil {
			return err
		}
	}
	return nil
}

func (a *app) printAllEntries(ctx context.Context, node *client.Client, query client.EntryQuery) error {
	for log, err := range client.Every(func(cursor string) ([]api.Log, string, error) {
		page, err := node.Logs(ctx, client.Page{Commons: a.commons, Limit: pageSize, Cursor: cursor})
		return page.Logs, page.Next, err
	}) {
		if err != nil {
			return err
		}
		query.Log = log.ID
		if err := a.printEntries(ctx, node, query); err != nil {
			return err
		}
		a.explainFork(log)
	}
	return nil
}

// explainFork says whose log has two histories, and what that means.
func (a *app) explainFork(log api.Log) {
	if log.Means != "" && !a.quiet {
		fmt.Fprintf(a.err, "%s: %s\n", printable(nameOf(&log.Agent)), printable(log.Means))
	}
}
