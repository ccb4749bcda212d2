package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/minga-commons/minga/ledger/archive/charterfile"
	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/node/api/client"
	"github.com/minga-commons/minga/protocol"
)

func (a *app) charterCommand() *cobra.Command {
	return a.group("charter", a.t("The charter: what the commons has agreed on"),
		a.charterShow(), a.charterPropose(), a.approveCommand(), a.rejectCommand(), a.charterHistory())
}

func (a *app) charterShow() *cobra.Command {
	var asTOML bool
	c := &cobra.Command{
		Use:   "show",
		Short: a.t("Show the charter in force"),
		Args:  a.exactly(0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			return a.ask(c.Context(), briefly, func(ctx context.Context, node *client.Client) error {
				all, err := node.Charters(ctx, a.commons)
				if err != nil {
					return err
				}
				v, found := inForce(all)
				if !found {
					return &statusError{exitNotFound, a.t("the node holds no charter yet")}
				}
				if newest := all[len(all)-1]; newest.Seq > v.Seq && newest.State != "void" {
					a.hint("Version %d is not settled yet; this one is in force.", newest.Seq)
				}
				if asTOML && !a.json {
					text, err := charterfile.Write(document(v.Doc))
					if err == nil {
						_, err = a.out.Write(text)
					}
					return err
				}
				return a.answer(v, func() { a.showCharter(v) })
			})
		},
	}
	c.Flags().BoolVar(&asTOML, "toml", false, a.t("as a charter file, to change it and propose it"))
	return c
}

// inForce returns the newest version that is settled, or before any is the first.
func inForce(all []api.CharterVersion) (api.CharterVersion, bool) {
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].State == "settled" {
			return all[i], true
		}
	}
	if len(all) == 0 {
		return api.CharterVersion{}, false
	}
	return all[0], true
}

// document makes the plain document of the JSON of one.
func document(m map[string]any) map[string]protocol.Value {
	out := make(map[string]protocol.Value, len(m))
	for name, v := range m {
		out[name] = datum(v)
	}
	return out
}

func datum(v any) protocol.Value {
	switch v := v.(type) {
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n
		}
		return v.String()
	case []any:
		list := make([]protocol.Value, len(v))
		for i, item := range v {
			list[i] = datum(item)
		}
		return list
	case map[string]any:
		return document(v)
	}
	return v
}

func (a *app) showCharter(v api.CharterVersion) {
	stewards, _ := v.Doc["stewards"].(map[string]any)
	a.pairs(
		[2]string{a.t("commons"), textOf(v.Doc["name"])},
		[2]string{a.t("purpose"), textOf(v.Doc["purpose"])},
		[2]string{a.t("version"), number(v.Seq)},
		[2]string{a.t("state"), strings.TrimSpace(a.state(v.State) + "  " + v.Reason)},
		[2]string{a.t("signed by"), namesOf(v.Signers)},
		[2]string{a.t("membership"), textOf(v.Doc["membership"])},
		[2]string{a.t("stewards"), textOf(stewards["members"])},
		[2]string{a.t("sign"), textOf(stewards["threshold"])},
		[2]string{a.t("id"), v.ID},
	)
	currencies, _ := v.Doc["currency"].([]any)
	if len(currencies) == 0 {
		return
	}
	var rows [][]string
	for _, c := range currencies {
		m, _ := c.(map[string]any)
		rows = append(rows, []string{textOf(m["name"]), textOf(m["kind"]), textOf(m["scale"]), textOf(m["limit"])})
	}
	a.table([]string{a.t("currency"), a.t("kind"), a.t("places"), a.t("limit")}, rows, 3, 4)
}

// textOf writes a field of a document, nothing where there is none.
func textOf(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case []any:
		texts := make([]string, len(v))
		for i, item := range v {
			texts[i] = textOf(item)
		}
		return strings.Join(texts, ", ")
	}
	return fmt.Sprint(v)
}

func (a *app) charterPropose() *cobra.Command {
	return &cobra.Command{
		Use:   "propose FILE",
		Short: a.t("Propose a whole new version of the charter (stewards only)"),
		Args:  a.exactly(1, a.t("a charter file")),
		RunE: func(c *cobra.Command, args []string) error {
			charter, err := a.charterFrom(args[0], "")
			if err != nil {
				return err
			}
			if faults := charter.Check(); len(faults) > 0 {
				return a.badCharter(charter.label, faults)
			}
			return a.ask(c.Context(), briefly, func(ctx context.Context, node *client.Client) error {
				w, err := node.ProposeCharter(ctx, a.commons, api.CharterDraft{Doc: charter.document()})
				if err != nil {
					return err
				}
				if err := a.wrote(w); err != nil || w.Proposal != nil {
					return err
				}
				return a.tellKeys(ctx, node)
			})
		},
	}
}

// tellKeys tells which new keys a charter brings that the node's member could
// write alone: those who hold them have to sign.
func (a *app) tellKeys(ctx context.Context, node *client.Client) error {
	open, err := openProposals(ctx, node, a.commons)
	for _, p := range open {
		if p.Kind == "keys" {
			a.proposed(&p)
		}
	}
	return err
}

func (a *app) charterHistory() *cobra.Command {
	return &cobra.Command{
		Use:   "history",
		Short: a.t("List the versions of the charter, and what is proposed"),
		Args:  a.exactly(0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			return a.ask(c.Context(), briefly, func(ctx context.Context, node *client.Client) error {
				all, err := node.Charters(ctx, a.commons)
				if err != nil {
					return err
				}
				open, err := openProposals(ctx, node, a.commons)
				if err != nil {
					return err
				}
				if all == nil {
					all = []api.CharterVersion{}
				}
				return a.answer(charterHistory{"minga.charters/1", all, open}, func() { a.showHistory(all, open) })
			})
		},
	}
}

// charterHistory is the versions of the charter and the proposals that are open.
type charterHistory struct {
	Schema    string               `json:"schema"`
	Charters  []api.CharterVersion `json:"charters"`
	Proposals []api.Proposal       `json:"proposals"`
}

func openProposals(ctx context.Context, node *client.Client, commons string) ([]api.Proposal, error) {
	open := []api.Proposal{}
	for p, err := range client.Every(func(cursor string) ([]api.Proposal, string, error) {
		page, err := node.Proposals(ctx, client.Page{Commons: commons, Limit: pageSize, Cursor: cursor})
		return page.Proposals, page.Next, err
	}) {
		if err != nil {
			return nil, err
		}
		if p.State == "open" {
			open = append(open, p)
		}
	}
	return open, nil
}

func (a *app) showHistory(all []api.CharterVersion, open []api.Proposal) {
	var rows [][]string
	for _, v := range all {
		rows = append(rows, []string{
			number(v.Seq), v.Time, strings.TrimSpace(a.state(v.State) + "  " + v.Reason), namesOf(v.Signers), brief(v.ID),
		})
	}
	a.table([]string{a.t("version"), a.t("when"), a.t("state"), a.t("signed by"), a.t("id")}, rows, 1)
	if len(open) > 0 {
		fmt.Fprintln(a.out, a.t("Proposed:"))
		a.showProposals(open)
	}
}
