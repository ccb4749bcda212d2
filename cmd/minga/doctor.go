package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/node/api/client"
)

// diagnosis is the check of every commons that was asked for: minga.doctor/1.
type diagnosis struct {
	Schema string      `json:"schema"`
	OK     bool        `json:"ok"`
	Audits []api.Audit `json:"audits"`
}

func (a *app) doctorCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: a.t("Check hashes, sums and forks of what the node holds (exit 9: there are faults)"),
		Args:  a.exactly(0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			return a.ask(c.Context(), 0, func(ctx context.Context, node *client.Client) error {
				found, err := a.diagnose(ctx, node)
				if err != nil {
					return err
				}
				if err := a.answer(found, func() { a.showDiagnosis(found) }); err != nil || found.OK {
					return err
				}
				return &statusError{exitVerify, a.t("there are faults: keep a copy of the home, and compare with another node")}
			})
		},
	}
}

// diagnose audits the commons of --commons, or every one.
func (a *app) diagnose(ctx context.Context, node *client.Client) (diagnosis, error) {
	out := diagnosis{Schema: "minga.doctor/1", OK: true, Audits: []api.Audit{}}
	names := []string{a.commons}
	if a.commons == "" {
		all, err := node.Commons(ctx)
		if err != nil {
			return out, err
		}
		names = nil
		for _, c := range all {
			names = append(names, c.ID)
		}
	}
	for _, name := range names {
		audit, err := node.Audit(ctx, name)
		if err != nil {
			return out, err
		}
		out.Audits = append(out.Audits, audit)
		out.OK = out.OK && audit.OK
	}
	return out, nil
}

func (a *app) showDiagnosis(d diagnosis) {
	if len(d.Audits) == 0 {
		a.hint("the node holds no commons yet")
	}
	for _, audit := range d.Audits {
		verdict := a.t("all is well")
		if !audit.OK {
			verdict = a.t("there are faults")
		}
		a.pairs(
			[2]string{a.t("commons"), audit.Commons.Name},
			[2]string{a.t("entries read"), number(audit.Entries)},
			[2]string{a.t("accounts"), number(audit.Accounts)},
			[2]string{a.t("check"), verdict},
		)
		for _, s := range audit.Sums {
			fmt.Fprintln(a.out, a.t("%s: all accounts together are %s, settled %s", printable(s.Currency), s.Sum, s.Settled))
		}
		for _, fault := range audit.Faults {
			fmt.Fprintln(a.out, a.t("fault: %s", printable(fault)))
		}
		a.showForks(audit.Forks)
	}
}

// showForks says who forked, and what it means.
func (a *app) showForks(forks []api.Fork) {
	for _, f := range forks {
		fmt.Fprintf(a.out, "%s (%s): %s\n", printable(nameOf(&f.Agent)), f.Log, printable(f.Means))
	}
}
