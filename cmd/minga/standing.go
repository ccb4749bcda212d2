package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/node/api/client"
)

func (a *app) standingCommand() *cobra.Command {
	var asOf, class string
	var all bool
	c := &cobra.Command{
		Use:     "standing [AGENT]",
		Short:   a.t("How an agent stands to the licence of the commons (default: you)"),
		Example: "  minga standing Beto --as-of 2026-05-01\n  minga standing --class lapsed",
		Args:    a.between(0, 1, ""),
		RunE: func(c *cobra.Command, args []string) error {
			return a.ask(c.Context(), briefly, func(ctx context.Context, node *client.Client) error {
				if all || class != "" {
					if len(args) > 0 {
						return a.usage("--all and --class are about everybody: leave out the agent")
					}
					list, err := node.Standings(ctx, client.StandingQuery{Page: client.Page{Commons: a.commons, Limit: 1000}, Class: class, AsOf: asOf})
					if err != nil {
						return err
					}
					return a.answer(list, func() { a.showStandings(list.Standings) })
				}
				s, err := a.standingOf(ctx, node, strings.Join(args, ""), asOf)
				if err != nil {
					return err
				}
				return a.answer(s, func() { a.showStanding(s) })
			})
		},
	}
	c.Flags().StringVar(&asOf, "as-of", "", a.t("a day that has come, such as 2026-01-31 (default: today)"))
	c.Flags().BoolVar(&all, "all", false, a.t("everybody who declared a use"))
	c.Flags().StringVar(&class, "class", "", a.t("only those in this class: lapsed, undetermined, non-commercial, exempt, reciprocating or owing"))
	return c
}

// standingOf asks for the standing of one agent, by default the node's own
// member.
func (a *app) standingOf(ctx context.Context, node *client.Client, agent, asOf string) (api.Standing, error) {
	if agent == "" {
		balance, err := node.Balance(ctx, a.commons, "")
		if err != nil {
			return api.Standing{}, err
		}
		agent = balance.Agent.ID
	}
	list, err := node.Standings(ctx, client.StandingQuery{Page: client.Page{Commons: a.commons}, Agent: agent, AsOf: asOf})
	if err != nil {
		return api.Standing{}, err
	}
	if len(list.Standings) == 0 {
		return api.Standing{}, &statusError{exitNotFound, a.t("nothing is known of %s", agent)}
	}
	return list.Standings[0], nil
}

func (a *app) className(class string) string {
	switch class {
	case "lapsed":
		return a.t("lapsed")
	case "undetermined":
		return a.t("undetermined")
	case "non-commercial":
		return a.t("non-commercial")
	case "exempt":
		return a.t("exempt")
	case "reciprocating":
		return a.t("reciprocating")
	case "owing":
		return a.t("owing")
	}
	return class
}

func (a *app) mayUse(answer string) string {
	switch answer {
	case "yes":
		return a.t("yes")
	case "no":
		return a.t("no")
	}
	return a.t("unknown")
}

// sum is an amount of a standing for people.
func (a *app) sum(s api.Standing, name string, amount *string) string {
	if amount == nil {
		return a.t("unknown")
	}
	for _, least := range s.AtLeast {
		if least == name {
			return a.t("at least %s", *amount)
		}
	}
	return *amount
}

func (a *app) showStanding(s api.Standing) {
	fmt.Fprintf(a.out, "%s  %s  %s\n", printable(nameOf(&s.Agent)), s.AsOf, a.className(s.Class))
	fmt.Fprintln(a.out, printable(s.Summary))
	fmt.Fprintln(a.out, a.t("May use: %s", a.mayUse(s.MayUse)))
	rows := [][]string{
		{a.t("charged"), a.sum(s, "charged", s.Charged)}, {a.t("offset by contributions"), a.sum(s, "offset", s.Offset)},
		{a.t("paid"), a.sum(s, "paid", s.Paid)}, {a.t("owed"), a.sum(s, "owed", s.Owed)}, {a.t("due"), a.sum(s, "due", s.Due)},
		{a.t("credit"), a.sum(s, "credit", s.Credit)},
	}
	a.table([]string{"", s.Currency}, rows, 2)
	for _, r := range s.Reasons {
		var ids []string
		for i, e := range r.Entries {
			if i == 3 {
				ids = append(ids, "…")
				break
			}
			ids = append(ids, brief(e.ID))
		}
		fmt.Fprintln(a.out, strings.TrimSpace("- "+printable(r.Text)+"  "+strings.Join(ids, " ")))
	}
	if len(s.Periods) > 0 {
		a.showPeriods(s)
	}
	fmt.Fprintln(a.out, printable(s.Evidence))
}

func (a *app) showPeriods(s api.Standing) {
	dash := func(amount *string) string {
		if amount == nil {
			return "-"
		}
		return *amount
	}
	var rows [][]string
	for _, p := range s.Periods {
		rows = append(rows, []string{
			p.Beginning, p.End, p.Resource, a.outcome(p.Outcome), dash(p.Charged), dash(p.Offset), dash(p.Paid), dash(p.Open), p.DueOn,
		})
	}
	a.table([]string{
		a.t("from"), a.t("to"), a.t("resource"), a.t("outcome"), a.t("charged"), a.t("offset"), a.t("paid"), a.t("open"), a.t("due on"),
	}, rows, 5, 6, 7, 8)
}

func (a *app) outcome(outcome string) string {
	switch outcome {
	case "charged":
		return a.t("charged")
	case "no-profit":
		return a.t("no profit")
	case "running":
		return a.t("not over")
	case "missing":
		return a.t("a fact is missing")
	case "undeclared":
		return a.t("undeclared")
	}
	return a.className(outcome)
}

func (a *app) showStandings(all []api.Standing) {
	if len(all) == 0 {
		a.hint("No use has been declared.")
		return
	}
	var rows [][]string
	for _, s := range all {
		rows = append(rows, []string{
			nameOf(&s.Agent), a.className(s.Class), a.mayUse(s.MayUse), a.sum(s, "charged", s.Charged), a.sum(s, "paid", s.Paid),
			a.sum(s, "owed", s.Owed), a.sum(s, "due", s.Due), s.Currency,
		})
	}
	a.table([]string{
		a.t("agent"), a.t("class"), a.t("may use"), a.t("charged"), a.t("paid"), a.t("owed"), a.t("due"), a.t("currency"),
	}, rows, 4, 5, 6, 7)
}
