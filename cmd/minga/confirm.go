package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/node/api/client"
)

func (a *app) confirmCommand() *cobra.Command {
	draft := api.ConfirmationDraft{Verdict: "confirm"}
	var dryRun bool
	c := &cobra.Command{
		Use:   "confirm ID",
		Short: a.t("Confirm what somebody else recorded"),
		Args:  a.exactly(1, a.t("the id of an event")),
		RunE: func(c *cobra.Command, args []string) error {
			draft.Target = args[0]
			return a.ask(c.Context(), briefly, func(ctx context.Context, node *client.Client) error {
				w, err := node.Confirm(ctx, draft, a.write(dryRun))
				if err != nil {
					return err
				}
				return a.wrote(w)
			})
		},
	}
	c.Flags().StringVar(&draft.Reason, "reason", "", a.t("why; it is permanent"))
	c.Flags().BoolVar(&dryRun, "dry-run", false, a.t("write nothing, show what would be written"))
	return c
}
