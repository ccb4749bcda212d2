package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/minga-commons/minga/node/api/client"
)

func (a *app) resourceFlows() *cobra.Command {
	return &cobra.Command{
		Use:   "flows NAME|ID",
		Short: a.t("What passed between agents on the way to a resource"),
		Args:  a.exactly(1, a.t("a name or an id")),
		RunE: func(c *cobra.Command, args []string) error {
			return a.ask(c.Context(), 0, func(ctx context.Context, node *client.Client) error {
				all, err := node.NetworkFlows(ctx, a.commons, args[0])
				if err != nil {
					return err
				}
				return a.answer(all, func() {
					var rows [][]string
					for _, f := range all.Flows {
						rows = append(rows, []string{
							nameOf(f.Provider), nameOf(f.Receiver), f.Action, f.ResourceConformsTo, measure(&f.Quantity), fmt.Sprint(f.Events),
						})
					}
					a.table([]string{a.t("from"), a.t("to"), a.t("action"), a.t("resource"), a.t("quantity"), a.t("events")}, rows, 5, 6)
				})
			})
		},
	}
}

func (a *app) resourceRollUp() *cobra.Command {
	return &cobra.Command{
		Use:   "roll-up NAME|ID",
		Short: a.t("What has gone into one unit of a resource"),
		Args:  a.exactly(1, a.t("a name or an id")),
		RunE: func(c *cobra.Command, args []string) error {
			return a.ask(c.Context(), 0, func(ctx context.Context, node *client.Client) error {
				sum, err := node.RollUp(ctx, a.commons, args[0])
				if err != nil {
					return err
				}
				return a.answer(sum, func() {
					var rows [][]string
					for _, l := range sum.Lines {
						rows = append(rows, []string{l.Action, l.ResourceConformsTo, measure(&l.Quantity), nameOf(l.Provider)})
					}
					fmt.Fprintln(a.out, measure(&sum.Amount))
					a.table([]string{a.t("action"), a.t("resource"), a.t("quantity"), a.t("from")}, rows, 3)
				})
			})
		},
	}
}
