package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/minga-commons/minga/node/api"
)

func (a *app) showDistributions(all []api.Distribution) {
	if len(all) == 0 {
		a.hint("There are no distributions yet.")
		return
	}
	var rows [][]string
	for _, d := range all {
		signed := ""
		if d.Proposal != nil {
			signed = fmt.Sprintf("%d/%d", len(d.Proposal.Approvals), d.Proposal.Needs)
		}
		rows = append(rows, []string{brief(d.ID), d.Time, d.Amount, d.Currency, a.sharedState(d.State), signed, number(int64(len(d.Lines)))})
	}
	a.table([]string{
		a.t("id"), a.t("when"), a.t("amount"), a.t("currency"), a.t("state"), a.t("signed"), a.t("lines"),
	}, rows, 3, 7)
}

func (a *app) sharedState(state string) string {
	switch state {
	case "preview":
		return a.t("preview")
	case "proposed":
		return a.t("proposed")
	case "refused", "superseded":
		return a.proposalState(state)
	}
	return a.state(state)
}

func (a *app) showDistribution(d api.Distribution) {
	pairs := [][2]string{
		{a.t("distribution"), d.ID}, {a.t("state"), strings.TrimSpace(a.sharedState(d.State) + "  " + a.reason(d.Reason))},
		{a.t("amount"), d.Amount + " " + d.Currency}, {a.t("as of"), d.Time}, {a.t("charter"), number(d.Version)},
		{a.t("incomes"), strings.Join(briefs(d.Incomes), ", ")},
	}
	if p := d.Proposal; p != nil {
		pairs = append(pairs, [2]string{a.t("signed by"), namesOf(p.Approvals)}, [2]string{a.t("refused by"), namesOf(p.Rejections)})
	}
	a.pairs(pairs...)
	fmt.Fprintln(a.out)
	var rows [][]string
	for _, l := range d.Lines {
		rows = append(rows, []string{nameOf(&l.Agent), l.Amount, l.Bucket})
	}
	rows = append(rows, []string{a.t("stays in the pool"), d.Remainder, ""}, []string{a.t("sum"), d.Amount, ""})
	a.table([]string{a.t("agent"), a.t("amount"), a.t("bucket")}, rows, 2)
	a.showBuckets(d)
	a.showUnvalued(d)
	a.warn(d.Warnings)
	for _, why := range d.Why {
		fmt.Fprintln(a.out)
		fmt.Fprintf(a.out, "%s  %s %s\n", printable(nameOf(&why.Agent)), why.Amount, printable(why.Unit))
		a.tree(why.Parts, "")
	}
}

func briefs(ids []string) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = brief(id)
	}
	return out
}

// showBuckets lists the buckets. What they hold and what is claimed of them is known
// of a distribution that was computed, not of one as it is written.
func (a *app) showBuckets(d api.Distribution) {
	if len(d.Buckets) == 0 {
		return
	}
	fmt.Fprintln(a.out)
	computed := slices.ContainsFunc(d.Buckets, func(b api.BucketResult) bool { return b.Amount != "" })
	head := []string{a.t("bucket"), a.t("spent"), a.t("payees")}
	if computed {
		head = []string{a.t("bucket"), a.t("holds"), a.t("spent"), a.t("claimed"), a.t("payees"), a.t("events")}
	}
	var rows [][]string
	for _, b := range d.Buckets {
		payees := number(int64(b.Payees))
		if !computed {
			rows = append(rows, []string{b.Name, b.Spent, payees})
			continue
		}
		rows = append(rows, []string{b.Name, b.Amount, b.Spent, b.Claimed, payees, number(int64(b.Events))})
	}
	a.table(head, rows, 2, 3, 4, 5, 6)
	fmt.Fprintln(a.out)
	for _, b := range d.Buckets {
		if b.Sentence != "" {
			fmt.Fprintln(a.out, printable(b.Sentence))
		}
		for _, rule := range b.Rules {
			fmt.Fprintln(a.out, "  - "+printable(rule))
		}
	}
}

// showUnvalued lists what a rule matches and cannot measure.
func (a *app) showUnvalued(d api.Distribution) {
	if d.UnvaluedEvents == 0 {
		return
	}
	fmt.Fprintln(a.out)
	fmt.Fprintln(a.out, a.t("Not valued, since the rule has another unit:"))
	for _, u := range d.Unvalued {
		fmt.Fprintf(a.out, "  %s  %s\n", u.Event, printable(u.Bucket))
	}
	if more := d.UnvaluedEvents - len(d.Unvalued); more > 0 {
		fmt.Fprintln(a.out, "  "+a.t("and %d more", more))
	}
}

func (a *app) warn(warnings []api.DistributionWarning) {
	for _, w := range warnings {
		if !a.quiet {
			fmt.Fprintln(a.err, printable(a.t("Note:")+" "+w.Text))
		}
	}
}

func (a *app) showVerification(v api.Verification) {
	fmt.Fprintln(a.out, printable(v.Text))
	var rows [][]string
	for _, d := range v.Differences {
		who := a.t("stays in the pool")
		if d.Agent != nil {
			who = nameOf(d.Agent)
		}
		rows = append(rows, []string{who, d.Bucket, d.Stated, d.Computed})
	}
	if len(rows) > 0 {
		a.table([]string{a.t("agent"), a.t("bucket"), a.t("stated"), a.t("computed")}, rows, 3, 4)
	}
	for _, m := range v.Missing {
		fmt.Fprintf(a.out, "  %s  %d\n", m.Log, m.Seq)
	}
}

// tree prints the parts of a figure, each below what it is a part of.
func (a *app) tree(parts []api.WhyPart, indent string) {
	for i, p := range parts {
		branch, below := "├─ ", "│  "
		if i == len(parts)-1 {
			branch, below = "└─ ", "   "
		}
		fmt.Fprintln(a.out, indent+branch+printable(a.partText(p)))
		for _, v := range p.Confirmations {
			fmt.Fprintln(a.out, indent+below+"· "+printable(strings.TrimSpace(a.verdict(v.Verdict)+" "+nameOf(&v.Author)+"  "+v.ID+"  "+v.Reason)))
		}
		a.tree(p.Parts, indent+below)
	}
}

// partText describes one part on a line.
func (a *app) partText(p api.WhyPart) string {
	words := []string{p.Amount + " " + p.Unit}
	switch p.Kind {
	case "rest":
		return a.t("and %d more, together %s", p.Count, p.Amount+" "+p.Unit)
	case "bucket":
		words = append(words, p.Bucket)
		if len(p.Parts) == 0 {
			words = append(words, p.Text)
		}
		if p.Claims != "" {
			words = append(words, a.t("(claims %s of %s)", p.Claim, p.Claims))
		}
	case "event":
		words = append(words, dayOf(p.Time), p.Text)
		if p.Value != "" && p.Value != "0" {
			words = append(words, "("+a.worthText(p)+")")
		}
		words = append(words, p.ID)
	case "payment", "distribution":
		words = append(words, dayOf(p.Time), p.Text, p.ID)
	default:
		words = append(words, p.Text)
	}
	return strings.Join(words, "  ")
}

// worthText says what an event is worth; which part of it counts, if not all of it;
// and what earlier distributions took or paid of it, if any did.
func (a *app) worthText(p api.WhyPart) string {
	words := a.t("worth %s", p.Value)
	if p.Fraction != "1" {
		words += ", " + a.t("part %s", p.Fraction)
	}
	if p.Before != "" && p.Before != "0" {
		words += ", " + a.t("before %s", p.Before)
	}
	return words
}

func dayOf(time string) string {
	const day = len("2026-03-01")
	return time[:min(day, len(time))]
}

func (a *app) verdict(verdict string) string {
	switch verdict {
	case "confirm":
		return a.t("confirmed by")
	case "dispute":
		return a.t("disputed by")
	}
	return a.t("withdrawn by")
}
