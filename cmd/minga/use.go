package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/node/api/client"
)

func (a *app) useCommand() *cobra.Command {
	return a.group("use", a.t("Declare what you use of the commons, and pay your share for it"),
		a.useDeclareCommand(), a.useListCommand(), a.useShowCommand(), a.usePayCommand())
}

func (a *app) useDeclareCommand() *cobra.Command {
	var draft api.DeclarationDraft
	var commercial, free, dryRun bool
	c := &cobra.Command{
		Use:   "declare RESOURCE --commercial|--non-commercial --from DATE --to DATE",
		Short: a.t("Declare that you used a resource of the licence, and the profit from it"),
		Example: "  minga use declare 'manual de riego' --commercial --from 2026-01-01 --to 2026-01-31 --income 3000 --profit 1200\n" +
			"  minga use declare 'manual de riego' --non-commercial --from 2026-01-01 --to 2026-06-30",
		Args: a.exactly(1, a.t("RESOURCE, one of the licence's")),
		RunE: func(c *cobra.Command, args []string) error {
			switch {
			case commercial == free:
				return a.usage("say either --commercial or --non-commercial")
			case draft.Beginning == "" || draft.End == "":
				return a.usage("the period is missing: --from and --to, such as 2026-01-01")
			}
			draft.Resource, draft.Use = args[0], "non-commercial"
			if commercial {
				draft.Use = "commercial"
			}
			return a.ask(c.Context(), briefly, func(ctx context.Context, node *client.Client) error {
				w, err := node.Declare(ctx, draft, a.write(dryRun))
				if err != nil {
					return err
				}
				return a.wrote(w)
			})
		},
	}
	f := c.Flags()
	f.BoolVar(&commercial, "commercial", false, a.t("it was used for profit"))
	f.BoolVar(&free, "non-commercial", false, a.t("it was used without commerce"))
	f.StringVar(&draft.Beginning, "from", "", a.t("first day, such as 2026-01-01"))
	f.StringVar(&draft.End, "to", "", a.t("last day, such as 2026-01-31"))
	f.StringVar(&draft.Form, "form", "", a.t("form of organisation, such as worker-owned"))
	f.StringVar(&draft.Income, "income", "", a.t("income of the period"))
	f.StringVar(&draft.Profit, "profit", "", a.t("profit of the period, below zero for a loss"))
	f.StringVar(&draft.Currency, "currency", "", a.t("currency of income and profit (default: that of the licence)"))
	f.StringVar(&draft.Fraction, "fraction", "", a.t("part of the profit that is due to the resource, 0 to 1"))
	f.StringVar(&draft.Agent, "agent", "", a.t("who used it: an agent without a log (stewards only; default: you)"))
	f.StringVar(&draft.Note, "note", "", a.t("a note; it is permanent"))
	f.BoolVar(&dryRun, "dry-run", false, a.t("write nothing, show what would be written"))
	return c
}

func (a *app) useListCommand() *cobra.Command {
	var agent string
	var limit int
	c := &cobra.Command{
		Use:   "list",
		Short: a.t("List declarations of use"),
		Args:  a.exactly(0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			return a.ask(c.Context(), briefly, func(ctx context.Context, node *client.Client) error {
				list, err := node.Declarations(ctx, agent, client.Page{Commons: a.commons, Limit: limit})
				if err != nil {
					return err
				}
				return a.answer(list, func() { a.showDeclarations(list.Declarations) })
			})
		},
	}
	c.Flags().StringVar(&agent, "agent", "", a.t("only those of this agent"))
	c.Flags().IntVar(&limit, "limit", 100, a.t("at most so many"))
	return c
}

func (a *app) showDeclarations(all []api.Declaration) {
	if len(all) == 0 {
		a.hint("No use has been declared.")
		return
	}
	var rows [][]string
	for _, d := range all {
		said := a.confirmation(d.Confirmation)
		if d.ReplacedBy != "" {
			said = a.t("replaced")
		}
		rows = append(rows, []string{
			brief(d.ID), nameOf(&d.Agent), d.Resource, d.Beginning, d.End, a.useName(d.Use), d.Form, d.Profit, d.Currency, said,
		})
	}
	a.table([]string{
		a.t("id"), a.t("agent"), a.t("resource"), a.t("from"), a.t("to"), a.t("use"), a.t("form"), a.t("profit"), a.t("currency"), a.t("confirmation"),
	}, rows, 8)
}

func (a *app) useName(use string) string {
	if use == "commercial" {
		return a.t("commercial")
	}
	return a.t("non-commercial")
}

func (a *app) confirmation(state string) string {
	switch state {
	case "confirmed":
		return a.t("confirmed")
	case "disputed":
		return a.t("disputed")
	case "maturing":
		return a.t("confirmed; its window is not over")
	}
	return a.t("waits for confirmation")
}

func (a *app) useShowCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "show ID",
		Short: a.t("Show a declaration of use"),
		Args:  a.exactly(1, a.t("the id of a declaration of use")),
		RunE: func(c *cobra.Command, args []string) error {
			return a.ask(c.Context(), briefly, func(ctx context.Context, node *client.Client) error {
				d, err := node.Declaration(ctx, a.commons, args[0])
				if err != nil {
					return err
				}
				return a.answer(d, func() { a.showDeclaration(d) })
			})
		},
	}
}

func (a *app) showDeclaration(d api.Declaration) {
	fmt.Fprintln(a.out, d.ID)
	var rows [][]string
	for _, r := range [][]string{
		{a.t("agent"), nameOf(&d.Agent)}, {a.t("by"), nameOf(&d.Author)}, {a.t("resource"), d.Resource},
		{a.t("from"), d.Beginning}, {a.t("to"), d.End}, {a.t("use"), a.useName(d.Use)}, {a.t("form"), d.Form},
		{a.t("income"), strings.TrimSpace(d.Income + " " + d.Currency)}, {a.t("profit"), d.Profit}, {a.t("fraction"), d.Fraction},
		{a.t("note"), d.Note}, {a.t("state"), d.State}, {a.t("confirmation"), a.confirmation(d.Confirmation)}, {a.t("replaced by"), d.ReplacedBy},
	} {
		if r[1] != "" {
			rows = append(rows, r)
		}
	}
	a.table([]string{"", ""}, rows)
}

func (a *app) usePayCommand() *cobra.Command {
	var draft api.TransferDraft
	var dryRun bool
	c := &cobra.Command{
		Use:     "pay AMOUNT [CURRENCY]",
		Short:   a.t("Pay what you owe for your use into the pool, oldest first"),
		Long:    a.t("Pay what you owe for your use into the pool, oldest first, from what you have here.\nWhat you pay from outside, a steward books:\nminga income 120.00 USD --from NAME --settles ID"),
		Example: "  minga use pay 120.00",
		Args:    a.between(1, 2, a.t("AMOUNT, such as 120.00")),
		RunE: func(c *cobra.Command, args []string) error {
			draft.Amount = args[0]
			draft.Currency = strings.Join(args[1:], "")
			return a.ask(c.Context(), briefly, func(ctx context.Context, node *client.Client) error {
				if err := a.payFor(ctx, node, &draft); err != nil {
					return err
				}
				w, err := node.Transfer(ctx, draft, a.write(dryRun))
				if err != nil {
					return err
				}
				return a.wrote(w)
			})
		},
	}
	c.Flags().StringVar(&draft.Note, "note", "", a.t("a note; it is permanent"))
	c.Flags().BoolVar(&dryRun, "dry-run", false, a.t("write nothing, show what would be written"))
	a.takesAmount(c)
	return c
}

// payFor fills in to whom a payment goes, in which currency and for what: the
// oldest period of which something is open, else the newest.
func (a *app) payFor(ctx context.Context, node *client.Client, draft *api.TransferDraft) error {
	s, err := a.standingOf(ctx, node, "", "")
	if err != nil {
		return err
	}
	for _, p := range s.Periods {
		if p.Declaration == "" {
			continue
		}
		draft.Settles = p.Declaration
		if p.Open != nil && strings.Trim(*p.Open, "0.") != "" {
			break
		}
	}
	if draft.Settles == "" {
		return &statusError{exitInvalid, a.t("you have declared no use that could be paid for; declare it with: minga use declare")}
	}
	if draft.Currency == "" {
		draft.Currency = s.Currency
	}
	if draft.Currency != s.Currency {
		return &statusError{exitInvalid, a.t("the licence counts in %s, and a payment in %s would settle nothing", s.Currency, draft.Currency)}
	}
	draft.To = s.Commons.ID
	return nil
}
