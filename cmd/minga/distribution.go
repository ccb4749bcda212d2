package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/node/api/client"
)

func (a *app) distributionCommand() *cobra.Command {
	return a.group("distribution", a.t("Share an income by the rules of the charter, and see why"),
		a.distributionPreview(), a.distributionPropose(), a.distributionVerdict("approve"), a.distributionVerdict("reject"),
		a.distributionList(), a.distributionShow(), a.distributionVerify())
}

// sharing is what the flags of a preview or a proposal say.
type sharing struct {
	incomes, rates, why []string
	charter             string
	version             int64
	limit               int
}

// draft reads the amount, the currency and the flags.
func (a *app) sharingDraft(c *cobra.Command, args []string, s sharing) (api.PreviewDraft, error) {
	d := api.PreviewDraft{Amount: args[0], Currency: args[1], Incomes: s.incomes, Why: s.why, Limit: int64(s.limit)}
	if c.Flags().Changed("charter-version") {
		if s.version < 0 {
			return d, a.usage("--charter-version %d: versions are numbered from 0 up", s.version)
		}
		d.Version = &s.version
	}
	if s.limit < 0 {
		return d, a.usage("--limit %d: it is a number from 1 up", s.limit)
	}
	for _, rate := range s.rates {
		stream, factor, found := strings.Cut(rate, "=")
		if !found {
			return d, a.usage("--rate %s: write a stream and a factor, such as care=1.5", rate)
		}
		stream = streamNamed(stream)
		if _, twice := d.Rates[stream]; twice {
			return d, a.usage("--rate %s: this stream is given twice", rate)
		}
		if d.Rates == nil {
			d.Rates = map[string]string{}
		}
		d.Rates[stream] = factor
	}
	if s.charter == "" {
		return d, nil
	}
	if d.Version != nil {
		return d, a.usage("--charter and --charter-version are two charters: choose one")
	}
	file, err := a.charterFrom(s.charter, "")
	if err != nil {
		return d, err
	}
	if faults := file.Check(); len(faults) > 0 {
		return d, a.badCharter(file.label, faults)
	}
	d.Document = file.document()
	return d, nil
}

func (a *app) distributionPreview() *cobra.Command {
	var s sharing
	c := &cobra.Command{
		Use:     "preview AMOUNT CURRENCY",
		Short:   a.t("Compute how an amount of the pool would be shared; nothing is written"),
		Example: "  minga distribution preview 10000.00 USD --rate care=1.5 --why Ana",
		Args:    a.exactly(2, a.t("AMOUNT CURRENCY, such as 100.00 USD")),
		RunE: func(c *cobra.Command, args []string) error {
			draft, err := a.sharingDraft(c, args, s)
			if err != nil {
				return err
			}
			return a.ask(c.Context(), 0, func(ctx context.Context, node *client.Client) error {
				d, err := node.PreviewDistribution(ctx, a.commons, draft)
				if err != nil {
					return err
				}
				return a.answer(d, func() { a.showDistribution(d) })
			})
		},
	}
	c.Flags().StringArrayVar(&s.incomes, "income", nil, a.t("id of an income to share; may be repeated (default: the oldest not shared yet)"))
	c.Flags().StringArrayVar(&s.rates, "rate", nil, a.t("another factor of a stream, such as care=1.5; may be repeated"))
	c.Flags().StringVar(&s.charter, "charter", "", a.t("charter file to try out"))
	c.Flags().Int64Var(&s.version, "charter-version", 0, a.t("version of the charter (default: the one in force)"))
	c.Flags().StringArrayVar(&s.why, "why", nil, a.t("explain what this agent gets; may be repeated"))
	c.Flags().IntVar(&s.limit, "limit", 0, a.t("list at most so many events of each rule (default: 100)"))
	a.takesAmount(c)
	return c
}

func (a *app) distributionPropose() *cobra.Command {
	var s sharing
	c := &cobra.Command{
		Use:     "propose AMOUNT CURRENCY",
		Short:   a.t("Propose a distribution, after showing it (stewards only)"),
		Example: "  minga distribution propose 10000.00 USD",
		Args:    a.exactly(2, a.t("AMOUNT CURRENCY, such as 100.00 USD")),
		RunE: func(c *cobra.Command, args []string) error {
			draft, err := a.sharingDraft(c, args, s)
			if err != nil {
				return err
			}
			return a.ask(c.Context(), 0, func(ctx context.Context, node *client.Client) error {
				return a.propose(ctx, node, draft)
			})
		},
	}
	c.Flags().StringArrayVar(&s.incomes, "income", nil, a.t("id of an income to share; may be repeated (default: the oldest not shared yet)"))
	c.Flags().Int64Var(&s.version, "charter-version", 0, a.t("version of the charter (default: the one in force)"))
	a.takesAmount(c)
	return c
}

// propose shows who would get what, where somebody sits who can be asked, before
// anything is signed.
func (a *app) propose(ctx context.Context, node *client.Client, d api.PreviewDraft) error {
	if !a.yes && a.interactive() {
		preview, err := node.PreviewDistribution(ctx, a.commons, d)
		if err != nil {
			return err
		}
		to := *a
		to.out = a.err // what is asked about is no data
		to.showDistribution(preview)
		if err := a.agree(ctx, a.t("Propose this distribution?")); err != nil {
			return err
		}
	}
	done, err := node.ProposeDistribution(ctx, a.commons, api.DistributionDraft{
		Amount: d.Amount, Currency: d.Currency, Incomes: d.Incomes, Version: d.Version,
	})
	if err != nil {
		return err
	}
	return a.judged(done)
}

// judged tells what became of a distribution.
func (a *app) judged(d api.Distribution) error {
	err := a.answer(d, func() {
		fmt.Fprintln(a.out, strings.TrimSpace(d.ID+"  "+a.sharedState(d.State)+"  "+a.reason(d.Reason)))
	})
	if err != nil {
		return err
	}
	a.warn(d.Warnings)
	switch p := d.Proposal; {
	case d.State == "void":
		return &statusError{exitInvalid, a.t("the entry has no effect: %s", a.reason(d.Reason))}
	case p != nil && d.State == "proposed":
		a.hint("Proposed: %s. It has %d of %d signatures; the others sign it with: minga %s approve %s", printable(p.Summary), len(p.Approvals), p.Needs, "distribution", d.ID)
	case d.State == "refused":
		a.hint("Refused by too many to be signed: %s.", d.Amount+" "+d.Currency)
	}
	return nil
}

// distributionVerdict signs a distribution or refuses it.
func (a *app) distributionVerdict(verdict string) *cobra.Command {
	short := a.t("Sign a distribution; your node computes it first and refuses on a difference")
	if verdict == "reject" {
		short = a.t("Refuse a distribution, for good")
	}
	return &cobra.Command{
		Use:   verdict + " ID",
		Short: short,
		Args:  a.exactly(1, a.t("the id of a distribution")),
		RunE: func(c *cobra.Command, args []string) error {
			return a.ask(c.Context(), 0, func(ctx context.Context, node *client.Client) error {
				say := node.ApproveDistribution
				if verdict == "reject" {
					say = node.RejectDistribution
				}
				d, err := say(ctx, a.commons, args[0])
				if err != nil {
					return err
				}
				if verdict == "reject" && d.State == "proposed" && d.Proposal != nil {
					return a.answer(d, func() {
						fmt.Fprintln(a.out, d.ID+"  "+a.sharedState(d.State))
						a.hint("You refused: %s. It has %d of %d signatures, and others may still sign it.", printable(d.Proposal.Summary), len(d.Proposal.Approvals), d.Proposal.Needs)
					})
				}
				return a.judged(d)
			})
		},
	}
}

func (a *app) distributionList() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: a.t("List the distributions, newest first"),
		Args:  a.exactly(0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			return a.ask(c.Context(), 0, func(ctx context.Context, node *client.Client) error {
				all := []api.Distribution{}
				for d, err := range client.Every(func(cursor string) ([]api.Distribution, string, error) {
					page, err := node.Distributions(ctx, client.Page{Commons: a.commons, Limit: pageSize, Cursor: cursor})
					return page.Distributions, page.Next, err
				}) {
					if err != nil {
						return err
					}
					all = append(all, d)
				}
				return a.answer(api.DistributionList{Schema: "minga.distributions/1", Distributions: all}, func() { a.showDistributions(all) })
			})
		},
	}
}

func (a *app) distributionShow() *cobra.Command {
	var why []string
	var limit int
	c := &cobra.Command{
		Use:     "show ID",
		Short:   a.t("Show one distribution, and why somebody gets what they get"),
		Example: "  minga distribution show bafyreid3h2m4 --why Ana --why Luis",
		Args:    a.exactly(1, a.t("the id of a distribution")),
		RunE: func(c *cobra.Command, args []string) error {
			if limit < 0 {
				return a.usage("--limit %d: it is a number from 1 up", limit)
			}
			return a.ask(c.Context(), 0, func(ctx context.Context, node *client.Client) error {
				d, err := node.Distribution(ctx, a.commons, args[0])
				if err != nil {
					return err
				}
				for _, agent := range why {
					explained, err := node.WhyDistribution(ctx, a.commons, args[0], agent, limit)
					if err != nil {
						return err
					}
					d.Why = append(d.Why, explained)
				}
				return a.answer(d, func() { a.showDistribution(d) })
			})
		},
	}
	c.Flags().StringArrayVar(&why, "why", nil, a.t("explain what this agent gets; may be repeated"))
	c.Flags().IntVar(&limit, "limit", 0, a.t("list at most so many events of each rule (default: 100)"))
	return c
}

func (a *app) distributionVerify() *cobra.Command {
	return &cobra.Command{
		Use:     "verify ID",
		Short:   a.t("Compute a distribution again from the log (exit 9: it differs)"),
		Example: "  minga distribution verify bafyreid3h2m4",
		Args:    a.exactly(1, a.t("the id of a distribution")),
		RunE: func(c *cobra.Command, args []string) error {
			return a.ask(c.Context(), 0, func(ctx context.Context, node *client.Client) error {
				v, err := node.VerifyDistribution(ctx, a.commons, args[0])
				if err != nil {
					return err
				}
				if err := a.answer(v, func() { a.showVerification(v) }); err != nil || v.OK {
					return err
				}
				return &statusError{status: exitVerify}
			})
		},
	}
}
