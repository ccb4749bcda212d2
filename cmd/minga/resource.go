package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/node/api/client"
)

func (a *app) resourceCommand() *cobra.Command {
	return a.group("resource", a.t("What there is, and who has it"), a.resourceList(), a.resourceShow(), a.resourceAdd(), a.resourceRollUp(), a.resourceFlows(),
		a.stepsCommand("resources", client.Trace), a.stepsCommand("resources", client.Track), a.stepsCommand("resources", client.Provenance), a.recordGroup("lot", "BatchLotRecord"))
}

func (a *app) resourceList() *cobra.Command {
	var q client.ResourceQuery
	limit := 0
	c := &cobra.Command{
		Use:   "list",
		Short: a.t("List resources"),
		Args:  a.exactly(0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			if limit < 0 {
				return a.usage("--limit %d: at least one, or 0 for all", limit)
			}
			return a.ask(c.Context(), 0, func(ctx context.Context, node *client.Client) error {
				list := api.ResourceList{Schema: "minga.resources/1", Resources: []api.Resource{}}
				q.Commons = a.commons
				for {
					q.Limit = pageSize
					if limit > 0 {
						q.Limit = min(pageSize, limit-len(list.Resources))
					}
					page, err := node.Resources(ctx, q)
					if err != nil {
						return err
					}
					list.Resources = append(list.Resources, page.Resources...)
					list.Next, q.Cursor = page.Next, page.Next
					if page.Next == "" || limit > 0 && len(list.Resources) >= limit {
						break
					}
				}
				return a.answer(list, func() {
					a.showResources(list.Resources)
					if list.Next != "" {
						a.hint("There is more: give a larger --limit.")
					}
				})
			})
		},
	}
	f := c.Flags()
	f.StringVar(&q.ConformsTo, "conforms-to", "", a.t("only of this resource specification"))
	f.StringVar(&q.PrimaryAccountable, "primary-accountable", "", a.t("only those about which this agent decides: name or id"))
	f.StringVar(&q.Custodian, "custodian", "", a.t("only those that this agent has at hand: name or id"))
	f.StringVar(&q.ContainedIn, "contained-in", "", a.t("only those in this resource: name or id"))
	f.StringVar(&q.CurrentLocation, "current-location", "", a.t("only those at this place: name or id"))
	f.StringVar(&q.Lot, "lot", "", a.t("only those of this lot: name or id"))
	f.StringVar(&q.ClassifiedAs, "classified-as", "", a.t("only those of this class: its IRI"))
	f.StringVar(&q.Stage, "stage", "", a.t("only those at this stage"))
	f.StringVar(&q.State, "state", "", a.t("only those in this state"))
	f.StringVar(&q.Source, "source", "", a.t("only of this key of an importer"))
	f.IntVar(&limit, "limit", 0, a.t("how many at most; 0: all"))
	f.BoolVar(&q.Contested, "contested", false, a.t("only those on which events disagree"))
	return c
}

func (a *app) showResources(all []api.Resource) {
	var rows [][]string
	for _, r := range all {
		mark := ""
		if r.Contested {
			mark = a.t("contested")
		}
		rows = append(rows, []string{
			brief(r.ID), r.Name, r.ConformsTo, measure(&r.AccountingQuantity), measure(&r.OnhandQuantity),
			nameOf(r.PrimaryAccountable), nameOf(r.Custodian), mark,
		})
	}
	a.table([]string{
		a.t("id"), a.t("name"), a.t("resource"), a.t("accounted"), a.t("at hand"), a.t("decides"), a.t("has it"), "",
	}, rows, 4, 5)
}

func (a *app) resourceShow() *cobra.Command {
	return &cobra.Command{
		Use:   "show NAME|ID",
		Short: a.t("Show one resource"),
		Args:  a.exactly(1, a.t("a name or an id")),
		RunE: func(c *cobra.Command, args []string) error {
			return a.ask(c.Context(), briefly, func(ctx context.Context, node *client.Client) error {
				r, err := node.Resource(ctx, a.commons, args[0])
				if err != nil {
					return err
				}
				return a.answer(r, func() { a.showResource(r) })
			})
		},
	}
}

func (a *app) showResource(r api.Resource) {
	a.pairs(
		[2]string{a.t("id"), r.ID},
		[2]string{a.t("name"), r.Name},
		[2]string{a.t("reason"), a.reason(r.Entry.Reason)},
		[2]string{a.t("resource"), r.ConformsTo},
		[2]string{a.t("accounted"), measure(&r.AccountingQuantity)},
		[2]string{a.t("at hand"), measure(&r.OnhandQuantity)},
		[2]string{a.t("decides"), nameOf(r.PrimaryAccountable)},
		[2]string{a.t("has it"), nameOf(r.Custodian)},
		[2]string{a.t("place"), a.value(r.CurrentLocation)},
		[2]string{a.t("contained in"), a.value(r.ContainedIn)},
		[2]string{a.t("stage"), a.value(r.Stage)},
		[2]string{a.t("state of it"), r.State},
		[2]string{a.t("tracking identifier"), r.TrackingIdentifier},
		[2]string{a.t("lot"), a.value(r.Lot)},
		[2]string{a.t("note"), r.Note},
		[2]string{a.t("source"), r.Source},
		[2]string{a.t("events"), fmt.Sprint(r.Events)},
	)
	for _, field := range r.ContestedFields {
		fmt.Fprintln(a.out, a.t("Contested: %s", field.Field))
		var rows [][]string
		for _, claim := range field.Claims {
			value := claim.Name
			if value == "" {
				value = a.value(claim.Value)
			}
			shown := ""
			if claim.Event == field.Shown {
				shown = a.t("shown")
			}
			rows = append(rows, []string{value, nameOf(&claim.Author), claim.Time, brief(claim.Event), shown})
		}
		a.table([]string{a.t("value"), a.t("says"), a.t("when"), a.t("event"), ""}, rows)
		a.hint("Decide it with: minga event correct %s, and the value that is right.", brief(field.Shown))
	}
}
