package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/node/api/client"
)

func (a *app) planFromRecipe() *cobra.Command {
	var draft api.RecipePlanDraft
	var quantity string
	var dryRun bool
	c := &cobra.Command{
		Use:     "from-recipe RECIPE --quantity \"QUANTITY UNIT\"",
		Short:   a.t("Plan what a recipe needs to make so much"),
		Example: "  minga plan from-recipe Bread --quantity \"40 one\" --due 2026-05-01 --dry-run",
		Args:    a.exactly(1, a.t("a name or an id")),
		RunE: func(c *cobra.Command, args []string) error {
			if quantity == "" {
				return a.usage("%s is missing", "--quantity")
			}
			draft.Quantity = parseMeasure(quantity)
			return a.ask(c.Context(), 0, func(ctx context.Context, node *client.Client) error {
				planned, err := node.PlanRecipe(ctx, args[0], draft, a.write(dryRun))
				if err != nil {
					return err
				}
				return a.answer(planned, func() { a.showPlanned(planned) })
			})
		},
	}
	f := c.Flags()
	f.StringVar(&quantity, "quantity", "", a.t("how much, such as \"12.5 kg\""))
	f.StringVar(&draft.Output, "output", "", a.t("resource specification: its name or IRI"))
	f.StringVar(&draft.Name, "name", "", a.t("name of the plan (default: that of the recipe)"))
	f.StringVar(&draft.Due, "due", "", a.t("a date, or a time with its offset"))
	f.StringVar(&draft.Provider, "provider", "", a.t("name or id of an agent"))
	f.StringVar(&draft.Receiver, "receiver", "", a.t("name or id of an agent"))
	f.BoolVar(&draft.Intents, "intents", false, a.t("make intents even where it is known who gives and receives"))
	f.BoolVar(&dryRun, "dry-run", false, a.t("write nothing, show what would be written"))
	return c
}

func (a *app) showPlanned(p api.Planned) {
	var rows [][]string
	for i, item := range p.Items {
		id := brief(item.ID)
		if item.ID == "" {
			id = fmt.Sprint("#", i+1)
		}
		what, _ := item.Body["resourceConformsTo"].(string)
		action, _ := item.Body["action"].(string)
		if item.Name != "" {
			what = item.Name
		}
		rows = append(rows, []string{id, item.Type, action, quantityIn(item.Body), what})
	}
	a.table([]string{a.t("id"), a.t("type"), a.t("action"), a.t("quantity"), a.t("resource")}, rows, 4)
	for _, r := range p.Remainder {
		a.hint("#%d is rounded up: exactly it is %s.", r.Item, r.Exact)
	}
}

// quantityIn reads the quantities of a body.
func quantityIn(body map[string]any) string {
	text := ""
	for _, name := range []string{"resourceQuantity", "effortQuantity"} {
		m, is := body[name].(map[string]any)
		if !is {
			continue
		}
		if text != "" {
			text += ", "
		}
		text += fmt.Sprint(m["hasNumericalValue"], " ", m["hasUnit"])
	}
	return text
}
