package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/node/api/client"
)

func (a *app) confirmCommand() *cobra.Command {
	v := verdict{app: a, draft: api.ConfirmationDraft{Verdict: "confirm"}}
	c := &cobra.Command{
		Use:   "confirm ID...",
		Short: a.t("Confirm what somebody else recorded"),
		Example: "  minga confirm bafyreicebisy6nk4 bafyreid3cs7nrg4y\n  minga confirm --all --from Rosa\n" +
			"  minga confirm --withdraw bafyreicebisy6nk4",
		RunE: func(c *cobra.Command, args []string) error { return v.run(c.Context(), c.CommandPath(), args) },
	}
	c.Flags().BoolVar(&v.all, "all", false, a.t("all contributions that minga inbox shows to confirm, after a question; uses that others declared want an ID each"))
	c.Flags().StringVar(&v.from, "from", "", a.t("with --all: only contributions of this agent"))
	c.Flags().BoolVar(&v.withdraw, "withdraw", false, a.t("take back what you said of it"))
	v.flags(c)
	return c
}

func (a *app) disputeCommand() *cobra.Command {
	v := verdict{app: a, draft: api.ConfirmationDraft{Verdict: "dispute"}}
	c := &cobra.Command{
		Use:     "dispute ID...",
		Short:   a.t("Dispute what somebody else recorded, with a reason"),
		Example: "  minga dispute bafyreicebisy6nk4 --reason \"it was two hours\"",
		RunE:    func(c *cobra.Command, args []string) error { return v.run(c.Context(), c.CommandPath(), args) },
	}
	v.flags(c)
	return c
}

// verdict is what a command is to say, of what.
type verdict struct {
	app           *app
	draft         api.ConfirmationDraft
	from          string
	all, withdraw bool
	dryRun        bool
}

func (v *verdict) flags(c *cobra.Command) {
	c.Flags().StringVar(&v.draft.Reason, "reason", "", v.app.t("why; it is permanent"))
	c.Flags().BoolVar(&v.dryRun, "dry-run", false, v.app.t("write nothing, show what would be written"))
}

func (v *verdict) run(ctx context.Context, name string, args []string) error {
	a := v.app
	switch {
	case v.all && v.withdraw:
		return a.usage("%s and %s do not go together", "--all", "--withdraw")
	case v.from != "" && !v.all:
		return a.usage("%s needs %s", "--from", "--all")
	case v.all && len(args) > 0:
		return a.usage("%s and %s do not go together", "--all", "ID")
	case !v.all && len(args) == 0:
		return a.usage("%s wants %s", name, a.t("the id of an event"))
	case v.draft.Verdict == "dispute" && v.draft.Reason == "":
		return a.usage("%s is missing", "--reason")
	case v.dryRun && (v.all || len(args) > 1):
		return a.usage("%s wants one ID", "--dry-run")
	}
	if v.withdraw {
		v.draft.Verdict = "withdraw"
	}
	if v.all {
		return v.everything(ctx)
	}
	limit := briefly
	if len(args) > 1 {
		limit = 0
	}
	return a.ask(ctx, limit, func(ctx context.Context, node *client.Client) error {
		if len(args) == 1 {
			return v.one(ctx, node, args[0])
		}
		done, err := v.say(ctx, node, args)
		if err != nil {
			return err
		}
		return v.told(done)
	})
}

// one says it of one entry, and what has become of that then.
func (v *verdict) one(ctx context.Context, node *client.Client, id string) error {
	a := v.app
	v.draft.Target = id
	w, err := node.Confirm(ctx, v.draft, a.write(v.dryRun))
	if err != nil {
		return err
	}
	if err := a.wrote(w); err != nil || v.dryRun || a.json {
		return err
	}
	if w.Repeated {
		a.hint("You had said so before. Nothing was written.")
	}
	if e, err := node.Event(ctx, a.commons, id); err == nil && e.Confirmation != nil {
		said := slices.ContainsFunc(e.Confirmation.Verdicts, func(s api.Verdict) bool { return s.ID == w.ID && s.Steward })
		if v.draft.Verdict == "confirm" && e.Confirmation.By == "stewards" && !said {
			a.hint("It is recorded and does not count: of this, only confirmations by stewards do.")
		}
		a.hint("%s", a.counting(e.Confirmation))
	}
	return nil
}

// everything says it of all that the inbox has.
func (v *verdict) everything(ctx context.Context) error {
	a := v.app
	return a.ask(ctx, 0, func(ctx context.Context, node *client.Client) error {
		const most = 1000 // in one request
		asked := false
		done := api.Confirmed{Schema: "minga.confirmed/1", Results: []api.ConfirmedTarget{}}
		for {
			inbox, err := node.ToConfirm(ctx, a.commons, v.from, most)
			if err != nil {
				return err
			}
			var ids []string
			for _, e := range inbox.ToConfirm {
				if !slices.ContainsFunc(done.Results, func(r api.ConfirmedTarget) bool { return r.Refused != "" && r.Target == e.ID }) {
					ids = append(ids, e.ID)
				}
			}
			if len(ids) == 0 {
				switch {
				case inbox.Unseen:
					a.hint("There may be older contributions that were not looked at.")
				case !asked:
					a.hint("No contribution waits for you.")
				}
				break
			}
			if !asked {
				if !a.json {
					a.showToConfirm(inbox.ToConfirm[:min(len(inbox.ToConfirm), 20)])
				}
				question := a.t("Confirm these %d contributions?", len(ids))
				if inbox.Unseen {
					question = a.t("Confirm these %d contributions, and the older ones after them?", len(ids))
				}
				if err := v.sure(ctx, question); err != nil {
					return err
				}
				asked = true
			}
			part, err := v.say(ctx, node, ids)
			if err != nil {
				return err
			}
			done.Written, done.Repeated, done.Refused = done.Written+part.Written, done.Repeated+part.Repeated, done.Refused+part.Refused
			done.Results = append(done.Results, part.Results...)
		}
		return v.told(done)
	})
}

// sure asks; without anybody to ask, --yes is needed.
func (v *verdict) sure(ctx context.Context, question string) error {
	if !v.app.yes && !v.app.interactive() {
		return v.app.usage("there is nobody to ask; to agree, add %s", "--yes")
	}
	return v.app.agree(ctx, question)
}

// say says it of as many entries as there are, in several requests if need be.
func (v *verdict) say(ctx context.Context, node *client.Client, ids []string) (api.Confirmed, error) {
	done := api.Confirmed{Schema: "minga.confirmed/1", Results: []api.ConfirmedTarget{}}
	for part := range slices.Chunk(ids, 1000) {
		d := api.ConfirmationsDraft{Targets: part, Verdict: v.draft.Verdict, Reason: v.draft.Reason}
		some, err := node.ConfirmAll(ctx, v.app.commons, d)
		if err != nil {
			return done, err
		}
		done.Written, done.Repeated, done.Refused = done.Written+some.Written, done.Repeated+some.Repeated, done.Refused+some.Refused
		done.Results = append(done.Results, some.Results...)
	}
	return done, nil
}

// told prints what became of several verdicts.
func (v *verdict) told(done api.Confirmed) error {
	a := v.app
	err := a.answer(done, func() {
		shown := 0
		for _, r := range done.Results {
			if r.Refused != "" {
				if shown++; shown <= 20 {
					fmt.Fprintln(a.err, a.t("%s: %s", brief(r.Target), printable(r.Refused)))
				}
			}
		}
		fmt.Fprintln(a.out, a.t("%d written, %d said before, %d refused", done.Written, done.Repeated, done.Refused))
	})
	if err == nil && done.Refused > 0 {
		return &statusError{exitPartial, a.t("some of them were refused")}
	}
	return err
}
