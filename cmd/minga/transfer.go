package main

import (
	"context"
	"regexp"

	"github.com/spf13/cobra"

	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/node/api/client"
)

func (a *app) transferCommand() *cobra.Command {
	var draft api.TransferDraft
	var dryRun bool
	c := &cobra.Command{
		Use:     "transfer AMOUNT CURRENCY AGENT",
		Short:   a.t("Pay somebody, or send a payment back"),
		Example: "  minga transfer 12.50 hora Luis --note pan\n  minga transfer --back bafyreid3h2m4",
		Args:    a.between(0, 3, ""),
		RunE: func(c *cobra.Command, args []string) error {
			switch {
			case draft.Back != "" && len(args) > 0:
				return a.usage("--back sends the whole payment back: leave out amount, currency and agent")
			case draft.Back == "" && len(args) < 3:
				return a.usage("%s wants %s", c.CommandPath(), a.t("AMOUNT CURRENCY AGENT, such as 12.50 hora Luis"))
			case draft.Back == "":
				draft.Amount, draft.Currency, draft.To = args[0], args[1], args[2]
			}
			return a.transfer(c.Context(), draft, dryRun)
		},
	}
	c.Flags().StringVar(&draft.From, "from", "", a.t("account that pays: a shared account or the commons (default: yours)"))
	c.Flags().StringVar(&draft.Settles, "settles", "", a.t("id of a declaration of use or a claim that it pays for"))
	c.Flags().StringVar(&draft.Back, "back", "", a.t("id of a payment that you refuse: it is sent back"))
	c.Flags().StringVar(&draft.RealizationOf, "realization-of", "", a.t("name or id of an agreement"))
	c.Flags().StringArrayVar(&draft.Fulfills, "fulfills", nil, a.t("id of a commitment; may be repeated"))
	c.Flags().StringVar(&draft.Note, "note", "", a.t("a note; it is permanent"))
	c.Flags().BoolVar(&dryRun, "dry-run", false, a.t("write nothing, show what would be written"))
	a.takesAmount(c)
	return c
}

func (a *app) transfer(ctx context.Context, draft api.TransferDraft, dryRun bool) error {
	return a.ask(ctx, briefly, func(ctx context.Context, node *client.Client) error {
		w, err := node.Transfer(ctx, draft, a.write(dryRun))
		if err != nil {
			return err
		}
		return a.wrote(w)
	})
}

// negative is what a negative amount looks like among the arguments: it is taken
// for flags.
var negative = regexp.MustCompile(`^-[.0-9]`)

// takesAmount explains a negative amount as one.
func (a *app) takesAmount(c *cobra.Command) {
	c.SetFlagErrorFunc(func(_ *cobra.Command, err error) error {
		for _, arg := range a.args {
			if negative.MatchString(arg) {
				return &statusError{exitInvalid, a.t("an amount is more than zero; %s is not", arg)}
			}
		}
		return a.usage("wrong flags: %v", err)
	})
}

func (a *app) incomeCommand() *cobra.Command {
	var draft api.IncomeDraft
	var dryRun bool
	c := &cobra.Command{
		Use:     "income AMOUNT CURRENCY --from AGENT",
		Short:   a.t("Record money that came into the pool of the commons (stewards only)"),
		Example: "  minga income 100.00 USD --from Mercado --for Papa",
		Args:    a.exactly(2, a.t("AMOUNT CURRENCY, such as 100.00 USD")),
		RunE: func(c *cobra.Command, args []string) error {
			if draft.From == "" {
				return a.usage("%s is missing", "--from")
			}
			draft.Amount, draft.Currency = args[0], args[1]
			return a.ask(c.Context(), briefly, func(ctx context.Context, node *client.Client) error {
				w, err := node.Income(ctx, draft, a.write(dryRun))
				if err != nil {
					return err
				}
				return a.wrote(w)
			})
		},
	}
	c.Flags().StringVar(&draft.From, "from", "", a.t("who paid: name or id"))
	c.Flags().StringVar(&draft.Settles, "settles", "", a.t("id of a declaration of use or a claim that it pays for"))
	c.Flags().StringVar(&draft.For, "for", "", a.t("what was paid for: name or id of a resource, id of a delivery, or a resource specification"))
	c.Flags().StringVar(&draft.Note, "note", "", a.t("a note; it is permanent"))
	c.Flags().BoolVar(&dryRun, "dry-run", false, a.t("write nothing, show what would be written"))
	a.takesAmount(c)
	return c
}
