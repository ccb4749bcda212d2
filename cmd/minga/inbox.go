package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/node/api/client"
)

func (a *app) inboxCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "inbox",
		Short: a.t("What waits for you: to confirm, to sign, to serve as a witness"),
		Args:  a.exactly(0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			return a.ask(c.Context(), briefly, func(ctx context.Context, node *client.Client) error {
				inbox, err := node.Inbox(ctx, a.commons)
				if err != nil {
					return err
				}
				return a.answer(inbox, func() { a.showInbox(inbox) })
			})
		},
	}
}

func (a *app) showInbox(in api.Inbox) {
	if len(in.ToConfirm)+len(in.ToAccept)+len(in.ToApprove) == 0 && in.ToServe == nil {
		a.hint("Nothing waits for you.")
		return
	}
	if len(in.ToConfirm) > 0 {
		fmt.Fprintln(a.out, a.t("To confirm, with minga confirm ID or minga dispute ID --reason WHY:"))
		a.showToConfirm(in.ToConfirm)
	}
	if in.Unseen {
		a.hint("There may be more to confirm, older than these. All of it: minga confirm --all")
	}
	if len(in.ToAccept) > 0 {
		fmt.Fprintln(a.out, a.t("Uses that others declared, to confirm with minga confirm ID or minga dispute ID --reason WHY:"))
		a.showDeclarations(in.ToAccept)
	}
	if len(in.ToApprove) > 0 {
		fmt.Fprintln(a.out, a.t("To sign, with minga commons charter approve ID, minga account approve ID or minga distribution approve ID, or else reject ID:"))
		a.showProposals(in.ToApprove)
	}
	if in.ToServe != nil {
		fmt.Fprintln(a.out, a.t("You are asked to be a witness, with %s. Say yes with: minga witness confirm", namesOf(in.ToServe.Members)))
		fmt.Fprintln(a.out, in.ToServe.ID)
	}
}

func (a *app) showProposals(all []api.Proposal) {
	var rows [][]string
	for _, p := range all {
		rows = append(rows, []string{
			brief(p.ID), a.proposalState(p.State), fmt.Sprintf("%d/%d", len(p.Approvals), p.Needs),
			nameOf(&p.Log), p.Summary, nameOf(&p.By),
		})
	}
	a.table([]string{
		a.t("id"), a.t("state"), a.t("signed"), a.t("for"), a.t("proposal"), a.t("by"),
	}, rows)
}

func (a *app) proposalState(state string) string {
	switch state {
	case "open":
		return a.t("open")
	case "done":
		return a.t("done")
	case "refused":
		return a.t("refused")
	case "superseded":
		return a.t("superseded")
	}
	return state
}

func namesOf(refs []api.AgentRef) string {
	names := make([]string, len(refs))
	for i := range refs {
		names[i] = printable(nameOf(&refs[i]))
	}
	return strings.Join(names, ", ")
}

// approveCommand signs a proposal, for whatever log it is.
func (a *app) approveCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "approve ID",
		Short: a.t("Sign a proposal; a signature stands for good"),
		Args:  a.exactly(1, a.t("the id of a proposal")),
		RunE: func(c *cobra.Command, args []string) error {
			return a.ask(c.Context(), briefly, func(ctx context.Context, node *client.Client) error {
				w, err := node.Approve(ctx, a.commons, args[0])
				if err != nil {
					return err
				}
				return a.wrote(w)
			})
		},
	}
}

func (a *app) rejectCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "reject ID",
		Short: a.t("Refuse a proposal, for good"),
		Args:  a.exactly(1, a.t("the id of a proposal")),
		RunE: func(c *cobra.Command, args []string) error {
			return a.ask(c.Context(), briefly, func(ctx context.Context, node *client.Client) error {
				w, err := node.Reject(ctx, a.commons, args[0])
				if err != nil {
					return err
				}
				return a.wrote(w)
			})
		},
	}
}

// proposed tells how far a proposal has come after what was just written.
func (a *app) proposed(p *api.Proposal) {
	switch p.State {
	case "open":
		a.hint("Proposed: %s. It has %d of %d signatures; the others sign it with: minga %s approve %s", printable(p.Summary), len(p.Approvals), p.Needs, forms(p.Kind), p.ID)
	case "done":
		a.hint("Done: %s.", printable(p.Summary))
	case "refused":
		a.hint("Refused by too many to be signed: %s.", printable(p.Summary))
	case "superseded":
		a.hint("Another entry stands at its place: %s.", printable(p.Summary))
	}
}

// forms is the command that a proposal of this kind belongs to.
func forms(kind string) string {
	switch kind {
	case "event", "inception":
		return "account"
	case "distribution":
		return "distribution"
	}
	return "commons charter"
}
