package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/text/unicode/norm"

	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/node/api/client"
)

// founding is how a commons is to be created.
type founding struct{ as, charter, template string }

func (a *app) commonsCreate() *cobra.Command {
	var f founding
	c := &cobra.Command{
		Use:   "create [NAME]",
		Short: a.t("Found a commons, with you as its first steward"),
		Long: a.t("Found a commons, with you as its first steward") + ".\n\n" +
			a.t("Its charter is the usual one, that of a file (TOML, - for standard input) or a\ntemplate: %s. The name may stand in the file.", strings.Join(templateNames(), ", ")),
		Example: "  minga commons create \"Huerta Norte\" --as Ana\n  minga commons create \"Huerta Norte\" --as Ana --template garden",
		Args:    a.between(0, 1, a.t("a name")),
		RunE: func(c *cobra.Command, args []string) error {
			draft, err := a.found(c.Context(), strings.Join(args, ""), f)
			if err != nil {
				return err
			}
			return a.ask(c.Context(), briefly, func(ctx context.Context, node *client.Client) error {
				w, err := node.CreateCommons(ctx, draft, client.Write{})
				if err != nil {
					return err
				}
				a.hint("You are its only steward and witness: what is settled, one operator settles.")
				return a.entered(w)
			})
		},
	}
	c.Flags().StringVar(&f.as, "as", "", a.t("your name in the commons"))
	c.Flags().StringVar(&f.charter, "charter", "", a.t("file with the charter of the commons"))
	c.Flags().StringVar(&f.template, "template", "", a.t("charter to begin with"))
	return c
}

// found checks everything about a new commons that needs no node.
func (a *app) found(ctx context.Context, name string, f founding) (api.CommonsDraft, error) {
	charter, err := a.charterFrom(f.charter, f.template)
	if err != nil {
		return api.CommonsDraft{}, err
	}
	name = norm.NFC.String(strings.TrimSpace(name))
	if inside := charter.nameOf(); f.template == "" && inside != "" {
		if name != "" && name != inside {
			return api.CommonsDraft{}, a.usage("the commons is called %q here and %q in %s: give one name", name, inside, charter.label)
		}
		name = inside
	}
	if name, err = a.want(ctx, name, a.t("Name of the commons"), "NAME"); err != nil {
		return api.CommonsDraft{}, err
	}
	me, err := a.nameForMe(ctx, f.as)
	if err != nil || charter == nil {
		return api.CommonsDraft{Name: name, As: me}, err
	}
	if f.template != "" {
		fill(charter.Doc, name)
	}
	charter.called(name)
	if faults := charter.CheckFirst(me); len(faults) > 0 {
		return api.CommonsDraft{}, a.badCharter(charter.label, faults)
	}
	return api.CommonsDraft{As: me, Charter: charter.document()}, nil
}
