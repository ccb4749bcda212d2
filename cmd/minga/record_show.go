package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/node/api/client"
	"github.com/minga-commons/minga/protocol"
)

func (a *app) recordShow(class api.Class) *cobra.Command {
	return &cobra.Command{
		Use:   "show NAME|ID",
		Short: a.t("Show one, with what belongs to it"),
		Args:  a.exactly(1, a.t("a name or an id")),
		RunE: func(c *cobra.Command, args []string) error {
			return a.ask(c.Context(), briefly, func(ctx context.Context, node *client.Client) error {
				record, err := node.Record(ctx, a.commons, class, args[0])
				if err != nil {
					return err
				}
				return a.answer(record, func() { a.showRecord(class, record) })
			})
		},
	}
}

func (a *app) showRecord(class api.Class, r api.Record) {
	pairs := [][2]string{
		{a.t("id"), r.ID}, {a.t("name"), r.Name}, {a.t("state"), a.state(r.Entry.State)},
		{a.t("reason"), a.reason(r.Entry.Reason)}, {a.t("recorded by"), nameOf(&r.Author)},
	}
	for _, property := range class.Properties {
		pairs = append(pairs, [2]string{a.propertyName(property.Name), a.value(r.Properties[property.Name])})
	}
	pairs = append(pairs, [2]string{a.t("note"), r.Note}, [2]string{a.t("source"), r.Source})
	if p := r.Progress; p != nil {
		pairs = append(pairs, [2]string{a.t("progress"), a.t("%d of %d processes finished, %d of %d commitments fulfilled, %d of %d intents satisfied",
			p.Finished, p.Processes, p.Fulfilled, p.Commitments, p.Satisfied, p.Intents)})
	}
	if r.Fulfilment != nil {
		for _, line := range r.Fulfilment.Lines {
			pairs = append(pairs, [2]string{a.t("done"), measure(&line.Done)}, [2]string{a.t("still open"), measure(&line.Open)})
		}
	}
	a.pairs(pairs...)
	for _, inverse := range class.Inverses {
		a.showFlows(inverse.Name, r.Inverses[inverse.Name])
	}
	for _, change := range r.Amendments {
		if !change.Counts {
			fmt.Fprintln(a.err, a.t("A change by %s has no effect: %s", printable(nameOf(&change.Author)), change.ID))
		}
	}
}

func (a *app) showFlows(title string, flows []api.FlowRef) {
	if len(flows) == 0 {
		return
	}
	fmt.Fprintf(a.out, "%s:\n", title)
	var rows [][]string
	for _, f := range flows {
		rows = append(rows, flowRow(f))
	}
	a.table([]string{a.t("id"), a.t("type"), a.t("action"), a.t("quantity"), a.t("resource"), a.t("from"), a.t("to")}, rows, 4)
}

func flowRow(f api.FlowRef) []string {
	quantity := measure(f.ResourceQuantity)
	if f.EffortQuantity != nil {
		quantity = strings.TrimSpace(quantity + " " + measure(f.EffortQuantity))
	}
	what := f.ResourceConformsTo
	if what == "" {
		what = brief(f.ResourceInventoriedAs)
	}
	if f.Name != "" {
		what = f.Name
	}
	return []string{brief(f.ID), f.Type, f.Action, quantity, what, nameOf(f.Provider), nameOf(f.Receiver)}
}

// value shows the value of a property to people.
func (a *app) value(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		if _, err := protocol.ParseID(v); err == nil {
			return brief(v)
		}
		return v
	case bool:
		if v {
			return a.t("yes")
		}
		return a.t("no")
	case api.Measure:
		return measure(&v)
	case api.AgentRef:
		return nameOf(&v)
	case []api.AgentRef:
		return namesOf(v)
	case []string:
		shown := make([]string, len(v))
		for i, text := range v {
			shown[i] = a.value(text)
		}
		return strings.Join(shown, ", ")
	}
	return fmt.Sprint(v)
}
