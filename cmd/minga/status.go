package main

import (
	"context"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/node/api/client"
)

func (a *app) statusCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "status",
		Short: a.t("What the node holds"),
		Args:  a.exactly(0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			return a.ask(c.Context(), briefly, func(ctx context.Context, node *client.Client) error {
				status, err := node.Status(ctx)
				if err != nil {
					return err
				}
				return a.answer(status, func() { a.showStatus(status) })
			})
		},
	}
}

func (a *app) showStatus(s api.Status) {
	if len(s.Commons) == 0 {
		a.hint("The node runs and holds no commons yet. Found one with: minga commons create NAME --as YOU. Or join one with: minga commons join LINK --as YOU.")
		return
	}
	a.showCommons(s.Commons)
	for _, c := range s.Commons {
		fmt.Fprintf(a.out, "%s: %s\n", printable(c.Name), printable(c.SettledBy))
		if c.Membership == "pending" {
			a.hint("%s: the witnesses have not let you in yet. If it stays so, others have used up your link: ask for a new one.", printable(c.Name))
		}
		if c.Notice != "" {
			fmt.Fprintf(a.out, "%s: %s\n", printable(c.Name), printable(c.Notice))
		}
		a.showForks(c.Forks)
	}
}

func (a *app) showCommons(all []api.CommonsStatus) {
	var rows [][]string
	for _, c := range all {
		rows = append(rows, []string{
			c.Name, brief(c.ID), nameOf(c.Me), number(c.Entries), number(c.Logs), strconv.Itoa(c.Peers),
			number(c.Waiting), number(c.Void), number(c.Frozen), c.Digest[:min(16, len(c.Digest))],
		})
	}
	a.table([]string{
		a.t("commons"), a.t("id"), a.t("you"), a.t("entries"), a.t("logs"), a.t("peers"),
		a.t("waiting"), a.t("void"), a.t("frozen"), a.t("digest"),
	}, rows, 4, 5, 6, 7, 8, 9)
}

func number(n int64) string { return strconv.FormatInt(n, 10) }
