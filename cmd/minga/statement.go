package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/node/api/client"
)

func (a *app) statementCommand() *cobra.Command {
	var currency string
	c := &cobra.Command{
		Use:   "statement [AGENT]",
		Short: a.t("The movements of an account, with the running balance (default: yours)"),
		Args:  a.between(0, 1, ""),
		RunE: func(c *cobra.Command, args []string) error {
			query := client.StatementQuery{
				Page: client.Page{Commons: a.commons, Limit: pageSize}, Agent: strings.Join(args, ""), Currency: currency,
			}
			return a.ask(c.Context(), 0, func(ctx context.Context, node *client.Client) error {
				statement, err := statementOf(ctx, node, query)
				if err != nil {
					return err
				}
				return a.answer(statement, func() { a.showStatement(statement) })
			})
		},
	}
	c.Flags().StringVar(&currency, "currency", "", a.t("only in this currency (default: all)"))
	return c
}

// statementOf gathers the whole statement in one currency, or in all.
func statementOf(ctx context.Context, node *client.Client, query client.StatementQuery) (api.Statement, error) {
	out := api.Statement{Schema: "minga.statement/1", Currency: query.Currency, Lines: []api.StatementLine{}}
	currencies := []string{query.Currency}
	if query.Currency == "" {
		balance, err := node.Balance(ctx, query.Commons, query.Agent)
		if err != nil {
			return out, err
		}
		out.Commons, out.Agent, currencies = balance.Commons, balance.Agent, nil
		for _, account := range balance.Accounts {
			currencies = append(currencies, account.Currency)
		}
		if len(currencies) == 1 {
			out.Currency = currencies[0]
		}
	}
	for _, currency := range currencies {
		query.Currency = currency
		for line, err := range client.Every(func(cursor string) ([]api.StatementLine, string, error) {
			query.Cursor = cursor
			page, err := node.Statement(ctx, query)
			if err == nil {
				out.Commons, out.Agent = page.Commons, page.Agent
			}
			return page.Lines, page.Next, err
		}) {
			if err != nil {
				return out, err
			}
			out.Lines = append(out.Lines, line)
		}
	}
	return out, nil
}

func (a *app) showStatement(s api.Statement) {
	a.pairs([2]string{s.Agent.Name, s.Agent.ID})
	if len(s.Lines) == 0 {
		a.hint("No payments yet.")
		return
	}
	var rows [][]string
	for _, l := range s.Lines {
		other := a.t("outside")
		switch {
		case l.Other != nil:
			other = nameOf(l.Other)
		case l.Distribution:
			other = a.t("several")
		}
		rows = append(rows, []string{
			brief(l.ID), l.Time, other, l.Amount, l.Currency, a.state(l.State), l.Settled, l.Pending, l.Balance, l.Note,
		})
	}
	a.table([]string{
		a.t("id"), a.t("when"), a.t("with"), a.t("amount"), a.t("currency"), a.t("state"),
		a.t("settled"), a.t("pending"), a.t("balance"), a.t("note"),
	}, rows, 4, 7, 8, 9)
}

func (a *app) showAccounts(accounts []api.AccountLine) {
	var rows [][]string
	for _, l := range accounts {
		rows = append(rows, []string{l.Currency, l.Settled, l.Pending, l.Available, l.Limit})
	}
	a.table([]string{
		a.t("currency"), a.t("settled"), a.t("pending"), a.t("available"), a.t("limit"),
	}, rows, 2, 3, 4, 5)
}
