package main

import (
	"fmt"
	"strings"

	"github.com/minga-commons/minga/node/api"
)

// counting says in a sentence how far an event has come.
func (a *app) counting(s *api.EventStanding) string {
	switch {
	case s == nil:
		return ""
	case s.Own:
		return a.t("confirmed: it lowers what its own author gave")
	case s.State == "confirmed":
		return a.t("confirmed: %s", a.tally(s))
	case s.State == "disputed":
		return a.t("disputed; %s", a.tally(s))
	case s.State == "maturing":
		return a.t("confirmed by enough, and counts from %s on if nobody disputes it; %s", s.Until, a.tally(s))
	}
	return a.t("not confirmed yet: %s", a.tally(s))
}

// tally says how many confirmations there are of how many.
func (a *app) tally(s *api.EventStanding) string {
	if s.By == "stewards" {
		return a.t("%d of %d, by stewards", s.Count, s.Required)
	}
	return a.t("%d of %d", s.Count, s.Required)
}

// asks says which rule of the charter asks for what an event needs.
func (a *app) asks(s *api.EventStanding) string {
	if s == nil {
		return ""
	}
	var parts []string
	if r := s.Rule; r != nil {
		for _, f := range [][2]string{{"action", r.Action}, {"resource", r.Resource}, {"process", r.Process}, {"plan", r.Plan}} {
			if f[1] != "" {
				parts = append(parts, f[0]+" = "+f[1])
			}
		}
		if r.Above != "" {
			parts = append(parts, a.t("more than %s", strings.TrimSpace(r.Above+" "+r.Per)))
		}
		if len(parts) == 0 {
			parts = append(parts, a.t("everything"))
		}
	} else {
		parts = append(parts, a.t("what holds for all"))
	}
	if s.Window != "" && s.Window != "P0D" {
		parts = append(parts, a.t("undisputed for %s", s.Window))
	}
	return strings.Join(parts, ", ")
}

// showToConfirm shows contributions that want a confirmation.
func (a *app) showToConfirm(events []api.Event) {
	var rows [][]string
	for _, e := range events {
		missing := ""
		if s := e.Confirmation; s != nil {
			missing = fmt.Sprint(s.Required - s.Count)
			if s.State == "disputed" {
				missing += ", " + a.t("disputed")
			}
		}
		rows = append(rows, []string{
			brief(e.ID), when(e), nameOf(e.Provider), e.Action, amount(e), e.ResourceConformsTo, missing, a.asks(e.Confirmation),
		})
	}
	a.table([]string{
		a.t("id"), a.t("when"), a.t("from"), a.t("action"), a.t("quantity"), a.t("resource"), a.t("missing"), a.t("by the rule"),
	}, rows, 5)
}

// showVerdicts shows what was said of an event.
func (a *app) showVerdicts(s *api.EventStanding) {
	if s == nil || len(s.Verdicts) == 0 {
		return
	}
	var rows [][]string
	for _, v := range s.Verdicts {
		said := map[string]string{"confirm": a.t("confirms"), "dispute": a.t("disputes"), "withdraw": a.t("withdraws")}[v.Verdict]
		by := nameOf(&v.Author)
		if v.Steward {
			by += " (" + a.t("steward") + ")"
		}
		rows = append(rows, []string{v.Time, by, said, v.Reason, brief(v.ID)})
	}
	fmt.Fprintln(a.out)
	a.table([]string{a.t("when"), a.t("who"), a.t("says"), a.t("reason"), a.t("entry")}, rows)
}
