package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/node/api/client"
)

func (a *app) inviteCommand() *cobra.Command {
	var uses int64
	var expires string
	c := &cobra.Command{
		Use:   "invite",
		Short: a.t("Print a link with which somebody can join"),
		Args:  a.exactly(0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			if uses < 1 {
				return a.usage("--uses %d: at least one has to be able to join", uses)
			}
			return a.ask(c.Context(), briefly, func(ctx context.Context, node *client.Client) error {
				draft := api.InviteDraft{Commons: a.commons, Uses: uses, Expires: expires}
				invitation, err := node.Invite(ctx, draft, client.Write{})
				if err != nil {
					return err
				}
				a.hint("Whoever holds this link can join %s until %s. Hand it over as you would a key.", invitation.Commons.Name, invitation.Expires)
				return a.answer(invitation, func() {
					fmt.Fprintln(a.out, invitation.Link)
					a.showQR(invitation.Link)
				})
			})
		},
	}
	c.Flags().Int64Var(&uses, "uses", 1, a.t("how many may join with it"))
	c.Flags().StringVar(&expires, "expires", "P7D", a.t("for how long, such as P7D, or until when"))
	c.AddCommand(a.inviteRevoke())
	return c
}
