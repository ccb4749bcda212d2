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
	var why bool
	var limit int
	c := &cobra.Command{
		Use:   "balance [AGENT]",
		Short: a.t("What an agent has contributed, and has in each currency (default: you)"),
		Args:  a.between(0, 1, ""),
		RunE: func(c *cobra.Command, args []string) error {
			if limit < 0 {
				return a.usage("--limit %d: it is a number from 1 up", limit)
			}
			return a.ask(c.Context(), briefly, func(ctx context.Context, node *client.Client) error {
				ask := node.Balance
				if why {
					ask = func(ctx context.Context, commons, agent string) (api.Balance, error) {
						return node.WhyBalance(ctx, commons, agent, limit)
					}
				}
				balance, err := ask(ctx, a.commons, strings.Join(args, ""))
				if err != nil {
					return err
				}
				return a.answer(balance, func() { a.showBalance(balance) })
			})
		},
	}
	c.Flags().BoolVar(&why, "why", false, a.t("with the events and payments behind each figure"))
	c.Flags().IntVar(&limit, "limit", 0, a.t("list at most so many of each (default: 100)"))
	return c
}

func (a *app) showBalance(b api.Balance) {
	defer a.showWhy(b.Why)
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

// showWhy shows what is behind each figure, if that was asked for.
func (a *app) showWhy(why *api.Why) {
	if why == nil {
		return
	}
	fmt.Fprintln(a.out)
	a.tree(why.Parts, "")
}
