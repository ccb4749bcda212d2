package main

import (
	"github.com/spf13/cobra"

	"github.com/minga-commons/minga/node/api"
)

// resourceAdd is sugar for an event that raises a resource that is there already.
func (a *app) resourceAdd() *cobra.Command {
	draft := api.EventDraft{Action: "raise", NewInventoriedResource: &api.NewResourceDraft{}}
	r := draft.NewInventoriedResource
	var quantity, holder string
	var dryRun bool
	c := &cobra.Command{
		Use:     "add NAME --conforms-to SPECIFICATION --quantity \"QUANTITY UNIT\"",
		Short:   a.t("Record a resource that there is (an event raise)"),
		Example: "  minga resource add \"Crate 7\" --conforms-to Potato --quantity \"12.5 kg\"",
		Args:    a.exactly(1, a.t("a name")),
		RunE: func(c *cobra.Command, args []string) error {
			switch {
			case r.ConformsTo == "":
				return a.usage("%s is missing", "--conforms-to")
			case quantity == "":
				return a.usage("%s is missing", "--quantity")
			}
			r.Name, draft.ResourceQuantity = args[0], parseMeasure(quantity)
			draft.ResourceConformsTo = r.ConformsTo
			draft.Provider, draft.Receiver = holder, holder
			if draft.HasPointInTime == "" {
				draft.HasPointInTime = now()
			}
			return a.addEvent(c.Context(), draft, dryRun)
		},
	}
	f := c.Flags()
	f.StringVar(&r.ConformsTo, "conforms-to", "", a.t("resource specification: its name or IRI"))
	f.StringVar(&quantity, "quantity", "", a.t("how much, such as \"12.5 kg\""))
	f.StringVar(&holder, "holder", "", a.t("who has it: name or id (default: you have it for the commons)"))
	f.StringVar(&r.TrackingIdentifier, "tracking-identifier", "", a.t("a text"))
	f.StringVar(&r.Lot, "lot", "", a.t("name or id: %s", "BatchLotRecord"))
	f.StringVar(&r.CurrentLocation, "current-location", "", a.t("name or id of a place"))
	f.StringVar(&r.ContainedIn, "contained-in", "", a.t("name or id of the resource"))
	f.StringVar(&r.PrimaryAccountable, "primary-accountable", "", a.t("name or id of an agent"))
	f.StringVar(&r.UnitOfEffort, "unit-of-effort", "", a.t("a unit, such as kg"))
	f.StringVar(&r.Stage, "stage", "", a.t("stage of the resource afterwards"))
	f.StringVar(&r.State, "state", "", a.t("state of the resource afterwards"))
	f.StringVar(&r.Note, "note", "", a.t("a note; it is permanent"))
	f.StringVar(&draft.HasPointInTime, "has-point-in-time", "", a.t("when: a date, or a time with its offset (default: now)"))
	f.StringVar(&draft.Source, "source", "", a.t("your own key of this event"))
	f.BoolVar(&dryRun, "dry-run", false, a.t("write nothing, show what would be written"))
	return c
}
