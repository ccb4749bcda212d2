package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/node/api/client"
)

func (a *app) witnessCommand() *cobra.Command {
	return a.group("witness", a.t("Who settles entries"),
		a.witnessList(), a.witnessAdd(), a.witnessRemove(), a.witnessConfirm())
}

func (a *app) witnessList() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: a.t("Show the witnesses, and how a change of them stands"),
		Args:  a.exactly(0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			return a.ask(c.Context(), briefly, func(ctx context.Context, node *client.Client) error {
				w, err := node.Witnesses(ctx, a.commons)
				if err != nil {
					return err
				}
				return a.answer(w, func() { a.showWitnesses(w) })
			})
		},
	}
}

func (a *app) showWitnesses(w api.Witnesses) {
	a.showWitnessSet(a.t("witnesses"), w.Current)
	if w.Next != nil {
		a.showWitnessSet(a.t("next"), *w.Next)
	}
	for _, note := range w.Notes {
		fmt.Fprintln(a.out, printable(note))
	}
}

func (a *app) showWitnessSet(title string, s api.WitnessSet) {
	a.pairs(
		[2]string{title, namesOf(s.Members)},
		[2]string{a.t("quorum"), a.t("%d of %d", s.Quorum, len(s.Members))},
		[2]string{a.t("may lie"), number(int64(s.F))},
		[2]string{a.t("id"), s.ID},
	)
}

func (a *app) witnessAdd() *cobra.Command {
	var liars int64
	c := &cobra.Command{
		Use:     "add MEMBER...",
		Short:   a.t("Propose more witnesses, all of them in one change"),
		Example: "  minga witness add Luis Rosa Eva --liars 1",
		Args:    a.between(1, 64, a.t("the members who are to be witnesses")),
		RunE: func(c *cobra.Command, args []string) error {
			return a.changeWitnesses(c, liars, func(current []api.AgentRef) ([]string, error) {
				members := idsOf(current)
				for _, name := range args {
					if len(fitting(current, name)) > 0 {
						return nil, &statusError{exitConflict, a.t("%s is a witness already", name)}
					}
					members = append(members, name)
				}
				return members, nil
			})
		},
	}
	a.bindLiars(c, &liars)
	return c
}

func (a *app) witnessRemove() *cobra.Command {
	var liars int64
	c := &cobra.Command{
		Use:   "remove MEMBER...",
		Short: a.t("Propose to go on without some witnesses"),
		Args:  a.between(1, 64, a.t("the witnesses who are to be none any more")),
		RunE: func(c *cobra.Command, args []string) error {
			return a.changeWitnesses(c, liars, func(current []api.AgentRef) ([]string, error) {
				members := idsOf(current)
				for _, name := range args {
					found := fitting(current, name)
					switch {
					case len(found) == 0:
						return nil, &statusError{exitNotFound, a.t("%s is no witness; see: minga witness list", name)}
					case len(found) > 1:
						return nil, a.usage("%s may be several witnesses; take an id: minga witness list --json", name)
					}
					members = slices.DeleteFunc(members, func(id string) bool { return id == found[0].ID })
				}
				if len(members) == 0 {
					return nil, &statusError{exitInvalid, a.t("without any witness nothing could be settled")}
				}
				return members, nil
			})
		},
	}
	a.bindLiars(c, &liars)
	return c
}

func (a *app) bindLiars(c *cobra.Command, liars *int64) {
	c.Flags().Int64Var(liars, "liars", 0, a.t("how many of them may lie (default: as many as their number allows)"))
}

func idsOf(refs []api.AgentRef) []string {
	ids := make([]string, len(refs))
	for i, r := range refs {
		ids[i] = r.ID
	}
	return ids
}

// fitting returns those of a name, an identifier or the prefix of one.
func fitting(refs []api.AgentRef, name string) []api.AgentRef {
	var found []api.AgentRef
	for _, r := range refs {
		if strings.EqualFold(r.Name, name) || len(name) >= 8 && strings.HasPrefix(r.ID, name) {
			found = append(found, r)
		}
	}
	return found
}

// changeWitnesses proposes the set that change makes of the present one, after
// saying what it means.
func (a *app) changeWitnesses(c *cobra.Command, liars int64, change func([]api.AgentRef) ([]string, error)) error {
	if liars < 0 {
		return &statusError{exitInvalid, a.t("--liars %d: it is a number from 0 up", liars)}
	}
	return a.ask(c.Context(), 0, func(ctx context.Context, node *client.Client) error {
		now, err := node.Witnesses(ctx, a.commons)
		if err != nil {
			return err
		}
		if now.Next != nil {
			return &statusError{exitConflict, a.t("witnesses are changing already; see how far: minga witness list")}
		}
		members, err := change(now.Current.Members)
		if err != nil {
			return err
		}
		draft := api.WitnessesDraft{Members: members}
		f := (len(members) - 1) / 3
		if c.Flags().Changed("liars") {
			draft.F, f = &liars, int(liars)
		}
		a.warnOfWitnesses(now, len(members), f)
		if err := a.agree(ctx, a.t("Change the witnesses?")); err != nil {
			return err
		}
		w, err := node.ChangeWitnesses(ctx, a.commons, draft)
		if err != nil {
			return err
		}
		return a.wrote(w)
	})
}

// warnOfWitnesses says what a change means before it is proposed.
func (a *app) warnOfWitnesses(now api.Witnesses, size, f int) {
	a.hint("After this only the new witnesses can settle. Each of them has to confirm it first: minga witness confirm")
	a.hint("%d of %d will settle an entry.", (size+f)/2+1, size)
	if size > 1 && f == 0 {
		a.hint("That survives crashes, and no liar.")
	}
	if len(now.Current.Members) == 1 && size > 1 {
		a.hint("Until the founder's close is settled you trust the founder alone.")
	}
	a.hint("With fewer than %d of the present witnesses able to act, no change is possible.", now.Current.Quorum)
}

func (a *app) witnessConfirm() *cobra.Command {
	return &cobra.Command{
		Use:   "confirm [ID]",
		Short: a.t("Say yes to being a witness"),
		Args:  a.between(0, 1, ""),
		RunE: func(c *cobra.Command, args []string) error {
			return a.ask(c.Context(), 0, func(ctx context.Context, node *client.Client) error {
				id := strings.Join(args, "")
				if id == "" {
					inbox, err := node.Inbox(ctx, a.commons)
					if err != nil {
						return err
					}
					if inbox.ToServe == nil {
						return &statusError{exitNotFound, a.t("nobody asks you to be a witness")}
					}
					id = inbox.ToServe.ID
				}
				a.hint("After this only the new witnesses can settle: your node has to be there for it.")
				if err := a.agree(ctx, a.t("Be a witness?")); err != nil {
					return err
				}
				draft := api.ConfirmationDraft{Target: id, Verdict: "confirm"}
				w, err := node.Confirm(ctx, draft, a.write(false))
				if err != nil {
					return err
				}
				return a.wrote(w)
			})
		},
	}
}
