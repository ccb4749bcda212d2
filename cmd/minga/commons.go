package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/node/api/client"
	"github.com/minga-commons/minga/protocol"
)

func (a *app) commonsCommand() *cobra.Command {
	return a.group("commons", a.t("Found, join and see commons"),
		a.commonsCreate(), a.commonsJoin(), a.commonsList(), a.commonsShow(), a.charterCommand(), a.templatesCommand())
}

func (a *app) commonsJoin() *cobra.Command {
	var as string
	c := &cobra.Command{
		Use:   "join LINK",
		Short: a.t("Join a commons by an invitation"),
		Args:  a.exactly(1, a.t("the link of an invitation")),
		RunE: func(c *cobra.Command, args []string) error {
			if _, err := protocol.ParseLink(args[0]); err != nil {
				return &statusError{exitInvalid, a.t("%v; copy the whole link, from minga:join/ on", err)}
			}
			me, err := a.nameForMe(c.Context(), as)
			if err != nil {
				return err
			}
			return a.ask(c.Context(), joinWait, func(ctx context.Context, node *client.Client) error {
				w, err := node.Join(ctx, api.JoinDraft{Link: args[0], As: me})
				if err != nil {
					return err
				}
				return a.entered(w)
			})
		},
	}
	c.Flags().StringVar(&as, "as", "", a.t("your name in the commons"))
	return c
}

// entered prints the commons that somebody founded or joined.
func (a *app) entered(w api.CommonsWritten) error {
	return a.answer(w, func() {
		a.pairs(
			[2]string{a.t("commons"), w.Commons.Name},
			[2]string{a.t("id"), w.Commons.ID},
			[2]string{a.t("you"), strings.TrimSpace(w.Me.Name + "  " + w.Me.ID)},
			[2]string{a.t("state"), strings.TrimSpace(a.state(w.State) + "  " + a.reason(w.Reason))},
		)
	})
}

func (a *app) commonsList() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: a.t("List the commons that the node holds"),
		Args:  a.exactly(0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			return a.ask(c.Context(), briefly, func(ctx context.Context, node *client.Client) error {
				all, err := node.Commons(ctx)
				if err != nil {
					return err
				}
				if all == nil {
					all = []api.CommonsStatus{}
				}
				return a.answer(api.CommonsList{Schema: "minga.commons-list/1", Commons: all}, func() {
					if len(all) > 0 {
						a.showCommons(all)
					}
				})
			})
		},
	}
}

// shownCommons is one commons: minga.commons/1.
type shownCommons struct {
	Schema string `json:"schema"`
	api.CommonsStatus
}

func (a *app) commonsShow() *cobra.Command {
	return &cobra.Command{
		Use:   "show [NAME|ID]",
		Short: a.t("Show one commons"),
		Args:  a.between(0, 1, ""),
		RunE: func(c *cobra.Command, args []string) error {
			wanted := a.commons
			if len(args) > 0 {
				wanted = args[0]
			}
			return a.ask(c.Context(), briefly, func(ctx context.Context, node *client.Client) error {
				all, err := node.Commons(ctx)
				if err != nil {
					return err
				}
				one, err := a.pick(all, wanted)
				if err != nil {
					return err
				}
				return a.answer(shownCommons{"minga.commons/1", one}, func() { a.showOneCommons(one) })
			})
		},
	}
}

// pick finds one commons by name, identifier or the prefix of one.
func (a *app) pick(all []api.CommonsStatus, wanted string) (api.CommonsStatus, error) {
	var found []api.CommonsStatus
	for _, c := range all {
		if wanted == "" || strings.EqualFold(c.Name, wanted) || len(wanted) >= 8 && strings.HasPrefix(c.ID, wanted) {
			found = append(found, c)
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(all) == 0:
		return api.CommonsStatus{}, &statusError{exitNotFound, a.t("the node holds no commons yet")}
	case len(found) == 0:
		return api.CommonsStatus{}, &statusError{exitNotFound, a.t("the node holds no commons %q", wanted)}
	}
	text := a.t("which commons? Name one:")
	for _, c := range found {
		text += fmt.Sprintf("\n  %s  %s", c.ID, c.Name)
	}
	return api.CommonsStatus{}, &statusError{exitUsage, text}
}

func (a *app) showOneCommons(c api.CommonsStatus) {
	reads := a.t("members")
	if c.PublicRead {
		reads = a.t("anybody")
	}
	a.pairs(
		[2]string{a.t("commons"), c.Name},
		[2]string{a.t("id"), c.ID},
		[2]string{a.t("you"), nameOf(c.Me)},
		[2]string{a.t("entries"), number(c.Entries)},
		[2]string{a.t("logs"), number(c.Logs)},
		[2]string{a.t("peers"), number(int64(c.Peers))},
		[2]string{a.t("waiting"), number(c.Waiting)},
		[2]string{a.t("void"), number(c.Void)},
		[2]string{a.t("frozen"), number(c.Frozen)},
		[2]string{a.t("charter"), number(c.Charter)},
		[2]string{a.t("who may read"), reads},
		[2]string{a.t("settled by"), c.SettledBy},
		[2]string{a.t("digest"), c.Digest},
	)
	a.showForks(c.Forks)
}
