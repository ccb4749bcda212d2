package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/node/api/client"
)

func (a *app) recordList(class api.Class) *cobra.Command {
	var q client.RecordQuery
	var finished, unfinished bool
	var relations []string // flags given
	c := &cobra.Command{
		Use:   "list",
		Short: a.t("List them"),
		Args:  a.exactly(0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			switch {
			case len(relations) > 1:
				return a.usage("%s and %s do not go together", "--"+relations[0], "--"+relations[1])
			case finished && unfinished:
				return a.usage("%s and %s do not go together", "--finished", "--unfinished")
			case finished || unfinished:
				q.Finished = &finished
			}
			return a.listRecords(c.Context(), class, q)
		},
	}
	f := c.Flags()
	f.StringVar(&q.Name, "name", "", a.t("only of this name"))
	f.StringVar(&q.Source, "source", "", a.t("only of this key of an importer"))
	f.StringVar(&q.Agent, "agent", "", a.t("only of this agent, or recorded by it: name or id"))
	if _, acts := class.Property("action"); acts {
		f.StringVar(&q.Action, "action", "", a.t("only of this action"))
	}
	if _, ends := class.Property("finished"); ends {
		f.BoolVar(&finished, "finished", false, a.t("only what is finished"))
		f.BoolVar(&unfinished, "unfinished", false, a.t("only what is not finished"))
	}
	for _, relation := range class.Relations() {
		f.Func(kebab(relation), a.t("only those with this in %s: name or id", relation), func(text string) error {
			q.Relation, q.Target, relations = relation, text, append(relations, kebab(relation))
			return nil
		})
	}
	return c
}

func (a *app) listRecords(ctx context.Context, class api.Class, q client.RecordQuery) error {
	return a.ask(ctx, 0, func(ctx context.Context, node *client.Client) error {
		list := api.RecordList{Schema: "minga." + class.Path + "/1", Plural: class.Plural(), Records: []api.Record{}}
		q.Commons, q.Limit = a.commons, pageSize
		for record, err := range client.Every(func(cursor string) ([]api.Record, string, error) {
			q.Cursor = cursor
			page, err := node.Records(ctx, class, q)
			return page.Records, page.Next, err
		}) {
			if err != nil {
				return err
			}
			list.Records = append(list.Records, record)
		}
		return a.answer(list, func() { a.showRecords(class, list.Records) })
	})
}

// shownProperties are those that a table of records has room for, in its order.
var shownProperties = []string{"action", "resourceQuantity", "effortQuantity", "resourceConformsTo", "provider", "receiver", "due", "finished"}

func (a *app) showRecords(class api.Class, records []api.Record) {
	head := []string{a.t("id"), a.t("name")}
	var shown []api.Property
	for _, name := range shownProperties {
		if property, has := class.Property(name); has {
			shown, head = append(shown, property), append(head, a.propertyName(name))
		}
	}
	head = append(head, a.t("state"))
	var rows [][]string
	for _, r := range records {
		row := []string{brief(r.ID), r.Name}
		for _, property := range shown {
			row = append(row, a.value(r.Properties[property.Name]))
		}
		rows = append(rows, append(row, a.state(r.Entry.State)))
	}
	a.table(head, rows)
}

// propertyName is the head of a column.
func (a *app) propertyName(name string) string {
	switch name {
	case "action":
		return a.t("action")
	case "resourceQuantity":
		return a.t("quantity")
	case "effortQuantity":
		return a.t("effort")
	case "resourceConformsTo":
		return a.t("resource")
	case "provider":
		return a.t("from")
	case "receiver":
		return a.t("to")
	case "due":
		return a.t("due")
	case "finished":
		return a.t("finished")
	}
	return name
}
