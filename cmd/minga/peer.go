package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/node/api/client"
)

func (a *app) peerCommand() *cobra.Command {
	return a.group("peer", a.t("Other nodes"), a.peerList(), a.peerAdd())
}

func (a *app) peerList() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: a.t("List the peers that the node knows"),
		Args:  a.exactly(0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			return a.ask(c.Context(), briefly, func(ctx context.Context, node *client.Client) error {
				peers, err := node.Peers(ctx)
				if err != nil {
					return err
				}
				if peers == nil {
					peers = []api.Peer{}
				}
				return a.answer(api.PeerList{Schema: "minga.peers/1", Peers: peers}, func() { a.showPeers(peers) })
			})
		},
	}
}

func (a *app) showPeers(peers []api.Peer) {
	if len(peers) == 0 {
		a.hint("The node knows no other node yet.")
		return
	}
	var rows [][]string
	for _, p := range peers {
		rows = append(rows, []string{p.ID, a.connection(p.State), strings.Join(p.Addrs, " "), p.LastError})
	}
	a.table([]string{a.t("peer"), a.t("state"), a.t("addresses"), a.t("last error")}, rows)
}

func (a *app) connection(state string) string {
	switch state {
	case "connected":
		return a.t("connected")
	case "dialing":
		return a.t("dialing")
	case "known":
		return a.t("known")
	}
	return state
}

func (a *app) peerAdd() *cobra.Command {
	return &cobra.Command{
		Use:     "add MULTIADDR",
		Short:   a.t("Keep a connection to another node"),
		Example: "  minga peer add /ip4/192.0.2.7/tcp/8746/p2p/12D3Koo...",
		Args:    a.exactly(1, a.t("an address that ends in /p2p/ID")),
		RunE: func(c *cobra.Command, args []string) error {
			return a.ask(c.Context(), briefly, func(ctx context.Context, node *client.Client) error {
				peer, err := node.AddPeer(ctx, args[0])
				if err != nil {
					return err
				}
				return a.answer(peer, func() { a.showPeers([]api.Peer{peer}) })
			})
		},
	}
}
