package main

import (
	"context"
	"fmt"
	"maps"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/node/api/client"
)

func (a *app) eventCommand() *cobra.Command {
	return a.group("event", a.t("What was given and received"),
		a.eventAdd(), a.eventList(), a.eventShow(), a.eventImport(),
		a.stepsCommand("events", client.Trace), a.stepsCommand("events", client.Track), a.eventCorrect())
}

func (a *app) eventAdd() *cobra.Command {
	var f eventFlags
	var dryRun bool
	c := &cobra.Command{
		Use:     "add",
		Short:   a.t("Record an economic event of ValueFlows"),
		Example: "  minga event add --action produce --resource-quantity \"12.5 kg\" --resource-conforms-to Potato",
		Args:    a.exactly(0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			if f.draft.Action == "" {
				return a.usage("%s is missing", "--action")
			}
			draft, err := f.event()
			if err != nil {
				return a.usage("%v", err)
			}
			if draft.HasPointInTime == "" && draft.HasBeginning == "" && draft.HasEnd == "" {
				draft.HasPointInTime = now()
			}
			return a.addEvent(c.Context(), draft, dryRun)
		},
	}
	f.bind(c.Flags(), a)
	c.Flags().BoolVar(&dryRun, "dry-run", false, a.t("write nothing, show what would be written"))
	return c
}

// eventFlags are the fields of an event as flags: the names of ValueFlows in
// kebab case.
type eventFlags struct {
	draft    api.EventDraft
	resource string
	effort   string
	created  map[string]string  // fields of a new resource
	single   map[string]*string // the same, each in a flag of its own
	classes  []string
}

func (f *eventFlags) bind(flags *pflag.FlagSet, a *app) {
	text := func(v *string, name, help string) { flags.StringVar(v, name, "", help) }
	list := func(v *[]string, name, help string) { flags.StringArrayVar(v, name, nil, help) }
	d := &f.draft
	text(&d.Action, "action", a.t("one of the 19 actions: work, produce, use, transfer, ..."))
	text(&d.Provider, "provider", a.t("who gave: name or id (default: you)"))
	text(&d.Receiver, "receiver", a.t("who received: name or id (default: the commons)"))
	text(&f.resource, "resource-quantity", a.t("how much, such as \"12.5 kg\""))
	text(&f.effort, "effort-quantity", a.t("how much effort, such as \"3 h\""))
	text(&d.ResourceConformsTo, "resource-conforms-to", a.t("resource specification: its name or IRI"))
	list(&d.ResourceClassifiedAs, "resource-classified-as", a.t("IRI of a class; may be repeated"))
	text(&d.ResourceInventoriedAs, "resource-inventoried-as", a.t("name or id of the resource"))
	text(&d.ToResourceInventoriedAs, "to-resource-inventoried-as", a.t("name or id of the resource that takes it up"))
	flags.StringToStringVar(&f.created, "new-inventoried-resource", nil, a.t("a resource that comes into being: name=...,conforms-to=..."))
	f.single = map[string]*string{"name": new(string)}
	flags.StringVar(f.single["name"], "new-resource", "", a.t("name of a resource that comes into being"))
	for name := range newResourceFields(&api.NewResourceDraft{}) {
		if name != "name" {
			f.single[name] = flags.String("new-resource-"+name, "", a.t("of the new resource: %s", name))
		}
	}
	list(&f.classes, "new-resource-classified-as", a.t("IRI of a class; may be repeated"))
	text(&d.HasPointInTime, "has-point-in-time", a.t("when: a date, or a time with its offset (default: now)"))
	text(&d.HasBeginning, "has-beginning", a.t("from when"))
	text(&d.HasEnd, "has-end", a.t("until when"))
	text(&d.InputOf, "input-of", a.t("name or id of a process"))
	text(&d.OutputOf, "output-of", a.t("name or id of a process"))
	text(&d.AtLocation, "at-location", a.t("name or id of a place"))
	text(&d.ToLocation, "to-location", a.t("name or id of a place"))
	text(&d.Note, "note", a.t("a note; it is permanent"))
	text(&d.Stage, "stage", a.t("stage of the resource afterwards"))
	text(&d.State, "state", a.t("state of the resource afterwards"))
	list(&d.InScopeOf, "in-scope-of", a.t("agent in whose scope it is; may be repeated"))
	text(&d.AgreedIn, "agreed-in", a.t("IRI of an agreement elsewhere"))
	text(&d.RealizationOf, "realization-of", a.t("name or id of an agreement"))
	text(&d.ReciprocalRealizationOf, "reciprocal-realization-of", a.t("name or id of an agreement in which it is given in return"))
	list(&d.Fulfills, "fulfills", a.t("id of a commitment; may be repeated"))
	list(&d.Satisfies, "satisfies", a.t("id of an intent; may be repeated"))
	list(&d.Settles, "settles", a.t("id of a claim; may be repeated"))
	text(&d.Corrects, "corrects", a.t("id of the event that this one corrects"))
	text(&d.TriggeredBy, "triggered-by", a.t("id of an event"))
	list(&d.PreviousEvent, "previous-event", a.t("id of the last event known on the resource; at most two"))
	text(&d.Source, "source", a.t("your own key of this event"))
	flags.StringToStringVar(&d.Ext, "ext", nil, a.t("your own additions without effect: key=value"))
}

func (f *eventFlags) event() (api.EventDraft, error) {
	draft := f.draft
	if f.resource != "" {
		draft.ResourceQuantity = parseMeasure(f.resource)
	}
	if f.effort != "" {
		draft.EffortQuantity = parseMeasure(f.effort)
	}
	given := map[string]string{}
	maps.Copy(given, f.created)
	for name, value := range f.single {
		if *value != "" {
			given[name] = *value
		}
	}
	if len(given)+len(f.classes) > 0 {
		r := &api.NewResourceDraft{ClassifiedAs: f.classes}
		fields := newResourceFields(r)
		for name, value := range given {
			field, known := fields[name]
			if !known {
				return draft, fmt.Errorf("--new-inventoried-resource: %q", name)
			}
			*field = value
		}
		draft.NewInventoriedResource = r
	}
	return draft, nil
}

// newResourceFields are the texts of a new resource by their names in kebab case.
func newResourceFields(r *api.NewResourceDraft) map[string]*string {
	return map[string]*string{
		"name": &r.Name, "conforms-to": &r.ConformsTo, "tracking-identifier": &r.TrackingIdentifier,
		"lot": &r.Lot, "image": &r.Image, "note": &r.Note, "stage": &r.Stage, "state": &r.State,
		"unit-of-effort": &r.UnitOfEffort, "current-location": &r.CurrentLocation,
		"contained-in": &r.ContainedIn, "primary-accountable": &r.PrimaryAccountable,
	}
}

func (a *app) eventList() *cobra.Command {
	var q client.EventQuery
	var relations []string // flags given
	c := &cobra.Command{
		Use:     "list",
		Short:   a.t("List events"),
		Example: "  minga event list --agent Rosa --confirmation waiting\n  minga event list --input-of \"Sunday bread\"",
		Args:    a.exactly(0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			return a.ask(c.Context(), 0, func(ctx context.Context, node *client.Client) error {
				list := api.EventList{Schema: "minga.events/1", Events: []api.Event{}}
				q.Commons, q.Limit = a.commons, pageSize
				if len(relations) > 1 {
					return a.usage("%s and %s do not go together", "--"+relations[0], "--"+relations[1])
				}
				for event, err := range client.Every(func(cursor string) ([]api.Event, string, error) {
					q.Cursor = cursor
					page, err := node.Events(ctx, q)
					return page.Events, page.Next, err
				}) {
					if err != nil {
						return err
					}
					list.Events = append(list.Events, event)
				}
				return a.answer(list, func() { a.showEvents(list.Events) })
			})
		},
	}
	for _, relation := range []string{"inputOf", "outputOf", "resourceInventoriedAs", "toResourceInventoriedAs",
		"realizationOf", "fulfills", "satisfies", "settles", "corrects"} {
		c.Flags().Func(kebab(relation), a.t("only those with this in %s: name or id", relation), func(text string) error {
			q.Relation, q.Target, relations = relation, text, append(relations, kebab(relation))
			return nil
		})
	}
	c.Flags().StringVar(&q.Agent, "agent", "", a.t("only of this agent: name or id"))
	c.Flags().StringVar(&q.Action, "action", "", a.t("only of this action"))
	c.Flags().StringVar(&q.Resource, "resource", "", a.t("only of this resource specification"))
	c.Flags().StringVar(&q.Source, "source", "", a.t("only of this key of an importer"))
	c.Flags().StringVar(&q.Confirmation, "confirmation", "", a.t("only contributions that are waiting, maturing, confirmed or disputed"))
	return c
}

func (a *app) showEvents(events []api.Event) {
	var rows [][]string
	for _, e := range events {
		rows = append(rows, []string{
			brief(e.ID), when(e), nameOf(e.Provider), e.Action, amount(e), e.ResourceConformsTo, nameOf(e.Receiver), a.state(e.Entry.State),
		})
	}
	a.table([]string{
		a.t("id"), a.t("when"), a.t("from"), a.t("action"), a.t("quantity"), a.t("resource"), a.t("to"), a.t("state"),
	}, rows, 5)
}

func when(e api.Event) string {
	for _, t := range []string{e.HasPointInTime, e.HasBeginning, e.HasEnd} {
		if t != "" {
			return t
		}
	}
	return e.Entry.Time
}

func amount(e api.Event) string {
	if e.Currency != "" && e.ResourceQuantity != nil {
		return e.ResourceQuantity.HasNumericalValue + " " + e.Currency
	}
	if e.EffortQuantity != nil {
		return measure(e.EffortQuantity)
	}
	return measure(e.ResourceQuantity)
}

func (a *app) eventShow() *cobra.Command {
	return &cobra.Command{
		Use:   "show ID",
		Short: a.t("Show one event"),
		Args:  a.exactly(1, a.t("the id of an event")),
		RunE: func(c *cobra.Command, args []string) error {
			return a.ask(c.Context(), briefly, func(ctx context.Context, node *client.Client) error {
				e, err := node.Event(ctx, a.commons, args[0])
				if err != nil {
					return err
				}
				return a.answer(e, func() { a.showEvent(e) })
			})
		},
	}
}

func (a *app) showEvent(e api.Event) {
	a.pairs(
		[2]string{a.t("id"), e.ID},
		[2]string{a.t("state"), a.state(e.Entry.State)},
		[2]string{a.t("reason"), a.reason(e.Entry.Reason)},
		[2]string{a.t("confirmation"), a.counting(e.Confirmation)},
		[2]string{a.t("by the rule"), a.asks(e.Confirmation)},
		[2]string{a.t("recorded by"), nameOf(&e.Author)},
		[2]string{a.t("when"), when(e)},
		[2]string{a.t("action"), e.Action},
		[2]string{a.t("from"), nameOf(e.Provider)},
		[2]string{a.t("to"), nameOf(e.Receiver)},
		[2]string{a.t("effort"), measure(e.EffortQuantity)},
		[2]string{a.t("quantity"), measure(e.ResourceQuantity)},
		[2]string{a.t("currency"), e.Currency},
		[2]string{a.t("resource"), e.ResourceConformsTo},
		[2]string{a.t("corrects"), e.Corrects},
		[2]string{a.t("note"), e.Note},
		[2]string{a.t("source"), e.Source},
	)
	a.showVerdicts(e.Confirmation)
}
