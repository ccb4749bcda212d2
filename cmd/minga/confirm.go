package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/node/api/client"
)

func (a *app) confirmCommand() *cobra.Command {
	return a.verdictCommand("confirm", a.t("Confirm what somebody else recorded"))
}

func (a *app) disputeCommand() *cobra.Command {
	return a.verdictCommand("dispute", a.t("Dispute what somebody else recorded, with a reason"))
}

func (a *app) verdictCommand(verdict, short string) *cobra.Command {
	draft := api.ConfirmationDraft{Verdict: verdict}
	var dryRun bool
	c := &cobra.Command{
		Use:   verdict + " ID",
		Short: short,
		Args:  a.exactly(1, a.t("the id of an event")),
		RunE: func(c *cobra.Command, args []string) error {
			if verdict == "dispute" && draft.Reason == "" {
				return a.usage("%s is missing", "--reason")
			}
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
