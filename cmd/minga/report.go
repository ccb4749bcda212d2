package main

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/node/api/client"
)

func (a *app) reportCommand() *cobra.Command {
	return a.group("report", a.t("What a period was like"), a.reportValue())
}

func (a *app) reportValue() *cobra.Command {
	var from, to string
	c := &cobra.Command{
		Use:     "value --from DATE --to DATE",
		Short:   a.t("Who creates the value, and who keeps it"),
		Example: "  minga report value --from 2026-01-01 --to 2026-03-31",
		Args:    a.exactly(0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			if from == "" || to == "" {
				return a.usage("%s is missing", "--from, --to")
			}
			return a.ask(c.Context(), 0, func(ctx context.Context, node *client.Client) error {
				r, err := node.ReportValue(ctx, a.commons, from, to)
				if err != nil {
					return err
				}
				return a.answer(r, func() { a.showReport(r) })
			})
		},
	}
	c.Flags().StringVar(&from, "from", "", a.t("first day"))
	c.Flags().StringVar(&to, "to", "", a.t("last day"))
	return c
}

func (a *app) showReport(r api.ValueReport) {
	last := r.To
	if t, err := time.Parse(time.RFC3339, r.To); err == nil {
		last = t.Add(-time.Millisecond).Format(time.DateOnly)
	}
	a.pairs([2]string{a.t("from"), dayOf(r.From)}, [2]string{a.t("to"), last}, [2]string{a.t("charter"), number(r.Version)})
	fmt.Fprintln(a.out)
	rows := [][]string{}
	for _, p := range r.Agents {
		if p.Events == 0 && p.Unvalued == 0 && p.Streams.Sum == "0" {
			continue
		}
		rows = append(rows, []string{nameOf(&p.Agent), p.Streams.Livelihood, p.Streams.Love, p.Streams.Care, p.Streams.Sum, number(p.Events), number(p.Unvalued)})
	}
	rows = append(rows, []string{a.t("sum"), r.Streams.Livelihood, r.Streams.Love, r.Streams.Care, r.Streams.Sum, number(r.Events), number(r.Unvalued)})
	a.table([]string{
		a.t("value of"), a.t("livelihood"), a.t("love"), a.t("care"), a.t("sum"), a.t("events"), a.t("not valued"),
	}, rows, 2, 3, 4, 5, 6, 7)
	for _, m := range r.Money {
		fmt.Fprintln(a.out)
		a.showMoney(m, r.Agents)
	}
	fmt.Fprintln(a.out)
	spread := func(what string, c api.Concentration) []string {
		return []string{what, number(int64(c.People)), cmp.Or(c.Gini, "-"), cmp.Or(c.Top, "-"), cmp.Or(c.Tenth, "-")}
	}
	rows = [][]string{spread(a.t("value contributed"), r.Contributions)}
	for _, m := range r.Money {
		rows = append(rows, spread(a.t("paid out in %s", m.Currency), m.Payouts))
	}
	rows = append(rows, spread(a.t("seats of witnesses"), r.Witnesses), spread(a.t("seats of stewards"), r.Stewards))
	a.table([]string{a.t("concentration of"), a.t("people"), "Gini", a.t("largest"), a.t("largest tenth")}, rows, 2, 3, 4, 5)
	for _, note := range r.Notes {
		a.note(note)
	}
}

func (a *app) note(text string) {
	if !a.quiet {
		fmt.Fprintln(a.err, printable(text))
	}
}

// showMoney shows where the money of one currency came from and went, as a whole
// and for each who has a part in it.
func (a *app) showMoney(m api.MoneyReport, agents []api.AgentReport) {
	outside := cmp.Or(m.Outside, a.t("not known"))
	if m.Outside != "" && m.Unknown > 0 {
		outside = a.t("%s at least", m.Outside)
	}
	pairs := [][2]string{
		{a.t("currency"), m.Currency}, {a.t("income"), m.Income}, {a.t("returned"), m.Returned},
	}
	for _, stream := range []string{"livelihood", "love", "care", "several", "none"} {
		if sum, found := m.Streams[stream]; found {
			pairs = append(pairs, [2]string{"  " + a.stream(stream), sum})
		}
	}
	a.pairs(append(pairs,
		[2]string{a.t("kept in the pool"), m.Kept},
		[2]string{a.t("income of users"), cmp.Or(m.Declared, a.t("not known"))},
		[2]string{a.t("profit of users"), cmp.Or(m.Profit, a.t("not known"))},
		[2]string{a.t("kept outside"), outside},
	)...)
	var rows [][]string
	for _, p := range agents {
		for _, own := range p.Money {
			if own.Currency == m.Currency {
				rows = append(rows, []string{nameOf(&p.Agent), own.Returned, cmp.Or(own.Declared, "-"), cmp.Or(own.Profit, "-"), own.Paid, cmp.Or(own.Outside, "-")})
			}
		}
	}
	if len(rows) > 0 {
		fmt.Fprintln(a.out)
		a.table([]string{
			a.t("agent"), a.t("returned"), a.t("declared"), a.t("profit"), a.t("paid in"), a.t("kept outside"),
		}, rows, 2, 3, 4, 5, 6)
	}
}

func (a *app) stream(stream string) string {
	switch stream {
	case "livelihood":
		return a.t("livelihood")
	case "love":
		return a.t("love")
	case "care":
		return a.t("care")
	case "several":
		return a.t("several streams")
	}
	return a.t("no stream")
}

// streamNamed returns the stream of a name in either language; any other text as
// it is.
func streamNamed(text string) string {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "livelihood", "sustento":
		return "livelihood"
	case "love", "amor":
		return "love"
	case "care", "cuidado", "cuidados":
		return "care"
	}
	return text
}
