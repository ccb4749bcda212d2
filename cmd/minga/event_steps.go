package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/node/api/client"
)

// stepsCommand follows the flows from events, resources or processes, back or on.
func (a *app) stepsCommand(what, direction string) *cobra.Command {
	limit := 0
	c := &cobra.Command{
		Use:   "trace NAME|ID",
		Short: a.t("Follow it back: where did it come from?"),
		Args:  a.exactly(1, a.t("a name or an id")),
		RunE: func(c *cobra.Command, args []string) error {
			if limit < 0 {
				return a.usage("--limit %d: at least one step, or 0 for all", limit)
			}
			return a.ask(c.Context(), 0, func(ctx context.Context, node *client.Client) error {
				all, err := a.steps(ctx, node, what, args[0], direction, limit)
				if err != nil {
					return err
				}
				return a.answer(all, func() { a.showSteps(all) })
			})
		},
	}
	switch direction {
	case client.Track:
		c.Use, c.Short = "track NAME|ID", a.t("Follow it on: where did it go?")
	case client.Provenance:
		c.Use, c.Short = "provenance NAME|ID", a.t("Where did it come from? Causes before effects")
	}
	c.Flags().IntVar(&limit, "limit", 1000, a.t("how many steps at most; 0: all"))
	return c
}

func (a *app) steps(ctx context.Context, node *client.Client, what, named, direction string, limit int) (api.Trace, error) {
	all := api.Trace{Schema: "minga." + direction + "/1", Steps: []api.TraceStep{}}
	page := client.Page{Commons: a.commons, Limit: pageSize}
	for {
		if limit > 0 {
			page.Limit = min(pageSize, limit-len(all.Steps))
		}
		some, err := node.Steps(ctx, what, named, direction, page)
		if err != nil {
			return all, err
		}
		all.From, all.Next = some.From, some.Next
		all.Steps = append(all.Steps, some.Steps...)
		if some.Next == "" || limit > 0 && len(all.Steps) >= limit {
			return all, nil
		}
		page.Cursor = some.Next
	}
}

func (a *app) showSteps(all api.Trace) {
	var rows [][]string
	for _, s := range all.Steps {
		row := []string{fmt.Sprint(s.Depth), "", "", "", "", "", "", ""}
		switch {
		case s.Event != nil:
			row = append(row[:1], flowRow(*s.Event)...)
		case s.Kind == "process":
			row[1], row[2], row[5] = brief(s.ID), "Process", s.Name
		default:
			row[1], row[2], row[5] = brief(s.ID), api.EconomicResource, s.Name
		}
		rows = append(rows, row)
	}
	a.table([]string{
		a.t("step"), a.t("id"), a.t("type"), a.t("action"), a.t("quantity"), a.t("resource"), a.t("from"), a.t("to"),
	}, rows, 1, 5)
	if all.Next != "" {
		a.hint("There is more: give a larger --limit.")
	}
}
