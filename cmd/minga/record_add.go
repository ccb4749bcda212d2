package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/node/api/client"
)

func (a *app) recordAdd(class api.Class) *cobra.Command {
	var dryRun bool
	var note, source string
	use, least := "add [NAME]", 0
	if class.Named {
		use, least = "add NAME", 1
	}
	c := &cobra.Command{
		Use:   use,
		Short: a.t("Record one"),
		Args:  a.between(least, 1, a.t("a name")),
	}
	properties := a.propertyFlags(c.Flags(), class)
	c.RunE = func(c *cobra.Command, args []string) error {
		draft := properties(c.Flags())
		for name, text := range map[string]string{"name": strings.Join(args, ""), "note": note, "source": source} {
			if text != "" {
				draft[name] = text
			}
		}
		for _, needed := range class.Needs {
			if _, given := draft[needed]; !given {
				return a.usage("%s is missing", "--"+kebab(needed))
			}
		}
		return a.ask(c.Context(), briefly, func(ctx context.Context, node *client.Client) error {
			w, err := node.AddRecord(ctx, class, draft, a.write(dryRun))
			if err != nil {
				return err
			}
			return a.wrote(w)
		})
	}
	c.Flags().StringVar(&note, "note", "", a.t("a note; it is permanent"))
	c.Flags().StringVar(&source, "source", "", a.t("your own key of it"))
	c.Flags().BoolVar(&dryRun, "dry-run", false, a.t("write nothing, show what would be written"))
	return c
}

// propertyFlags makes a flag for each property of a class, its name in kebab case.
// The function that it returns gives the properties whose flags were given.
func (a *app) propertyFlags(flags *pflag.FlagSet, class api.Class) func(*pflag.FlagSet) api.RecordDraft {
	read := map[string]func() any{}
	for _, p := range class.Properties {
		name, help := kebab(p.Name), a.propertyHelp(p)
		switch {
		case p.Kind == api.PropertyBool:
			v := flags.Bool(name, false, help)
			read[p.Name] = func() any { return *v }
		case p.Many:
			v := flags.StringArray(name, nil, help)
			read[p.Name] = func() any { return *v }
		case p.Kind == api.PropertyAmount:
			v := flags.String(name, "", help)
			read[p.Name] = func() any { return parseMeasure(*v) }
		default:
			v := flags.String(name, "", help)
			read[p.Name] = func() any { return *v }
		}
	}
	return func(flags *pflag.FlagSet) api.RecordDraft {
		draft := api.RecordDraft{}
		for name, value := range read {
			if flags.Changed(kebab(name)) {
				draft[name] = value()
			}
		}
		return draft
	}
}

func (a *app) propertyHelp(p api.Property) string {
	help := a.t("a text")
	switch {
	case len(p.Choices) > 0:
		help = strings.Join(p.Choices, ", ")
	case p.Name == "action":
		help = a.t("one of the 19 actions: work, produce, use, transfer, ...")
	case p.Kind == api.PropertyTime:
		help = a.t("a date, or a time with its offset")
	case p.Kind == api.PropertyNumber:
		help = a.t("a decimal number")
	case p.Kind == api.PropertyBool:
		help = a.t("that it is so")
	case p.Kind == api.PropertyUnit:
		help = a.t("a unit, such as kg")
	case p.Kind == api.PropertyAmount:
		help = a.t("how much, such as \"12.5 kg\"")
	case p.Kind == api.PropertyAgent:
		help = a.t("name or id of an agent")
	case p.Kind == api.PropertySpec:
		help = a.t("resource specification: its name or IRI")
	case p.Kind == api.PropertyLink && p.Of == "":
		help = a.t("an id")
	case p.Kind == api.PropertyLink:
		help = a.t("name or id: %s", p.Of)
	}
	if p.Many {
		help = a.t("%s; may be repeated", help)
	}
	return help
}
