package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/node/api/client"
)

func (a *app) eventCorrect() *cobra.Command {
	var draft api.CorrectionDraft
	var resource, effort string
	var dryRun bool
	c := &cobra.Command{
		Use:     "correct ID",
		Short:   a.t("Say what an event should have said"),
		Example: "  minga event correct bafyreicebisy6nk4 --resource-quantity \"10 kg\" --note \"weighed again\"",
		Args:    a.exactly(1, a.t("the id of an event")),
		RunE: func(c *cobra.Command, args []string) error {
			if resource != "" {
				draft.ResourceQuantity = parseMeasure(resource)
			}
			if effort != "" {
				draft.EffortQuantity = parseMeasure(effort)
			}
			if draft == (api.CorrectionDraft{}) {
				return a.usage("nothing is to be changed: give what is to be different")
			}
			return a.ask(c.Context(), briefly, func(ctx context.Context, node *client.Client) error {
				w, err := node.Correct(ctx, args[0], draft, a.write(dryRun))
				if err != nil {
					return err
				}
				return a.wrote(w)
			})
		},
	}
	f := c.Flags()
	f.StringVar(&resource, "resource-quantity", "", a.t("how much it was, such as \"12.5 kg\""))
	f.StringVar(&effort, "effort-quantity", "", a.t("how much effort it was, such as \"3 h\""))
	f.BoolVar(&draft.Cancel, "cancel", false, a.t("take all of its quantities back"))
	f.StringVar(&draft.Stage, "stage", "", a.t("stage of the resource afterwards"))
	f.StringVar(&draft.State, "state", "", a.t("state of the resource afterwards"))
	f.StringVar(&draft.ToLocation, "to-location", "", a.t("name or id of a place"))
	f.StringVar(&draft.Receiver, "receiver", "", a.t("name or id of an agent"))
	f.StringVar(&draft.Note, "note", "", a.t("a note; it is permanent"))
	f.BoolVar(&dryRun, "dry-run", false, a.t("write nothing, show what would be written"))
	return c
}
