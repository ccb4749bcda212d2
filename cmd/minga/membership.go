package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/node/api/client"
)

func (a *app) agentAdmit() *cobra.Command {
	var dryRun bool
	c := &cobra.Command{
		Use:   "admit LOG",
		Short: a.t("Admit a log to the commons (stewards only)"),
		Args:  a.exactly(1, a.t("the name of an agent or the id of a log")),
		RunE: func(c *cobra.Command, args []string) error {
			return a.ask(c.Context(), briefly, func(ctx context.Context, node *client.Client) error {
				w, err := node.Admit(ctx, api.AdmissionDraft{Log: args[0]}, a.write(dryRun))
				if err != nil {
					return err
				}
				return a.wrote(w)
			})
		},
	}
	c.Flags().BoolVar(&dryRun, "dry-run", false, a.t("write nothing, show what would be written"))
	return c
}

func (a *app) agentRemove() *cobra.Command {
	draft := api.RemovalDraft{}
	var dryRun bool
	c := &cobra.Command{
		Use:   "remove AGENT",
		Short: a.t("End the log of a member (stewards only)"),
		Args:  a.exactly(1, a.t("a name or an id")),
		RunE: func(c *cobra.Command, args []string) error {
			if draft.Seq < 0 || c.Flags().Changed("seq") && draft.Seq == 0 {
				return &statusError{exitInvalid, a.t("--seq %d: it is the number of the last entry that counts, from 1 up", draft.Seq)}
			}
			draft.Agent = args[0]
			return a.ask(c.Context(), 0, func(ctx context.Context, node *client.Client) error {
				if !dryRun {
					if err := a.agree(ctx, a.t("Remove %s? What it writes from now on will not count.", args[0])); err != nil {
						return err
					}
				}
				w, err := node.Remove(ctx, draft, a.write(dryRun))
				if err != nil {
					return err
				}
				return a.wrote(w)
			})
		},
	}
	c.Flags().Int64Var(&draft.Seq, "seq", 0, a.t("number of the last entry that counts (default: the newest)"))
	c.Flags().BoolVar(&dryRun, "dry-run", false, a.t("write nothing, show what would be written"))
	return c
}

func (a *app) agentBind() *cobra.Command {
	var dryRun bool
	c := &cobra.Command{
		Use:   "bind RECORD MEMBER",
		Short: a.t("Say that a record is a member (stewards only); the first time counts"),
		Args:  a.exactly(2, a.t("a record and a member: names or ids")),
		RunE: func(c *cobra.Command, args []string) error {
			draft := api.BindingDraft{Record: args[0], Member: args[1]}
			return a.ask(c.Context(), briefly, func(ctx context.Context, node *client.Client) error {
				w, err := node.Bind(ctx, draft, a.write(dryRun))
				if err != nil {
					return err
				}
				return a.wrote(w)
			})
		},
	}
	c.Flags().BoolVar(&dryRun, "dry-run", false, a.t("write nothing, show what would be written"))
	return c
}

func (a *app) inviteRevoke() *cobra.Command {
	return &cobra.Command{
		Use:   "revoke ID",
		Short: a.t("Take an invitation back: your own, or as a steward any"),
		Args:  a.exactly(1, a.t("the id of an invitation")),
		RunE: func(c *cobra.Command, args []string) error {
			return a.ask(c.Context(), briefly, func(ctx context.Context, node *client.Client) error {
				w, err := a.revoke(ctx, node, args[0])
				if err != nil {
					return err
				}
				return a.wrote(w)
			})
		},
	}
}

// revoke withdraws an invitation of one's own, and removes anybody else's.
func (a *app) revoke(ctx context.Context, node *client.Client, id string) (api.Written, error) {
	entry, err := node.Entry(ctx, a.commons, id)
	if err != nil {
		return api.Written{}, err
	}
	if entry.Kind != "invite" {
		return api.Written{}, &statusError{exitInvalid, a.t("%s is no invitation", id)}
	}
	all, err := node.Commons(ctx)
	if err != nil {
		return api.Written{}, err
	}
	write := a.write(false)
	write.Commons = entry.Commons
	for _, c := range all {
		if c.ID == entry.Commons && c.Me != nil && c.Me.ID == entry.Log {
			return node.Confirm(ctx, api.ConfirmationDraft{Target: entry.ID, Verdict: "withdraw"}, write)
		}
	}
	return node.Remove(ctx, api.RemovalDraft{Invite: entry.ID}, write)
}
