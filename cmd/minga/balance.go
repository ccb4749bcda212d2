package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/node/api/client"
)

func (a *app) balanceCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "balance [AGENT]",
		Short: a.t("What an agent has contributed, and has in each currency (default: you)"),
		Args:  a.between(0, 1, ""),
		RunE: func(c *cobra.Command, args []string) error {
			return a.ask(c.Context(), briefly, func(ctx context.Context, node *client.Client) error {
				balance, err := node.Balance(ctx, a.commons, strings.Join(args, ""))
				if err != nil {
					return err
				}
				return a.answer(balance, func() { a.showBalance(balance) })
			})
		},
	}
}

func (a *app) showBalance(b api.Balance) {
	fmt.Fprintf(a.out, "%s  %s\n", printable(b.Agent.Name), b.Agent.ID)
	if len(b.Contributions)+len(b.Accounts) == 0 {
		a.hint("No contributions yet.")
	}
	if len(b.Accounts) > 0 {
		a.showAccounts(b.Accounts)
	}
	if len(b.Contributions) == 0 {
		return
	}
	var rows [][]string
	for _, c := range b.Contributions {
		rows = append(rows, []string{c.Action, c.Resource, c.Quantity, c.Unit, c.Confirmed, c.Pending})
	}
	a.table([]string{
		a.t("action"), a.t("resource"), a.t("quantity"), a.t("unit"), a.t("confirmed"), a.t("pending"),
	}, rows, 3, 5, 6)
}
