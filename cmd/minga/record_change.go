package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/node/api/client"
)

func (a *app) recordChange(class api.Class) *cobra.Command {
	var dryRun bool
	var name, note string
	var gone []string
	c := &cobra.Command{
		Use:   "change NAME|ID",
		Short: a.t("Change one: what is given replaces what stands"),
		Args:  a.exactly(1, a.t("a name or an id")),
	}
	properties := a.propertyFlags(c.Flags(), class)
	c.RunE = func(c *cobra.Command, args []string) error {
		draft := properties(c.Flags())
		if name != "" {
			draft["name"] = name
		}
		if note != "" {
			draft["note"] = note
		}
		for _, flag := range gone {
			known := false
			for _, p := range class.Properties {
				if kebab(p.Name) == flag || p.Name == flag {
					draft[p.Name], known = nil, true
				}
			}
			if !known {
				return a.usage("--remove %s: there is no such property", flag)
			}
		}
		if len(draft) == 0 {
			return a.usage("nothing is to be changed: give what is to be different")
		}
		return a.amend(c.Context(), class, args[0], draft, dryRun)
	}
	c.Flags().StringVar(&name, "name", "", a.t("another name"))
	c.Flags().StringVar(&note, "note", "", a.t("a note; it is permanent"))
	c.Flags().StringArrayVar(&gone, "remove", nil, a.t("a property to take away; may be repeated"))
	c.Flags().BoolVar(&dryRun, "dry-run", false, a.t("write nothing, show what would be written"))
	return c
}

func (a *app) amend(ctx context.Context, class api.Class, named string, draft api.RecordDraft, dryRun bool) error {
	return a.ask(ctx, briefly, func(ctx context.Context, node *client.Client) error {
		w, err := node.AmendRecord(ctx, class, named, draft, a.write(dryRun))
		if err != nil {
			return err
		}
		return a.wrote(w)
	})
}

func (a *app) processFinish() *cobra.Command {
	var dryRun bool
	class, _ := api.ClassOf("Process")
	c := &cobra.Command{
		Use:   "finish NAME|ID",
		Short: a.t("Say that a process is finished"),
		Args:  a.exactly(1, a.t("a name or an id")),
		RunE: func(c *cobra.Command, args []string) error {
			return a.amend(c.Context(), class, args[0], api.RecordDraft{"finished": true}, dryRun)
		},
	}
	c.Flags().BoolVar(&dryRun, "dry-run", false, a.t("write nothing, show what would be written"))
	return c
}
