package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/node/api/client"
)

func (a *app) accountCommand() *cobra.Command {
	return a.group("account", a.t("Shared accounts, whose payments several members sign"),
		a.accountCreate(), a.accountList(), a.accountPropose(), a.approveCommand(), a.rejectCommand())
}

func (a *app) accountCreate() *cobra.Command {
	var with []string
	var threshold int64
	c := &cobra.Command{
		Use:     "create NAME --with MEMBER...",
		Short:   a.t("Found a shared account, with you as one of its members"),
		Example: "  minga account create Caja --with Luis,Rosa --threshold 2",
		Args:    a.between(1, 64, a.t("a name")),
		RunE: func(c *cobra.Command, args []string) error {
			members := append(with, args[1:]...)
			if len(members) == 0 {
				return a.usage("%s is missing", "--with")
			}
			if threshold < 0 || c.Flags().Changed("threshold") && threshold == 0 {
				return &statusError{exitInvalid, a.t("--threshold %d: at least one has to sign", threshold)}
			}
			draft := api.AccountDraft{Name: args[0], Members: members, Threshold: threshold}
			return a.ask(c.Context(), briefly, func(ctx context.Context, node *client.Client) error {
				w, err := node.CreateAccount(ctx, a.commons, draft)
				if err != nil {
					return err
				}
				return a.wrote(w)
			})
		},
	}
	c.Flags().StringSliceVar(&with, "with", nil, a.t("who signs with you: names or ids"))
	c.Flags().Int64Var(&threshold, "threshold", 0, a.t("how many sign a payment (default: more than half)"))
	return c
}

func (a *app) accountList() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: a.t("List the shared accounts"),
		Args:  a.exactly(0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			return a.ask(c.Context(), 0, func(ctx context.Context, node *client.Client) error {
				list := api.SharedAccountList{Schema: "minga.accounts/1", Accounts: []api.SharedAccount{}}
				for account, err := range client.Every(func(cursor string) ([]api.SharedAccount, string, error) {
					page, err := node.Accounts(ctx, client.Page{Commons: a.commons, Limit: pageSize, Cursor: cursor})
					return page.Accounts, page.Next, err
				}) {
					if err != nil {
						return err
					}
					list.Accounts = append(list.Accounts, account)
				}
				return a.answer(list, func() { a.showSharedAccounts(list.Accounts) })
			})
		},
	}
}

func (a *app) showSharedAccounts(all []api.SharedAccount) {
	if len(all) == 0 {
		a.hint("There are no shared accounts yet.")
		return
	}
	var rows [][]string
	for _, account := range all {
		rows = append(rows, []string{
			account.Name, namesOf(account.Members), a.t("%d of %d", account.Threshold, len(account.Members)), account.ID,
		})
	}
	a.table([]string{a.t("account"), a.t("members"), a.t("sign"), a.t("id")}, rows)
}

func (a *app) accountPropose() *cobra.Command {
	var draft api.TransferDraft
	var dryRun bool
	c := &cobra.Command{
		Use:     "propose ACCOUNT AMOUNT CURRENCY AGENT",
		Short:   a.t("Propose a payment from a shared account"),
		Example: "  minga account propose Caja 40.00 hora Rosa --note semillas",
		Args:    a.exactly(4, a.t("ACCOUNT AMOUNT CURRENCY AGENT, such as Caja 40.00 hora Rosa")),
		RunE: func(c *cobra.Command, args []string) error {
			draft.From, draft.Amount, draft.Currency, draft.To = args[0], args[1], args[2], args[3]
			return a.transfer(c.Context(), draft, dryRun)
		},
	}
	c.Flags().StringVar(&draft.Note, "note", "", a.t("a note; it is permanent"))
	c.Flags().BoolVar(&dryRun, "dry-run", false, a.t("write nothing, show what would be written"))
	a.takesAmount(c)
	return c
}
